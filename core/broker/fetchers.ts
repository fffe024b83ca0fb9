/*
 * Following (Kafka's ReplicaFetcherManager and ReplicaFetcherThread): one fetch loop for each leader that this
 * broker follows, on a connection of its own, with one request in flight.
 */
import {
  type BrokerId,
  type LeaderEpoch,
  type Millis,
  offset,
  type Uuid,
} from "../foundation/ids.ts";
import { note, setTimer, type Turn } from "../foundation/turn.ts";
import { applyFetched, type FollowerFetch, nextFetch } from "../replication/follower.ts";
import type { FollowerRole, Partition } from "../replication/partition.ts";
import { fetch, type FetchResponse } from "../wire/api/fetch.ts";
import { DecodeError } from "../wire/decode-error.ts";
import { errorName } from "../wire/errors.ts";
import { planRecoveryPoints } from "./background.ts";
import type { Purpose } from "./purpose.ts";
import { ask, dropChannel, newChannel } from "../wire/channel.ts";
import type { Broker, Fetcher } from "./state.ts";

type FetchedPartition = FetchResponse["responses"][number]["partitions"][number];

/** Puts a partition into the loop of its leader, or into none if this broker leads it or nobody does. */
export function follow(self: Broker, partition: Partition, turn: Turn): void {
  const { role } = partition;
  const leader = role.type === "follower" && role.leader !== -1 ? role.leader : undefined;
  for (const fetcher of self.fetchers.values()) {
    if (fetcher.leader === leader || !fetcher.partitions.delete(partition.name)) continue;
    if (fetcher.partitions.size > 0) continue;
    dropChannel(self, fetcher.channel, true, turn);
    self.fetchers.delete(fetcher.leader);
  }
  if (leader === undefined) return;
  const fetcher = self.fetchers.get(leader) ?? newFetcher(self, leader);
  if (fetcher === undefined) return;
  fetcher.partitions.add(partition.name);
  fetchNext(self, fetcher, turn);
}

function newFetcher(self: Broker, leader: BrokerId): Fetcher | undefined {
  const endpoint = self.image.brokers.get(leader)?.endpoint;
  if (endpoint === undefined) return undefined;
  const channel = newChannel<Purpose>(`fetch-${leader}`, endpoint);
  const fetcher: Fetcher = { leader, channel, partitions: new Set(), inFlight: false };
  self.fetchers.set(leader, fetcher);
  return fetcher;
}

/** Asks the leader for what follows each replica's log end; those that wait after a failure are left out. */
function fetchNext(self: Broker, fetcher: Fetcher, turn: Turn): void {
  if (fetcher.inFlight) return;
  const now = turn.now.monotonic;
  const asked = new Map<string, FollowerFetch>();
  const topics = new Map<Uuid, ReturnType<typeof fetchPartition>[]>();
  let wakeAt: Millis | undefined;
  for (const name of fetcher.partitions) {
    const partition = self.partitions.get(name);
    if (partition?.role.type !== "follower") continue;
    const { fetchAfter } = partition.role;
    if (fetchAfter > now) {
      if (wakeAt === undefined || fetchAfter < wakeAt) wakeAt = fetchAfter;
      continue;
    }
    const question = nextFetch(partition);
    asked.set(name, question);
    const same = topics.get(partition.topicId);
    const one = fetchPartition(self, partition, question);
    if (same === undefined) topics.set(partition.topicId, [one]);
    else same.push(one);
  }
  if (asked.size === 0) {
    if (wakeAt !== undefined) setTimer(turn, fetchTimer(fetcher.leader), wakeAt);
    return;
  }
  sendFetch(self, fetcher, asked, topics, turn);
}

const fetchPartition = (self: Broker, partition: Partition, question: FollowerFetch) => ({
  partition: partition.index,
  currentLeaderEpoch: question.leaderEpoch,
  fetchOffset: question.offset,
  lastFetchedEpoch: question.lastEpoch,
  logStartOffset: partition.log.start,
  partitionMaxBytes: self.config.settings["replica.fetch.max.bytes"],
});

function sendFetch(
  self: Broker,
  fetcher: Fetcher,
  asked: ReadonlyMap<string, FollowerFetch>,
  topics: ReadonlyMap<Uuid, ReturnType<typeof fetchPartition>[]>,
  turn: Turn,
): void {
  const { nodeId, settings } = self.config;
  const body = {
    replicaState: { replicaId: nodeId, replicaEpoch: self.lifecycle.epoch },
    maxWaitMs: settings["replica.fetch.wait.max.ms"],
    minBytes: settings["replica.fetch.min.bytes"],
    maxBytes: settings["replica.fetch.response.max.bytes"],
    topics: [...topics].map(([topicId, partitions]) => ({ topicId, partitions })),
    forgottenTopicsData: [],
  };
  // A leader that came back may listen elsewhere; a connection that is up stays.
  fetcher.channel.endpoint =
    self.image.brokers.get(fetcher.leader)?.endpoint ?? fetcher.channel.endpoint;
  fetcher.inFlight = true;
  const purpose = { type: "fetch", leader: fetcher.leader, asked } as const;
  ask(self, fetcher.channel, fetch, body, purpose, settings["replica.socket.timeout.ms"], turn);
}

const timerPrefix = "fetch/";
const fetchTimer = (leader: BrokerId): string => `${timerPrefix}${leader}`;

/** Handles the end of a back-off; false if the timer is none of these. */
export function onFetchTimer(self: Broker, timer: string, turn: Turn): boolean {
  if (!timer.startsWith(timerPrefix)) return false;
  const fetcher = self.fetchers.get(Number(timer.slice(timerPrefix.length)) as BrokerId);
  if (fetcher !== undefined) fetchNext(self, fetcher, turn);
  return true;
}

/** The leader answered, or did not (undefined): then all that was asked waits for a while. */
export function onFetched(
  self: Broker,
  leader: BrokerId,
  asked: ReadonlyMap<string, FollowerFetch>,
  response: FetchResponse | undefined,
  turn: Turn,
): void {
  const fetcher = self.fetchers.get(leader);
  if (fetcher === undefined) return;
  fetcher.inFlight = false;
  if (response === undefined || response.errorCode !== 0) {
    for (const name of asked.keys()) backOff(self, leader, name, turn);
  } else {
    for (const { topicId, partitions } of response.responses) {
      const topic = self.image.topicNames.get(topicId) ?? "";
      for (const answer of partitions) {
        takeAnswer(self, leader, `${topic}-${answer.partitionIndex}`, asked, answer, turn);
      }
    }
  }
  fetchNext(self, fetcher, turn);
}

/** The role that asked, if this replica still has it. */
function roleOf(self: Broker, leader: BrokerId, name: string): FollowerRole | undefined {
  const role = self.partitions.get(name)?.role;
  return role?.type === "follower" && role.leader === leader ? role : undefined;
}

function backOff(self: Broker, leader: BrokerId, name: string, turn: Turn): void {
  const role = roleOf(self, leader, name);
  if (role === undefined) return;
  const wait = self.config.settings["replica.fetch.backoff.ms"];
  role.fetchAfter = (turn.now.monotonic + wait) as Millis;
}

function takeAnswer(
  self: Broker,
  leader: BrokerId,
  name: string,
  asked: ReadonlyMap<string, FollowerFetch>,
  answer: FetchedPartition,
  turn: Turn,
): void {
  const partition = self.partitions.get(name);
  const role = roleOf(self, leader, name);
  const question = asked.get(name);
  if (partition === undefined || role === undefined || question === undefined) return;
  if (answer.errorCode !== 0) {
    const error = errorName(answer.errorCode);
    note(turn, { type: "refused", api: "Fetch", partition: name, error });
    return backOff(self, leader, name, turn);
  }
  const { epoch, endOffset } = answer.divergingEpoch;
  const diverging = epoch < 0 ? undefined : { epoch: epoch as LeaderEpoch, end: offset(endOffset) };
  const highWatermark = offset(answer.highWatermark);
  const records = answer.records ?? undefined;
  const endBefore = partition.log.end;
  try {
    applyFetched(partition, role, question, { highWatermark, diverging, records }, turn);
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    note(turn, { type: "refused", api: "Fetch", partition: name, error: "CORRUPT_MESSAGE" });
    backOff(self, leader, name, turn);
  }
  if (partition.log.end < endBefore) planRecoveryPoints(turn);
  self.dirty.add(name);
}
