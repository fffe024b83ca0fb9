// The package as somebody else installs it: packed, installed in a scratch project, and run by the examples of its page.
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { exportRun, judge, library, type Scenario, storyOf, withFlaws } from "#sim";
import { buildLibrary } from "../../scripts/library.mjs";

const root = join(import.meta.dirname, "..", "..");
const modules = join(root, "node_modules");
let project = "";

/** The examples of docs/library.md, in order. */
const examples = [
  ...readFileSync(join(root, "docs", "library.md"), "utf8").matchAll(/```js\n([\s\S]*?)```/g),
].map((match) => match[1] ?? "");

function inProject(command: string, args: readonly string[]) {
  const ran = spawnSync(command, args, { cwd: project, encoding: "utf8" });
  return { status: ran.status, output: ran.stdout + ran.stderr };
}

beforeAll(async () => {
  project = mkdtempSync(join(tmpdir(), "highwater-package-"));
  await buildLibrary(join(project, "built"));
  const packed = inProject("npm", ["pack", "./built", "--silent"]);
  if (packed.status !== 0) throw new Error(packed.output);
  writeFileSync(
    join(project, "package.json"),
    '{ "name": "scratch", "type": "module", "private": true }',
  );
  const tarball = `./${packed.output.trim().split("\n").at(-1) ?? ""}`;
  const installed = inProject("npm", ["install", "--offline", "--no-audit", "--no-fund", tarball]);
  if (installed.status !== 0) throw new Error(installed.output);
  // What a project has besides: its own test runner.
  symlinkSync(join(modules, "vitest"), join(project, "node_modules", "vitest"));
}, 120_000);
afterAll(() => rmSync(project, { recursive: true }));

test("has two examples, of at most five and twenty lines beside imports and blank lines", () => {
  const counts = examples.map(
    (text) => text.split("\n").filter((line) => line !== "" && !/^import|^\/\//.test(line)).length,
  );
  expect(counts.length).toBe(2);
  expect(counts[0]).toBeLessThanOrEqual(5);
  expect(counts[1]).toBeLessThanOrEqual(22);
});

test("runs the examples of its page under Vitest", { timeout: 120_000 }, () => {
  mkdirSync(join(project, "test"), { recursive: true });
  for (const [i, text] of examples.entries())
    writeFileSync(join(project, "test", `example-${i}.test.js`), text);
  const ran = inProject(process.execPath, [join(modules, "vitest", "vitest.mjs"), "run"]);
  expect(ran.status, ran.output).toBe(0);
  expect(ran.output).toMatch(/Tests .*2 passed/);
});

test(
  "runs an exported run, which fails where the run breaks a promise",
  { timeout: 120_000 },
  () => {
    const folder = join(project, "exported");
    mkdirSync(folder, { recursive: true });
    const runs = {
      // Nothing breaks.
      "acks-all": { ...named("acks-1"), workload: { producers: [], consumers: [] } },
      // What breaks was not promised.
      blackout: named("blackout"),
      // What breaks was promised: an old flaw is on.
      flawed: withFlaws(storyOf("hw-truncate") ?? named("steady"), ["hw-truncate"]),
    };
    for (const [name, scenario] of Object.entries(runs))
      writeFileSync(join(folder, `${name}.test.js`), exportRun(scenario, "vitest"));
    const vitest = [join(modules, "vitest", "vitest.mjs"), "run", "--dir", "exported"];
    const ran = inProject(process.execPath, [...vitest, "--reporter=json"]);
    expect(ran.status, ran.output).toBe(1);
    const report = JSON.parse(ran.output.slice(ran.output.indexOf("{"))) as Report;
    const told = report.testResults.map(({ name, assertionResults }) => [
      name.slice(name.lastIndexOf("/") + 1),
      ...assertionResults.map(
        (one) => `${one.status} ${one.failureMessages[0]?.split("\n")[0] ?? ""}`,
      ),
    ]);
    const evidence = (scenario: Scenario, id: string): string =>
      judge(scenario, { claim: id }).judgements.find((one) => one.id === id)?.evidence ?? "";
    expect(told.toSorted(([a = ""], [b = ""]) => (a < b ? -1 : 1))).toEqual([
      ["acks-all.test.js", "passed "],
      [
        "blackout.test.js",
        `failed AssertionError: ${evidence(runs.blackout, "acknowledged-survives")}: expected false to be true // Object.is equality`,
      ],
      [
        "flawed.test.js",
        `failed AssertionError: ${evidence(runs.flawed, "in-sync-holds-committed")}: expected false to be true // Object.is equality`,
      ],
    ]);
  },
);

interface Report {
  readonly testResults: readonly {
    readonly name: string;
    readonly assertionResults: readonly {
      readonly status: string;
      readonly failureMessages: readonly string[];
    }[];
  }[];
}

function named(name: string): Scenario {
  const make = library.get(name);
  if (make === undefined) throw new Error(`there is no scenario ${name}`);
  return make();
}

test(
  "tells of what breaks, with the smallest scenario, without any framework",
  { timeout: 60_000 },
  () => {
    writeFileSync(
      join(project, "script.js"),
      `import { families, never, reduce, simulate, sweep, scenarios } from "highwater";
     const calm = never("no-crash", "Nobody crashes.", () => ({ type, node }) =>
       type === "down" ? node + " is down" : undefined);
     const { broken } = sweep(families.failover, { seeds: 3, guarantees: [calm] });
     const again = simulate(broken[0].scenario, { guarantees: [calm] });
     const lost = simulate(scenarios.blackout, { claim: ["acknowledged-survives"] });
     console.log(JSON.stringify({
       found: broken.map(({ guarantee }) => guarantee),
       faults: broken[0].scenario.faults.length,
       evidence: again.broken[0].evidence,
       link: again.link.startsWith("http"),
       same: simulate(scenarios.steady).hash === simulate(scenarios.steady).hash,
       lost: lost.broken.map(({ id }) => id),
       reduced: reduce(scenarios.blackout, { guarantee: "acknowledged-survives", off: ["isr-survivor"] }).faults.length,
     }));`,
    );
    const ran = inProject(process.execPath, ["script.js"]);
    expect(ran.status, ran.output).toBe(0);
    expect(JSON.parse(ran.output)).toMatchObject({
      found: ["no-crash"],
      faults: 1,
      link: true,
      same: true,
      lost: ["acknowledged-survives"],
      reduced: 1,
    });
  },
);

test.each([
  [
    "sweep(families.storm, { seeds: 0 })",
    "LibraryError: seeds: expected a whole number from 1 on, not 0",
  ],
  [
    'simulate(scenarios.steady, { claim: ["x"] })',
    "LibraryError: claim: no guarantee has the id x",
  ],
  ["simulate({ version: 1 })", "ScenarioError: "],
])("%s says what is wrong", (call, problem) => {
  writeFileSync(
    join(project, "wrong.js"),
    `import { families, scenarios, simulate, sweep } from "highwater";
     try { ${call}; } catch (error) { console.log(String(error)); }`,
  );
  expect(inProject(process.execPath, ["wrong.js"]).output).toContain(problem);
});

test("bears types that hold for whoever checks theirs", { timeout: 60_000 }, () => {
  writeFileSync(
    join(project, "typed.ts"),
    `import { families, type Judgement, never, type Scenario, simulate, sweep } from "highwater";
     const calm = never("calm", "All is calm.", () => (event) => event.type === "down" ? event.how : undefined);
     const found: Scenario | undefined = sweep(families.storm, { seeds: 1, guarantees: [calm] }).broken[0]?.scenario;
     const judged: readonly Judgement[] = simulate(families.failover("1")).judgements;
     // @ts-expect-error seeds is a number
     sweep(families.storm, { seeds: "many" });
     export { found, judged };`,
  );
  const tsc = join(modules, "typescript", "bin", "tsc");
  for (const resolution of ["nodenext", "bundler"]) {
    const kind = resolution === "bundler" ? "preserve" : resolution;
    const flags = ["--noEmit", "--strict", "--target", "es2023", "--module", kind];
    const ran = inProject(process.execPath, [
      ...[tsc, ...flags, "--moduleResolution", resolution, "--types", "", "typed.ts"],
    ]);
    expect(ran.output).toBe("");
    expect(ran.status).toBe(0);
  }
});
