import { must } from "#core";
import type { Fault } from "../scenario/schema.ts";
import { recordEvent } from "../trace/recorder.ts";
import { startNode, resumeNode } from "../world/lives.ts";
import { healLink } from "../world/network/outages.ts";
import { nodeAt } from "../world/nodes.ts";
import { planLook } from "../world/phases.ts";
import type { Run } from "../world/runtime.ts";
import type { Node, PlannedHeal, World } from "../world/state.ts";
import { setDrift } from "./clocks.ts";
import { healedSet, leftBroken } from "./least.ts";
import { finalHealSentence, healSentence } from "./sentences.ts";

/**
 * The heal of one fault: what it took down starts again (unless something else has started it since), what it
 * paused goes on, what it cut carries again.
 */
export function healFault(run: Run, heal: PlannedHeal): void {
  const { world } = run;
  const fault = must(world.scenario.faults[heal.index], "a fault of the scenario");
  const { type } = fault;
  const nodes = heal.nodes
    .map((index, i) => ({ node: nodeAt(world, index), life: heal.lives[i] }))
    .filter(({ node, life }) => node.life === life)
    .map(({ node }) => node);
  const names = nodes.map(({ spec }) => spec.name);
  const sentence = healSentence(type, names);
  const targets = heal.links.length > 0 ? linkNames(run, heal.links) : names;
  const cause = recordEvent(run, undefined, heal.cause, {
    type: "healed",
    index: heal.index,
    targets,
    sentence,
  });
  const { length } = world.nodes;
  for (const id of heal.links) {
    if (fault.type === "cut")
      healLink(run, Math.floor(id / length), id % length, cause, fault.oneWay === true);
    else quicken(world, id, heal.index);
  }
  for (const index of heal.nodes) healMachine(world, nodeAt(world, index), heal.index);
  for (const node of nodes) if (takesDown(type, node)) bringBack(run, node, cause);
}

/** Whether a node is as it is because of a fault of that kind. */
function takesDown(type: Fault["type"], { up, paused, downBy }: Node): boolean {
  switch (type) {
    case "pause":
      return up && paused;
    case "diskFull":
    case "diskError":
      return downBy === "halted";
    case "slow":
    case "clockStep":
    case "clockDrift":
    case "diskLatency":
    case "lyingFsync":
      return false;
    default:
      return true;
  }
}

/** What a fault did to a machine itself is over, whatever became of its process. */
function healMachine(world: World, node: Node, index: number): void {
  const fault = must(world.scenario.faults[index], "a fault of the scenario");
  if (fault.type === "clockStep") node.clock.offsetMs -= fault.byMs;
  else if (fault.type === "clockDrift") setDrift(world, node, node.clock.ppm - fault.ppm);
  else node.ails = node.ails.filter((ail) => ail.fault !== index);
}

function quicken({ links }: World, id: number, index: number): void {
  const link = links.get(id);
  if (link !== undefined) link.slowness = link.slowness.filter(({ fault }) => fault !== index);
}

function linkNames({ world }: Run, links: readonly number[]): string[] {
  const { length } = world.nodes;
  const indexes = new Set(links.flatMap((id) => [Math.floor(id / length), id % length]));
  return [...indexes].sort((a, b) => a - b).map((index) => nodeAt(world, index).spec.name);
}

function bringBack(run: Run, node: Node, cause: number): void {
  if (!node.up) startNode(run, node, cause);
  else {
    if (node.paused) resumeNode(run, node, cause);
    // Still busy with its clean stop: it starts again when that is done.
    if (node.up && node.stopping) node.restartBy = cause;
  }
}

/** Every link between two of them is as it was at the start, whatever and however much befell it. */
function healLinks(run: Run, healed: ReadonlySet<number>, cause: number): void {
  const { links, nodes } = run.world;
  const { length } = nodes;
  const ends = (id: number): readonly [number, number] => [Math.floor(id / length), id % length];
  const all = [...links].filter(([id]) => ends(id).every((end) => healed.has(end)));
  for (const [, link] of all) {
    link.slowness = [];
    // What several faults have cut is healed once.
    if (link.cuts > 0) link.cuts = 1;
  }
  const cut = new Set(all.filter(([, { cuts }]) => cuts > 0).map(([id]) => id));
  for (const id of [...cut].sort((a, b) => a - b)) {
    const [from, to] = ends(id);
    healLink(run, from, to, cause, !cut.has(to * length + from));
  }
}

/**
 * The end of workload and faults: every cut is healed, every process goes on or starts again; or, where the scenario
 * says so, of the cluster only the least set that it needs. What failed (an assertion of ours) stays down.
 */
export function endRun(run: Run): void {
  const { world } = run;
  world.phase = "heal";
  const body = { type: "phase" as const, phase: "heal" as const, complete: false };
  const began = recordEvent(run, undefined, -1, body);
  const isLeast = world.scenario.heal === "least";
  const healed = isLeast ? healedSet(world) : new Set(world.nodes.map(({ index }) => index));
  world.healed = [...healed];
  // Who is left as it is does not come back by itself either.
  for (const node of world.nodes) if (!healed.has(node.index)) node.restartBy = -1;
  const hit = world.nodes.filter(
    (node) =>
      healed.has(node.index) &&
      node.life > 0 &&
      ((!node.up && node.downBy !== "failed") || node.paused || node.stopping),
  );
  const targets = hit.map(({ spec }) => spec.name);
  const left = leftBroken(world, healed);
  const cause = recordEvent(run, undefined, began, {
    type: "healed",
    index: -1,
    targets,
    ...(left.length === 0 ? {} : { left }),
    sentence: finalHealSentence(left),
  });
  healLinks(run, healed, cause);
  for (const index of healed) {
    const node = nodeAt(world, index);
    node.ails = [];
    setDrift(world, node, 0);
  }
  for (const node of hit) bringBack(run, node, cause);
  planLook(world);
}
