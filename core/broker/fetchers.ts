/*
 * Following (Kafka's ReplicaFetcherManager and ReplicaFetcherThread): one fetch loop for each leader that this
 * broker follows, on a connection of its own, with one request in flight, in a fetch session.
 */
import { type BrokerId, type LeaderEpoch, type Millis, offset } from "../foundation/ids.ts";
import { note, setTimer, type Turn } from "../foundation/turn.ts";
import { applyFetched, type FollowerFetch, nextFetch } from "../replication/follower.ts";
import type { FollowerRole, Partition } from "../replication/partition.ts";
import { fetch, type FetchResponse } from "../wire/api/fetch.ts";
import type { ListOffsetsResponse } from "../wire/api/list-offsets.ts";
import { DecodeError } from "../wire/decode-error.ts";
import { errorName } from "../wire/errors.ts";
import {
  beginAnew,
  buildFetch,
  type FetchSessionRequest,
  isFull,
  newFetchSessionHandler,
  noSession,
  type PartitionQuestion,
  takeFetchAnswer,
} from "../wire/fetch-session.ts";
import { planRecoveryPoints } from "./background.ts";
import { spreadChanges } from "./changes.ts";
import { askEdge, type EdgeQuestion, takeEdge } from "./out-of-range.ts";
import type { Purpose } from "./purpose.ts";
import { ask, dropChannel, newChannel } from "../wire/channel.ts";
import type { Broker, Fetcher } from "./state.ts";

type FetchedPartition = FetchResponse["responses"][number]["partitions"][number];

/** Puts a partition into the loop of its leader, or into none if this broker leads it or nobody does. */
export function follow(self: Broker, partition: Partition, turn: Turn): void {
  const { role, name } = partition;
  const leader = role.type === "follower" && role.leader !== -1 ? role.leader : undefined;
  for (const fetcher of self.fetchers.values()) {
    if (fetcher.leader === leader || !fetcher.partitions.delete(name)) continue;
    fetcher.changed.add(name);
    fetcher.delayed.delete(name);
    if (fetcher.partitions.size > 0) continue;
    // With it goes its session, which the leader keeps until it needs the room.
    dropChannel(self, fetcher.channel, true, turn);
    self.fetchers.delete(fetcher.leader);
  }
  if (leader === undefined) return;
  const fetcher = self.fetchers.get(leader) ?? newFetcher(self, leader);
  if (fetcher === undefined) return;
  fetcher.partitions.add(name);
  fetcher.changed.add(name);
  fetchNext(self, fetcher, turn);
}

function newFetcher(self: Broker, leader: BrokerId): Fetcher | undefined {
  const endpoint = self.image.brokers.get(leader)?.endpoint;
  if (endpoint === undefined) return undefined;
  const fetcher: Fetcher = {
    leader,
    channel: newChannel<Purpose>(`fetch-${leader}`, endpoint),
    partitions: new Set(),
    session: newFetchSessionHandler(),
    changed: new Set(),
    delayed: new Set(),
    lost: new Map(),
    inFlight: false,
  };
  self.fetchers.set(leader, fetcher);
  return fetcher;
}

/**
 * Asks the leader for what follows each replica's log end, naming those that moved since the last time; those that wait
 * after a failure are left out.
 */
function fetchNext(self: Broker, fetcher: Fetcher, turn: Turn): void {
  if (fetcher.inFlight) return;
  for (const [name, edge] of fetcher.lost) {
    fetcher.lost.delete(name);
    if (roleOf(self, fetcher.leader, name) === undefined) continue;
    fetcher.inFlight = askEdge(self, fetcher, name, edge, turn);
    if (fetcher.inFlight) return;
  }
  spreadChanges(self);
  const { session, changed, delayed } = fetcher;
  const now = turn.now.monotonic;
  let wakeAt: Millis | undefined;
  for (const name of delayed) {
    const until = roleOf(self, fetcher.leader, name)?.fetchAfter ?? now;
    if (until > now) {
      if (wakeAt === undefined || until < wakeAt) wakeAt = until;
      continue;
    }
    delayed.delete(name);
    changed.add(name);
  }
  const names = isFull(session.epoch) ? fetcher.partitions : changed;
  const part = buildFetch(session, names, (name) => questionOf(self, fetcher, name, now));
  changed.clear();
  if (session.partitions.size === 0 && part.forgottenTopicsData.length === 0) {
    if (wakeAt !== undefined) setTimer(turn, fetchTimer(fetcher.leader), wakeAt);
    return;
  }
  sendFetch(self, fetcher, part, turn);
}

/** What is to be asked of a partition; undefined: nothing, now. */
function questionOf(
  self: Broker,
  { leader, partitions }: Fetcher,
  name: string,
  now: Millis,
): PartitionQuestion | undefined {
  const partition = self.partitions.get(name);
  const role = roleOf(self, leader, name);
  if (partition === undefined || role === undefined || !partitions.has(name)) return undefined;
  if (role.fetchAfter > now) return undefined;
  const { leaderEpoch, offset: from, lastEpoch } = nextFetch(partition);
  return {
    topic: partition.topic,
    topicId: partition.topicId,
    partition: partition.index,
    currentLeaderEpoch: leaderEpoch,
    fetchOffset: from,
    lastFetchedEpoch: lastEpoch,
    logStartOffset: partition.log.start,
    partitionMaxBytes: self.config.settings["replica.fetch.max.bytes"],
  };
}

function sendFetch(self: Broker, fetcher: Fetcher, part: FetchSessionRequest, turn: Turn): void {
  const { nodeId, settings } = self.config;
  const body = {
    replicaState: { replicaId: nodeId, replicaEpoch: self.lifecycle.epoch },
    maxWaitMs: settings["replica.fetch.wait.max.ms"],
    minBytes: settings["replica.fetch.min.bytes"],
    maxBytes: settings["replica.fetch.response.max.bytes"],
    sessionId: part.sessionId,
    sessionEpoch: part.sessionEpoch,
    topics: part.topics,
    forgottenTopicsData: part.forgottenTopicsData,
  };
  // A leader that came back may listen elsewhere; a connection that is up stays.
  fetcher.channel.endpoint =
    self.image.brokers.get(fetcher.leader)?.endpoint ?? fetcher.channel.endpoint;
  fetcher.inFlight = true;
  const purpose = { type: "fetch", leader: fetcher.leader } as const;
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

/**
 * The leader answered, or did not (undefined): then all that was asked waits for a while. What is wrong with the session
 * alone is asked again at once, in full.
 */
export function onFetched(
  self: Broker,
  leader: BrokerId,
  response: FetchResponse | undefined,
  turn: Turn,
): void {
  const fetcher = self.fetchers.get(leader);
  if (fetcher === undefined) return;
  fetcher.inFlight = false;
  const { session } = fetcher;
  if (response === undefined) {
    if (session.sessionId !== noSession)
      note(turn, { type: "sessionRenewed", with: leader, reason: "NETWORK_EXCEPTION" });
    beginAnew(session);
    for (const name of session.partitions.keys()) backOff(self, fetcher, name, turn);
    return fetchNext(self, fetcher, turn);
  }
  const problem = takeFetchAnswer(session, response);
  if (problem !== undefined) note(turn, { type: "sessionRenewed", with: leader, reason: problem });
  else {
    for (const { topicId, partitions } of response.responses) {
      const topic = session.topicNames.get(topicId) ?? "";
      for (const answer of partitions) {
        takeAnswer(self, fetcher, `${topic}-${answer.partitionIndex}`, answer, turn);
      }
    }
  }
  fetchNext(self, fetcher, turn);
}

/** The leader said where its log ends or begins, or did not (undefined). */
export function onEdge(
  self: Broker,
  leader: BrokerId,
  question: EdgeQuestion,
  response: ListOffsetsResponse | undefined,
  turn: Turn,
): void {
  const fetcher = self.fetchers.get(leader);
  if (fetcher === undefined) return;
  fetcher.inFlight = false;
  const then = takeEdge(self, leader, question, response, turn);
  if (then === "next" && question.edge === "latest") fetcher.lost.set(question.name, "earliest");
  if (then === "failed") backOff(self, fetcher, question.name, turn);
  // It may stand elsewhere now.
  if (then === "done") fetcher.changed.add(question.name);
  fetchNext(self, fetcher, turn);
}

/** The role that asked, if this replica still has it. */
function roleOf(self: Broker, leader: BrokerId, name: string): FollowerRole | undefined {
  const role = self.partitions.get(name)?.role;
  return role?.type === "follower" && role.leader === leader ? role : undefined;
}

function backOff(self: Broker, fetcher: Fetcher, name: string, turn: Turn): void {
  const role = roleOf(self, fetcher.leader, name);
  if (role === undefined) return;
  // While it waits the leader's session does without it (Kafka's PartitionFetchState.isReadyForFetch).
  fetcher.changed.add(name);
  fetcher.delayed.add(name);
  const wait = self.config.settings["replica.fetch.backoff.ms"];
  role.fetchAfter = (turn.now.monotonic + wait) as Millis;
}

function takeAnswer(
  self: Broker,
  fetcher: Fetcher,
  name: string,
  answer: FetchedPartition,
  turn: Turn,
): void {
  const partition = self.partitions.get(name);
  const role = roleOf(self, fetcher.leader, name);
  const asked = fetcher.session.partitions.get(name);
  if (partition === undefined || role === undefined || asked === undefined) return;
  // A topic that was made again under the name is not the one that was asked about.
  if (asked.topicId !== partition.topicId) return;
  if (answer.errorCode !== 0) {
    const error = errorName(answer.errorCode);
    note(turn, { type: "refused", api: "Fetch", partition: name, error });
    const isCurrent =
      asked.currentLeaderEpoch === partition.leaderEpoch && asked.fetchOffset === partition.log.end;
    if (error === "OFFSET_OUT_OF_RANGE" && isCurrent) {
      fetcher.lost.set(name, "latest");
      return;
    }
    return backOff(self, fetcher, name, turn);
  }
  const { epoch, endOffset } = answer.divergingEpoch;
  const diverging = epoch < 0 ? undefined : { epoch: epoch as LeaderEpoch, end: offset(endOffset) };
  const highWatermark = offset(answer.highWatermark);
  const logStart = offset(answer.logStartOffset);
  const records = answer.records ?? undefined;
  const question: FollowerFetch = {
    offset: offset(asked.fetchOffset),
    leaderEpoch: asked.currentLeaderEpoch as LeaderEpoch,
    lastEpoch: asked.lastFetchedEpoch as LeaderEpoch,
  };
  const endBefore = partition.log.end;
  try {
    const told = { highWatermark, logStart, diverging, records };
    applyFetched(partition, role, question, told, turn);
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    note(turn, { type: "refused", api: "Fetch", partition: name, error: "CORRUPT_MESSAGE" });
    backOff(self, fetcher, name, turn);
  }
  if (partition.log.end < endBefore) planRecoveryPoints(turn);
  self.dirty.add(name);
}
