import { creditArrives, arrive } from "./network/arrivals.ts";
import type { Way } from "./network/state.ts";
import { writeBack } from "./disk/write-back.ts";
import { deliver, runNode } from "./inbox.ts";
import { startNode } from "./lives.ts";
import { nodeAt } from "./nodes.ts";
import { lookAtPhase } from "./phases.ts";
import { dropFirst, firstField, kinds } from "./queue.ts";
import type { Run } from "./runtime.ts";
import { endStep } from "./step.ts";
import { timerDue } from "./timers.ts";

/** Takes the first entry of the queue and lets it happen. */
export function dispatch(run: Run): void {
  const { world } = run;
  const { queue } = world;
  const order = firstField(queue, 1);
  const kind = firstField(queue, 2);
  const a = firstField(queue, 3);
  const b = firstField(queue, 4);
  const c = firstField(queue, 5);
  dropFirst(queue);
  switch (kind) {
    case kinds.chunk:
      return arrive(run, a, b as Way, order);
    case kinds.credit:
      return creditArrives(run, a, b as Way, c);
    case kinds.phase:
      return lookAtPhase(run, a === 0);
    default:
      return dispatchToNode(run, kind, order, a, b, c);
  }
}

function dispatchToNode(
  run: Run,
  kind: number,
  order: number,
  index: number,
  b: number,
  c: number,
): void {
  const { world } = run;
  const node = nodeAt(world, index);
  switch (kind) {
    case kinds.timer: {
      const timer = timerDue(world, node, b, order);
      if (timer !== undefined) deliver(run, node, { type: "timer", slot: b, order: timer.order });
      return;
    }
    case kinds.stepEnd:
      if (node.inHand !== b) return;
      endStep(run, node);
      return runNode(run, node);
    case kinds.wake:
      if (node.life !== b || !node.up) return;
      return deliver(run, node, { type: "wake", cause: c });
    case kinds.start:
      // The last heal may have decided since that a process which ended in order stays down.
      if (!node.up && node.life === b - 1 && (node.life === 0 || node.restartBy >= 0))
        startNode(run, node, c);
      return;
    case kinds.writeBack:
      return writeBack(run, node);
  }
}
