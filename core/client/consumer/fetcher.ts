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
  type Uuid,
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
import { backoff } from "../backoff.ts";
import { isMetadataError, leaderOf, markStale } from "../network/cluster.ts";
import { readyPeer, request } from "../network/peers.ts";
import type { AskedPartition } from "../network/state.ts";
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
  for (const partition of consumer.assigned.values()) {
    const { position, fetching, buffered, lost } = partition;
    if (position === undefined || fetching || lost || buffered.length > 0) continue;
    if (partition.retryAt > turn.now.monotonic) {
      wakeBy(self, partition.retryAt);
      continue;
    }
    const leader = leaderOf(self, partition.topic, partition.partition)?.leader;
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
    if (!consumer.fetchingFrom.has(leader)) ask(self, consumer, settings, leader, partitions, turn);
  }
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
  const topics = new Map<string, { topicId: Uuid; partitions: object[] }>();
  // KIP-320: without epochs the leader cannot tell that the reader's log has parted from its own.
  const namesEpochs = !hasFlaw(settings, "no-client-epoch");
  const asked: AskedPartition[] = [];
  for (const { name, topic, partition, fetchedTo, lastEpoch } of partitions) {
    const topicId = self.cluster.topics.get(topic)?.id;
    if (topicId === undefined) continue;
    const entry = topics.get(topic) ?? { topicId, partitions: [] };
    topics.set(topic, entry);
    entry.partitions.push({
      partition,
      currentLeaderEpoch: namesEpochs ? (leaderOf(self, topic, partition)?.epoch ?? -1) : -1,
      fetchOffset: fetchedTo,
      lastFetchedEpoch: namesEpochs ? lastEpoch : -1,
      partitionMaxBytes: settings["max.partition.fetch.bytes"],
    });
    asked.push({ name, offset: fetchedTo });
  }
  const body = {
    maxWaitMs: settings["fetch.max.wait.ms"],
    minBytes: settings["fetch.min.bytes"],
    maxBytes: settings["fetch.max.bytes"],
    topics: [...topics].map(([topic, entry]) => ({
      topic,
      topicId: entry.topicId,
      partitions: entry.partitions as never,
    })),
    forgottenTopicsData: [],
  };
  const purpose = { type: "fetch", from: leader, asked } as const;
  if (!request(self, peer, fetch, body, purpose, turn)) return;
  consumer.fetchingFrom.add(leader);
  for (const partition of partitions) partition.fetching = true;
}

/** The leader answered; undefined: nothing was heard. */
export function onFetched(
  self: Client,
  consumer: Consumer,
  settings: ConsumerSettings,
  from: BrokerId,
  asked: readonly AskedPartition[],
  response: FetchResponse | undefined,
  turn: Turn,
): void {
  consumer.fetchingFrom.delete(from);
  for (const { name, offset: at } of asked) {
    const partition = consumer.assigned.get(name);
    if (partition === undefined) continue;
    partition.fetching = false;
    // A seek in the meantime makes this the answer to another question.
    if (
      partition.position === undefined ||
      partition.fetchedTo !== at ||
      partition.buffered.length > 0
    )
      continue;
    const answer = answerFor(self, response, partition);
    const error = answer === undefined ? "NETWORK_EXCEPTION" : errorName(answer.errorCode);
    if (answer !== undefined && error === "NONE") take(self, settings, partition, answer, turn);
    else if (error === "OFFSET_OUT_OF_RANGE") reset(consumer, settings, partition, turn);
    else {
      if (isMetadataError(error)) markStale(self, turn);
      retryLater(self, partition, error, turn);
    }
  }
}

function answerFor(
  self: Client,
  response: FetchResponse | undefined,
  partition: AssignedPartition,
): FetchedPartition | undefined {
  const id = self.cluster.topics.get(partition.topic)?.id;
  return response?.responses
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
  const { settings } = self.config;
  const wait = backoff(
    settings["retry.backoff.ms"],
    settings["retry.backoff.max.ms"],
    partition.failures,
    turn,
  );
  partition.retryAt = (turn.now.monotonic + wait) as Millis;
}

function take(
  self: Client,
  settings: ConsumerSettings,
  partition: AssignedPartition,
  answer: FetchedPartition,
  turn: Turn,
): void {
  partition.failures = 0;
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
