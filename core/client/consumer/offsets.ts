/*
 * Where to begin, and where the end is (Kafka's OffsetFetcher): asks the leaders for earliest and latest offsets.
 */
import { type BrokerId, type CallId, millis, type Offset, offset } from "../../foundation/ids.ts";
import { note, type Turn } from "../../foundation/turn.ts";
import { listOffsets, type ListOffsetsResponse } from "../../wire/api/list-offsets.ts";
import { errorName } from "../../wire/errors.ts";
import { retryAfter } from "../backoff.ts";
import { isMetadataError, leaderOf, markStale } from "../network/cluster.ts";
import { readyPeer, request } from "../network/peers.ts";
import { resolve } from "../outcome.ts";
import type { Client } from "../state.ts";
import { wakeBy } from "../wake.ts";
import { seekTo } from "./positions.ts";
import type { AssignedPartition, Consumer, OffsetQuery } from "./state.ts";

export const latest = -1;
export const earliest = -2;

/** Wants to know an offset: to stand there, or (with `call`) to tell the application. */
export function query(
  consumer: Consumer,
  partition: AssignedPartition,
  timestamp: number,
  why: OffsetQuery["why"],
  call?: CallId,
): void {
  if (call === undefined) {
    forgetWhereToStand(consumer, partition);
    partition.position = undefined;
    partition.buffered = [];
  }
  const id = consumer.nextQuery++;
  const { name, topic } = partition;
  consumer.queries.set(id, {
    id,
    name,
    topic,
    partition: partition.partition,
    timestamp,
    call,
    why,
    asking: false,
    retryAt: millis(0),
    failures: 0,
  });
}

/** Where to stand is asked once, and the last wish counts: an answer to an earlier one moves nothing. */
export function forgetWhereToStand(consumer: Consumer, partition: AssignedPartition): void {
  for (const [id, other] of consumer.queries) {
    if (other.name === partition.name && other.call === undefined) consumer.queries.delete(id);
  }
}

/** Sends what is to be asked, one request a leader. */
export function sendQueries(self: Client, consumer: Consumer, turn: Turn): void {
  if (consumer.queries.size === 0) return;
  const byLeader = new Map<BrokerId, OffsetQuery[]>();
  for (const one of consumer.queries.values()) {
    if (one.asking) continue;
    if (one.retryAt > turn.now.monotonic) {
      wakeBy(self, one.retryAt);
      continue;
    }
    const leader = leaderOf(self, one.topic, one.partition)?.leader;
    if (leader === undefined) {
      markStale(self, turn);
      continue;
    }
    const same = byLeader.get(leader);
    if (same === undefined) byLeader.set(leader, [one]);
    else same.push(one);
  }
  for (const [leader, queries] of byLeader) ask(self, leader, queries, turn);
}

function ask(self: Client, leader: BrokerId, queries: readonly OffsetQuery[], turn: Turn): void {
  const peer = readyPeer(self, leader, turn);
  if (peer === undefined) return;
  // A partition may stand in a request once: another question about it waits its turn.
  const seen = new Set<string>();
  const asked = queries.filter(({ name }) => !seen.has(name) && seen.add(name));
  const topics = new Map<string, object[]>();
  for (const { topic, partition, timestamp } of asked) {
    const currentLeaderEpoch = leaderOf(self, topic, partition)?.epoch ?? -1;
    const entry = { partitionIndex: partition, currentLeaderEpoch, timestamp };
    const same = topics.get(topic);
    if (same === undefined) topics.set(topic, [entry]);
    else same.push(entry);
  }
  const body = {
    replicaId: -1,
    isolationLevel: 0,
    topics: [...topics].map(([name, partitions]) => ({ name, partitions: partitions as never })),
  };
  const ids = asked.map(({ id }) => id);
  const purpose = { type: "offsets", from: leader, queries: ids } as const;
  if (!request(self, peer, listOffsets, body, purpose, turn)) return;
  for (const one of asked) one.asking = true;
}

/** The leader answered; undefined: nothing was heard. */
export function onOffsets(
  self: Client,
  consumer: Consumer,
  ids: readonly number[],
  response: ListOffsetsResponse | undefined,
  turn: Turn,
): void {
  for (const id of ids) {
    const one = consumer.queries.get(id);
    if (one === undefined) continue;
    one.asking = false;
    const answer = response?.topics
      .find(({ name }) => name === one.topic)
      ?.partitions.find(({ partitionIndex }) => partitionIndex === one.partition);
    const error = answer === undefined ? "NETWORK_EXCEPTION" : errorName(answer.errorCode);
    if (answer === undefined || error !== "NONE") {
      if (isMetadataError(error)) markStale(self, turn);
      note(turn, { type: "retried", api: "ListOffsets", partition: one.name, reason: error });
      again(self, one, turn);
      continue;
    }
    consumer.queries.delete(id);
    found(self, consumer, one, offset(answer.offset), answer.leaderEpoch, turn);
  }
}

function again(self: Client, one: OffsetQuery, turn: Turn): void {
  one.failures += 1;
  one.retryAt = retryAfter(self, one.failures, turn);
}

function found(
  self: Client,
  consumer: Consumer,
  one: OffsetQuery,
  at: Offset,
  epoch: number,
  turn: Turn,
): void {
  const partition = consumer.assigned.get(one.name);
  if (one.call === undefined) {
    if (partition !== undefined) seekTo(partition, at, epoch, one.why, turn);
    return;
  }
  const ends = consumer.ends.get(one.call);
  if (ends === undefined) return;
  ends.found.set(one.name, at);
  if (ends.found.size < ends.wanted) return;
  consumer.ends.delete(one.call);
  const offsets = [...consumer.assigned.values()].flatMap(({ name, topic, partition: index }) => {
    const end = ends.found.get(name);
    return end === undefined ? [] : [{ topic, partition: index, offset: end }];
  });
  resolve(self, one.call, { type: "endOffsets", offsets }, turn);
}
