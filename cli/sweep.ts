import { availableParallelism } from "node:os";
import { exit } from "./exit.ts";
import { find } from "./find.ts";
import { wholeNumber } from "./numbers.ts";
import { judgeAll } from "./pool.ts";
import { progressOf } from "./progress.ts";
import { checkClaim, checkFlaws, claimsWith } from "./run.ts";
import { keepSmallest } from "./sweep-findings.ts";
import type { SeedReport } from "./sweep-job.ts";
import { forPrograms, print, sharesOf, type Totals, unreachedBy } from "./sweep-print.ts";
import { type Disagreement, differing, hashesElsewhere, partAt, type Sample } from "./twice.ts";
import { checkFolder } from "./write.ts";

export interface SweepOptions {
  readonly seeds: string;
  readonly from: string;
  readonly claim?: string;
  readonly flaw?: readonly string[];
  readonly jobs?: string;
  readonly out: string;
  readonly allMarks?: boolean;
  readonly json?: boolean;
}

/** From so many seeds on, a search of every kind of fault must have been everywhere. */
const largeSweep = 10_000;
const familyOfEverything = "storm";

/** Looks through many seeds for one that breaks a promise; each way of breaking is reduced and kept. */
export async function sweep(asked: string | undefined, options: SweepOptions): Promise<number> {
  checkClaim(options.claim);
  const count = wholeNumber("--seeds", options.seeds);
  const from = wholeNumber("--from", options.from);
  const jobs =
    options.jobs === undefined ? availableParallelism() : wholeNumber("--jobs", options.jobs);
  const flaws = checkFlaws(options.flaw);
  const found = find(asked, "family", flaws);
  const claim = claimsWith(options.claim, flaws);
  checkFolder(options.out);
  const seeds = Array.from({ length: count }, (_, i) => String(from + i));
  const reports: SeedReport[] = [];
  const progress = options.json === true ? undefined : progressOf(count);
  const started = performance.now();
  const stop = stopOnDemand();
  await judgeAll({ jobs, asked: found.name, flaws, claim, stop: stop.signal }, seeds, (report) => {
    reports.push(report);
    progress?.seen(report.broken.length > 0);
  });
  stop.done();
  const seconds = (performance.now() - started) / 1000;
  progress?.stop();
  const broken = keepSmallest(found, reports, options.out);
  const sample = { asked: found.name, flaws, from, count };
  const again = await secondRuns(sample, reports, (seed) => found.scenario(seed));
  const isLarge = found.name === familyOfEverything && reports.length >= largeSweep;
  const totals: Totals = {
    seeds: reports.length,
    asked: count,
    shares: sharesOf(reports),
    inputsPerSecond: Math.floor(reports.reduce((sum, { inputs }) => sum + inputs, 0) / seconds),
    unreached: unreachedBy(reports),
    needsAllMarks: options.allMarks === true || isLarge,
    ...again,
  };
  if (options.json === true) console.log(JSON.stringify(forPrograms(totals, broken)));
  else print(found, totals, broken);
  const isMissing = totals.needsAllMarks && totals.unreached.length > 0;
  if (again.disagreements.length > 0) return exit.failed;
  return broken.length === 0 && !isMissing ? exit.held : exit.broken;
}

/** Ctrl-C ends the search and tells what was found so far; a second one ends everything. */
function stopOnDemand(): { readonly signal: AbortSignal; done(this: void): void } {
  const controller = new AbortController();
  const onInterrupt = (): void => {
    if (controller.signal.aborted) process.exit(exit.failed);
    console.error("\nStopping; what was found so far follows. Once more to end at once.");
    controller.abort();
  };
  process.on("SIGINT", onInterrupt);
  return { signal: controller.signal, done: () => process.off("SIGINT", onInterrupt) };
}

/** A sample of the seeds runs again in another process. */
async function secondRuns(
  sample: Sample,
  reports: readonly SeedReport[],
  scenarioOf: (seed: string) => Parameters<typeof partAt>[2],
): Promise<{ twice: number; disagreements: readonly Disagreement[] }> {
  const here = new Map(reports.map(({ seed, hash }) => [seed, hash]));
  if (here.size < sample.count) return { twice: 0, disagreements: [] };
  const there = await hashesElsewhere(sample);
  const disagreements: Disagreement[] = [];
  for (const seed of differing(here, there)) {
    disagreements.push({ seed, first: await partAt(sample, seed, scenarioOf(seed)) });
  }
  return { twice: there.size, disagreements };
}
