/*
 * An outgoing connection of a broker and what was asked on it. Answers come in the order of requests; a
 * connection that ends fails all that was asked on it, and the next request opens another.
 */
import type { ConnectionId, Endpoint, InputId, LeaderEpoch, Millis } from "../foundation/ids.ts";
import type { BrokerId } from "../foundation/ids.ts";
import type { Because, Turn } from "../foundation/turn.ts";
import { send, setTimer } from "../foundation/turn.ts";
import type { FollowerFetch } from "../replication/follower.ts";
import type { Caller } from "../wire/sessions.ts";
import type { AnyApi, RequestInput } from "../wire/api.ts";
import { type FrameBuffer, newFrameBuffer } from "../wire/frame-buffer.ts";
import { encodeRequest } from "../wire/frames.ts";

/** What a request was for: enough to go on when its answer comes, or does not. */
export type Purpose =
  | { readonly type: "register" }
  | { readonly type: "heartbeat" }
  | { readonly type: "metadata"; readonly epoch: LeaderEpoch }
  | { readonly type: "alterPartition"; readonly partitions: readonly string[] }
  | { readonly type: "producerIds" }
  | { readonly type: "createTopics"; readonly caller: Caller }
  | {
      readonly type: "fetch";
      readonly leader: BrokerId;
      readonly asked: ReadonlyMap<string, FollowerFetch>;
    };

/** A question that is out. */
export interface Pending {
  readonly correlation: number;
  readonly api: number;
  readonly version: number;
  readonly purpose: Purpose;
  /** Monotonic ms. */
  readonly deadline: Millis;
  readonly frame: Uint8Array;
}

export interface Channel {
  readonly name: string;
  connection: ConnectionId | undefined;
  open: boolean;
  endpoint: Endpoint;
  frames: FrameBuffer;
  nextCorrelation: number;
  /** Asked and not answered, oldest first; while the connection is not open none of them has left. */
  pending: Pending[];
  /** The last input that came from there. */
  heard: InputId | undefined;
  timerSet: boolean;
}

export const newChannel = (name: string, endpoint: Endpoint): Channel => ({
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
export function ask<A extends AnyApi>(
  owner: ChannelOwner,
  channel: Channel,
  api: A,
  body: RequestInput<A>,
  purpose: Purpose,
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

function connect(owner: ChannelOwner, channel: Channel, turn: Turn): void {
  const connection = owner.nextConnection;
  owner.nextConnection = (connection + 2) as ConnectionId;
  channel.connection = connection;
  channel.frames = newFrameBuffer();
  owner.channels.set(connection, channel.name);
  turn.outbox.push({ type: "connect", connection, to: channel.endpoint });
}

/** The connection is up: all that waits leaves. */
export function channelOpened(channel: Channel, turn: Turn): void {
  channel.open = true;
  channel.heard = turn.input.id;
  for (const { api, version, correlation, frame } of channel.pending) {
    if (channel.connection === undefined) return;
    send(turn, channel.connection, frame, { api, version, correlation, response: false });
  }
}

/** Forgets the connection (closing it if it is still there); returns what will never be answered. */
export function dropChannel(
  owner: ChannelOwner,
  channel: Channel,
  close: boolean,
  turn: Turn,
): Pending[] {
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
function becauseOfSilence(channel: Channel, turn: Turn): Because {
  if (turn.input.type !== "timer") return {};
  const { endpoint: peer, heard: since } = channel;
  return { silences: [since === undefined ? { peer } : { peer, since }] };
}

/** One timer per channel: it is set for the oldest request and looked at when it fires. */
function armTimer(channel: Channel, turn: Turn): void {
  const [oldest] = channel.pending;
  if (channel.timerSet || oldest === undefined) return;
  channel.timerSet = true;
  setTimer(turn, channelTimer(channel), oldest.deadline);
}

export const channelTimer = (channel: Channel): string => `channel/${channel.name}`;

/** Whether the oldest request is overdue; sets the timer anew if not. */
export function channelOverdue(channel: Channel, turn: Turn): boolean {
  channel.timerSet = false;
  const [oldest] = channel.pending;
  if (oldest !== undefined && oldest.deadline <= turn.now.monotonic) return true;
  armTimer(channel, turn);
  return false;
}
