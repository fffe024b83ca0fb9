// Guarantees and families of a person's own on the command line.
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";

const root = join(import.meta.dirname, "..", "..");
let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "highwater-modules-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

function highwater(...args: readonly string[]) {
  const main = ["--import", import.meta.resolve("tsx"), join(root, "cli", "main.ts")];
  const ran = spawnSync(process.execPath, [...main, ...args], { cwd: folder, encoding: "utf8" });
  return { code: ran.status, out: ran.stdout, err: ran.stderr };
}

function write(name: string, text: string): string {
  writeFileSync(join(folder, name), text);
  return name;
}

const mine = `
export const families = {
  small: (seed) => ({
    version: 1, name: "small", seed, durationMs: 2000,
    cluster: { brokers: [{ id: 1 }, { id: 2 }, { id: 3 }] },
    topics: [{ name: "t", replicationFactor: 3 }],
    workload: { producers: [{ name: "p1", topic: "t", endMs: 1500, intervalMs: [20, 20] }] },
    faults: Number(seed) < 3 ? [] : [{ type: "pause", atMs: 1000, target: { node: "b2" } }],
  }),
};
export const guarantees = [{
  id: "nobody-sleeps", sentence: "No process stands still.", why: "", preconditions: [],
  begin: () => ({ breaks: [] }),
  step: (state, { type, node, seq, at }) => {
    if (type === "paused") state.breaks.push({ evidence: node + " sleeps", off: [], seq, at });
  },
  verdict: ({ breaks }) => ({ checked: 1, exempt: 0, precondition: [], breaks }),
}];
`;

test("are loaded into the search, into each of its workers and into the second process", () => {
  const file = write("mine.mjs", mine);
  const args = ["sweep", "small", "--seeds", "4", "--module", file, "--json"];
  const { code, out } = highwater(...args);
  expect(code).toBe(1);
  expect(JSON.parse(out)).toMatchObject({
    seeds: 4,
    twice: 1,
    disagreements: [],
    broken: [{ guarantee: "nobody-sleeps", seed: "3", cause: "pause: # sleeps" }],
  });
});

test("can be run and claimed by name", () => {
  const file = write("mine.mjs", mine);
  expect(highwater("run", "small", "--module", file).out).toContain(
    "✓ held  No process stands still.",
  );
  const slept = highwater("run", "small", "--seed", "5", "--module", file);
  expect(slept).toMatchObject({ code: 1 });
  expect(slept.out).toContain("nobody-sleeps: b2 sleeps");
});

test.each([
  ["nowhere.mjs", undefined, /nowhere\.mjs cannot be loaded/],
  ["empty.mjs", "export const x = 1;", /exports neither guarantees \(a list\) nor families/],
  ["list.mjs", "export const guarantees = {};", /guarantees is no list of guarantees/],
  ["shape.mjs", 'export const guarantees = [{ id: "x" }];', /guarantees\[0\]\.sentence is no text/],
  [
    "name.mjs",
    "export const families = { storm: () => 1 };",
    /families\.storm is the name of something built in/,
  ],
  ["call.mjs", "export const families = { mine: 1 };", /families\.mine is no function of a seed/],
])("%s is refused with a sentence", (name, text, problem) => {
  if (text !== undefined) write(name, text);
  const { code, err } = highwater("run", "steady", "--module", name);
  expect(code).toBe(2);
  expect(err).toMatch(problem);
});

test("a family that draws nonsense is told where it does", () => {
  write("nonsense.mjs", "export const families = { mine: () => ({ version: 1 }) };");
  const { code, err } = highwater("run", "mine", "--module", "nonsense.mjs");
  expect(code).toBe(2);
  expect(err).toMatch(/families\.mine with seed 1: /);
});
