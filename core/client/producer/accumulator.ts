/*
 * Collects records into batches, one queue a partition (Kafka's RecordAccumulator and BuiltInPartitioner).
 */
import type { ProducerRecord } from "../../foundation/calls.ts";
import { type CallId, millis, partitionName } from "../../foundation/ids.ts";
import type { ProducerSettings } from "../../foundation/settings.ts";
import type { Turn } from "../../foundation/turn.ts";
import { batchHeaderSize } from "../../wire/batch.ts";
import { partitionForKey } from "../../wire/murmur2.ts";
import { want } from "../network/cluster.ts";
import { resolve } from "../outcome.ts";
import type { Client } from "../state.ts";
import { wakeBy } from "../wake.ts";
import type { Batch, PartitionQueue, Producer, Unplaced } from "./state.ts";

/** The longest a record's length, offset and timestamp can be as varints, with its attributes. */
const recordOverhead = 21;

const sizeOf = (record: ProducerRecord): number => {
  let size = recordOverhead + (record.key?.length ?? 0) + (record.value?.length ?? 0) + 10;
  for (const header of record.headers ?? [])
    size += 3 * header.key.length + (header.value?.length ?? 0) + 10;
  return size;
};

/** Takes over a record, or says at once why it cannot be sent. */
export function addRecord(
  self: Client,
  producer: Producer,
  settings: ProducerSettings,
  call: CallId,
  record: ProducerRecord,
  turn: Turn,
): void {
  if (batchHeaderSize + sizeOf(record) > settings["max.request.size"]) {
    const reason = `The record is larger than max.request.size (${settings["max.request.size"]} bytes).`;
    return resolve(self, call, { type: "failed", error: "MESSAGE_TOO_LARGE", reason }, turn);
  }
  producer.open.add(call);
  want(self, record.topic);
  producer.unplaced.push({ call, record, since: turn.now.monotonic });
}

/** Gives partitions and room to as many records as possible, in order. */
export function placeRecords(
  self: Client,
  producer: Producer,
  settings: ProducerSettings,
  turn: Turn,
): void {
  let placed = 0;
  for (const one of producer.unplaced) {
    const partitions = self.cluster.topics.get(one.record.topic)?.partitions.length ?? 0;
    if (partitions === 0 || producer.buffered + sizeOf(one.record) > settings["buffer.memory"])
      break;
    place(producer, settings, one, partitions, turn);
    placed += 1;
  }
  if (placed > 0) producer.unplaced.splice(0, placed);
  expireUnplaced(self, producer, settings, turn);
}

function expireUnplaced(
  self: Client,
  producer: Producer,
  settings: ProducerSettings,
  turn: Turn,
): void {
  const patience = settings["delivery.timeout.ms"];
  for (;;) {
    const [oldest] = producer.unplaced;
    if (oldest === undefined) return;
    const end = oldest.since + patience;
    if (end > turn.now.monotonic) return wakeBy(self, end);
    producer.unplaced.shift();
    finish(producer, oldest.call);
    const reason = `No room or no partition for it within ${patience} ms.`;
    resolve(self, oldest.call, { type: "failed", error: "TIMED_OUT", reason }, turn);
  }
}

function place(
  producer: Producer,
  settings: ProducerSettings,
  { call, record }: Unplaced,
  partitions: number,
  turn: Turn,
): void {
  const size = sizeOf(record);
  const partition = partitionFor(producer, settings, record, partitions, size, turn);
  const queue = queueOf(producer, record.topic, partition);
  let batch = queue.waiting.at(-1);
  if (batch === undefined || batch.closed || batch.size + size > settings["batch.size"]) {
    if (batch !== undefined) batch.closed = true;
    batch = newBatch(producer, queue, turn);
    queue.waiting.push(batch);
    producer.buffered += batch.size;
  }
  const { key, value } = record;
  const headers = record.headers ?? [];
  batch.calls.push(call);
  batch.records.push({ timestamp: record.timestamp ?? turn.now.wall, key, value, headers });
  batch.size += size;
  producer.buffered += size;
  if (batch.size >= settings["batch.size"]) batch.closed = true;
}

const newBatch = (producer: Producer, queue: PartitionQueue, turn: Turn): Batch => ({
  id: producer.nextBatch++,
  topic: queue.topic,
  partition: queue.partition,
  calls: [],
  records: [],
  size: batchHeaderSize,
  created: turn.now.monotonic,
  closed: false,
  attempts: 0,
  retryAt: millis(0),
  sequence: -1,
  producerEpoch: -1,
  bytes: undefined,
  maybeAppended: false,
  isUncertain: false,
});

/** By key; without one, the same partition until about batch.size bytes have gone there. */
function partitionFor(
  producer: Producer,
  settings: ProducerSettings,
  record: ProducerRecord,
  partitions: number,
  size: number,
  turn: Turn,
): number {
  if (record.partition !== undefined) return record.partition;
  if (record.key !== null) return partitionForKey(record.key, partitions);
  let sticky = producer.sticky.get(record.topic);
  if (
    sticky === undefined ||
    sticky.bytes >= settings["batch.size"] ||
    sticky.partition >= partitions
  ) {
    sticky = { partition: turn.ports.random() % partitions, bytes: 0 };
    producer.sticky.set(record.topic, sticky);
  }
  sticky.bytes += size;
  return sticky.partition;
}

function queueOf(producer: Producer, topic: string, partition: number): PartitionQueue {
  const name = partitionName(topic, partition);
  const known = producer.queues.get(name);
  if (known !== undefined) return known;
  const queue: PartitionQueue = {
    topic,
    partition,
    waiting: [],
    inFlight: [],
    producerEpoch: -1,
    nextSequence: 0,
    lastAcked: -1,
    unresolved: false,
  };
  producer.queues.set(name, queue);
  return queue;
}

/** Forgets a send that is resolved. */
export function finish(producer: Producer, call: CallId): void {
  producer.open.delete(call);
  for (const flush of producer.flushes) flush.open.delete(call);
}
