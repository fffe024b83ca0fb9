/* What a sweep found: each way in which a promise broke once, by guarantee and cause, with its smallest scenario. */
import { join } from "node:path";
import { breaks, reduce, type Scenario } from "#sim";
import type { Found } from "./find.ts";
import { allGuarantees } from "./modules.ts";
import type { SeedReport } from "./sweep-job.ts";
import { writeOut } from "./write.ts";

/** One way in which a guarantee broke, with the smallest scenario found. */
export interface Broken {
  readonly guarantee: string;
  readonly precondition: readonly string[];
  /** Kinds of the faults that the reduced scenario still needs. */
  readonly cause: string;
  readonly seed: string;
  readonly file: string;
  readonly evidence: string;
  readonly scenario: Scenario;
}

type OneBroken = SeedReport["broken"][number];

/** How many seeds of one guarantee are reduced, to see whether they have one cause or several. */
const mostReduced = 5;

/** Reduces the lowest seeds of each way of breaking, and writes down the smallest scenario of every cause. */
export function keepSmallest(
  found: Found,
  reports: readonly SeedReport[],
  folder: string,
): Broken[] {
  const ways = new Map<string, { readonly seed: string; readonly broken: OneBroken }[]>();
  for (const { seed, broken } of reports.toSorted((a, b) => Number(a.seed) - Number(b.seed))) {
    for (const one of broken) {
      const way = [one.guarantee, ...one.off].join(" ");
      const same = ways.get(way);
      if (same === undefined) ways.set(way, [{ seed, broken: one }]);
      else if (same.length < mostReduced) same.push({ seed, broken: one });
    }
  }
  const kept = new Map<string, Broken>();
  for (const [way, seeds] of ways) {
    for (const { seed, broken } of seeds) {
      const reduced = reducedOf(found, seed, broken, folder);
      const key = `${way} ${reduced.cause}`;
      const before = kept.get(key);
      if (before === undefined || sizeOf(reduced) < sizeOf(before)) kept.set(key, reduced);
    }
  }
  const all = [...kept.values()];
  for (const { file, scenario } of all)
    writeOut(file, `${JSON.stringify(scenario, undefined, 2)}\n`);
  return all;
}

const sizeOf = ({ scenario }: Broken): number => JSON.stringify(scenario).length;

function reducedOf(
  found: Found,
  seed: string,
  { guarantee, off, evidence }: OneBroken,
  folder: string,
): Broken {
  const wanted = { guarantee, off };
  const { scenario } = reduce(found.scenario(seed), (candidate) =>
    breaks(candidate, wanted, allGuarantees()),
  );
  const file = join(folder, `${[guarantee, ...off, seed].join("-")}.json`);
  return { guarantee, precondition: off, cause: causeOf(scenario), seed, file, evidence, scenario };
}

/** Two breaks of one guarantee are taken for one if they need the same kinds of faults. */
const causeOf = ({ faults }: Scenario): string =>
  [...new Set(faults.map(({ type }) => type))].toSorted().join("+") || "no fault";
