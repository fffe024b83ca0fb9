/*
 * A connection that a node opens to another and what was asked on it (Kafka's NetworkClient). Answers come in the order
 * of requests; a connection that ends fails all that was asked on it, and the next request opens another. `P` is what
 * its owner has to know of a request when the answer comes, or does not: plain data.
 */
import type { ConnectionId, Endpoint, InputId, Millis } from "../foundation/ids.ts";
import { type Because, send, setTimer, type Turn } from "../foundation/turn.ts";
import type { AnyApi, RequestInput, ResponseOf } from "./api.ts";
import { DecodeError } from "./decode-error.ts";
import { type FrameBuffer, newFrameBuffer, nextFrame, pushBytes } from "./frame-buffer.ts";
import { decodeResponse, encodeRequest, readCorrelationId } from "./frames.ts";

/** A question that is out. */
export interface Pending<P> {
  readonly correlation: number;
  readonly api: number;
  readonly version: number;
  readonly purpose: P;
  /** Monotonic ms. */
  readonly deadline: Millis;
  readonly frame: Uint8Array;
}

/** One outgoing connection: made when it is first needed, and again after it ended. */
export interface Channel<P> {
  readonly name: string;
  connection: ConnectionId | undefined;
  open: boolean;
  endpoint: Endpoint;
  frames: FrameBuffer;
  nextCorrelation: number;
  /** Asked and not answered, oldest first; while the connection is not open none of them has left. */
  pending: Pending<P>[];
  /** The last input that came from there. */
  heard: InputId | undefined;
  timerSet: boolean;
}

/** A channel that has not been used yet; `name` is unique in its owner. */
export const newChannel = <P>(name: string, endpoint: Endpoint): Channel<P> => ({
  name,
  connection: undefined,
  open: false,
  endpoint,
  frames: newFrameBuffer(),
  nextCorrelation: 0,
  pending: [],
  heard: undefined,
  timerSet: false,
});

/** What a channel needs of the process that it belongs to. */
export interface ChannelOwner {
  nextConnection: ConnectionId;
  /** Names of channels by connection: a channel itself lives where its owner keeps it. */
  readonly channels: Map<ConnectionId, string>;
}

/** Asks something at the other end; the frame leaves at once or when the connection is up. */
export function ask<A extends AnyApi, P>(
  owner: ChannelOwner,
  channel: Channel<P>,
  api: A,
  body: RequestInput<A>,
  purpose: P,
  timeout: number,
  turn: Turn,
  because?: Because,
): void {
  const version = api.maxVersion;
  const correlation = channel.nextCorrelation++;
  const header = { correlationId: correlation, clientId: channel.name };
  const frame = encodeRequest(api, version, header, body, turn.ports.bytes);
  const deadline = (turn.now.monotonic + timeout) as Millis;
  channel.pending.push({ correlation, api: api.key, version, purpose, deadline, frame });
  if (channel.open && channel.connection !== undefined) {
    const label = { api: api.key, version, correlation, response: false };
    send(turn, channel.connection, frame, label, because);
  } else if (channel.connection === undefined) connect(owner, channel, turn);
  armTimer(channel, turn);
}

function connect<P>(owner: ChannelOwner, channel: Channel<P>, turn: Turn): void {
  const connection = owner.nextConnection;
  owner.nextConnection = (connection + 2) as ConnectionId;
  channel.connection = connection;
  channel.frames = newFrameBuffer();
  owner.channels.set(connection, channel.name);
  turn.outbox.push({ type: "connect", connection, to: channel.endpoint });
}

/** The connection is up: all that waits leaves. */
export function channelOpened<P>(channel: Channel<P>, turn: Turn): void {
  channel.open = true;
  channel.heard = turn.input.id;
  for (const { api, version, correlation, frame } of channel.pending) {
    if (channel.connection === undefined) return;
    send(turn, channel.connection, frame, { api, version, correlation, response: false });
  }
}

/** Forgets the connection (closing it if it is still there); returns what will never be answered. */
export function dropChannel<P>(
  owner: ChannelOwner,
  channel: Channel<P>,
  close: boolean,
  turn: Turn,
): Pending<P>[] {
  const { connection } = channel;
  if (connection !== undefined) {
    owner.channels.delete(connection);
    if (close) turn.outbox.push({ type: "close", connection, ...becauseOfSilence(channel, turn) });
  }
  channel.connection = undefined;
  channel.open = false;
  const lost = channel.pending;
  channel.pending = [];
  return lost;
}

/** A connection closed by a timer is closed because its other end was not heard. */
function becauseOfSilence<P>(channel: Channel<P>, turn: Turn): Because {
  return turn.input.type === "timer" ? silenceOf(channel) : {};
}

/** Why something is done because the other end was not heard. */
export function silenceOf<P>(channel: Channel<P>): Because {
  const { endpoint: peer, heard: since } = channel;
  return { silences: [since === undefined ? { peer } : { peer, since }] };
}

/** One timer per channel: it is set for the oldest request and looked at when it fires. */
function armTimer<P>(channel: Channel<P>, turn: Turn): void {
  const [oldest] = channel.pending;
  if (channel.timerSet || oldest === undefined) return;
  channel.timerSet = true;
  setTimer(turn, channelTimer(channel), oldest.deadline);
}

/** The name of the timer that watches the oldest request. */
export const channelTimer = <P>(channel: Channel<P>): string => `channel/${channel.name}`;

/** Whether the oldest request is overdue; sets the timer anew if not. */
export function channelOverdue<P>(channel: Channel<P>, turn: Turn): boolean {
  channel.timerSet = false;
  const [oldest] = channel.pending;
  if (oldest !== undefined && oldest.deadline <= turn.now.monotonic) return true;
  armTimer(channel, turn);
  return false;
}

/** An answer that is there. */
export interface Answer<P> {
  readonly channel: Channel<P>;
  readonly version: number;
  readonly frame: Uint8Array;
}

/**
 * Takes the answers off a connection, each with the question that it belongs to. False: the bytes make no sense, and
 * the connection is to be lost.
 */
export function takeAnswers<P>(
  channel: Channel<P>,
  bytes: Uint8Array,
  maxBytes: number,
  turn: Turn,
  settle: (pending: Pending<P>, answer: Answer<P>) => void,
): boolean {
  channel.heard = turn.input.id;
  const { connection } = channel;
  pushBytes(channel.frames, bytes);
  try {
    for (;;) {
      // A handled answer may have closed this very connection.
      if (channel.connection !== connection) return true;
      const frame = nextFrame(channel.frames, maxBytes);
      if (frame === undefined) return true;
      const pending = channel.pending[0];
      if (pending === undefined || readCorrelationId(frame) !== pending.correlation) {
        throw new DecodeError("correlationId", 0, "an answer to the oldest question");
      }
      settle(pending, { channel, version: pending.version, frame });
    }
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    return false;
  }
}

/**
 * Decodes an answer, and forgets its question: in this order, so that bytes which make no sense leave the question
 * unanswered. Undefined stays undefined.
 */
export function readAnswer<A extends AnyApi, P>(
  api: A,
  answer: Answer<P> | undefined,
): ResponseOf<A> | undefined {
  if (answer === undefined) return undefined;
  const { body } = decodeResponse(api, answer.version, answer.frame);
  answer.channel.pending.shift();
  return body;
}
