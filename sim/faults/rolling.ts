/*
 * A rolling restart, as an operator does it by hand: one machine after another is asked to stop and starts again, and
 * nobody is asked before the one before is there again.
 */
import { must } from "#core";
import { deliver } from "../world/inbox.ts";
import { nodeAt } from "../world/nodes.ts";
import type { Run } from "../world/runtime.ts";
import type { Node, PlannedRoll } from "../world/state.ts";
import { microsOf } from "./plan.ts";
import { machineOf } from "./targets.ts";

/** Plans the restart of nodes in their order; those on one machine go together. The first is asked to stop now. */
export function beginRoll(run: Run, index: number, nodes: readonly Node[], cause: number): void {
  const { world } = run;
  const machines = new Map<string, number[]>();
  for (const node of nodes) {
    const name = machineOf(world, node.index);
    machines.set(name, [...(machines.get(name) ?? []), node.index]);
  }
  rollOn(run, { at: world.now, index, under: [], left: [...machines.values()], cause });
}

/** The time of the next one has come: it is asked to stop if the one before is back, else everybody waits. */
export function rollOn(run: Run, roll: PlannedRoll): void {
  const { world } = run;
  const fault = must(world.scenario.faults[roll.index], "a fault of the scenario");
  const at = world.now + (fault.type === "rollingRestart" ? microsOf(fault.eachMs) : 0);
  const isBack = roll.under.every((each) => {
    const { up, stopping } = nodeAt(world, each);
    return up && !stopping;
  });
  if (!isBack) return void world.plan.rolls.push({ ...roll, at });
  const [under, ...left] = roll.left;
  if (under === undefined) return;
  world.plan.rolls.push({ ...roll, at, under, left });
  for (const each of under) {
    const node = nodeAt(world, each);
    if (!node.up || node.stopping) continue;
    node.stopping = true;
    node.restartBy = roll.cause;
    deliver(run, node, { type: "stop", cause: roll.cause });
  }
}
