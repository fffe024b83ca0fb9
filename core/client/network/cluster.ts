/*
 * What a client knows of the cluster (Kafka's Metadata and MetadataCache): brokers, leaders and their epochs, and when
 * that must be asked again.
 */
import {
  type BrokerId,
  brokerId,
  type LeaderEpoch,
  leaderEpoch,
  type Millis,
  millis,
  type Uuid,
} from "../../foundation/ids.ts";
import type { Turn } from "../../foundation/turn.ts";
import { metadata, type MetadataResponse } from "../../wire/api/metadata.ts";
import { type ErrorName, errorName } from "../../wire/errors.ts";
import { retryAfter } from "../backoff.ts";
import type { Client } from "../state.ts";
import { wakeBy } from "../wake.ts";
import { newPeer, readyPeer, request } from "./peers.ts";
import type { Peer } from "./state.ts";

/** Who leads a partition; leader -1: nobody. */
export interface KnownPartition {
  readonly leader: BrokerId;
  readonly epoch: LeaderEpoch;
}

export interface KnownTopic {
  readonly id: Uuid;
  readonly error: ErrorName;
  /** By partition number. */
  readonly partitions: readonly KnownPartition[];
}

export interface Cluster {
  readonly topics: Map<string, KnownTopic>;
  /** Topics that this client cares for. */
  readonly wanted: Set<string>;
  /** Something is wrong with what is known. */
  stale: boolean;
  asking: boolean;
  /** Questions in a row that brought nothing new, and when the next may be asked (monotonic ms). */
  failures: number;
  askAfter: Millis;
  /** When the last answer came; undefined: never. */
  at: Millis | undefined;
}

export const newCluster = (): Cluster => ({
  topics: new Map(),
  wanted: new Set(),
  stale: false,
  asking: false,
  failures: 0,
  askAfter: millis(0),
  at: undefined,
});

/** This client cares for a topic from now on. */
export function want(self: Client, topic: string): void {
  if (self.cluster.wanted.has(topic)) return;
  self.cluster.wanted.add(topic);
  self.cluster.stale = true;
}

/** Who leads a partition, if that is known and anybody does. */
export function leaderOf(
  self: Client,
  topic: string,
  partition: number,
): KnownPartition | undefined {
  const known = self.cluster.topics.get(topic)?.partitions[partition];
  return known === undefined || known.leader === -1 ? undefined : known;
}

/** Asks for metadata if what is known is stale or old, and somebody can be asked. */
export function refresh(self: Client, turn: Turn): void {
  const { cluster } = self;
  const now = turn.now.monotonic;
  if (cluster.asking) return;
  const age = self.config.settings["metadata.max.age.ms"];
  const old = cluster.at === undefined || now - cluster.at >= age;
  if (!cluster.stale && !old) return wakeBy(self, (cluster.at ?? now) + age);
  if (cluster.askAfter > now) return wakeBy(self, cluster.askAfter);
  const peer = anyPeer(self, turn);
  if (peer === undefined) return;
  const topics = [...cluster.wanted].map((name) => ({ name }));
  const body = { topics, allowAutoTopicCreation: false };
  cluster.asking = request(self, peer, metadata, body, { type: "metadata" }, turn);
}

/**
 * Some broker that can be asked: a ready one with the least on its hands, else one that is coming up is waited for, else
 * the next in turn is connected to (NetworkClient.leastLoadedNode).
 */
export function anyPeer(self: Client, turn: Turn): Peer | undefined {
  const peers = [...self.network.peers.values()];
  let best: Peer | undefined;
  for (const peer of peers) {
    if (peer.phase !== "ready" || peer.full) continue;
    if (best === undefined || peer.pending.length < best.pending.length) best = peer;
  }
  if (best !== undefined) return best;
  if (peers.some(({ phase }) => phase === "connecting" || phase === "handshake")) return undefined;
  for (let i = 0; i < peers.length; i++) {
    const peer = peers[(self.network.turnOf + i) % peers.length];
    if (peer === undefined) continue;
    if (peer.retryAt > turn.now.monotonic) {
      wakeBy(self, peer.retryAt);
      continue;
    }
    self.network.turnOf = (self.network.turnOf + i + 1) % peers.length;
    return readyPeer(self, peer.id, turn);
  }
  return undefined;
}

/** The answer, or none (undefined). */
export function onMetadata(self: Client, response: MetadataResponse | undefined, turn: Turn): void {
  const { cluster } = self;
  cluster.asking = false;
  if (response === undefined || response.brokers.length === 0) return askLater(self, turn);
  for (const { nodeId, host, port } of response.brokers) {
    const id = brokerId(nodeId);
    const peer = self.network.peers.get(id);
    if (peer === undefined) self.network.peers.set(id, newPeer(id, { host, port }));
    else peer.endpoint = { host, port };
  }
  cluster.stale = false;
  cluster.at = turn.now.monotonic;
  for (const topic of response.topics) takeTopic(self, topic);
  // A topic that is not there yet, or a partition that nobody leads, is asked for again after a while.
  for (const name of cluster.wanted)
    if (isIncomplete(cluster.topics.get(name))) cluster.stale = true;
  if (cluster.stale) askLater(self, turn);
  else cluster.failures = 0;
}

const isIncomplete = (topic: KnownTopic | undefined): boolean =>
  topic === undefined ||
  topic.error !== "NONE" ||
  topic.partitions.some(({ leader }) => leader === -1);

function takeTopic(self: Client, topic: MetadataResponse["topics"][number]): void {
  if (topic.name === null) return;
  const before = self.cluster.topics.get(topic.name);
  const partitions: KnownPartition[] = [];
  for (const { partitionIndex, leaderId, leaderEpoch: epoch } of topic.partitions) {
    const known = before?.id === topic.topicId ? before.partitions[partitionIndex] : undefined;
    // A broker that is behind would send us back to a leader that is none any more (KIP-320).
    const isOlder = known !== undefined && epoch !== -1 && epoch < known.epoch;
    partitions[partitionIndex] = isOlder
      ? known
      : { leader: brokerId(leaderId), epoch: leaderEpoch(epoch) };
  }
  const error = errorName(topic.errorCode);
  if (error !== "NONE" && before !== undefined && partitions.length === 0) {
    self.cluster.topics.set(topic.name, { ...before, error });
    return;
  }
  self.cluster.topics.set(topic.name, { id: topic.topicId, error, partitions });
}

function askLater(self: Client, turn: Turn): void {
  const { cluster } = self;
  cluster.stale = true;
  cluster.failures += 1;
  cluster.askAfter = retryAfter(self, cluster.failures, turn);
}

/** Somebody found out that what is known is wrong. */
export function markStale(self: Client, turn: Turn): void {
  const { cluster } = self;
  if (cluster.stale || cluster.asking) return;
  cluster.stale = true;
  const last = cluster.at;
  if (last === undefined) return;
  const soonest = last + self.config.settings["retry.backoff.ms"];
  if (soonest > turn.now.monotonic) cluster.askAfter = soonest as Millis;
}

/** Errors after which the leader must be looked up again (Kafka's InvalidMetadataException). */
export const isMetadataError = (error: ErrorName): boolean =>
  error === "NOT_LEADER_OR_FOLLOWER" ||
  error === "LEADER_NOT_AVAILABLE" ||
  error === "UNKNOWN_TOPIC_OR_PARTITION" ||
  error === "UNKNOWN_TOPIC_ID" ||
  error === "FENCED_LEADER_EPOCH" ||
  error === "UNKNOWN_LEADER_EPOCH" ||
  error === "REPLICA_NOT_AVAILABLE" ||
  error === "NETWORK_EXCEPTION" ||
  error === "KAFKA_STORAGE_ERROR";
