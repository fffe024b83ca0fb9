import type { Fault } from "../scenario/schema.ts";
import { microsOf, normalFault, replan } from "../faults/plan.ts";
import type { World } from "./state.ts";

/** A world cannot be edited like that. */
export class EditError extends Error {
  override readonly name = "EditError";
}

/**
 * Adds a fault to a running world (a fork, if the world is a copy). From here on it is the world that the edited
 * scenario, with the fault at its end, would have led to.
 * @throws EditError if the fault would strike before now, or not before the end of the run.
 */
export function editWorld(world: World, fault: Fault): void {
  const at = microsOf(fault.atMs);
  if (at < world.now) throw new EditError("a fault cannot strike in the past");
  if (world.plan.ended || at >= microsOf(world.scenario.durationMs)) {
    throw new EditError("a fault cannot strike after the end of the run");
  }
  world.scenario = { ...world.scenario, faults: [...world.scenario.faults, normalFault(fault)] };
  world.plan.struck.push(false);
  world.plan.dueAt.push(Infinity);
  world.plan.seen.push(0);
  replan(world.plan, world.scenario);
}
