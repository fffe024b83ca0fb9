/*
 * The injector: faults strike, and are healed. Targets are resolved when a fault strikes.
 */
import { must } from "#core";
import type { Fault } from "../scenario/schema.ts";
import type { Run } from "../world/runtime.ts";
import { actByHand } from "./by-hand.ts";
import { isByHand } from "./kinds.ts";
import { endRun, healFault } from "./heal.ts";
import { askOperator } from "./operator.ts";
import { type Due, replan } from "./plan.ts";
import { rollOn } from "./rolling.ts";
import { strikeBetween } from "./strike-links.ts";
import { strikeNodes } from "./strike-nodes.ts";

/** Lets happen what is due in the list of faults. */
export function strikeNext(run: Run, due: Due): void {
  const { plan, scenario } = run.world;
  switch (due.type) {
    case "strike":
      plan.struck[due.index] = true;
      strike(run, due.index, must(scenario.faults[due.index], "a fault of the scenario"));
      break;
    case "heal":
      plan.heals = plan.heals.filter((heal) => heal !== due.heal);
      healFault(run, due.heal);
      break;
    case "roll":
      plan.rolls = plan.rolls.filter((roll) => roll !== due.roll);
      rollOn(run, due.roll);
      break;
    case "end":
      plan.ended = true;
      plan.heals = [];
      plan.rolls = [];
      endRun(run);
  }
  replan(plan, run.world.scenario);
}

function strike(run: Run, index: number, fault: Fault): void {
  if ("between" in fault) strikeBetween(run, index, fault);
  else if ("target" in fault) strikeNodes(run, index, fault);
  else if (isByHand(fault)) actByHand(run, index, fault);
  else askOperator(run, index, fault);
}
