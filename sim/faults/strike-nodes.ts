/*
 * What befalls processes, machines and their disks.
 */
import type { NodeFault } from "../scenario/schema.ts";
import { recordEvent } from "../trace/recorder.ts";
import { emptyDisk } from "../world/disk/outages.ts";
import { deliver } from "../world/inbox.ts";
import { goDown, pauseNode, resumeNode, startNode } from "../world/lives.ts";
import { nodeAt } from "../world/nodes.ts";
import type { Run } from "../world/runtime.ts";
import type { Node } from "../world/state.ts";
import { setDrift } from "./clocks.ts";
import { microsOf, planHeal } from "./plan.ts";
import { beginRoll } from "./rolling.ts";
import { canRot, rot } from "./rot.ts";
import { faultSentence } from "./sentences.ts";
import { resolveTarget, withMates } from "./targets.ts";

/** Whether a fault of that kind changes anything for a node as it is. */
function meets(type: NodeFault["type"], node: Node): boolean {
  const { up, paused, life, spec } = node;
  // The verifier has not begun before the end, and no fault strikes after it.
  if (spec.kind === "verifier" || life === 0) return false;
  switch (type) {
    case "emptyDisk":
      return spec.port !== 0;
    case "bitRot":
      return canRot(node);
    case "diskLatency":
    case "diskFull":
    case "diskError":
    case "lyingFsync":
      return spec.port !== 0;
    case "slow":
    case "clockStep":
    case "clockDrift":
      return true;
    case "restart":
      return !up || paused;
    case "pause":
      return up && !paused;
    default:
      return up;
  }
}

/** A fault befalls nodes. */
export function strikeNodes(run: Run, index: number, fault: NodeFault): void {
  const { world } = run;
  const nodes = withMates(world, resolveTarget(world, fault.target)).map((each) =>
    nodeAt(world, each),
  );
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
  if (fault.type === "rollingRestart") return beginRoll(run, index, met, cause);
  for (const node of met) strikeNode(run, node, fault, { index, cause });
  const heal = { index, nodes: met.map((node) => node.index), lives, links: [], cause };
  planHeal(world, fault, heal);
}

function strikeNode(
  run: Run,
  node: Node,
  fault: Exclude<NodeFault, { type: "rollingRestart" }>,
  { index, cause }: { readonly index: number; readonly cause: number },
): void {
  switch (fault.type) {
    case "stop":
      node.stopping = true;
      return deliver(run, node, { type: "stop", cause });
    case "crash":
    case "powerLoss":
      return goDown(run, node, fault.type, cause);
    case "emptyDisk":
      return loseDisk(run, node, cause);
    case "bitRot":
      return rot(run, node, cause);
    case "pause":
      return pauseNode(run, node, cause);
    case "restart":
      if (!node.up) return startNode(run, node, cause);
      return resumeNode(run, node, cause);
    case "clockStep":
      node.clock.offsetMs += fault.byMs;
      return;
    case "clockDrift":
      return setDrift(run.world, node, node.clock.ppm + fault.ppm);
    case "slow":
      node.ails.push({ fault: index, type: "slow", stepUs: microsOf(fault.stepMs) });
      return;
    case "diskLatency":
      node.ails.push({ fault: index, type: "diskLatency", times: fault.times });
      return;
    default:
      if (fault.type === "lyingFsync") node.lied = true;
      node.ails.push({ fault: index, type: fault.type });
  }
}

/** The machine is gone with its disk; another one will stand in its place. */
function loseDisk(run: Run, node: Node, cause: number): void {
  if (node.up) goDown(run, node, "powerLoss", cause);
  emptyDisk(run, node, cause);
  node.wiped = true;
  // However its last life ended: nothing is left of it.
  node.downBy = "powerLoss";
}
