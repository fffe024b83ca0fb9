/*
 * A run as it comes out of the simulation: its events so far, how the guarantees stood after each, and its hash once
 * it is whole. A fork keeps the events up to its moment and takes the rest from the edited run.
 */
import type { Fault, Micros, Outcome, Scenario } from "#sim";
import { type Recording, addEvents, countAt, newRecording, prefix } from "./model/recording.ts";
import type { FromWorker, ToWorker, VerdictChange } from "./worker-messages.ts";

export interface Run {
  readonly id: number;
  readonly scenario: Scenario;
  readonly recording: Recording;
  /** In order of `seq`. */
  readonly verdicts: VerdictChange[];
  hash: string | undefined;
  /** What it came to, once it is whole. */
  outcome: Outcome | undefined;
  inputs: number;
  failure: string | undefined;
}

export function newRun(id: number, scenario: Scenario): Run {
  return {
    id,
    scenario,
    recording: newRecording(),
    verdicts: [],
    hash: undefined,
    outcome: undefined,
    inputs: 0,
    failure: undefined,
  };
}

/** The run that goes its own way after `at`. */
export function forkOf(run: Run, id: number, scenario: Scenario, at: Micros): Run {
  const recording = prefix(run.recording, countAt(run.recording, at));
  const last = recording.events.at(-1)?.seq ?? -1;
  return {
    ...newRun(id, scenario),
    recording,
    verdicts: run.verdicts.filter(({ seq }) => seq <= last),
  };
}

/** Takes in what the worker says of this run; what it says of another is dropped. */
export function hear(run: Run, message: FromWorker): void {
  if (message.run !== run.id) return;
  switch (message.type) {
    case "events":
      return addEvents(run.recording, message.events);
    case "verdicts":
      run.verdicts.push(...message.changes);
      return;
    case "judgedAnew":
      run.verdicts.length = 0;
      return;
    case "done":
      run.hash = message.hash;
      run.inputs = message.inputs;
      run.outcome = { hash: message.hash, broke: brokenIn(run) };
      return;
    case "looked":
      return;
    case "failed":
      run.failure = message.message;
      return;
  }
}

/** Ids of the guarantees that broke in a whole run, promised or not. */
const brokenIn = (run: Run): string[] =>
  [...verdictsAt(run, Infinity).values()]
    .filter(({ state }) => state === "broken" || state === "notPromisedBroken")
    .map(({ id }) => id)
    .sort();

/** Where a guarantee broke, as it showed. */
export interface Break {
  readonly id: string;
  readonly seq: number;
  readonly at: Micros;
  /** Else it would be a broken promise if its preconditions held. */
  readonly isPromised: boolean;
}

/** In order of time; each guarantee once as not promised, and once as promised. */
export function breaksOf({ verdicts }: Pick<Run, "verdicts">): readonly Break[] {
  const breaks = new Map<string, Break>();
  for (const { id, seq, at, state } of verdicts) {
    if (state !== "broken" && state !== "notPromisedBroken") continue;
    const name = `${id} ${state}`;
    if (!breaks.has(name)) breaks.set(name, { id, seq, at, isPromised: state === "broken" });
  }
  return [...breaks.values()];
}

/** What broke with the event `seq`: where several guarantees did, a promised one. */
export function brokenAt(run: Pick<Run, "verdicts">, seq: number): VerdictChange | undefined {
  const [first] = breaksOf(run)
    .filter((one) => one.seq === seq)
    .sort((a, b) => Number(b.isPromised) - Number(a.isPromised));
  if (first === undefined) return undefined;
  const state = first.isPromised ? "broken" : "notPromisedBroken";
  return run.verdicts.find((one) => one.seq === seq && one.id === first.id && one.state === state);
}

/** How each guarantee stood after the event `seq`. */
export function verdictsAt(run: Run, seq: number): ReadonlyMap<string, VerdictChange> {
  const standing = new Map<string, VerdictChange>();
  for (const change of run.verdicts) {
    if (change.seq > seq) break;
    standing.set(change.id, change);
  }
  return standing;
}

/** Where runs come from: the simulation in its worker, or what a test puts in its place. */
export interface Simulation {
  send(message: ToWorker): void;
  listen(listener: (message: FromWorker) => void): void;
  close(): void;
}

/** Asks for a run from its start. */
export const runMessage = (run: Run): ToWorker => ({
  type: "run",
  run: run.id,
  scenario: run.scenario,
});

/** Asks for the rest of a fork. */
export const forkMessage = (
  run: Run,
  from: Run,
  at: Micros,
  faults: readonly Fault[],
): ToWorker => ({
  type: "fork",
  run: run.id,
  from: from.id,
  at,
  after: run.recording.events.at(-1)?.seq ?? -1,
  scenario: run.scenario,
  faults,
});

/** Asks for the rest of a run that was left before it was whole. */
export const restMessage = (run: Run): ToWorker => ({
  type: "fork",
  run: run.id,
  from: run.id,
  at: 0,
  after: run.recording.events.at(-1)?.seq ?? -1,
  scenario: run.scenario,
  faults: [],
});
