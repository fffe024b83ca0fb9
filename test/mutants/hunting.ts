/*
 * Who notices a mistake: the tests of its room, then those of the whole core, and beside them a search over drawn runs;
 * all are stopped at the first that does, or after a minute.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { setTimeout } from "node:timers/promises";

const patienceMs = 60_000;

export interface Caught {
  readonly by: string;
  readonly seconds: number;
}

const vitest = ["node_modules/vitest/vitest.mjs", "run", "--project", "unit", "--bail=1"];
const core = ["test/replication", "test/log", "test/controller", "test/client", "test/broker"];

/** Folders of tests that know a file best. */
function testsOf(file: string): string[] {
  if (file.startsWith("core/log")) return ["test/log"];
  if (file.startsWith("core/replication")) return ["test/replication", "test/broker"];
  if (file.startsWith("core/controller")) return ["test/controller"];
  if (file.startsWith("core/client")) return ["test/client"];
  if (file.startsWith("sim/guarantees")) return ["test/sim/guarantees"];
  return ["test/broker"];
}

type Step = readonly string[];

/** Two hunters side by side; the steps of each follow one another. */
const huntersFor = (file: string): readonly (readonly Step[])[] => [
  [
    [...vitest, ...testsOf(file)],
    [...vitest, ...core.filter((folder) => !testsOf(file).includes(folder))],
    [...vitest, "test/scenarios", "test/sim"],
  ],
  [["--import", "tsx", "test/mutants/seeds.ts"]],
];

const signs = [/FAIL\s+(.*)/, /broken\s+(.*)/];

interface Hunt {
  readonly caught: Promise<Caught | undefined>;
  /** Which of its steps is under way. */
  step(this: void): number;
  kill(this: void): void;
}

function hunt(scratch: string, steps: readonly Step[], started: number): Hunt {
  let child: ChildProcess | undefined;
  let over = false;
  let step = 0;
  const one = (args: Step): Promise<Caught | undefined> =>
    new Promise((resolve, reject) => {
      child = spawn(process.execPath, args, {
        cwd: scratch,
        stdio: ["ignore", "pipe", "pipe"],
        detached: true,
      });
      let output = "";
      child.stdout?.on("data", (data: Buffer) => void (output += data.toString()));
      child.stderr?.on("data", (data: Buffer) => void (output += data.toString()));
      child.on("close", (code) => {
        if (code === null || code === 0 || over) return resolve(undefined);
        // eslint-disable-next-line no-control-regex
        const plain = output.replace(/\u001b\[[0-9;]*m/g, "");
        const what =
          signs.flatMap((sign) => sign.exec(plain)?.[1] ?? [])[0] ??
          plain.trim().split("\n").at(-1) ??
          "";
        // A name that is not there would be found by the type checker: that proves nothing.
        if (/SyntaxError/.test(plain)) reject(new Error(`no program: ${what}`));
        resolve({ by: what.trim(), seconds: (Date.now() - started) / 1000 });
      });
    });
  const all = async (): Promise<Caught | undefined> => {
    for (const args of steps) {
      if (over) return undefined;
      const caught = await one(args);
      if (caught !== undefined) return caught;
      step += 1;
    }
    return undefined;
  };
  const kill = (): void => {
    over = true;
    try {
      if (child?.pid !== undefined) process.kill(-child.pid, "SIGKILL");
    } catch {
      // It has ended already.
    }
  };
  return { caught: all(), step: () => step, kill };
}

/** Looks for whoever notices what was done to a file of a scratch copy; undefined: nobody did within a minute. */
export async function huntAll(scratch: string, file: string): Promise<Caught | undefined> {
  const started = Date.now();
  const hunts = huntersFor(file).map((steps) => hunt(scratch, steps, started));
  const firstCaught = new Promise<Caught | undefined>((resolve, reject) => {
    let open = hunts.length;
    for (const { caught } of hunts) {
      void caught.then((result) => {
        open -= 1;
        if (result !== undefined || open === 0) resolve(result);
      }, reject);
    }
  });
  const within = (ms: number): Promise<Caught | undefined> =>
    Promise.race([firstCaught, setTimeout(ms, undefined, { ref: false })]);
  let result = await within(patienceMs);
  // A room's own tests take seconds: if they do not end, something in them goes round for ever. But a busy machine must
  // not be taken for that.
  const hangs = (): boolean => result === undefined && hunts[0]?.step() === 0;
  for (let waited = patienceMs; hangs() && waited < 2 * patienceMs; waited += 1000)
    result = await within(1000);
  const endless = hangs();
  for (const { kill } of hunts) kill();
  await Promise.all(hunts.map(({ caught }) => caught.catch(() => undefined)));
  const seconds = (Date.now() - started) / 1000;
  return endless ? { by: "tests that do not end", seconds } : result;
}
