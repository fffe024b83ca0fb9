/*
 * What a step asked for happens, in the order of its outbox, with what brought each effect about.
 */
import { type Effect, type Silence, unreachable } from "#core";
import type { TraceSilence } from "../trace/events.ts";
import { type Causes, recordNote, recordTold } from "../trace/recorder.ts";
import { armByNote } from "../faults/conditions.ts";
import { auditTold } from "./auditing.ts";
import { answer } from "./application.ts";
import { goDown } from "./lives.ts";
import { close, connect, transmit } from "./network/connections.ts";
import { isNews, noteForWorld } from "./partition-views.ts";
import type { Run } from "./runtime.ts";
import type { Node } from "./state.ts";
import { cancelTimer, setTimer } from "./timers.ts";

/** Carries one effect of the step in hand out. */
export function carryOut(run: Run, node: Node, effect: Effect): void {
  switch (effect.type) {
    case "send":
      return transmit(
        run,
        node,
        effect.connection,
        effect.bytes,
        effect.frame,
        causesOf(node, effect),
      );
    case "setTimer":
      return setTimer(run.world, node, effect.timer, effect.at, node.inHand);
    case "cancelTimer":
      return cancelTimer(node, effect.timer);
    case "note":
      if (!isNews(run.world, effect.event)) return;
      recordNote(run, node, causesOf(node, effect), effect.event, node.beganAt);
      armByNote(run.world, node, effect.event);
      noteForWorld(run, node, effect.event);
      return auditTold(run, node, effect.event);
    case "result": {
      const { call, outcome } = effect;
      const told = recordTold(run, node, causesOf(node, effect), call, outcome);
      return answer(run, node, call, outcome, told);
    }
    case "connect":
      return connect(run, node, effect.connection, effect.to, causesOf(node, effect));
    case "close":
      return close(run, node, effect.connection, causesOf(node, effect));
    case "exit":
      return goDown(run, node, "stopped", node.inHand);
    default:
      return unreachable(effect);
  }
}

function causesOf(node: Node, effect: Effect): Causes {
  const { silences } = effect;
  return {
    inHand: node.inHand,
    more: effect.causes,
    silences:
      silences === undefined || silences.length === 0 ? undefined : silences.map(traceSilence),
  };
}

const traceSilence = ({ peer, since }: Silence): TraceSilence => ({
  peer: peer.host,
  since: since ?? -1,
});
