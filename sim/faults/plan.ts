/*
 * When faults are due. They stand in a list of their own, by time, then by place in the scenario, and never in
 * the event queue: so a fault added to a running world leaves the same world as one that was there from the start.
 */
import type { Fault, Scenario } from "../scenario/schema.ts";
import type { Micros } from "../trace/events.ts";
import type { Plan, PlannedHeal, PlannedRoll, World } from "../world/state.ts";

/** Virtual microseconds of a scenario's milliseconds (up to three decimals). */
export const microsOf = (ms: number): Micros => Math.floor(ms * 1000 + 0.5);

/** What is due next: a fault, the heal of one, or the next machine of a rolling restart. */
export type Due =
  | { readonly type: "strike"; readonly index: number }
  | { readonly type: "heal"; readonly heal: PlannedHeal }
  | { readonly type: "roll"; readonly roll: PlannedRoll }
  | { readonly type: "end" };

/** The plan of a scenario before its first microsecond. */
export function planFaults(scenario: Scenario): Plan {
  const plan: Plan = {
    struck: scenario.faults.map(() => false),
    dueAt: scenario.faults.map(() => Infinity),
    seen: scenario.faults.map(() => 0),
    waiting: 0,
    heals: [],
    rolls: [],
    ended: false,
    nextAt: 0,
  };
  replan(plan, scenario);
  return plan;
}

/** Computes anew when the next one is due, after the plan or the scenario changed. */
export function replan(plan: Plan, scenario: Scenario): void {
  const due = nextDue(plan, scenario);
  plan.nextAt = due === undefined ? Infinity : timeOf(due, plan, scenario);
  plan.waiting = 0;
  if (plan.ended) return;
  for (const [index, { when }] of scenario.faults.entries())
    if (when !== undefined && plan.dueAt[index] === Infinity) plan.waiting += 1;
}

const timeOf = (due: Due, plan: Plan, scenario: Scenario): Micros => {
  switch (due.type) {
    case "strike":
      return strikesAt(plan, scenario.faults[due.index], due.index);
    case "heal":
      return due.heal.at;
    case "roll":
      return due.roll.at;
    case "end":
      return microsOf(scenario.durationMs);
  }
};

const strikesAt = (plan: Plan, fault: Fault | undefined, index: number): Micros => {
  if (fault === undefined) return Infinity;
  return fault.when === undefined ? microsOf(fault.atMs) : (plan.dueAt[index] ?? Infinity);
};

/**
 * The next one: the earliest; at one microsecond the end of the run (a fault at the end never strikes), then by
 * place in the scenario, a fault before its own heal.
 */
export function nextDue(plan: Plan, scenario: Scenario): Due | undefined {
  if (plan.ended) return undefined;
  let best: Due = { type: "end" };
  let bestAt = microsOf(scenario.durationMs);
  let bestPlace = -1;
  const offer = (due: Due, at: Micros, place: number): void => {
    if (at > bestAt || (at === bestAt && place >= bestPlace)) return;
    best = due;
    bestAt = at;
    bestPlace = place;
  };
  for (const [index, fault] of scenario.faults.entries()) {
    if (plan.struck[index] === false) {
      offer({ type: "strike", index }, strikesAt(plan, fault, index), 2 * index);
    }
  }
  for (const heal of plan.heals) offer({ type: "heal", heal }, heal.at, 2 * heal.index + 1);
  for (const roll of plan.rolls) offer({ type: "roll", roll }, roll.at, 2 * roll.index + 1);
  return best;
}

/** The same fault with its keys in one order, so that whoever wrote it leaves the same world. */
export const normalFault = (fault: Fault): Fault => sorted(fault) as Fault;

function sorted(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(sorted);
  const record = value as Readonly<Record<string, unknown>>;
  const keys = Object.keys(record).filter((key) => record[key] !== undefined);
  return Object.fromEntries(keys.sort().map((key) => [key, sorted(record[key])]));
}

/** Plans the heal of a fault that has struck: after its time, or only when somebody heals it by hand. */
export function planHeal(
  { plan, now }: World,
  { forMs }: Fault,
  heal: Omit<PlannedHeal, "at">,
): void {
  const at = forMs === undefined ? Infinity : now + microsOf(forMs);
  plan.heals.push({ at, ...heal });
}
