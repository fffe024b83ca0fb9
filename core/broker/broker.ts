/*
 * A broker as plain data, and the step that moves it: it composes log, replication and the copy of metadata
 * into a node that clients, other brokers and the controller talk to.
 */
import { emptyImage } from "../controller/metadata/image.ts";
import { must } from "../foundation/assert.ts";
import { type BrokerEpoch, type ConnectionId, zeroUuid } from "../foundation/ids.ts";
import type { Effect, Input, Now, Ports } from "../foundation/process.ts";
import type { Turn } from "../foundation/turn.ts";
import { needsFlush } from "../log/log.ts";
import { newFetchSessions } from "../replication/fetch-sessions.ts";
import { expired, newPurgatory } from "../replication/purgatory.ts";
import { pushBytes } from "../wire/frame-buffer.ts";
import { askIsr, collectIsr, isrRetryTimer, onIsrRetryTimer } from "./alter-partition.ts";
import { loseChannel, onAnswerBytes } from "./answers.ts";
import { onBackgroundTimer, planFlush } from "./background.ts";
import { spreadChange } from "./changes.ts";
import { channelOpened, channelOverdue, channelTimer, newChannel } from "../wire/channel.ts";
import type { Channel } from "./purpose.ts";
import { onDeletionTimer } from "./deletion.ts";
import { onFetchTimer } from "./fetchers.ts";
import { beginShutdown, lifecycleTimer, onLifecycleTimer } from "./lifecycle.ts";
import { fetchMetadata, metadataTimer } from "./metadata-follower.ts";
import { pumpRequests } from "./requests.ts";
import { retry } from "./retrying.ts";
import { openSession } from "../wire/sessions.ts";
import { startBroker } from "./start.ts";
import type { Broker, BrokerConfig } from "./state.ts";
import { purgatoryTimer, rearm } from "./waiting.ts";

/** A broker that has not started yet. */
export function newBroker(config: BrokerConfig): Broker {
  const { endpoint } = must(config.controllers[0], "a broker knows at least one controller");
  return {
    config,
    lifecycle: {
      phase: "starting",
      incarnation: zeroUuid,
      epoch: -1 as BrokerEpoch,
      previousEpoch: -1 as BrokerEpoch,
      mayBeRegistered: false,
      directory: zeroUuid,
      stopBy: undefined,
      failures: 0,
    },
    nextConnection: 0 as ConnectionId,
    sessions: new Map(),
    channels: new Map(),
    controller: 0,
    toController: {
      lifecycle: newChannel("lifecycle", endpoint),
      requests: newChannel("requests", endpoint),
      metadata: newChannel("metadata", endpoint),
    },
    image: emptyImage(),
    metadata: undefined,
    orphans: new Map(),
    partitions: new Map(),
    deletions: new Map(),
    changed: new Set(),
    fetchers: new Map(),
    purgatory: newPurgatory(),
    fetchSessions: newFetchSessions(),
    producerIds: { next: 0, end: 0, asking: false, waiting: [] },
    serving: false,
    dirty: new Set(),
    ready: [],
    isrToAsk: new Set(),
    isrAsking: false,
    timers: new Set(),
  };
}

/** Handles one input: moves the state and pushes what is to be done. */
export function stepBroker(
  self: Broker,
  now: Now,
  input: Input,
  ports: Ports,
  outbox: Effect[],
): void {
  const turn: Turn = { now, input, ports, outbox };
  take(self, turn);
  settle(self, turn);
}

function take(self: Broker, turn: Turn): void {
  const { input } = turn;
  switch (input.type) {
    case "started":
      return startBroker(self, turn);
    case "timer":
      return onTimer(self, input.timer, turn);
    case "opened": {
      const channel = channelOn(self, input.connection);
      if (channel !== undefined) channelOpened(channel, turn);
      else openSession(self, input.connection, input.remote);
      return;
    }
    case "closed": {
      const channel = channelOn(self, input.connection);
      if (channel !== undefined) loseChannel(self, channel, false, turn);
      else self.sessions.delete(input.connection);
      return;
    }
    case "received": {
      const channel = channelOn(self, input.connection);
      if (channel !== undefined) return onAnswerBytes(self, channel, input.bytes, turn);
      const session = self.sessions.get(input.connection);
      if (session === undefined) return;
      pushBytes(session.frames, input.bytes);
      return pumpRequests(self, session, turn);
    }
    case "filled":
    case "drained": {
      const session = self.sessions.get(input.connection);
      if (session === undefined) return;
      session.full = input.type === "filled";
      return pumpRequests(self, session, turn);
    }
    case "stop":
      return beginShutdown(self, turn);
    case "call":
      // Applications call clients; a broker has nothing to answer them with.
      return;
  }
}

function onTimer(self: Broker, timer: string, turn: Turn): void {
  if (timer === purgatoryTimer) {
    for (const id of expired(self.purgatory, turn.now.monotonic)) retry(self, id, true, turn);
    return rearm(self, turn);
  }
  if (timer === lifecycleTimer) return onLifecycleTimer(self, turn);
  if (timer === metadataTimer) return fetchMetadata(self, turn);
  if (timer === isrRetryTimer) return onIsrRetryTimer(self, turn);
  if (onFetchTimer(self, timer, turn) || onBackgroundTimer(self, timer, turn)) return;
  if (onDeletionTimer(self, timer, turn)) return;
  const channel = findChannel(self, (one) => channelTimer(one) === timer);
  if (channel !== undefined && channelOverdue(channel, turn))
    loseChannel(self, channel, true, turn);
}

function channelOn(self: Broker, connection: ConnectionId): Channel | undefined {
  const name = self.channels.get(connection);
  return name === undefined ? undefined : findChannel(self, (channel) => channel.name === name);
}

function findChannel(self: Broker, is: (channel: Channel) => boolean): Channel | undefined {
  const { lifecycle, requests, metadata } = self.toController;
  if (is(lifecycle)) return lifecycle;
  if (is(requests)) return requests;
  if (is(metadata)) return metadata;
  for (const { channel } of self.fetchers.values()) if (is(channel)) return channel;
  return undefined;
}

/** Looks again at what waits on the partitions that this input touched, until nothing new comes of it. */
function settle(self: Broker, turn: Turn): void {
  const { sessions, stirred } = self.fetchSessions;
  while (self.dirty.size > 0 || self.ready.length > 0 || stirred.size > 0) {
    for (const name of self.dirty) {
      self.dirty.delete(name);
      spreadChange(self, name);
      const partition = self.partitions.get(name);
      if (partition === undefined) continue;
      collectIsr(self, partition);
      if (needsFlush(partition.log)) planFlush(self, turn);
      // A look parks nothing; what it answers leaves the set while it is gone through.
      for (const id of partition.parked) retry(self, id, false, turn);
    }
    // Once for all that has changed, not once for each partition.
    for (const id of stirred) {
      stirred.delete(id);
      for (const parked of sessions.get(id)?.parked ?? []) retry(self, parked, false, turn);
    }
    if (self.ready.length === 0) continue;
    for (const connection of self.ready.splice(0)) {
      const session = self.sessions.get(connection);
      if (session !== undefined) pumpRequests(self, session, turn);
    }
  }
  askIsr(self, turn);
}

export type { Broker, BrokerConfig };
