/*
 * Faults that wait for something: what comes true sets the time at which they strike, in their own list like all others,
 * so that a fork with such a fault is the world that would have had it from the start.
 */
import type { CoreEvent } from "#core";
import type { FaultCondition } from "../scenario/schema.ts";
import type { Micros } from "../trace/events.ts";
import type { Node, World } from "../world/state.ts";
import { microsOf, replan } from "./plan.ts";

/** A process told something: faults that wait for it know now when they strike. */
export function armByNote(world: World, node: Node, event: CoreEvent): void {
  if (world.plan.waiting === 0) return;
  arm(world, world.now, (condition) => {
    if (condition.node !== undefined && condition.node !== node.spec.name) return false;
    return isMet(world, condition, event);
  });
}

/** An operation on a disk begins at `start`. */
export function armByDisk(world: World, node: Node, start: Micros): void {
  if (world.plan.waiting === 0) return;
  arm(
    world,
    start,
    ({ event, node: name }) =>
      event === "diskWrite" && (name === undefined || name === node.spec.name),
  );
}

/**
 * Something happens at `happens`, and the process that brings it about handles its input now. Only what comes after a
 * fault's `atMs` counts: at that very microsecond a fork may be too late to see it.
 */
function arm(world: World, happens: Micros, matches: (condition: FaultCondition) => boolean): void {
  const { plan, scenario, now } = world;
  let armed = false;
  for (const [index, { when, atMs }] of scenario.faults.entries()) {
    if (when === undefined || plan.dueAt[index] !== Infinity) continue;
    if (now <= microsOf(atMs) || !matches(when)) continue;
    const seen = (plan.seen[index] ?? 0) + 1;
    plan.seen[index] = seen;
    if (seen < (when.nth ?? 1)) continue;
    plan.dueAt[index] = happens + microsOf(when.afterMs);
    armed = true;
  }
  if (armed) replan(plan, scenario);
}

function isMet(world: World, { event, partition }: FaultCondition, told: CoreEvent): boolean {
  if (partition !== undefined && (!("partition" in told) || told.partition !== partition))
    return false;
  switch (told.type) {
    case "partitionChanged": {
      const before = world.partitions.get(told.partition);
      const isr: readonly number[] = told.isr;
      if (event === "elected") return told.leader >= 0 && told.epoch > 0 && told.why !== "isr";
      if (told.why === "created" || before === undefined) return false;
      if (event === "isrShrank") return before.isr.some((id) => !isr.includes(id));
      return event === "isrGrew" && isr.some((id) => !before.isr.includes(id));
    }
    case "appended":
      return event === "appended" && told.role === "leader";
    case "parked":
    case "truncated":
    case "controllerElected":
    case "brokerRegistered":
      return event === told.type;
    default:
      return false;
  }
}
