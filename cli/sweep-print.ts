/* What a sweep says of itself. */
import { allMarks, linkOf, type MarkId, markSentence } from "#sim";
import type { Found } from "./find.ts";
import { story } from "./reduce.ts";
import { watchLine } from "./run.ts";
import type { Broken } from "./sweep-findings.ts";
import type { SeedReport } from "./sweep-job.ts";
import type { Disagreement } from "./twice.ts";

export interface Totals {
  readonly seeds: number;
  /** How many were asked for; more than `seeds` if the sweep was stopped. */
  readonly asked: number;
  readonly shares: {
    /** Runs in which any fault met anybody. */
    readonly struck: number;
    readonly acknowledgedAndStruck: number;
    readonly election: number;
    readonly truncation: number;
    readonly promisedUnderLoss: number;
    readonly twoKindsOfFaults: number;
  };
  readonly inputsPerSecond: number;
  /** Marks that no seed reached. */
  readonly unreached: readonly MarkId[];
  /** Whether an unreached mark is a failure. */
  readonly needsAllMarks: boolean;
  /** Seeds that ran a second time in another process, and those that came out differently. */
  readonly twice: number;
  readonly disagreements: readonly Disagreement[];
}

/** Sums and shares over all reports. */
export function sharesOf(reports: readonly SeedReport[]): Totals["shares"] {
  const seeds = reports.length;
  const sum = (of: (report: SeedReport) => number): number =>
    reports.reduce((total, report) => total + of(report), 0);
  const share = (of: (report: SeedReport) => boolean): number =>
    seeds === 0 ? 0 : sum((report) => (of(report) ? 1 : 0)) / seeds;
  const promised = sum(({ shown }) => shown.promised.acknowledged);
  return {
    struck: share(({ shown }) => shown.struck),
    acknowledgedAndStruck: share(({ shown }) => shown.acknowledgedAndStruck),
    election: share(({ shown }) => shown.election),
    truncation: share(({ shown }) => shown.truncation),
    promisedUnderLoss: promised === 0 ? 0 : sum(({ shown }) => shown.promised.under) / promised,
    twoKindsOfFaults: share(({ shown }) => shown.marks.includes("two-kinds-of-faults")),
  };
}

/** Marks that none of the runs reached. */
export function unreachedBy(reports: readonly SeedReport[]): MarkId[] {
  const reached = new Set(reports.flatMap(({ shown }) => shown.marks));
  return allMarks.filter((id) => !reached.has(id));
}

/** One object for programs. */
export const forPrograms = (totals: Totals, broken: readonly Broken[]) => ({
  seeds: totals.seeds,
  asked: totals.asked,
  broken: broken.map(({ guarantee, precondition, cause, seed, file, scenario }) => ({
    guarantee,
    precondition,
    cause,
    seed,
    file,
    link: linkOf(scenario),
  })),
  shares: totals.shares,
  unreached: totals.unreached,
  twice: totals.twice,
  disagreements: totals.disagreements,
  inputsPerSecond: totals.inputsPerSecond,
});

const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;

/** The report for a person. */
export function print(found: Found, totals: Totals, broken: readonly Broken[]): void {
  const { seeds, asked, shares, inputsPerSecond } = totals;
  const stopped = seeds < asked ? `Stopped after ${seeds} of ${asked} seeds` : `${seeds} seeds`;
  console.log(`${stopped} of ${found.name}, ${inputsPerSecond} inputs a second.`);
  const lines: readonly (readonly [string, number, string])[] = [
    ["a fault met somebody", shares.struck, "runs"],
    [
      "20 records acknowledged, and a live target struck after",
      shares.acknowledgedAndStruck,
      "runs",
    ],
    ["a partition changed its leader", shares.election, "runs"],
    ["a replica cut records on a diverging epoch", shares.truncation, "runs"],
    ["faults of two kinds or more struck", shares.twoKindsOfFaults, "runs"],
    ["a replica lost its copy while the promise held", shares.promisedUnderLoss, "records"],
  ];
  for (const [what, share, of] of lines)
    console.log(`  ${what.padEnd(56)} ${percent(share)} of ${of}`);
  if (seeds > 0 && shares.struck === 0)
    console.log("\nNo fault met anybody: this search says nothing about faults.\n");
  printMarks(totals);
  printTwice(found, totals);
  if (broken.length === 0) console.log("\n✓ Nothing that was promised broke.");
  for (const one of broken) printBroken(one);
}

/** How many unreached marks are named where none of them is needed. */
const mostListed = 10;

function printMarks({ unreached, needsAllMarks }: Totals): void {
  const reached = allMarks.length - unreached.length;
  console.log(`  ${reached} of ${allMarks.length} marks reached`);
  // A small search leaves most of them out: to list them all would hide what it found.
  if (unreached.length === 0 || (!needsAllMarks && unreached.length > mostListed)) return;
  console.log(needsAllMarks ? "\n✗ No seed reached:" : "\nNo seed reached:");
  for (const id of unreached) console.log(`  ${id.padEnd(32)} ${markSentence(id)}`);
}

function printTwice(found: Found, { twice, disagreements }: Totals): void {
  if (disagreements.length === 0) {
    if (twice > 0)
      console.log(`  ${twice} of the seeds ran twice, in two processes: no difference`);
    return;
  }
  for (const { seed, first } of disagreements) {
    console.log(
      `\n✗ Seed ${seed} came out differently in another process, from event ${first.event} on:`,
    );
    console.log(`  here:  ${first.here}`);
    console.log(`  there: ${first.there}`);
    console.log(`  ${watchLine(found.scenario(seed))}`);
  }
}

function printBroken(one: Broken): void {
  const off = one.precondition.length === 0 ? "promised" : `off: ${one.precondition.join(", ")}`;
  console.log(
    `\n✗ broken ${one.guarantee} (${off}), seed ${one.seed}, by ${one.faults}: ${one.evidence}`,
  );
  for (const line of story(one.scenario, { guarantee: one.guarantee, off: one.precondition }))
    console.log(`  ${line}`);
  const claim = one.precondition.length === 0 ? "" : ` --claim ${one.guarantee}`;
  console.log(`  Scenario ${one.file}`);
  console.log(`  Again    npm run -s highwater -- run ${one.file}${claim}`);
  console.log(`  ${watchLine(one.scenario).replace("Watch", "Watch   ")}`);
}
