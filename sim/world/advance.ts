/*
 * The loop: the entry of the queue that is due first, or the fault that is due before it. A fault strikes when
 * nothing in the queue is due at its microsecond or earlier.
 */
import { ears, type Recorder } from "../trace/recorder.ts";
import type { Micros } from "../trace/events.ts";
import { nextDue } from "../faults/plan.ts";
import { strikeNext } from "../faults/strike.ts";
import { dispatch } from "./dispatch.ts";
import { firstAt } from "./queue.ts";
import type { Run, Runtime } from "./runtime.ts";
import type { World } from "./state.ts";

/**
 * Runs a world until everything that is due at `until` (virtual microseconds) or earlier has happened, or the
 * run is over (`world.phase` is `end`). The trace is the same whether anybody listens or not.
 */
export function advance(
  world: World,
  runtime: Runtime,
  record: Recorder | undefined,
  until: Micros,
): void {
  const run: Run = { world, runtime, ...ears(record) };
  while (world.phase !== "end" && stepRun(run, until));
  if (world.phase !== "end" && world.now < until && until !== Infinity) world.now = until;
}

/** Lets the one thing happen that is due next (an entry of the queue, or a fault); false: nothing is due by `until`. */
export function stepWorld(
  world: World,
  runtime: Runtime,
  record: Recorder | undefined,
  until: Micros,
): boolean {
  if (world.phase === "end") return false;
  return stepRun({ world, runtime, ...ears(record) }, until);
}

function stepRun(run: Run, until: Micros): boolean {
  const { world } = run;
  const at = firstAt(world.queue);
  if (at <= world.plan.nextAt) {
    if (at > until || at === Infinity) return false;
    world.now = at;
    dispatch(run);
    return true;
  }
  if (world.plan.nextAt > until) return false;
  world.now = world.plan.nextAt;
  const due = nextDue(world.plan, world.scenario);
  if (due !== undefined) strikeNext(run, due);
  return true;
}
