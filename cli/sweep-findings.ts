/* What a sweep found: each way in which a promise broke once, by guarantee and cause, with its smallest scenario. */
import { join } from "node:path";
import { breaks, judge, reduce, type Scenario, type TraceEvent } from "#sim";
import type { Found } from "./find.ts";
import { allGuarantees } from "./modules.ts";
import type { SeedReport } from "./sweep-job.ts";
import { writeOut } from "./write.ts";

/** One way in which a guarantee broke, with the smallest scenario found. */
export interface Broken {
  readonly guarantee: string;
  readonly precondition: readonly string[];
  /** Kinds of the faults that the reduced scenario still needs. */
  readonly faults: string;
  /** The same, what the cluster decided under them, and what broke, without names and numbers: two of one cause are one. */
  readonly cause: string;
  readonly seed: string;
  readonly file: string;
  readonly evidence: string;
  readonly scenario: Scenario;
}

type OneBroken = SeedReport["broken"][number];

/** How many seeds of one way of breaking are reduced, to see whether they have one cause or several. */
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
      const way = [one.guarantee, ...one.off, templateOf(one.evidence)].join(" ");
      const same = ways.get(way);
      if (same === undefined) ways.set(way, [{ seed, broken: one }]);
      else if (same.length < mostReduced) same.push({ seed, broken: one });
    }
  }
  const kept = new Map<string, Broken>();
  for (const seeds of ways.values()) {
    for (const { seed, broken } of seeds) {
      const reduced = reducedOf(found, seed, broken, folder);
      const key = [reduced.guarantee, ...reduced.precondition, reduced.cause].join(" ");
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
  { guarantee, off }: OneBroken,
  folder: string,
): Broken {
  const wanted = { guarantee, off };
  const { scenario } = reduce(found.scenario(seed), (candidate) =>
    breaks(candidate, wanted, allGuarantees()),
  );
  const file = join(folder, `${[guarantee, ...off, seed].join("-")}.json`);
  const { evidence, decided } = lookedInto(scenario, guarantee, off);
  const faults = joined(scenario.faults.map(({ type }) => type)) || "no fault";
  const cause = `${decided === "" ? faults : `${faults}, then ${decided}`}: ${templateOf(evidence)}`;
  return { guarantee, precondition: off, faults, cause, seed, file, evidence, scenario };
}

/** How a promise breaks in a reduced scenario, and what the cluster decided on the way. */
function lookedInto(
  scenario: Scenario,
  guarantee: string,
  off: readonly string[],
): { readonly evidence: string; readonly decided: string } {
  const decisions: string[] = [];
  const { judgements } = judge(scenario, {
    claim: off.length > 0 ? guarantee : undefined,
    guarantees: allGuarantees(),
    traffic: false,
    listener: (event) => decisions.push(...decisionsIn(event)),
  });
  const judgement = judgements.find(({ id }) => id === guarantee);
  const broke = judgement?.kinds.find((one) => joined(one.off) === joined(off));
  return { evidence: broke?.evidence ?? "", decided: joined(decisions) };
}

/** Who is elected by right, and who cuts: what tells one bug from another where the same faults strike. */
function decisionsIn(event: TraceEvent): readonly string[] {
  if (event.type !== "note") return [];
  const what = event.event;
  if (what.type === "truncated") return [`${what.reason} cut`];
  const isElection = what.type === "partitionChanged" && /elected$/i.test(what.why);
  return isElection ? [what.why] : [];
}

const joined = (names: readonly string[]): string => [...new Set(names)].toSorted().join("+");

/** A sentence without names and numbers: what differs from seed to seed. What is said of several is said once. */
export function templateOf(evidence: string): string {
  const parts = evidence.replace(/[\w.-]*\d[\w-]*(\.\d+)?/g, "#").split(", ");
  return [...new Set(parts)].join(", ");
}
