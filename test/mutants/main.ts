/*
 * Plants each mistake in a scratch copy and looks who notices: the tests of the core and a sweep of the family,
 * side by side, each stopped at the first failure. A mutant that is alive after a minute has survived.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Mutant, mutants } from "./mutants.ts";

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const patienceMs = 60_000;
const copied = ["core", "sim", "test", "package.json", "vitest.config.ts", "tsconfig.base.json"];

interface Caught {
  readonly by: string;
  readonly seconds: number;
}

interface Hunter {
  readonly name: string;
  readonly args: readonly string[];
  /** The first line of its output that says what noticed. */
  readonly sign: RegExp;
}

const hunters: readonly Hunter[] = [
  {
    name: "test",
    args: [
      "node_modules/vitest/vitest.mjs",
      "run",
      "--project",
      "unit",
      "--bail=1",
      "test/replication",
      "test/log",
      "test/controller",
      "test/client",
      "test/broker",
    ],
    sign: /FAIL\s+(.*)/,
  },
  {
    name: "seed",
    args: ["--import", "tsx", "test/mutants/seeds.ts"],
    sign: /broken\s+(.*)/,
  },
];

async function plant(scratch: string, mutant: Mutant): Promise<() => Promise<void>> {
  const path = join(scratch, mutant.file);
  const text = await readFile(path, "utf8");
  const places = text.split(mutant.from).length - 1;
  if (places !== 1) {
    throw new Error(
      `${mutant.id}: its line stands ${places} times in ${mutant.file}, expected once`,
    );
  }
  await writeFile(
    path,
    text.replace(mutant.from, () => mutant.to),
  );
  return () => writeFile(path, text);
}

function hunt(
  scratch: string,
  hunter: Hunter,
  started: number,
): { child: ChildProcess; caught: Promise<Caught | undefined> } {
  const child = spawn(process.execPath, hunter.args, {
    cwd: scratch,
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  });
  let output = "";
  child.stdout.on("data", (data: Buffer) => void (output += data.toString()));
  child.stderr.on("data", (data: Buffer) => void (output += data.toString()));
  const caught = new Promise<Caught | undefined>((resolve, reject) => {
    child.on("close", (code) => {
      if (code === null || code === 0) return resolve(undefined);
      // eslint-disable-next-line no-control-regex
      const plain = output.replace(/\u001b\[[0-9;]*m/g, "");
      const what = hunter.sign.exec(plain)?.[1]?.trim() ?? plain.trim().split("\n").at(-1) ?? "";
      // A name that is not there would be found by the type checker: that proves nothing.
      if (/ReferenceError|SyntaxError/.test(plain)) reject(new Error(`no program: ${what}`));
      resolve({ by: `${hunter.name}: ${what}`, seconds: (Date.now() - started) / 1000 });
    });
  });
  return { child, caught };
}

const kill = (child: ChildProcess): void => {
  try {
    if (child.pid !== undefined) process.kill(-child.pid, "SIGKILL");
  } catch {
    // It has ended already.
  }
};

async function huntAll(scratch: string): Promise<Caught | undefined> {
  const started = Date.now();
  const hunts = hunters.map((hunter) => hunt(scratch, hunter, started));
  let timer: NodeJS.Timeout | undefined;
  const timeUp = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), patienceMs);
  });
  const firstCaught = new Promise<Caught | undefined>((resolve, reject) => {
    let open = hunts.length;
    for (const { caught } of hunts) {
      void caught.then((result) => {
        open -= 1;
        if (result !== undefined || open === 0) resolve(result);
      }, reject);
    }
  });
  const result = await Promise.race([firstCaught, timeUp]);
  clearTimeout(timer);
  for (const { child } of hunts) kill(child);
  await Promise.all(hunts.map(({ caught }) => caught));
  return result;
}

async function main(names: readonly string[]): Promise<number> {
  const chosen = mutants.filter(({ id }) => names.length === 0 || names.includes(id));
  const scratch = await mkdtemp(join(tmpdir(), "highwater-mutants-"));
  let survivors = 0;
  try {
    for (const part of copied) await cp(join(root, part), join(scratch, part), { recursive: true });
    await symlink(join(root, "node_modules"), join(scratch, "node_modules"));
    if ((await huntAllClean(scratch)) !== undefined) return 3;
    for (const mutant of chosen) {
      const restore = await plant(scratch, mutant);
      const caught = await huntAll(scratch);
      await restore();
      if (caught === undefined) survivors += 1;
      const verdict =
        caught === undefined ? "SURVIVED" : `${caught.seconds.toFixed(1)} s  ${caught.by}`;
      console.log(`${mutant.id.padEnd(28)}  ${verdict}`);
    }
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
  console.log(`${chosen.length - survivors} caught, ${survivors} survived`);
  return survivors === 0 ? 0 : 1;
}

/** Without a mistake planted nobody may cry: otherwise what follows would prove nothing. */
async function huntAllClean(scratch: string): Promise<Caught | undefined> {
  const caught = await huntAll(scratch);
  if (caught !== undefined) console.error(`Nothing is planted, and still: ${caught.by}`);
  return caught;
}

process.exitCode = await main(process.argv.slice(2));
