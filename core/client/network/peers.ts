/*
 * Connections to brokers (Kafka's NetworkClient): connect, ask for versions, send, give up. A connection that ends
 * answers all that was asked on it with nothing.
 */
import {
  type BrokerId,
  type ConnectionId,
  type Endpoint,
  type Millis,
  millis,
} from "../../foundation/ids.ts";
import type { Silence } from "../../foundation/process.ts";
import { send, type Turn } from "../../foundation/turn.ts";
import type { AnyApi, RequestInput } from "../../wire/api.ts";
import { apiVersions } from "../../wire/api/api-versions.ts";
import { newFrameBuffer } from "../../wire/frame-buffer.ts";
import { encodeRequest } from "../../wire/frames.ts";
import { retryAfter } from "../backoff.ts";
import type { Client } from "../state.ts";
import { wakeBy } from "../wake.ts";
import type { Network, Peer, Pending, Purpose } from "./state.ts";

/** socket.connection.setup.timeout.ms, unless requests time out sooner. */
const connectTimeout = 10_000;

export const newNetwork = (bootstrap: readonly Endpoint[]): Network => ({
  nextConnection: 0 as ConnectionId,
  nextCorrelation: 0,
  peers: new Map(
    bootstrap.map((endpoint, i) => [bootstrapId(i), newPeer(bootstrapId(i), endpoint)]),
  ),
  turnOf: 0,
});

const bootstrapId = (index: number): BrokerId => (-1 - index) as BrokerId;

export const newPeer = (id: BrokerId, endpoint: Endpoint): Peer => ({
  id,
  endpoint,
  phase: "idle",
  connection: undefined,
  frames: newFrameBuffer(),
  pending: [],
  versions: new Map(),
  heard: undefined,
  failures: 0,
  retryAt: millis(0),
  connectBy: millis(0),
  full: false,
  oldHandshake: false,
});

/** The broker if it can be asked now; else its connection is begun, or this client is woken when it may be. */
export function readyPeer(self: Client, id: BrokerId, turn: Turn): Peer | undefined {
  const peer = self.network.peers.get(id);
  if (peer === undefined) return undefined;
  if (peer.phase === "ready") return peer.full ? undefined : peer;
  if (peer.phase !== "idle") return undefined;
  if (peer.retryAt > turn.now.monotonic) {
    wakeBy(self, peer.retryAt);
    return undefined;
  }
  connect(self, peer, turn);
  return undefined;
}

function connect(self: Client, peer: Peer, turn: Turn): void {
  const { network } = self;
  peer.phase = "connecting";
  peer.connection = network.nextConnection;
  network.nextConnection = (network.nextConnection + 2) as ConnectionId;
  peer.frames = newFrameBuffer();
  peer.full = false;
  const wait = Math.min(connectTimeout, self.config.settings["request.timeout.ms"]);
  peer.connectBy = (turn.now.monotonic + wait) as Millis;
  turn.outbox.push({ type: "connect", connection: peer.connection, to: peer.endpoint });
}

/** The connection is up: ask what the broker speaks (KIP-511). */
export function onOpened(self: Client, peer: Peer, turn: Turn): void {
  peer.phase = "handshake";
  peer.heard = turn.input.id;
  const version = peer.oldHandshake ? 0 : apiVersions.maxVersion;
  const body = { clientSoftwareName: "highwater", clientSoftwareVersion: "0.1.0" };
  write(self, peer, apiVersions, version, body, undefined, turn);
}

/** The highest version of an API that both speak; undefined if there is none. */
export function versionFor(peer: Peer, api: AnyApi): number | undefined {
  const range = peer.versions.get(api.key);
  if (range === undefined) return undefined;
  const version = Math.min(api.maxVersion, range[1]);
  return version >= Math.max(api.minVersion, range[0]) ? version : undefined;
}

/** Sends a request to a broker that is ready. @returns false if no version is common; nothing is sent then. */
export function request<A extends AnyApi>(
  self: Client,
  peer: Peer,
  api: A,
  body: RequestInput<A>,
  purpose: Purpose,
  turn: Turn,
): boolean {
  const version = versionFor(peer, api);
  if (version === undefined) return false;
  write(self, peer, api, version, body, purpose, turn);
  return true;
}

/** Sends a request that will not be answered (Produce with acks=0). */
export function tell<A extends AnyApi>(
  self: Client,
  peer: Peer,
  api: A,
  body: RequestInput<A>,
  turn: Turn,
): boolean {
  const version = versionFor(peer, api);
  if (version === undefined) return false;
  const pending = frame(self, peer, api, version, body, turn);
  return pending !== undefined;
}

function write<A extends AnyApi>(
  self: Client,
  peer: Peer,
  api: A,
  version: number,
  body: RequestInput<A>,
  purpose: Purpose | undefined,
  turn: Turn,
): void {
  const correlation = frame(self, peer, api, version, body, turn);
  if (correlation === undefined) return;
  const deadline = (turn.now.monotonic + self.config.settings["request.timeout.ms"]) as Millis;
  peer.pending.push({ correlation, api: api.key, version, deadline, purpose });
}

function frame<A extends AnyApi>(
  self: Client,
  peer: Peer,
  api: A,
  version: number,
  body: RequestInput<A>,
  turn: Turn,
): number | undefined {
  if (peer.connection === undefined) return undefined;
  const correlation = self.network.nextCorrelation++;
  const header = { correlationId: correlation, clientId: self.config.name };
  const bytes = encodeRequest(api, version, header, body, turn.ports.bytes);
  send(turn, peer.connection, bytes, { api: api.key, version, correlation, response: false });
  return correlation;
}

/** The connection is gone, or is given up (`close`). @returns what will never be answered. */
export function drop(self: Client, peer: Peer, close: boolean, turn: Turn): Pending[] {
  const silences = close ? silenceOf(peer, turn) : [];
  if (close && peer.connection !== undefined) {
    const { connection } = peer;
    turn.outbox.push({ type: "close", connection, ...(silences.length === 0 ? {} : { silences }) });
  }
  const lost = peer.pending;
  // A connection that worked may be tried again soon; one that never did waits longer each time.
  peer.failures = peer.phase === "ready" ? 1 : peer.failures + 1;
  peer.retryAt = retryAfter(self, peer.failures, turn);
  peer.phase = "idle";
  peer.connection = undefined;
  peer.pending = [];
  peer.full = false;
  return lost;
}

/** What a time-out rests on: the broker was not heard since. */
export function silenceOf(peer: Peer, turn: Turn): Silence[] {
  if (turn.input.type !== "timer") return [];
  const { endpoint, heard: since } = peer;
  return [since === undefined ? { peer: endpoint } : { peer: endpoint, since }];
}

/** When the oldest question, or the attempt to connect, is over; undefined if nothing is out. */
export function deadlineOf(peer: Peer): Millis | undefined {
  if (peer.phase === "idle") return undefined;
  if (peer.phase === "connecting") return peer.connectBy;
  return peer.pending[0]?.deadline;
}

/** The peer behind a connection. */
export function peerOn(self: Client, connection: ConnectionId): Peer | undefined {
  for (const peer of self.network.peers.values()) if (peer.connection === connection) return peer;
  return undefined;
}
