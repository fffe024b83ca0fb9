/*
 * The injector: faults strike, and are healed. Targets are resolved when a fault strikes.
 */
import { must } from "#core";
import type { Fault } from "../scenario/schema.ts";
import type { Micros } from "../trace/events.ts";
import { recordEvent } from "../trace/recorder.ts";
import { deliver } from "../world/inbox.ts";
import { goDown, pauseNode, resumeNode, startNode } from "../world/lives.ts";
import { cutLink, resetBetween } from "../world/network/outages.ts";
import { linkId } from "../world/network/links.ts";
import { nodeAt } from "../world/nodes.ts";
import type { Run } from "../world/runtime.ts";
import type { Node, PlannedHeal, World } from "../world/state.ts";
import { endRun, healFault } from "./heal.ts";
import { askOperator } from "./operator.ts";
import { type Due, microsOf, replan } from "./plan.ts";
import { faultSentence } from "./sentences.ts";
import { resolveTarget } from "./targets.ts";

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
    case "end":
      plan.ended = true;
      plan.heals = [];
      endRun(run);
  }
  replan(plan, run.world.scenario);
}

type NodeFault = Extract<Fault, { target: unknown }>;
type LinkFault = Extract<Fault, { between: unknown }>;

function strike(run: Run, index: number, fault: Fault): void {
  if ("between" in fault) strikeBetween(run, index, fault);
  else if ("target" in fault) strikeNodes(run, index, fault);
  else askOperator(run, index, fault);
}

/** Whether a fault of that kind changes anything for a node as it is. */
function meets(type: NodeFault["type"], { up, paused, life, spec }: Node): boolean {
  // The verifier has not begun before the end, and no fault strikes after it.
  if (spec.kind === "verifier" || life === 0) return false;
  switch (type) {
    case "restart":
      return !up || paused;
    case "pause":
      return up && !paused;
    case "powerLoss":
      return up;
    default:
      return up;
  }
}

function strikeNodes(run: Run, index: number, fault: NodeFault): void {
  const { world } = run;
  const nodes = resolveTarget(world, fault.target).map((each) => nodeAt(world, each));
  const met = nodes.filter((node) => meets(fault.type, node));
  const targets = nodes.map(({ spec }) => spec.name);
  const cause = recordEvent(run, undefined, -1, {
    type: "fault",
    index,
    fault,
    targets,
    met: met.length > 0,
    sentence: faultSentence(fault, [targets]),
  });
  const lives = met.map(({ life }) => life);
  for (const node of met) strikeNode(run, node, fault.type, cause);
  const heal = { index, nodes: met.map((node) => node.index), lives, links: [], cause };
  planHeal(world, fault, heal);
}

function strikeNode(run: Run, node: Node, type: NodeFault["type"], cause: number): void {
  switch (type) {
    case "stop":
      node.stopping = true;
      return deliver(run, node, { type: "stop", cause });
    case "crash":
    case "powerLoss":
      return goDown(run, node, type, cause);
    case "pause":
      return pauseNode(run, node, cause);
    case "restart":
      if (!node.up) return startNode(run, node, cause);
      return resumeNode(run, node, cause);
  }
}

function strikeBetween(run: Run, index: number, fault: LinkFault): void {
  const { world } = run;
  const [one, two] = fault.between;
  const both = "others" in one ? [two, one] : [one, two];
  const first = resolveTarget(world, must(both[0], "a side of the fault"));
  const second = resolveTarget(world, must(both[1], "a side of the fault"), first);
  // Who stands alone on one side is not on the other as well.
  const others = first.length === 1 ? second.filter((each) => each !== first[0]) : second;
  const sides = [first, others].map((side) => side.map((each) => nodeAt(world, each).spec.name));
  const pairs = pairsOf(first, second);
  const met = pairs.some(([a, b]) => nodeAt(world, a).up || nodeAt(world, b).up);
  const cause = recordEvent(run, undefined, -1, {
    type: "fault",
    index,
    fault,
    targets: sides.flat(),
    met,
    sentence: faultSentence(fault, sides),
  });
  if (fault.type === "reset") {
    for (const [a, b] of pairs) resetBetween(run, a, b, cause);
    return;
  }
  const links: number[] = [];
  for (const [a, b] of pairs) {
    for (const [from, to] of [
      [a, b],
      [b, a],
    ] as const) {
      cutLink(run, from, to, cause);
      links.push(linkId(world, from, to));
    }
  }
  planHeal(world, fault, { index, nodes: [], lives: [], links, cause });
}

/** Each two nodes of different sides once, the smaller index first. */
function pairsOf(
  first: readonly number[],
  second: readonly number[],
): (readonly [number, number])[] {
  const seen = new Set<string>();
  const pairs: (readonly [number, number])[] = [];
  for (const a of first) {
    for (const b of second) {
      const pair = a < b ? ([a, b] as const) : ([b, a] as const);
      if (a === b || seen.has(pair.join())) continue;
      seen.add(pair.join());
      pairs.push(pair);
    }
  }
  return pairs;
}

function planHeal(world: World, fault: Fault, heal: Omit<PlannedHeal, "at">): void {
  const after: Micros | undefined = fault.forMs === undefined ? undefined : microsOf(fault.forMs);
  if (after === undefined) return;
  world.plan.heals.push({ at: world.now + after, ...heal });
}
