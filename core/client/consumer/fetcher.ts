/*
 * Fetches records ahead of polls (Kafka's Fetcher and FetchCollector): one request a leader at a time, for the
 * partitions whose buffer is empty; what comes back is checked before it is handed out.
 */
import type { ConsumerRecord } from "../../foundation/calls.ts";
import {
  type BrokerId,
  leaderEpoch,
  type Millis,
  type Offset,
  offset,
} from "../../foundation/ids.ts";
import { hasFlaw } from "../../foundation/flaws.ts";
import type { ConsumerSettings } from "../../foundation/settings.ts";
import { note, type Turn } from "../../foundation/turn.ts";
import { fetch, type FetchResponse } from "../../wire/api/fetch.ts";
import {
  checkBatch,
  decodeRecords,
  isControl,
  nextOffset,
  splitBatches,
} from "../../wire/batch.ts";
import { DecodeError } from "../../wire/decode-error.ts";
import { errorName } from "../../wire/errors.ts";
import {
  beginAnew,
  buildFetch,
  newFetchSessionHandler,
  noSession,
  type PartitionQuestion,
  takeFetchAnswer,
} from "../../wire/fetch-session.ts";
import { retryAfter } from "../backoff.ts";
import { isMetadataError, leaderOf, markStale } from "../network/cluster.ts";
import { readyPeer, request } from "../network/peers.ts";
import type { Client } from "../state.ts";
import { wakeBy } from "../wake.ts";
import { earliest, latest, query } from "./offsets.ts";
import { seekTo } from "./positions.ts";
import type { AssignedPartition, Consumer } from "./state.ts";

type FetchedPartition = FetchResponse["responses"][number]["partitions"][number];

/** Asks each leader for what its partitions lack. */
export function sendFetches(
  self: Client,
  consumer: Consumer,
  settings: ConsumerSettings,
  turn: Turn,
): void {
  let byLeader: Map<BrokerId, AssignedPartition[]> | undefined;
  const buffering = new Set<BrokerId>();
  for (const partition of consumer.assigned.values()) {
    const { position, fetching, buffered, lost } = partition;
    const leader = sourceOf(self, partition, turn);
    if (buffered.length > 0 && leader !== undefined) buffering.add(leader);
    if (position === undefined || fetching || lost || buffered.length > 0) continue;
    if (partition.retryAt > turn.now.monotonic) {
      wakeBy(self, partition.retryAt);
      continue;
    }
    if (leader === undefined) {
      markStale(self, turn);
      continue;
    }
    byLeader ??= new Map();
    const same = byLeader.get(leader);
    if (same === undefined) byLeader.set(leader, [partition]);
    else same.push(partition);
  }
  if (byLeader === undefined) return;
  for (const [leader, partitions] of byLeader) {
    // To fetch around what is buffered would take it out of the session, and put it in again right after (KAFKA-17182).
    if (consumer.fetchingFrom.has(leader) || buffering.has(leader)) continue;
    ask(self, consumer, settings, leader, partitions, turn);
  }
}

/** A broker cannot be reached: what was to be read from there is asked of its leader again. */
export function forgetPreferred(consumer: Consumer, replica: BrokerId): void {
  for (const partition of consumer.assigned.values())
    if (partition.preferred?.replica === replica) partition.preferred = undefined;
}

/** Whom to read a partition from: the replica that its leader prefers, for a while (Fetcher.selectReadReplica). */
function sourceOf(self: Client, partition: AssignedPartition, turn: Turn): BrokerId | undefined {
  const { preferred } = partition;
  if (preferred !== undefined) {
    const isKnown = self.network.peers.has(preferred.replica);
    if (isKnown && preferred.until > turn.now.monotonic) return preferred.replica;
    partition.preferred = undefined;
  }
  return leaderOf(self, partition.topic, partition.partition)?.leader;
}

function ask(
  self: Client,
  consumer: Consumer,
  settings: ConsumerSettings,
  leader: BrokerId,
  partitions: readonly AssignedPartition[],
  turn: Turn,
): void {
  const peer = readyPeer(self, leader, turn);
  if (peer === undefined) return;
  const session = consumer.sessions.get(leader) ?? newFetchSessionHandler();
  const next = new Map<string, AssignedPartition | undefined>();
  // What the session holds and is not asked for now is forgotten.
  for (const name of session.partitions.keys()) next.set(name, undefined);
  for (const partition of partitions) next.set(partition.name, partition);
  const part = buildFetch(session, next.keys(), (name) => {
    const partition = next.get(name);
    return partition === undefined ? undefined : questionOf(self, settings, partition);
  });
  const body = {
    maxWaitMs: settings["fetch.max.wait.ms"],
    minBytes: settings["fetch.min.bytes"],
    maxBytes: settings["fetch.max.bytes"],
    sessionId: part.sessionId,
    sessionEpoch: part.sessionEpoch,
    topics: part.topics,
    forgottenTopicsData: part.forgottenTopicsData,
    rackId: settings["client.rack"],
  };
  consumer.sessions.set(leader, session);
  if (session.partitions.size === 0 && body.forgottenTopicsData.length === 0) return;
  if (!request(self, peer, fetch, body, { type: "fetch", from: leader }, turn)) {
    // The broker has not been told what was just taken for told.
    return beginAnew(session);
  }
  consumer.fetchingFrom.add(leader);
  for (const partition of partitions) partition.fetching = session.partitions.has(partition.name);
}

/** undefined: the topic is not known any more. */
function questionOf(
  self: Client,
  settings: ConsumerSettings,
  { topic, partition, fetchedTo, lastEpoch }: AssignedPartition,
): PartitionQuestion | undefined {
  const topicId = self.cluster.topics.get(topic)?.id;
  if (topicId === undefined) return undefined;
  // KIP-320: without epochs the leader cannot tell that the reader's log has parted from its own.
  const namesEpochs = !hasFlaw(settings, "no-client-epoch");
  return {
    topic,
    topicId,
    partition,
    currentLeaderEpoch: namesEpochs ? (leaderOf(self, topic, partition)?.epoch ?? -1) : -1,
    fetchOffset: fetchedTo,
    lastFetchedEpoch: namesEpochs ? lastEpoch : -1,
    logStartOffset: -1,
    partitionMaxBytes: settings["max.partition.fetch.bytes"],
  };
}

/** The leader answered; undefined: nothing was heard. */
export function onFetched(
  self: Client,
  consumer: Consumer,
  settings: ConsumerSettings,
  from: BrokerId,
  response: FetchResponse | undefined,
  turn: Turn,
): void {
  consumer.fetchingFrom.delete(from);
  const session = consumer.sessions.get(from);
  if (session === undefined) return;
  const hadSession = session.sessionId !== noSession;
  const problem = response === undefined ? "NETWORK_EXCEPTION" : takeFetchAnswer(session, response);
  if (response === undefined) beginAnew(session);
  if (problem !== undefined && (response !== undefined || hadSession))
    note(turn, { type: "sessionRenewed", with: from, reason: problem });
  for (const [name, { fetchOffset }] of session.partitions) {
    const partition = consumer.assigned.get(name);
    if (partition === undefined) continue;
    partition.fetching = false;
    // A seek in the meantime makes this the answer to another question.
    if (
      partition.position === undefined ||
      partition.fetchedTo !== fetchOffset ||
      partition.buffered.length > 0
    )
      continue;
    if (response === undefined) retryLater(self, partition, "NETWORK_EXCEPTION", turn);
    else if (problem === undefined) {
      // Where nothing is said nothing has changed.
      const answer = answerFor(self, response, partition);
      if (answer !== undefined) onAnswer(self, consumer, settings, partition, answer, turn);
    }
  }
}

function onAnswer(
  self: Client,
  consumer: Consumer,
  settings: ConsumerSettings,
  partition: AssignedPartition,
  answer: FetchedPartition,
  turn: Turn,
): void {
  const error = errorName(answer.errorCode);
  const wasPreferred = partition.preferred !== undefined;
  if (error !== "NONE") partition.preferred = undefined;
  // Not the leader has said so: that is asked next.
  if (error === "OFFSET_OUT_OF_RANGE" && wasPreferred) return;
  if (error === "NONE") return take(self, settings, partition, answer, turn);
  if (error === "OFFSET_OUT_OF_RANGE") return reset(consumer, settings, partition, turn);
  if (isMetadataError(error)) markStale(self, turn);
  retryLater(self, partition, error, turn);
}

function answerFor(
  self: Client,
  response: FetchResponse,
  partition: AssignedPartition,
): FetchedPartition | undefined {
  const id = self.cluster.topics.get(partition.topic)?.id;
  return response.responses
    .find(({ topic, topicId }) => topic === partition.topic || topicId === id)
    ?.partitions.find(({ partitionIndex }) => partitionIndex === partition.partition);
}

/** auto.offset.reset. */
function reset(
  consumer: Consumer,
  settings: ConsumerSettings,
  partition: AssignedPartition,
  turn: Turn,
): void {
  const policy = settings["auto.offset.reset"];
  if (policy === "none") return lose(partition, "OFFSET_OUT_OF_RANGE", turn);
  query(consumer, partition, policy === "earliest" ? earliest : latest, "outOfRange");
}

/** With auto.offset.reset `none` the partition stays where it is: the application sees no records before it seeks. */
function lose(partition: AssignedPartition, reason: string, turn: Turn): void {
  note(turn, { type: "retried", api: "Fetch", partition: partition.name, reason });
  partition.lost = true;
}

function retryLater(self: Client, partition: AssignedPartition, reason: string, turn: Turn): void {
  note(turn, { type: "retried", api: "Fetch", partition: partition.name, reason });
  partition.failures += 1;
  partition.retryAt = retryAfter(self, partition.failures, turn);
}

function take(
  self: Client,
  settings: ConsumerSettings,
  partition: AssignedPartition,
  answer: FetchedPartition,
  turn: Turn,
): void {
  partition.failures = 0;
  if (answer.preferredReadReplica >= 0) {
    const until = turn.now.monotonic + self.config.settings["metadata.max.age.ms"];
    const replica = answer.preferredReadReplica as BrokerId;
    partition.preferred = { replica, until: until as Millis };
    note(turn, { type: "readReplica", partition: partition.name, replica });
  }
  const { epoch, endOffset } = answer.divergingEpoch;
  if (epoch >= 0) {
    if (settings["auto.offset.reset"] === "none") return lose(partition, "LOG_TRUNCATION", turn);
    // What was handed out beyond this end is not in the log any more (KIP-320, KIP-595). The end of an earlier epoch may
    // lie further on: records up to there were never handed out.
    const to = offset(Math.min(endOffset, partition.fetchedTo));
    return seekTo(partition, to, epoch, "truncation", turn);
  }
  try {
    for (const batch of splitBatches(answer.records ?? new Uint8Array(0)))
      takeBatch(partition, batch);
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    retryLater(self, partition, `CORRUPT_MESSAGE: ${error.message}`, turn);
  }
  if (partition.buffered.length === 0) partition.position = partition.fetchedTo;
}

/** Takes over what is not below the position; control batches and gaps are stepped over. */
function takeBatch(partition: AssignedPartition, batch: Uint8Array): void {
  const header = checkBatch(batch);
  if (nextOffset(header) <= partition.fetchedTo) return;
  if (!isControl(header)) {
    for (const record of decodeRecords(batch, header)) {
      if (record.offset < partition.fetchedTo) continue;
      partition.buffered.push({
        topic: partition.topic,
        partition: partition.partition,
        offset: offset(record.offset),
        leaderEpoch: leaderEpoch(header.leaderEpoch),
        timestamp: record.timestamp as Millis,
        key: record.key,
        value: record.value,
        headers: record.headers,
      });
    }
  }
  partition.fetchedTo = offset(nextOffset(header));
  partition.lastEpoch = leaderEpoch(header.leaderEpoch);
}

function hasBuffered(consumer: Consumer): boolean {
  for (const { buffered } of consumer.assigned.values()) if (buffered.length > 0) return true;
  return false;
}

/** Takes up to `most` records out of the buffers, beginning with another partition each time. */
export function drain(consumer: Consumer, most: number): ConsumerRecord[] {
  const records: ConsumerRecord[] = [];
  if (!hasBuffered(consumer)) return records;
  const partitions = [...consumer.assigned.values()];
  for (let i = 0; i < partitions.length && records.length < most; i++) {
    const partition = partitions[(consumer.turnOf + i) % partitions.length];
    if (partition === undefined || partition.buffered.length === 0) continue;
    const taken = partition.buffered.splice(0, most - records.length);
    records.push(...taken);
    const last: Offset | undefined = taken.at(-1)?.offset;
    // Behind the last record there may be offsets without one: they are passed with it.
    partition.position =
      partition.buffered.length === 0 || last === undefined
        ? partition.fetchedTo
        : offset(last + 1);
  }
  if (records.length > 0) consumer.turnOf = (consumer.turnOf + 1) % Math.max(1, partitions.length);
  return records;
}
