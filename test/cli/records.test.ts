// `highwater run --records`: records of one's own instead of drawn ones.
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { keyedBy, library, parseRecords, parseScenario, runScenario, withRecords } from "#sim";

const root = join(import.meta.dirname, "..", "..");
const csv = "id,customer\n1,ada\n2,bob\n3,ada\n";
let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "highwater-records-"));
  writeFileSync(join(folder, "orders.csv"), csv);
  writeFileSync(join(folder, "wrong.csv"), "a,b\n1");
  writeFileSync(join(folder, "many.csv"), `n\n${"1\n".repeat(4000)}`);
});
afterAll(() => rmSync(folder, { recursive: true }));

function run(file: string | undefined, ...args: readonly string[]) {
  const main = ["--import", "tsx", join(root, "cli", "main.ts"), "run", "acks-1"];
  const records = file === undefined ? [] : ["--records", join(folder, file)];
  const ran = spawnSync(process.execPath, [...main, ...records, ...args], {
    cwd: root,
    encoding: "utf8",
  });
  return { code: ran.status, out: ran.stdout, err: ran.stderr };
}

test("the producers send them", () => {
  const scenario = library.get("acks-1")?.();
  if (scenario === undefined) throw new Error("there is no scenario acks-1");
  const own = parseScenario(withRecords(scenario, keyedBy(parseRecords(csv), "customer")));
  const { code, out } = run("orders.csv", "--key", "customer", "--json");
  expect(code).toBe(0);
  expect(JSON.parse(out)).toMatchObject({ hash: runScenario(own).hash, records: 3, sent: 3 });
});

test("a person is told how many there was time for, and no link that nobody can use", () => {
  const { out } = run("many.csv");
  expect(out).toMatch(/^\d+ of 4000 records of your own were sent: then the workload ends\.$/m);
  expect(out).toMatch(/^Watch .*(http:\/\/localhost:4173\/#run=|drop the scenario's file there)/m);
});

test.each([
  [
    "orders.csv",
    ["--key", "nobody"],
    "orders.csv: no field is named nobody; there are id, customer",
  ],
  ["wrong.csv", [], "wrong.csv: row 2: 1 cells; expected 2 (a, b)"],
  ["nothing.csv", [], "nothing.csv cannot be read (ENOENT)"],
  [undefined, ["--key", "id"], "--key names a field of --records FILE."],
])("%s with %j says what is wrong", (file, args, problem) => {
  const { code, err } = run(file, ...args);
  expect(err).toContain(problem);
  expect(code).toBe(2);
});
