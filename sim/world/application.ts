/*
 * The application on a client's node. It runs with its client as one process: it hears what its calls came to at
 * once, and what it calls is the client's next input.
 */
import type { CallId, ClientOutcome } from "#core";
import type { ApplicationEvent } from "./machines.ts";
import { kinds, pushEntry } from "./queue.ts";
import type { Run } from "./runtime.ts";
import type { Node } from "./state.ts";

/** The application's time has come; `cause` is the event after which it asked for it. */
export function wake(run: Run, node: Node, cause: number): void {
  stepApplication(run, node, { type: "wake" }, cause);
}

/** The application hears what one of its calls came to; `cause` is the event that tells it. */
export function answer(
  run: Run,
  node: Node,
  call: CallId,
  outcome: ClientOutcome,
  cause: number,
): void {
  if (node.operatorCalls.delete(call)) return;
  if (node.application !== undefined) {
    stepApplication(run, node, { type: "result", call, outcome }, cause);
  }
}

function stepApplication(run: Run, node: Node, event: ApplicationEvent, cause: number): void {
  const { runtime, world } = run;
  const { applicationOutbox: outbox, machines } = runtime;
  runtime.blame = "process";
  machines.application.step(node.application, world.now, event, runtime.chance, outbox);
  runtime.blame = "world";
  for (const effect of outbox) {
    switch (effect.type) {
      case "call":
        node.inbox.push({
          type: "call",
          call: node.nextCall++ as CallId,
          request: effect.request,
          cause,
        });
        break;
      case "wake": {
        const at = Math.max(effect.at, world.now);
        pushEntry(world.queue, at, world.nextOrder++, kinds.wake, node.index, node.life, cause);
        break;
      }
      case "finished":
        node.finished = true;
        // Whether that ends a phase is looked at when nothing of this step is under way any more.
        pushEntry(world.queue, world.now, world.nextOrder++, kinds.phase, 1, 0, 0);
        break;
    }
  }
  outbox.length = 0;
}
