// The command line as a person or a program meets it: every test starts it as a process of its own.
import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  defaultFamily,
  families,
  guarantees,
  library,
  linkOf,
  museum,
  parseLink,
  parseScenarioText,
  parseTrace,
  runScenario,
  type Scenario,
  traceHead,
} from "#sim";

const root = join(import.meta.dirname, "..", "..");
let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "highwater-cli-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

interface Ran {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

function highwater(...args: readonly string[]): Ran {
  const main = ["--import", "tsx", join(root, "cli", "main.ts")];
  const ran = spawnSync(process.execPath, [...main, ...args], { cwd: root, encoding: "utf8" });
  return { code: ran.status, out: ran.stdout, err: ran.stderr };
}

/** A small scenario that is over soon. */
const small = (changes: Partial<Scenario> = {}): Scenario => {
  const steady = library.get("steady")?.();
  if (steady === undefined) throw new Error("there is no scenario steady");
  const producers = steady.workload.producers.map((one) => ({ ...one, endMs: 1500 }));
  const workload = { ...steady.workload, producers };
  return { ...steady, name: "small", durationMs: 1800, workload, ...changes };
};

function write(name: string, scenario: unknown): string {
  const path = join(folder, name);
  writeFileSync(path, typeof scenario === "string" ? scenario : JSON.stringify(scenario));
  return path;
}

describe("run", () => {
  test("says to a program what every field of it means", () => {
    const scenario = small();
    const { code, out } = highwater("run", write("small.json", scenario), "--json");
    const said = JSON.parse(out) as Record<string, unknown>;
    expect(Object.keys(said)).toEqual([
      "scenario",
      "seed",
      "hash",
      "inputs",
      "virtualMs",
      "wallMs",
      "acknowledged",
      "seen",
      "faults",
      "guarantees",
      "link",
    ]);
    const { hash, inputs, virtualMs } = runScenario(scenario);
    expect(said).toMatchObject({ scenario: "small", seed: "1", hash, inputs, virtualMs });
    expect(said["acknowledged"]).toBeGreaterThan(10);
    expect(said["seen"]).toBe(said["acknowledged"]);
    expect(said["link"]).toBe(linkOf(scenario));
    expect(String(said["link"])).toMatch(/^http:\/\/localhost:4173\//);
    const judged = said["guarantees"] as readonly Record<string, unknown>[];
    expect(judged.map(({ id }) => id)).toEqual(guarantees.map(({ id }) => id));
    for (const one of judged) {
      expect(Object.keys(one)).toEqual([
        "id",
        "promised",
        "holds",
        "checked",
        "exempt",
        "precondition",
        "evidence",
      ]);
      expect(one).toMatchObject({ promised: true, holds: true, exempt: 0 });
    }
    expect(code).toBe(0);
  });

  test("says to a person what failed, what was acknowledged, how each guarantee stands, and where to watch", () => {
    const { code, out } = highwater("run");
    expect(code).toBe(0);
    expect(out).toMatch(/30\d\d\.\d00 ms {2}b\d crashes\./);
    expect(out).toMatch(/\d+ records acknowledged, \d+ seen by consumers\./);
    for (const { id, sentence } of guarantees) {
      expect(out).toContain(`✓ held  ${sentence}`);
      expect(out).toContain(id);
    }
    expect(out).toMatch(/inputs in \d+ ms: \d+ a second, [\d.]+ times real time/);
    expect(out).toMatch(/^Hash {2}[0-9a-f]{16}$/m);
    expect(out).toMatch(/^Watch http:\/\/localhost:4173\//m);
  });

  test("takes a family with a seed, a seed for a file, and a link", () => {
    const scenario = families.get(defaultFamily)?.("3");
    if (scenario === undefined) throw new Error("there is no default family");
    const { hash } = runScenario(scenario);
    const drawn = highwater("run", defaultFamily, "--seed", "3", "--json");
    expect(JSON.parse(drawn.out)).toMatchObject({ seed: "3", hash });
    const linked = highwater("run", linkOf(scenario), "--json");
    expect(JSON.parse(linked.out)).toMatchObject({ seed: "3", hash });
    const reseeded = highwater("run", write("small.json", small()), "--seed", "9", "--json");
    const { hash: other } = runScenario(small({ seed: "9" }));
    expect(JSON.parse(reseeded.out)).toMatchObject({ seed: "9", hash: other });
  });

  test("writes a trace that can be run again from itself alone", () => {
    const trace = join(folder, "trace.ndjson");
    const first = highwater("run", write("small.json", small()), "--trace", trace, "--json");
    const { hash } = JSON.parse(first.out) as { hash: string };
    const text = readFileSync(trace, "utf8");
    const lines = text.trimEnd().split("\n");
    expect(JSON.parse(lines[0] ?? "")).toMatchObject({ version: 1, seed: "1", scenario: small() });
    expect(JSON.parse(lines.at(-1) ?? "")).toEqual({ hash });
    expect(parseTrace(text).lines.length).toBe(lines.length - 2);
    const again = highwater("run", trace, "--json");
    expect(JSON.parse(again.out)).toMatchObject({ hash });
  });

  test("ends with 1 where a claimed guarantee breaks, and with 0 where it was not promised", () => {
    const path = write("unsafe.json", unsafe());
    const plain = highwater("run", path, "--json");
    expect(plain.code).toBe(0);
    const survives = { id: "acknowledged-survives", holds: false };
    expect(guaranteesOf(plain)).toContainEqual(
      expect.objectContaining({ ...survives, promised: false, precondition: ["acks-all"] }),
    );
    const claimed = highwater("run", path, "--json", "--claim", "acknowledged-survives");
    expect(claimed.code).toBe(1);
    expect(guaranteesOf(claimed)).toContainEqual(
      expect.objectContaining({ ...survives, promised: true }),
    );
  });
});

const guaranteesOf = ({ out }: Ran): readonly unknown[] =>
  (JSON.parse(out) as { guarantees: readonly unknown[] }).guarantees;

/** acks=1, and the leader is deposed with what it alone has. */
function unsafe(): Scenario {
  const scenario = library.get("acks-1")?.();
  if (scenario === undefined) throw new Error("there is no scenario acks-1");
  return scenario;
}

describe("what cannot be run ends with 2 and a sentence", () => {
  test.each([
    ["a file that is not there", ["run", "nowhere.json"], "no file"],
    ["a scenario with an unknown key", ["run", "unknown-key"], "cluster.brokerz"],
    ["text that is no JSON", ["run", "no-json"], "not JSON"],
    ["a trace that was cut", ["run", "cut-trace"], "the trace was cut"],
    [
      "a place that cannot be written to",
      ["reduce", "acks-1", "--claim", "acknowledged-survives", "--out", "no-json/smaller.json"],
      "cannot be written",
    ],
    [
      "a folder below one that can hold none",
      ["sweep", "--seeds", "1", "--out", "/proc/nope/deeper"],
      "Nothing can be written to /proc/nope/deeper",
    ],
    ["a link that was cut", ["run", "http://localhost:4173/#run=abc"], "link"],
    ["an unknown guarantee", ["run", "--claim", "nothing-breaks"], "nothing-breaks"],
    ["an unknown flaw", ["run", "--flaw", "haste"], "hw-truncate, offset-only-answer"],
    ["an unknown flaw in a search", ["sweep", "--seeds", "1", "--flaw", "haste"], "haste"],
    ["a number of seeds that is none", ["sweep", "--seeds", "many"], "--seeds"],
    ["an unknown command", ["fly"], "fly"],
    ["an unknown option", ["run", "--fast"], "--fast"],
    ["nothing that broke", ["reduce", "steady"], "breaks nothing"],
  ])("%s", (_, args, part) => {
    write("unknown-key", { ...small(), cluster: { ...small().cluster, brokerz: [] } });
    write("no-json", "{");
    write("cut-trace", `${traceHead(small())}{"seq":0}\n`);
    const inFolder = args.map((arg) =>
      /^(unknown-key|no-json|cut-trace)/.test(arg) ? join(folder, arg) : arg,
    );
    const { code, out, err } = highwater(...inFolder);
    expect(err).toContain(part);
    expect(err).not.toMatch(/^\s+at /m);
    expect(out).toBe("");
    expect(code).toBe(2);
  });
});

describe("flaws", () => {
  test("are listed for a program and for a person", () => {
    const { code, out } = highwater("flaws", "--json");
    expect(code).toBe(0);
    const rows = JSON.parse(out) as readonly Record<string, unknown>[];
    expect(rows.map(({ id }) => id)).toEqual(museum.map(({ id }) => id));
    for (const row of rows) {
      expect(Object.keys(row)).toEqual(["id", "kip", "kind", "promises", "sentence", "fix"]);
    }
    const person = highwater("flaws").out;
    for (const { id, sentence } of museum) {
      expect(person).toContain(id);
      expect(person).toContain(sentence);
    }
  });

  test("of kind setting make their claim, and several may be on", () => {
    const args = ["run", write("small-flawed.json", small()), "--flaw", "acks-1"];
    const { out } = highwater(...args, "--flaw", "join-at-hw", "--json");
    const said = JSON.parse(out) as { guarantees: readonly Record<string, unknown>[] };
    const survives = said.guarantees.find(({ id }) => id === "acknowledged-survives");
    expect(survives).toMatchObject({ promised: true, precondition: ["acks-all"] });
    expect(survives?.["exempt"]).toBe(survives?.["checked"]);
  });
});

describe("museum", () => {
  test(
    "says how many seeds it takes to find a flaw, and keeps its story",
    { timeout: 240_000 },
    () => {
      const out = join(folder, "stories");
      const args = ["museum", "--flaw", "not-idempotent", "--starts", "2", "--most", "30"];
      const measured = highwater(...args, "--out", out, "--json");
      expect(measured.code).toBe(0);
      const [row] = JSON.parse(measured.out) as readonly Record<string, unknown>[];
      expect(row).toMatchObject({
        id: "not-idempotent",
        breaks: "producer-order",
        found: 2,
        starts: 2,
      });
      expect(row?.["median"]).toBeGreaterThanOrEqual(1);
      expect(row?.["median"]).toBeLessThanOrEqual(30);
      const story = join(out, "not-idempotent.json");
      const { faults } = parseScenarioText(readFileSync(story, "utf8"));
      expect(row?.["faults"]).toBe(faults.length);
      expect(highwater("run", story, "--flaw", "not-idempotent").code).toBe(1);
      expect(highwater("run", story, "--claim", "producer-order").code).toBe(0);
    },
  );
});

describe("sweep", () => {
  test("runs each seed once on all workers and says the same as one run does", () => {
    const swept = highwater("sweep", "--seeds", "6", "--from", "2", "--json");
    expect(swept.code).toBe(0);
    const said = JSON.parse(swept.out) as Record<string, unknown>;
    expect(Object.keys(said)).toEqual([
      "seeds",
      "asked",
      "broken",
      "shares",
      "unreached",
      "twice",
      "disagreements",
      "inputsPerSecond",
    ]);
    expect(said).toMatchObject({ seeds: 6, asked: 6, broken: [], twice: 1, disagreements: [] });
    expect(said["shares"]).toMatchObject({ struck: 1 });
    expect(Object.keys(said["shares"] as object)).toEqual([
      "struck",
      "acknowledgedAndStruck",
      "election",
      "truncation",
      "promisedUnderLoss",
      "twoKindsOfFaults",
    ]);
  });

  test("names the marks that no seed reached, and fails over them if it is asked to", () => {
    const lenient = highwater("sweep", "steady", "--seeds", "1", "--out", join(folder, "s"));
    expect(lenient.code).toBe(0);
    expect(lenient.out).toMatch(/\n {2}\d of \d\d marks reached\n/);
    expect(lenient.out).toMatch(/\n {2}a fault met somebody +0\.0 % of runs\n/);
    expect(lenient.out).toContain("No fault met anybody: this search says nothing about faults.");
    const strict = highwater(
      ...["sweep", "steady", "--seeds", "1", "--out", join(folder, "s"), "--all-marks"],
    );
    expect(strict.code).toBe(1);
    expect(strict.out).toMatch(/\n✗ No seed reached:\n(.|\n)* {2}elr-elected +an eligible leader/);
  });

  test.each([
    ["sweep", "--seeds", "1"],
    ["museum", "--starts", "1"],
  ])("%s looks first whether it may write where it is told to", (...command) => {
    const blocked = write("no-folder", {});
    const { code, err, out } = highwater(...command, "--out", join(blocked, "x"));
    expect(code).toBe(2);
    expect(err).toContain(`Nothing can be written to ${join(blocked, "x")}`);
    expect(out).toBe("");
  });

  test("ends when it is interrupted, and tells what it has found by then", async () => {
    const made = join(folder, "interrupted");
    const args = ["--import", "tsx", join(root, "cli", "main.ts"), "sweep", "--seeds", "100000"];
    const child = spawn(process.execPath, [...args, "--out", made, "--jobs", "1"], {
      cwd: root,
    });
    let out = "";
    let looks = 0;
    child.stdout.on("data", (part) => (out += String(part)));
    child.stderr.on("data", () => undefined);
    // The folder is made a moment before the search hears of interrupts: an earlier one would only end the process.
    const timer = setInterval(() => {
      if (existsSync(made)) looks += 1;
      if (looks === 8) child.kill("SIGINT");
    }, 250);
    const code = await new Promise((resolve) => child.on("close", resolve));
    clearInterval(timer);
    expect(code).toBe(0);
    expect(out).toMatch(/^Stopped after \d+ of 100000 seeds of failover/);
    expect(out).toContain("Nothing that was promised broke");
  });

  test("prints fingerprints that are the same in every process", () => {
    const args = ["fingerprints", "steady", "--seeds", "3", "--every", "2"];
    const { code, out } = highwater(...args);
    expect(code).toBe(0);
    expect(out).toMatch(/^1 [0-9a-f]{16}\n3 [0-9a-f]{16}\n$/);
    expect(highwater(...args).out).toBe(out);
  });

  test("keeps a reduced scenario of what broke, which breaks again", () => {
    const out = join(folder, "broken");
    const { seed } = unsafe();
    const swept = highwater(
      ...["sweep", write("unsafe.json", unsafe()), "--from", seed, "--seeds", "1"],
      ...["--claim", "acknowledged-survives", "--out", out, "--json"],
    );
    expect(swept.code).toBe(1);
    const { broken } = JSON.parse(swept.out) as {
      broken: readonly { guarantee: string; seed: string; file: string; link: string }[];
    };
    expect(broken).toMatchObject([{ guarantee: "acknowledged-survives", seed }]);
    const file = broken[0]?.file ?? "";
    const reduced = parseScenarioText(readFileSync(file, "utf8"));
    expect(reduced.faults.length).toBeLessThanOrEqual(1);
    expect(parseLink(broken[0]?.link ?? "").scenario).toEqual(reduced);
    expect(highwater("run", file, "--claim", "acknowledged-survives").code).toBe(1);
  });
});

describe("reduce, diff, scenarios", () => {
  test("reduce writes a smaller scenario and tells its story, the verdict last", () => {
    const out = join(folder, "smaller.json");
    const claim = ["--claim", "acknowledged-survives"];
    const reduced = highwater("reduce", write("unsafe.json", unsafe()), ...claim, "--out", out);
    expect(reduced.code).toBe(0);
    const lines = reduced.out.split("\n\n").slice(0, -1).join("\n").split("\n");
    expect(lines.at(-1)).toContain("✗ broken acknowledged-survives");
    expect(lines.length).toBeLessThanOrEqual(60);
    expect(highwater("run", out, ...claim).code).toBe(1);
  });

  test("reduce switches a flaw on, and claims what a setting costs", () => {
    const story = join(root, "sim/museum/stories/unclean.json");
    expect(highwater("reduce", story).err).toContain("breaks nothing");
    const out = join(folder, "unclean.json");
    expect(highwater("reduce", story, "--flaw", "unclean", "--out", out).code).toBe(0);
    expect(highwater("run", out, "--flaw", "unclean").code).toBe(1);
  });

  test("diff finds nothing between a scenario and its trace, and the first event that differs", () => {
    const path = write("small.json", small());
    const trace = join(folder, "small.ndjson");
    highwater("run", path, "--trace", trace);
    expect(highwater("diff", path, trace)).toMatchObject({ code: 0, out: "They are equal.\n" });
    const other = write("other.json", small({ seed: "2" }));
    const { code, out } = highwater("diff", path, other);
    expect(code).toBe(1);
    expect(out).toMatch(/They differ from event \d+ on\./);
  });

  test("scenarios lists every name and family", () => {
    const { code, out } = highwater("scenarios");
    expect(code).toBe(0);
    for (const name of [...library.keys(), ...families.keys()]) expect(out).toContain(name);
  });
});
