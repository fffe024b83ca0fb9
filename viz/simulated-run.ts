/* One run in the worker: a world, and how the guarantees stand beside it. Both can be copied and edited. */
import {
  type Audit,
  type Checkers,
  type Fault,
  type Judgement,
  type Micros,
  type Runtime,
  type Scenario,
  type TraceEvent,
  type World,
  advance,
  auditCheckers,
  beginCheckers,
  copyWorld,
  createWorld,
  editWorld,
  judgements,
  kafkaMachines,
  newRuntime,
  printHash,
  stepCheckers,
} from "#sim";
import type { VerdictChange } from "./worker-messages.ts";

export interface SimulatedRun {
  readonly world: World;
  readonly runtime: Runtime;
  readonly checkers: Checkers;
  /** How each guarantee was last said to stand, as text, to tell a change. */
  readonly said: Map<string, string>;
  /** The event after which the guarantees are asked next. */
  nextJudged: number;
}

/** Who hears what a run does. */
export interface Hearing {
  readonly event: (event: TraceEvent) => void;
  readonly verdict: (change: VerdictChange) => void;
}

export const startRun = (scenario: Scenario): SimulatedRun => ({
  world: createWorld(scenario),
  runtime: newRuntime(kafkaMachines),
  checkers: beginCheckers(scenario),
  said: new Map(),
  nextJudged: 0,
});

/** Runs on until `until`; true once the run is over. */
export function advanceRun(run: SimulatedRun, until: Micros, hearing: Hearing): boolean {
  const listener = (event: TraceEvent): void => {
    hearing.event(event);
    stepCheckers(run.checkers, event);
    if (event.seq >= run.nextJudged || isDecisive(event)) judge(run, event, hearing);
  };
  const auditor = (audit: Audit): void => auditCheckers(run.checkers, audit);
  advance(run.world, run.runtime, { listener, auditor }, until);
  return run.world.phase === "end";
}

/** Checkers are asked often enough for an eye, and always when something may break. */
const judgedEvery = 50;

const isDecisive = ({ type }: TraceEvent): boolean => type === "fault" || type === "phase";

/** Asking costs in proportion to what was judged, so a long run asks more seldom; the trace alone decides when. */
function judge(run: SimulatedRun, { seq, at }: TraceEvent, hearing: Hearing): void {
  let checked = 0;
  for (const judgement of judgements(run.checkers)) {
    checked += judgement.checked;
    const change = changeOf(judgement, seq, at);
    const text = JSON.stringify({ ...change, seq: 0, at: 0 });
    if (run.said.get(judgement.id) === text) continue;
    run.said.set(judgement.id, text);
    hearing.verdict(change);
  }
  run.nextJudged = seq + Math.max(judgedEvery, Math.floor(checked / 10));
}

const states = {
  held: "holds",
  broken: "broken",
  notPromised: "notPromised",
  notPromisedBroken: "notPromisedBroken",
} as const;

function changeOf(judgement: Judgement, seq: number, at: Micros): VerdictChange {
  const { id, standing, checked, exempt, precondition, broke, evidence } = judgement;
  return {
    seq,
    at,
    id,
    state: checked === 0 && broke === undefined ? "open" : states[standing],
    checked,
    exempt,
    off: precondition,
    evidence: broke === undefined ? null : evidence,
    event: broke?.seq ?? null,
    record: broke?.record ?? null,
  };
}

export const copyRun = (run: SimulatedRun): SimulatedRun => ({
  world: copyWorld(run.world),
  runtime: newRuntime(kafkaMachines),
  checkers: structuredClone(run.checkers),
  said: new Map(run.said),
  nextJudged: run.nextJudged,
});

/** @throws EditError if the fault would strike in the past, or after the workload. */
export const editRun = (run: SimulatedRun, fault: Fault): void => editWorld(run.world, fault);

export const hashOf = ({ world }: SimulatedRun): string => printHash(world.tape);
