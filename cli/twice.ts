/*
 * A sample of a sweep's seeds runs a second time, in another process: what is the same twice depends on nothing but the
 * seed.
 */
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { FlawId } from "#core";
import { parseTrace, type Scenario } from "#sim";
import { loadedModules } from "./modules.ts";
import { traceLinesOf } from "./lockstep.ts";

/** How many seeds lie between two of the sample. */
const sampleEvery = 50;

export interface Sample {
  readonly asked: string;
  readonly flaws: readonly FlawId[];
  readonly from: number;
  readonly count: number;
}

/** A seed whose two runs were not the same. */
export interface Disagreement {
  readonly seed: string;
  /** The first event in which they differ, as each of the two told it. */
  readonly first: Difference;
}

export interface Difference {
  readonly event: number;
  readonly here: string;
  readonly there: string;
}

/** Command-line arguments that start the command line once more. */
const again = (): string[] => [
  "--import",
  import.meta.resolve("tsx"),
  join(import.meta.dirname, "main.ts"),
];

const flagsOf = (flaws: readonly FlawId[]): string[] => [
  ...flaws.flatMap((id) => ["--flaw", id]),
  ...loadedModules().flatMap((path) => ["--module", path]),
];

/** The hashes of the sample, by seed, as another process computes them. @throws Error if that process fails */
export async function hashesElsewhere({
  asked,
  flaws,
  from,
  count,
}: Sample): Promise<Map<string, string>> {
  const range = ["--from", String(from), "--seeds", String(count), "--every", String(sampleEvery)];
  const text = await outputOf(["fingerprints", asked, ...range, ...flagsOf(flaws)]);
  const pairs = text
    .trim()
    .split("\n")
    .map((line) => line.split(" "));
  return new Map(pairs.map(([seed = "", hash = ""]) => [seed, hash]));
}

function outputOf(args: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [...again(), ...args], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    let text = "";
    child.stdout.setEncoding("utf8");
    child.stdout.on("data", (part: string) => (text += part));
    child.on("error", reject);
    child.on("close", (code) => {
      // `run` ends with 1 where something broke, which is no failure here.
      if (code === 0 || code === 1) resolve(text);
      else reject(new Error(`The second process ended with code ${code}.`));
    });
  });
}

/** Seeds of the sample that were heard of here and have another hash there. */
export const differing = (
  here: ReadonlyMap<string, string>,
  there: ReadonlyMap<string, string>,
): string[] =>
  [...there].filter(([seed, hash]) => (here.get(seed) ?? hash) !== hash).map(([seed]) => seed);

/** Runs a seed that came out differently once more on both sides, and finds where the two part. */
export async function partAt(
  { asked, flaws }: Sample,
  seed: string,
  scenario: Scenario,
): Promise<Difference> {
  const folder = mkdtempSync(join(tmpdir(), "highwater-twice-"));
  try {
    const file = join(folder, "trace.ndjson");
    await outputOf(["run", asked, "--seed", seed, "--trace", file, ...flagsOf(flaws)]);
    return firstDifference(traceLinesOf(scenario), parseTrace(readFileSync(file, "utf8")).lines);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The first place where two lists of lines differ; past both ends if they do not. */
export function firstDifference(here: Iterable<string>, there: readonly string[]): Difference {
  const ended = "(it has ended)";
  let event = 0;
  for (const line of here) {
    if (line !== there[event]) return { event, here: line, there: there[event] ?? ended };
    event += 1;
  }
  return { event, here: ended, there: there[event] ?? ended };
}
