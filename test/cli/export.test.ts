// `highwater export`: every form, and what it says of bad input.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { exportForms, library, parseScenarioText, parseTrace, runScenario } from "#sim";
import { exportCommand } from "../../cli/export.ts";
import { readCapture } from "../support/capture.ts";

const root = join(import.meta.dirname, "..", "..");
let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "highwater-export-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

function run(command: string, args: readonly string[]) {
  const ran = spawnSync(command, args, { cwd: root, encoding: "utf8" });
  return { code: ran.status, out: ran.stdout, err: ran.stderr };
}
const highwater = (...args: readonly string[]) =>
  run(process.execPath, ["--import", "tsx", join(root, "cli", "main.ts"), ...args]);

/** Exports the shortest named run, and reads what was written. */
function exported(as: string): Buffer {
  const out = join(folder, "deep", `run.${as}`);
  const said = vi.spyOn(console, "log").mockImplementation(() => undefined);
  expect(exportCommand("acks-1", { as, out })).toBe(0);
  expect(said.mock.calls.flat().join()).toContain(out);
  said.mockRestore();
  return readFileSync(out);
}

test("writes every form", () => {
  const scenario = library.get("acks-1")?.();
  if (scenario === undefined) throw new Error("there is no scenario acks-1");
  const { hash } = runScenario(scenario);
  expect(parseScenarioText(exported("scenario").toString())).toEqual(scenario);
  expect(parseTrace(exported("ndjson").toString())).toMatchObject({ scenario, hash });
  expect(readCapture(exported("pcapng")).packets.length).toBeGreaterThan(100);
  const chrome = JSON.parse(exported("chrome").toString()) as { otherData: object };
  expect(chrome.otherData).toEqual({ scenario: "acks-1", seed: scenario.seed, hash });
  expect(exported("shiviz").toString()).toMatch(/^\(\?<time>.*\n\n0\.000 ms c1 \{"c1":1\}\n/);
  const file = exported("vitest").toString();
  expect(file).toContain('import { simulate } from "highwater";');
  expect(file).toContain(hash);
  const command = exported("command").toString();
  expect(command).toBe(
    "npm run -s highwater -- run acks-1 --seed 1 --claim acknowledged-survives\n",
  );
});

test("writes a command that runs the very same, whatever the seed is called", () => {
  const out = join(folder, "again.sh");
  const seed = "it's 5 $HOME";
  expect(highwater("export", "acks-1", "--seed", seed, "--as", "command", "--out", out).code).toBe(
    0,
  );
  const again = run("sh", ["-c", `${readFileSync(out, "utf8").trim()} --json`]);
  const straight = highwater("run", "acks-1", "--seed", seed, "--json");
  const hashOf = (text: string): unknown => (JSON.parse(text) as { hash: unknown }).hash;
  expect(hashOf(again.out)).toBe(hashOf(straight.out));
});

test.each([
  [
    ["export", "acks-1", "--as", "pdf", "--out", "x"],
    `there are ${Object.keys(exportForms).join(", ")}`,
  ],
  [["export", "nothing", "--as", "chrome", "--out", "x"], "nothing is no file"],
  [["export", "acks-1", "--as", "chrome", "--out", "/dev/null/x"], "/dev/null/x cannot be written"],
  [["export", "acks-1", "--as", "chrome"], "--out"],
  [["export", "acks-1", "--out", "x"], "--as"],
  [["export", "acks-1", "--flaw", "x", "--as", "chrome", "--out", "x"], "No flaw is named x"],
])("%j says what is wrong", (args, problem) => {
  const { code, err } = highwater(...args);
  expect(err).toContain(problem);
  expect(code).toBe(2);
});
