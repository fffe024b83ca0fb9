/*
 * Makes a scenario that breaks a promise smaller, one step at a time, as long as the same promise breaks for the same
 * reason. Works on any scenario: it knows only what a scenario is.
 */
import type { AnyGuarantee } from "../guarantees/guarantee.ts";
import { parseScenario, ScenarioError } from "../scenario/parse.ts";
import type { Fault, ProducerSpec, Scenario } from "../scenario/schema.ts";
import { judge } from "./judge.ts";

/** What must stay broken. */
export interface Wanted {
  readonly guarantee: string;
  /** The preconditions that were off; empty: it was promised. */
  readonly off: readonly string[];
}

/** How many runs a reduction may take. */
const maxRuns = 600;

/** Whether a scenario breaks the promise for just that reason; `guarantees`: those that there are, if not the usual ones. */
export function breaks(
  scenario: Scenario,
  wanted: Wanted,
  guarantees?: readonly AnyGuarantee[],
): boolean {
  const claim = wanted.off.length > 0 ? wanted.guarantee : undefined;
  const judged = judge(scenario, { claim, guarantees }).judgements.find(
    ({ id }) => id === wanted.guarantee,
  );
  if (judged === undefined || judged.holds) return false;
  return judged.kinds.some(({ off }) => isSame(off, wanted.off));
}

const isSame = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((one) => b.includes(one));

/** The smallest scenario found that still breaks it. `still` says whether a candidate does. */
export function reduce(
  scenario: Scenario,
  still: (candidate: Scenario) => boolean,
): { readonly scenario: Scenario; readonly runs: number } {
  let best = scenario;
  let runs = 0;
  let progress = true;
  while (progress && runs < maxRuns) {
    progress = false;
    for (const step of steps) {
      for (const candidate of step(best)) {
        if (runs >= maxRuns) break;
        const valid = validated(candidate);
        if (valid === undefined || JSON.stringify(valid) === JSON.stringify(best)) continue;
        runs += 1;
        if (!still(valid)) continue;
        best = valid;
        progress = true;
        // What the step offered was meant for the scenario of before.
        break;
      }
    }
  }
  return { scenario: best, runs };
}

function validated(candidate: unknown): Scenario | undefined {
  try {
    return parseScenario(candidate);
  } catch (error) {
    if (error instanceof ScenarioError) return undefined;
    throw error;
  }
}

type Step = (scenario: Scenario) => Iterable<unknown>;

function* fewerFaults(scenario: Scenario): Iterable<unknown> {
  const { faults } = scenario;
  for (let size = Math.floor(faults.length / 2); size >= 1; size = Math.floor(size / 2)) {
    for (let from = 0; from < faults.length; from += size) {
      yield { ...scenario, faults: [...faults.slice(0, from), ...faults.slice(from + size)] };
    }
  }
}

function* fewerClients(scenario: Scenario): Iterable<unknown> {
  const { workload } = scenario;
  yield { ...scenario, workload: { ...workload, consumers: [] } };
  for (let i = 0; i < workload.producers.length; i++) {
    yield {
      ...scenario,
      workload: { ...workload, producers: workload.producers.filter((_, j) => j !== i) },
    };
  }
}

function* fewerPartitions(scenario: Scenario): Iterable<unknown> {
  const { topics } = scenario;
  for (let i = 0; i < topics.length; i++)
    yield { ...scenario, topics: topics.filter((_, j) => j !== i) };
  yield { ...scenario, topics: topics.map((topic) => ({ ...topic, partitions: 1 })) };
}

const withProducers = (
  scenario: Scenario,
  change: (producer: ProducerSpec) => object,
): unknown => ({
  ...scenario,
  workload: {
    ...scenario.workload,
    producers: scenario.workload.producers.map((producer) => ({
      ...producer,
      ...change(producer),
    })),
  },
});

function* shorter(scenario: Scenario): Iterable<unknown> {
  for (const share of [2, 1.5, 1.2]) {
    const durationMs = Math.floor(scenario.durationMs / share / 100) * 100;
    if (durationMs < 1) continue;
    const shortened = {
      ...scenario,
      durationMs,
      faults: scenario.faults.filter(({ atMs }) => atMs < durationMs),
    };
    yield withProducers(shortened, ({ startMs, endMs }) => ({
      endMs: Math.max(startMs, Math.min(endMs, durationMs)),
    }));
  }
}

function* fewerRecords(scenario: Scenario): Iterable<unknown> {
  for (const records of [1, 2, 5, 10, 20, 50]) {
    yield withProducers(scenario, ({ maxRecords, records: own }) => ({
      maxRecords: Math.min(maxRecords, records),
      ...(own === undefined ? {} : { records: own.slice(0, records) }),
    }));
  }
  for (const share of [2, 1.3]) {
    yield withProducers(scenario, ({ startMs, endMs }) => ({
      endMs: startMs + Math.floor((endMs - startMs) / share / 100) * 100,
    }));
  }
}

function* simplerSettings(scenario: Scenario): Iterable<unknown> {
  yield withProducers(scenario, ({ config }) => ({ config: without(config, "linger.ms") }));
  yield withProducers(scenario, ({ records }) =>
    records === undefined ? {} : { records: undefined },
  );
  yield withProducers(scenario, () => ({ keys: 0 }));
  yield withProducers(scenario, () => ({ valueBytes: 40 }));
  yield withProducers(scenario, () => ({ intervalMs: [50, 50] }));
  yield { ...scenario, network: undefined };
  yield { ...scenario, disk: undefined };
  for (const key of [
    "segment.bytes",
    "min.insync.replicas",
    "unclean.leader.election.enable",
  ] as const) {
    yield {
      ...scenario,
      topics: scenario.topics.map((topic) => ({ ...topic, config: without(topic.config, key) })),
    };
  }
}

const without = (config: object, key: string): object =>
  Object.fromEntries(Object.entries(config).filter(([name]) => name !== key));

const replaced = (scenario: Scenario, at: number, fault: Fault): unknown => ({
  ...scenario,
  faults: scenario.faults.map((other, i) => (i === at ? fault : other)),
});

/** A fault that is never healed before the end, at a rounder time, or a milder one. */
function* simplerFaults(scenario: Scenario): Iterable<unknown> {
  for (const [i, fault] of scenario.faults.entries()) {
    if (fault.forMs !== undefined) {
      const { forMs, ...rest } = fault;
      yield replaced(scenario, i, rest);
      for (const grid of [1000, 500, 100]) {
        const rounded = Math.max(grid, Math.floor(forMs / grid + 0.5) * grid);
        yield replaced(scenario, i, { ...fault, forMs: rounded });
      }
    }
    for (const grid of [1000, 500, 100]) {
      yield replaced(scenario, i, { ...fault, atMs: Math.floor(fault.atMs / grid + 0.5) * grid });
    }
    if (fault.type === "powerLoss") yield replaced(scenario, i, { ...fault, type: "crash" });
  }
}

const steps: readonly Step[] = [
  fewerFaults,
  fewerClients,
  fewerPartitions,
  shorter,
  fewerRecords,
  simplerFaults,
  simplerSettings,
];
