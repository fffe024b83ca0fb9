import type { ClientOutcome } from "../foundation/calls.ts";
import type { CallId, InputId } from "../foundation/ids.ts";
import type { Turn } from "../foundation/turn.ts";
import type { Client } from "./state.ts";

/** Answers a call of the application, because of the input in hand and of the call itself. Each call is answered once. */
export function resolve(self: Client, call: CallId, outcome: ClientOutcome, turn: Turn): void {
  const asked = self.calls.get(call);
  if (asked === undefined) return;
  self.calls.delete(call);
  const causes: readonly InputId[] = asked === turn.input.id ? [] : [asked];
  turn.outbox.push({
    type: "result",
    call,
    outcome,
    ...(causes.length === 0 ? {} : { causes }),
  });
}
