/*
 * Inputs reach a process one at a time. What comes while it is busy or paused waits in its inbox, in order.
 */
import { assert } from "#core";
import type { Run } from "./runtime.ts";
import type { Node, Pending } from "./state.ts";

/** Hands an input to a node: at once if its process is free and nothing else waits for it. */
export function deliver(run: Run, node: Node, pending: Pending): void {
  const { runtime } = run;
  if (runtime.stepping === undefined && node.inbox.length === 0 && isFree(node)) {
    handOver(run, node, pending);
  } else node.inbox.push(pending);
  runNode(run, node);
}

const isFree = (node: Node): boolean => node.up && !node.paused && node.busyUntil < 0;

/** Lets a process handle what waits for it, until it is busy. */
export function runNode(run: Run, node: Node): void {
  const { runtime } = run;
  if (runtime.stepping !== undefined) {
    assert(runtime.stepping === node, "a step reaches other processes only through the network");
    return;
  }
  while (isFree(node)) {
    const next = node.inbox.shift();
    if (next === undefined) return;
    handOver(run, node, next);
  }
}

function handOver(run: Run, node: Node, pending: Pending): void {
  const { runtime } = run;
  runtime.stepping = node;
  runtime.handle(run, node, pending);
  runtime.stepping = undefined;
}
