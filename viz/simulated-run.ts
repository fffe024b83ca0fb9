/* One run in the worker: a world, and how the guarantees stand beside it. Both can be copied and edited. */
import {
  type Fault,
  type Micros,
  type Runtime,
  type Scenario,
  type TraceEvent,
  type World,
  advance,
  copyWorld,
  createWorld,
  editWorld,
  kafkaMachines,
  newRuntime,
  printHash,
} from "#sim";
import type { GuaranteeName, VerdictChange } from "./worker-messages.ts";

export interface SimulatedRun {
  readonly world: World;
  readonly runtime: Runtime;
  readonly guarantees: readonly GuaranteeName[];
}

/** Who hears what a run does. */
export interface Hearing {
  readonly event: (event: TraceEvent) => void;
  readonly verdict: (change: VerdictChange) => void;
}

export const startRun = (scenario: Scenario): SimulatedRun => ({
  world: createWorld(scenario),
  runtime: newRuntime(kafkaMachines),
  guarantees: [],
});

/** Runs on until `until`; true once the run is over. */
export function advanceRun(run: SimulatedRun, until: Micros, hearing: Hearing): boolean {
  const listener = (event: TraceEvent): void => hearing.event(event);
  advance(run.world, run.runtime, { listener }, until);
  return run.world.phase === "end";
}

export const copyRun = (run: SimulatedRun): SimulatedRun => ({
  ...run,
  world: copyWorld(run.world),
  runtime: newRuntime(kafkaMachines),
});

/** @throws EditError if the fault would strike in the past, or after the workload. */
export const editRun = (run: SimulatedRun, fault: Fault): void => editWorld(run.world, fault);

export const hashOf = ({ world }: SimulatedRun): string => printHash(world.tape);
