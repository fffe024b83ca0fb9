/*
 * Sends batches and takes answers (Kafka's Sender): per broker one request with one batch of each of its partitions,
 * at most max.in.flight.requests.per.connection of them at a time.
 */
import { type BrokerId, partitionName, producerId } from "../../foundation/ids.ts";
import type { ProducerSettings } from "../../foundation/settings.ts";
import { note, type Turn } from "../../foundation/turn.ts";
import { produce, type ProduceResponse } from "../../wire/api/produce.ts";
import { encodeBatch, readBatchHeader } from "../../wire/batch.ts";
import { type ErrorName, errorName, isRetriable } from "../../wire/errors.ts";
import { retryAfter } from "../backoff.ts";
import { isMetadataError, leaderOf, markStale } from "../network/cluster.ts";
import { readyPeer, request, tell } from "../network/peers.ts";
import type { Peer } from "../network/state.ts";
import { resolve } from "../outcome.ts";
import type { Client } from "../state.ts";
import { wakeBy } from "../wake.ts";
import { finish } from "./accumulator.ts";
import { acked, mayBegin, mustWait, sequence, sequences } from "./sequences.ts";
import type { Batch, PartitionQueue, Producer } from "./state.ts";

/** Sends all that may be sent now. */
export function sendBatches(
  self: Client,
  producer: Producer,
  settings: ProducerSettings,
  turn: Turn,
): void {
  // A request takes one batch a partition, so that several may be needed.
  for (;;) {
    let byLeader: Map<BrokerId, PartitionQueue[]> | undefined;
    for (const queue of producer.queues.values()) {
      if (!isReady(self, producer, settings, queue, turn)) continue;
      const leader = leaderOf(self, queue.topic, queue.partition)?.leader;
      if (leader === undefined) {
        markStale(self, turn);
        continue;
      }
      byLeader ??= new Map();
      const queues = byLeader.get(leader);
      if (queues === undefined) byLeader.set(leader, [queue]);
      else queues.push(queue);
    }
    if (byLeader === undefined) return;
    let sent = false;
    for (const [leader, queues] of byLeader) {
      const peer = readyPeer(self, leader, turn);
      if (
        peer === undefined ||
        peer.pending.length >= settings["max.in.flight.requests.per.connection"]
      )
        continue;
      if (sendTo(self, producer, settings, peer, queues, turn)) sent = true;
    }
    if (!sent) return;
  }
}

/** Whether the first batch of a queue is to be sent now. */
function isReady(
  self: Client,
  producer: Producer,
  settings: ProducerSettings,
  queue: PartitionQueue,
  turn: Turn,
): boolean {
  const [first] = queue.waiting;
  if (first === undefined) return false;
  const now = turn.now.monotonic;
  if (first.retryAt > now) {
    wakeBy(self, first.retryAt);
    return false;
  }
  // With one request at a time order rests on that alone, also where the leader has moved (Sender's guaranteeMessageOrder).
  if (settings["max.in.flight.requests.per.connection"] === 1 && queue.inFlight.length > 0) {
    return false;
  }
  if (first.sequence === -1 ? !mayBegin(producer, queue, settings) : mustWait(queue, first))
    return false;
  const lingers = first.created + settings["linger.ms"];
  if (first.closed || first.attempts > 0 || queue.waiting.length > 1) return true;
  if (producer.flushes.length > 0 || lingers <= now) return true;
  wakeBy(self, lingers);
  return false;
}

function sendTo(
  self: Client,
  producer: Producer,
  settings: ProducerSettings,
  peer: Peer,
  queues: readonly PartitionQueue[],
  turn: Turn,
): boolean {
  const topics = new Map<string, { index: number; records: Uint8Array }[]>();
  const batches: Batch[] = [];
  let size = 0;
  for (const queue of queues) {
    const [batch] = queue.waiting;
    if (batch === undefined) continue;
    if (size > 0 && size + batch.size > settings["max.request.size"]) break;
    size += batch.size;
    const records = prepare(producer, queue, batch, turn);
    const partitions = topics.get(queue.topic);
    if (partitions === undefined) topics.set(queue.topic, [{ index: queue.partition, records }]);
    else partitions.push({ index: queue.partition, records });
    queue.waiting.shift();
    queue.inFlight.push(batch);
    batches.push(batch);
  }
  if (batches.length === 0) return false;
  const acks = settings.acks === "all" ? -1 : Number(settings.acks);
  const topicData = [...topics].map(([name, partitionData]) => ({ name, partitionData }));
  const body = {
    transactionalId: null,
    acks,
    timeoutMs: settings["request.timeout.ms"],
    topicData,
  };
  const ids = batches.map(({ id }) => id);
  const purpose = { type: "produce", batches: ids, to: peer.id } as const;
  const sent =
    acks === 0
      ? tell(self, peer, produce, body, turn)
      : request(self, peer, produce, body, purpose, turn);
  if (!sent) {
    for (const batch of batches) fail(self, producer, batch, "UNSUPPORTED_VERSION", turn);
  } else if (acks === 0) {
    for (const batch of batches) forget(self, producer, batch, turn);
  }
  return sent;
}

/** The batch's bytes, encoded when it is first sent; the trace hears of every try. */
function prepare(producer: Producer, queue: PartitionQueue, batch: Batch, turn: Turn): Uint8Array {
  batch.closed = true;
  sequence(producer, queue, batch);
  const bytes = batch.bytes ?? encode(producer, batch, turn);
  batch.bytes = bytes;
  const { producerEpoch, sequence: first } = batch;
  note(turn, {
    type: "batched",
    partition: partitionName(batch.topic, batch.partition),
    calls: [...batch.calls],
    producer: producerId(first === -1 ? -1 : producer.producerId),
    producerEpoch,
    sequence: first,
    crc: readBatchHeader(bytes).crc,
    length: bytes.length,
    attempt: batch.attempts,
  });
  batch.attempts += 1;
  return bytes;
}

const encode = (producer: Producer, batch: Batch, turn: Turn): Uint8Array =>
  encodeBatch(
    {
      baseOffset: 0,
      leaderEpoch: -1,
      producerId: batch.sequence === -1 ? -1 : producer.producerId,
      producerEpoch: batch.producerEpoch,
      baseSequence: batch.sequence,
      records: batch.records,
    },
    turn.ports.bytes,
  );

/** Acks=0: sent is all that will ever be known. */
function forget(self: Client, producer: Producer, batch: Batch, turn: Turn): void {
  const { topic, partition } = batch;
  for (const call of take(producer, batch)) {
    resolve(self, call, { type: "sent", topic, partition }, turn);
  }
}

/** Takes a batch out of everything; returns its calls. */
function take(producer: Producer, batch: Batch): readonly Batch["calls"][number][] {
  const queue = producer.queues.get(partitionName(batch.topic, batch.partition));
  if (queue !== undefined) {
    remove(queue.inFlight, batch);
    remove(queue.waiting, batch);
  }
  producer.buffered -= batch.size;
  for (const call of batch.calls) finish(producer, call);
  return batch.calls;
}

function remove(batches: Batch[], batch: Batch): void {
  const at = batches.indexOf(batch);
  if (at !== -1) batches.splice(at, 1);
}

/** A produce was answered; undefined: its connection ended, and nobody knows what became of it. */
export function onProduced(
  self: Client,
  producer: Producer,
  ids: readonly number[],
  response: ProduceResponse | undefined,
  turn: Turn,
): void {
  for (const batch of inFlight(producer, ids)) {
    const answer = response?.responses
      .find(({ name }) => name === batch.topic)
      ?.partitionResponses.find(({ index }) => index === batch.partition);
    const error = answer === undefined ? "NETWORK_EXCEPTION" : errorName(answer.errorCode);
    if (error === "NONE" || error === "DUPLICATE_SEQUENCE_NUMBER") {
      acknowledge(self, producer, batch, answer?.baseOffset ?? -1, turn);
    } else onError(self, producer, batch, error, turn);
  }
}

function inFlight(producer: Producer, ids: readonly number[]): Batch[] {
  const found: Batch[] = [];
  for (const queue of producer.queues.values()) {
    for (const batch of queue.inFlight) if (ids.includes(batch.id)) found.push(batch);
  }
  if (found.length < 2) return found;
  // In the order in which they were sent: a queue takes them back in order.
  return found.toSorted((a, b) => a.id - b.id);
}

function acknowledge(
  self: Client,
  producer: Producer,
  batch: Batch,
  base: number,
  turn: Turn,
): void {
  const { topic, partition } = batch;
  const queue = producer.queues.get(partitionName(topic, partition));
  if (queue !== undefined) acked(queue, batch);
  for (const [i, call] of take(producer, batch).entries()) {
    const offset = (base === -1 ? -1 : base + i) as never;
    resolve(self, call, { type: "acknowledged", topic, partition, offset }, turn);
  }
}

/** Errors after which it is not known whether the batch is in the log. */
const mayHaveBeenAppended = (error: ErrorName): boolean =>
  error === "NETWORK_EXCEPTION" ||
  error === "REQUEST_TIMED_OUT" ||
  error === "NOT_ENOUGH_REPLICAS_AFTER_APPEND" ||
  error === "NOT_LEADER_OR_FOLLOWER" ||
  error === "UNKNOWN_SERVER_ERROR" ||
  error === "KAFKA_STORAGE_ERROR";

function onError(
  self: Client,
  producer: Producer,
  batch: Batch,
  error: ErrorName,
  turn: Turn,
): void {
  const name = partitionName(batch.topic, batch.partition);
  const queue = producer.queues.get(name);
  if (queue === undefined) return;
  if (isMetadataError(error)) markStale(self, turn);
  const gap = producer.idempotent && isGap(error);
  // Only a gap lets the sequences begin anew; what its producer is told stays open.
  if (gap && !isPassed(queue, batch)) batch.maybeAppended = false;
  else if (mayHaveBeenAppended(error)) leaveOpen(batch);
  if (!gap && !isRetriable(error)) return fail(self, producer, batch, error, turn);
  if (gap) queue.unresolved = queue.unresolved || isNext(queue, batch);
  remove(queue.inFlight, batch);
  putBack(queue, batch);
  batch.retryAt = retryAfter(self, batch.attempts, turn);
  note(turn, { type: "retried", api: "Produce", partition: name, reason: error });
}

const isGap = (error: ErrorName): boolean =>
  error === "OUT_OF_ORDER_SEQUENCE_NUMBER" || error === "UNKNOWN_PRODUCER_ID";

/**
 * Whether a later batch was acknowledged. Brokers remember five batches: one that is older than those may stand in the
 * log, and looks to them like a gap all the same.
 */
const isPassed = (queue: PartitionQueue, batch: Batch): boolean =>
  batch.producerEpoch === queue.producerEpoch &&
  queue.lastAcked !== -1 &&
  (queue.lastAcked - batch.sequence + sequences) % sequences < sequences / 2;

/** Whether the broker should have accepted this batch: then the gap is not filled by an earlier one still on its way. */
const isNext = (queue: PartitionQueue, batch: Batch): boolean =>
  batch.sequence === (queue.lastAcked + 1) % sequences;

/** Back to its place among those that wait: batches are numbered in their order. */
function putBack(queue: PartitionQueue, batch: Batch): void {
  const at = queue.waiting.findIndex(({ id }) => id > batch.id);
  if (at === -1) queue.waiting.push(batch);
  else queue.waiting.splice(at, 0, batch);
}

/** Gives up what has not been acknowledged within delivery.timeout.ms. */
export function expireBatches(
  self: Client,
  producer: Producer,
  settings: ProducerSettings,
  turn: Turn,
): void {
  for (const queue of producer.queues.values()) {
    if (queue.inFlight.length === 0 && queue.waiting.length === 0) continue;
    for (const batch of [...queue.inFlight, ...queue.waiting]) {
      const end = batch.created + settings["delivery.timeout.ms"];
      if (end > turn.now.monotonic) {
        wakeBy(self, end);
        continue;
      }
      if (queue.inFlight.includes(batch)) leaveOpen(batch);
      fail(self, producer, batch, "TIMED_OUT", turn);
    }
  }
}

function leaveOpen(batch: Batch): void {
  batch.maybeAppended = true;
  batch.isUncertain = true;
}

/** Gives a batch up. */
function fail(
  self: Client,
  producer: Producer,
  batch: Batch,
  error: ErrorName | "TIMED_OUT",
  turn: Turn,
): void {
  const queue = producer.queues.get(partitionName(batch.topic, batch.partition));
  if (queue !== undefined && batch.sequence !== -1) queue.unresolved = true;
  const { settings } = self.config;
  const reason =
    error === "TIMED_OUT" && "delivery.timeout.ms" in settings
      ? `Not acknowledged within delivery.timeout.ms (${settings["delivery.timeout.ms"]}).`
      : `The broker answered ${error}.`;
  for (const call of take(producer, batch)) {
    if (batch.isUncertain) resolve(self, call, { type: "unknown", reason }, turn);
    else resolve(self, call, { type: "failed", error, reason }, turn);
  }
}
