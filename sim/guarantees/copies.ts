/*
 * Who holds which batch, and who may have lost it: the bookkeeping behind "N−1 of N can fail". Everything here is judged
 * by faults alone: bytes that a process should have flushed and did not are never an excuse.
 */
import type { CoreEvent } from "#core";
import type { Scenario } from "../scenario/schema.ts";
import type { TraceEvent } from "../trace/events.ts";

/** One batch as the cluster holds it. */
export interface Batch {
  readonly base: number;
  readonly next: number;
  readonly crc: number;
  /** Brokers whose log holds it. */
  readonly holders: Set<number>;
  /** Brokers that a power loss took it from and that are still in U. */
  readonly lostBy: Set<number>;
  /** A replica lost its copy at some time. */
  everLost: boolean;
  /** At some instant a copy was lost and no member of the committed ISR was outside U. */
  unprotected: boolean;
}

/** Where a replica's batch stands on its disk. */
interface Place {
  readonly batch: string;
  readonly segment: number;
  readonly end: number;
  readonly next: number;
}

interface PartitionCopies {
  /** The committed ISR. */
  isr: readonly number[];
  /** U: hit, and not since back in the committed ISR under a new broker epoch; with the epoch of the life that was hit. */
  readonly hit: Map<number, number>;
  /** By base offset and checksum. */
  readonly batches: Map<string, Batch>;
  /** By broker, in the order of the log. */
  readonly places: Map<number, Place[]>;
  /** By broker: everything below was flushed, as Kafka flushes it. */
  readonly flushed: Map<number, number>;
}

export interface Copies {
  readonly brokers: ReadonlyMap<string, number>;
  readonly epochs: Map<number, number>;
  readonly partitions: Map<string, PartitionCopies>;
}

export const newCopies = ({ cluster }: Scenario): Copies => ({
  brokers: new Map(cluster.brokers.map(({ id }) => [`b${id}`, id])),
  epochs: new Map(),
  partitions: new Map(),
});

export const batchKey = (base: number, crc: number): string => `${base} ${crc}`;

function copiesOf(copies: Copies, partition: string): PartitionCopies {
  const known = copies.partitions.get(partition);
  if (known !== undefined) return known;
  const fresh: PartitionCopies = {
    isr: [],
    hit: new Map(),
    batches: new Map(),
    places: new Map(),
    flushed: new Map(),
  };
  copies.partitions.set(partition, fresh);
  return fresh;
}

/** The batch that holds an offset with that checksum, if anybody ever held it. */
export function findBatch(
  copies: Copies,
  partition: string,
  offset: number,
  crc: number,
): Batch | undefined {
  for (const batch of copies.partitions.get(partition)?.batches.values() ?? []) {
    if (batch.crc === crc && batch.base <= offset && offset < batch.next) return batch;
  }
  return undefined;
}

/** Takes in one event. */
export function followCopies(copies: Copies, event: TraceEvent): void {
  const broker = copies.brokers.get(event.node);
  switch (event.type) {
    case "note":
      return onNote(copies, broker, event.event);
    case "fault":
      if (event.fault.type !== "powerLoss") return;
      // Also a machine whose process was down: what its page cache held is gone.
      for (const node of event.targets) hit(copies, copies.brokers.get(node));
      return;
    case "down":
      if (event.how !== "stopped") hit(copies, broker);
      else if (broker !== undefined) trustAll(copies, broker);
      return;
    case "fileHurt":
      if (broker !== undefined) onHurt(copies, broker, event.file, event.from);
      return;
    default:
      return;
  }
}

function onNote(copies: Copies, broker: number | undefined, event: CoreEvent): void {
  switch (event.type) {
    case "brokerRegistered":
      copies.epochs.set(event.broker, event.epoch);
      return;
    case "partitionChanged":
      return onIsr(copies, event.partition, event.isr);
    case "appended":
      if (broker !== undefined) onAppended(copies, broker, event);
      return;
    case "truncated":
      if (broker !== undefined) cut(copies, broker, event.partition, event.to);
      return;
    case "logOpened":
      if (broker !== undefined) cut(copies, broker, event.partition, event.end);
      return;
    case "flushed":
      if (broker !== undefined) copiesOf(copies, event.partition).flushed.set(broker, event.to);
      return;
    default:
      return;
  }
}

function onIsr(copies: Copies, partition: string, isr: readonly number[]): void {
  const own = copiesOf(copies, partition);
  for (const id of isr) {
    const hitUnder = own.hit.get(id);
    if (hitUnder === undefined || own.isr.includes(id)) continue;
    if ((copies.epochs.get(id) ?? -1) <= hitUnder) continue;
    own.hit.delete(id);
    for (const batch of own.batches.values()) batch.lostBy.delete(id);
  }
  own.isr = isr;
  weigh(own);
}

/** Marks what is lost somewhere while nobody in the ISR is beyond doubt. */
function weigh({ isr, hit, batches }: PartitionCopies): void {
  if (isr.some((id) => !hit.has(id))) return;
  for (const batch of batches.values()) if (batch.lostBy.size > 0) batch.unprotected = true;
}

function hit(copies: Copies, broker: number | undefined): void {
  if (broker === undefined) return;
  for (const own of copies.partitions.values()) {
    own.hit.set(broker, copies.epochs.get(broker) ?? -1);
    weigh(own);
  }
}

/** A clean stop flushes everything before it says so. */
function trustAll(copies: Copies, broker: number): void {
  for (const own of copies.partitions.values()) {
    const last = own.places.get(broker)?.at(-1);
    if (last !== undefined) own.flushed.set(broker, last.next);
  }
}

function onAppended(
  copies: Copies,
  broker: number,
  event: Extract<CoreEvent, { type: "appended" }>,
): void {
  const own = copiesOf(copies, event.partition);
  const key = batchKey(event.base, event.crc);
  const batch = own.batches.get(key) ?? {
    base: event.base,
    next: event.next,
    crc: event.crc,
    holders: new Set<number>(),
    lostBy: new Set<number>(),
    everLost: false,
    unprotected: false,
  };
  own.batches.set(key, batch);
  batch.holders.add(broker);
  const places = own.places.get(broker) ?? [];
  own.places.set(broker, places);
  const { segment, next } = event;
  places.push({ batch: key, segment, end: event.position + event.length, next });
}

/** A replica's log ends at `end` now: what stood behind is held by it no longer. */
function cut(copies: Copies, broker: number, partition: string, end: number): void {
  const own = copiesOf(copies, partition);
  const places = own.places.get(broker);
  while (places !== undefined && (places.at(-1)?.next ?? 0) > end) {
    const place = places.pop();
    if (place !== undefined) own.batches.get(place.batch)?.holders.delete(broker);
  }
  if ((own.flushed.get(broker) ?? 0) > end) own.flushed.set(broker, end);
}

const logFile = /^(.+-\d+)\/(\d{20})\.log$/;

/** A fault took bytes of a log file from `from` on. Only bytes that nobody had to flush are excused. */
function onHurt(copies: Copies, broker: number, file: string, from: number): void {
  const match = logFile.exec(file);
  const own = copies.partitions.get(match?.[1] ?? "");
  if (match === null || own === undefined) return;
  const segment = Number(match[2]);
  const flushed = own.flushed.get(broker) ?? 0;
  for (const place of own.places.get(broker) ?? []) {
    if (place.segment !== segment || place.end <= from || place.next <= flushed) continue;
    const batch = own.batches.get(place.batch);
    if (batch === undefined || !batch.holders.delete(broker)) continue;
    batch.lostBy.add(broker);
    batch.everLost = true;
  }
  weigh(own);
}
