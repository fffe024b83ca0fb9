/*
 * Connections that others opened to this node (Kafka's SocketServer): the requests of one connection are handled one
 * at a time, in order; the next begins when the answer to the last has been handed over, and not while the send
 * buffer is full.
 */
import type { ConnectionId, Endpoint, InputId } from "../foundation/ids.ts";
import { type Because, send, type Turn } from "../foundation/turn.ts";
import type { AnyApi, ResponseInput } from "./api.ts";
import { DecodeError } from "./decode-error.ts";
import { type FrameBuffer, newFrameBuffer, nextFrame } from "./frame-buffer.ts";
import { encodeResponse } from "./frames.ts";

/** To whom an answer goes: the request's place on its connection. */
export interface Caller {
  readonly connection: ConnectionId;
  readonly correlation: number;
  readonly version: number;
  readonly input: InputId;
}

export interface Session {
  readonly connection: ConnectionId;
  readonly remote: Endpoint;
  readonly frames: FrameBuffer;
  /** A request is being handled or is parked. */
  busy: boolean;
  /** The send buffer is full. */
  full: boolean;
}

/** A node that others connect to. */
export interface Host {
  readonly sessions: Map<ConnectionId, Session>;
  /** Sessions that may go on; looked at before the step ends. */
  readonly ready: ConnectionId[];
}

export function openSession(host: Host, connection: ConnectionId, remote: Endpoint): void {
  const frames = newFrameBuffer();
  host.sessions.set(connection, { connection, remote, frames, busy: false, full: false });
}

/** Answers a request and lets its connection go on. Nothing happens if the caller has gone. */
export function answer<A extends AnyApi>(
  host: Host,
  caller: Caller,
  api: A,
  body: ResponseInput<A>,
  turn: Turn,
): void {
  if (!host.sessions.has(caller.connection)) return;
  sendAnswer(host, caller, api.key, encodeAnswer(caller, api, body, turn), turn);
}

/** An answer that is sent later, by `sendAnswer`. */
export const encodeAnswer = <A extends AnyApi>(
  { version, correlation }: Caller,
  api: A,
  body: ResponseInput<A>,
  turn: Turn,
): Uint8Array => encodeResponse(api, version, correlation, body, turn.ports.bytes);

/** Sends an encoded answer of the API with key `api`, and lets the caller's connection go on. */
export function sendAnswer(
  host: Host,
  caller: Caller,
  api: number,
  frame: Uint8Array,
  turn: Turn,
): void {
  const session = host.sessions.get(caller.connection);
  if (session === undefined) return;
  const { version, correlation } = caller;
  const label = { api, version, correlation, response: true };
  send(turn, caller.connection, frame, label, becauseOf(caller, turn));
  release(host, session);
}

/** Lets a connection go on without an answer (acks=0). */
export function release(host: Host, session: Session): void {
  session.busy = false;
  host.ready.push(session.connection);
}

/** Ends a connection whose bytes make no sense or whose request this node does not speak. */
export function dropSession(host: Host, connection: ConnectionId, turn: Turn): void {
  if (!host.sessions.delete(connection)) return;
  turn.outbox.push({ type: "close", connection });
}

/** Handles what has arrived on a connection, as far as one request at a time allows. */
export function pump(
  host: Host,
  session: Session,
  maxBytes: number,
  handle: (frame: Uint8Array) => void,
  turn: Turn,
): void {
  try {
    while (!session.busy && !session.full) {
      if (host.sessions.get(session.connection) !== session) return;
      const frame = nextFrame(session.frames, maxBytes);
      if (frame === undefined) return;
      session.busy = true;
      handle(frame);
    }
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    dropSession(host, session.connection, turn);
  }
}

/** Besides the input in hand, an answer was caused by its request, if that came earlier. */
export function becauseOf(caller: Caller, turn: Turn): Because | undefined {
  return caller.input === turn.input.id ? undefined : { causes: [caller.input] };
}
