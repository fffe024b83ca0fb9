import { must } from "#core";
import { recordEvent } from "../trace/recorder.ts";
import { startNode, resumeNode } from "../world/lives.ts";
import { healLink } from "../world/network/outages.ts";
import { nodeAt } from "../world/nodes.ts";
import { planLook } from "../world/phases.ts";
import type { Run } from "../world/runtime.ts";
import type { Node, PlannedHeal } from "../world/state.ts";
import { healedSet, leftBroken } from "./least.ts";
import { finalHealSentence, healSentence } from "./sentences.ts";

/**
 * The heal of one fault: what it took down starts again (unless something else has started it since), what it
 * paused goes on, what it cut carries again.
 */
export function healFault(run: Run, heal: PlannedHeal): void {
  const { world } = run;
  const { type } = must(world.scenario.faults[heal.index], "a fault of the scenario");
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
  for (const id of heal.links) healLink(run, Math.floor(id / length), id % length, cause);
  for (const node of nodes) {
    if (type !== "pause" || (node.up && node.paused)) bringBack(run, node, cause);
  }
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
  const hit = world.nodes.filter(
    (node) =>
      healed.has(node.index) &&
      node.life > 0 &&
      ((!node.up && node.downBy !== "failed") || node.paused || node.stopping),
  );
  const targets = hit.map(({ spec }) => spec.name);
  const sentence = finalHealSentence(leftBroken(world, healed));
  const cause = recordEvent(run, undefined, began, {
    type: "healed",
    index: -1,
    targets,
    sentence,
  });
  const { length } = world.nodes;
  for (const [id, link] of [...world.links].sort(([a], [b]) => a - b)) {
    if (!healed.has(Math.floor(id / length)) || !healed.has(id % length)) continue;
    while (link.cuts > 0) healLink(run, Math.floor(id / length), id % length, cause);
  }
  for (const node of hit) bringBack(run, node, cause);
  planLook(world);
}
