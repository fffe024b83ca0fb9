/*
 * Inputs reach a process one at a time. What comes while it is busy or paused waits in its inbox, in order.
 */
import { assert } from "#core";
import type { Run } from "./runtime.ts";
import type { Node, Pending } from "./state.ts";

/** Hands an input to a node: at once if its process is free. */
export function deliver(run: Run, node: Node, pending: Pending): void {
  node.inbox.push(pending);
  runNode(run, node);
}

/** Lets a process handle what waits for it, until it is busy. */
export function runNode(run: Run, node: Node): void {
  const { runtime } = run;
  if (runtime.stepping !== undefined) {
    assert(runtime.stepping === node, "a step reaches other processes only through the network");
    return;
  }
  while (node.up && !node.paused && node.busyUntil < 0) {
    const next = node.inbox.shift();
    if (next === undefined) return;
    runtime.stepping = node;
    runtime.handle(run, node, next);
    runtime.stepping = undefined;
  }
}
