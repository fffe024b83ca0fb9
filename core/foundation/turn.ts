import type { CoreEvent } from "./events.ts";
import type { ConnectionId, InputId, Millis } from "./ids.ts";
import type { Effect, FrameLabel, Input, Now, Ports, Silence } from "./process.ts";

/** One input in hand and what the process may use for it: the arguments of a step, passed on as one. */
export interface Turn {
  readonly now: Now;
  readonly input: Input;
  readonly ports: Ports;
  readonly outbox: Effect[];
}

/** What else brought an effect about, besides the input in hand. */
export interface Because {
  readonly causes?: readonly InputId[];
  readonly silences?: readonly Silence[];
}

/** Tells the trace something that only the core knows. */
export function note(turn: Turn, event: CoreEvent, because?: Because): void {
  turn.outbox.push(
    because === undefined ? { type: "note", event } : { type: "note", event, ...because },
  );
}

/** Sends one frame. */
export function send(
  turn: Turn,
  connection: ConnectionId,
  bytes: Uint8Array,
  frame: FrameLabel,
  because?: Because,
): void {
  turn.outbox.push(
    because === undefined
      ? { type: "send", connection, bytes, frame }
      : { type: "send", connection, bytes, frame, ...because },
  );
}

/** Sets (or moves) a timer. `at` is monotonic. */
export function setTimer(turn: Turn, timer: string, at: number): void {
  turn.outbox.push({ type: "setTimer", timer, at: at as Millis });
}
