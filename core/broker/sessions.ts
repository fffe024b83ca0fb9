/*
 * Connections that others opened to this broker (Kafka's SocketServer): the requests of one connection are
 * handled one at a time, in order; the next begins when the answer to the last has been handed over, and not
 * while the send buffer is full.
 */
import type { ConnectionId, Endpoint } from "../foundation/ids.ts";
import { type Because, send, type Turn } from "../foundation/turn.ts";
import type { Caller } from "../replication/purgatory.ts";
import type { AnyApi, ResponseInput } from "../wire/api.ts";
import { type FrameBuffer, newFrameBuffer } from "../wire/frame-buffer.ts";
import { encodeResponse } from "../wire/frames.ts";
import type { Broker } from "./state.ts";

export interface Session {
  readonly connection: ConnectionId;
  readonly remote: Endpoint;
  readonly frames: FrameBuffer;
  /** A request is being handled or is parked. */
  busy: boolean;
  /** The send buffer is full. */
  full: boolean;
}

export function openSession(self: Broker, connection: ConnectionId, remote: Endpoint): void {
  const frames = newFrameBuffer();
  self.sessions.set(connection, { connection, remote, frames, busy: false, full: false });
}

/** Answers a request and lets its connection go on. Nothing happens if the caller has gone. */
export function answer<A extends AnyApi>(
  self: Broker,
  caller: Caller,
  api: A,
  body: ResponseInput<A>,
  turn: Turn,
  because?: Because,
): void {
  const session = self.sessions.get(caller.connection);
  if (session === undefined) return;
  const { version, correlation } = caller;
  const frame = encodeResponse(api, version, correlation, body, turn.ports.bytes);
  const label = { api: api.key, version, correlation, response: true };
  send(turn, caller.connection, frame, label, because);
  release(self, session);
}

/** Lets a connection go on without an answer (acks=0). */
export function release(self: Broker, session: Session): void {
  session.busy = false;
  self.ready.push(session.connection);
}

/** Ends a connection whose bytes make no sense or whose request this broker does not speak. */
export function dropSession(self: Broker, connection: ConnectionId, turn: Turn): void {
  if (!self.sessions.delete(connection)) return;
  turn.outbox.push({ type: "close", connection });
}

/** The request in hand as a caller to answer; causes name its own input only if it is no longer in hand. */
export function becauseOf(caller: Caller, turn: Turn): Because | undefined {
  return caller.input === turn.input.id ? undefined : { causes: [caller.input] };
}
