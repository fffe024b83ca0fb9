/*
 * Who holds which batch, and who may have lost it: the bookkeeping behind "N−1 of N can fail". Everything here is judged
 * by faults alone: bytes that a process should have flushed and did not are never an excuse.
 */
import type { CoreEvent } from "#core";
import { topicOf } from "../scenario/operating.ts";
import type { Micros, TraceEvent } from "../trace/events.ts";
import type { Precondition } from "./guarantee.ts";
import {
  type Batch,
  type Copies,
  type Met,
  type PartitionCopies,
  type Place,
  batchKey,
  copiesOf,
  newPartition,
} from "./copies-state.ts";

/** Which of the topics that had the name a partition is of. */
export const eraOf = (copies: Copies, partition: string): number =>
  copies.partitions.get(partition)?.era ?? 0;

const isStale = (copies: Copies, partition: string, broker: number): boolean =>
  copies.partitions.get(partition)?.stale.has(broker) === true;

function metBy(copies: Copies, event: TraceEvent): Met {
  const { seq } = event;
  if (event.type !== "note" || !("partition" in event.event))
    return { seq, stale: false, isr: undefined };
  const partition = event.event.partition ?? "";
  const broker = copies.brokers.get(event.node);
  const stale = broker !== undefined && isStale(copies, partition, broker);
  return { seq, stale, isr: copies.partitions.get(partition)?.isr };
}

/** Another topic has the name of one that is gone: nothing that was known of that one counts for it. */
function onTopic(copies: Copies, event: Extract<CoreEvent, { type: "topicCreated" }>): void {
  const { topic, id, at } = event;
  const before = copies.topics.get(topic);
  // A controller that takes over may tell of both again.
  if (before !== undefined && (before.at >= at || before.id === id)) return;
  copies.topics.set(topic, { at, id });
  if (before === undefined) return;
  for (const [name, old] of copies.partitions) {
    if (topicOf(name) !== topic) continue;
    const fresh = newPartition(old.era + 1, new Set([...old.held, ...old.stale]));
    for (const [broker, epoch] of old.hit)
      if ((copies.epochs.get(broker) ?? -1) <= epoch) fresh.hit.set(broker, epoch);
    copies.partitions.set(name, fresh);
  }
}

/** The batch with that base offset and checksum, if anybody ever held it. */
export const findBatch = (
  copies: Copies,
  partition: string,
  base: number,
  crc: number,
): Batch | undefined => copies.partitions.get(partition)?.batches.get(batchKey(base, crc));

/** What rot takes away: whoever serves a rotten record does not know. */
export const disksKeepBits: Precondition = {
  id: "disks-keep-bits",
  sentence: "no bit of a record, there or before it in its partition, changed by itself on a disk",
};

/** Whether every disk still holds the bits that were written there of a partition's records before `end`. */
export const keepsBits = (copies: Copies, partition: string, end: number): boolean =>
  end <= (copies.partitions.get(partition)?.rottenFrom ?? Infinity);

/**
 * Whether the promise of N−1 of N covers a batch: at each instant either no replica had lost its bytes or one that is
 * in the committed ISR, or eligible, was outside U. Where nothing but stops can shrink an ISR and at most N−1 replicas
 * were ever hit it covers everything, whatever became of the ISR.
 */
export function isCovered(copies: Copies, partition: string, batch: Batch | undefined): boolean {
  if (batch === undefined || isSpared(copies, partition)) return true;
  const unprotected = copies.partitions.get(partition)?.unprotected ?? [];
  const isWithin = ({ isWhole, next, epochs }: Batch): boolean =>
    isWhole === true && batch.base < next && [...batch.epochs].some((epoch) => epochs.has(epoch));
  return batch.unprotectedAt < 0 && !unprotected.some(isWithin);
}

/**
 * Whether the promise covers every record of a partition from one offset to another (exclusive). `epoch`: only what was
 * appended under that one is meant, not what stood there before or after.
 */
export function isStretchCovered(
  copies: Copies,
  partition: string,
  from: number,
  to: number,
  epoch?: number,
): boolean {
  const unprotected = copies.partitions.get(partition)?.unprotected ?? [];
  const isMeant = ({ base, next, epochs }: Batch): boolean =>
    base < to && next > from && (epoch === undefined || epochs.has(epoch));
  return !unprotected.some(isMeant) || isSpared(copies, partition);
}

/**
 * Whether a partition without a leader could have one: somebody who may lead by right, or where nobody is left the last
 * leader, has not lost its disk.
 */
export function mayBeLed({ lastKnownLeads, partitions }: Copies, partition: string): boolean {
  const own = partitions.get(partition);
  if (own === undefined) return false;
  const lastKnown = lastKnownLeads ? own.lastKnown : [];
  const candidates = own.eligible.length > 0 ? own.eligible : lastKnown;
  return candidates.some((id) => !own.wiped.has(id));
}

function isSpared({ onlyStops, partitions, everHit }: Copies, partition: string): boolean {
  const replicas = partitions.get(partition)?.replicas ?? [];
  return onlyStops && replicas.some((id) => !everHit.has(id));
}

/** Takes in one event, if it is not yet: all that judge by copies share one bookkeeping, and each hands it every event. */
export function followCopies(copies: Copies, event: TraceEvent): Met {
  if (event.seq <= copies.met.seq) return copies.met;
  copies.met = metBy(copies, event);
  takeIn(copies, event);
  return copies.met;
}

function takeIn(copies: Copies, event: TraceEvent): void {
  switch (event.type) {
    case "note":
      return onNote(copies, copies.brokers.get(event.node), event.event, event.at);
    case "down": {
      const broker = copies.brokers.get(event.node);
      if (broker === undefined) return;
      if (event.how === "stopped") trustAll(copies, broker);
      else onHit(copies, broker, event.at);
      return;
    }
    case "fileHurt": {
      const broker = copies.brokers.get(event.node);
      // What a crash undoes was never told of as appended.
      if (broker === undefined) return;
      if (event.why === "rotten") {
        return onRot(copies, broker, event);
      }
      if (event.why === "emptied") onHit(copies, broker, event.at);
      if (event.why === "unsynced" || event.why === "emptied") onHurt(copies, broker, event);
      return;
    }
    case "fault":
      // What such a disk says that it has flushed may be gone all the same.
      if (event.fault.type !== "lyingFsync") return;
      for (const name of event.targets) {
        const broker = copies.brokers.get(name);
        if (broker !== undefined) copies.liars.add(broker);
      }
      return;
    default:
      return;
  }
}

function onNote(copies: Copies, broker: number | undefined, event: CoreEvent, at: Micros): void {
  if ("partition" in event && broker !== undefined) {
    if (event.type === "replicaDeleted") forget(copies, broker, event.partition);
    else if (isStale(copies, event.partition ?? "", broker)) return;
  }
  switch (event.type) {
    case "brokerRegistered":
      copies.epochs.set(event.broker, event.epoch);
      return;
    case "brokerFenced":
      // Fenced for late heartbeats alone: more than stops can shrink an ISR here.
      if (!copies.everHit.has(event.broker)) copies.onlyStops = false;
      return;
    case "topicCreated":
      return onTopic(copies, event);
    case "eligibleCleared":
      return clearEligible(copies, event.topic, at);
    case "partitionChanged":
      return onPartition(copies, event, at);
    case "appended":
      if (broker !== undefined) onAppended(copies, broker, event);
      return;
    case "truncated":
      if (broker !== undefined) cut(copies, broker, event.partition, event.to);
      return;
    case "logRestarted":
    case "replicaDeleted":
      if (broker !== undefined) cut(copies, broker, event.partition, 0);
      return;
    case "logOpened":
      if (broker === undefined) return;
      copiesOf(copies, event.partition).held.add(broker);
      cut(copies, broker, event.partition, event.end);
      adopt(copies, broker, event.partition, event.end);
      return;
    case "flushed":
      if (broker === undefined || copies.liars.has(broker)) return;
      copiesOf(copies, event.partition).flushed.set(broker, event.to);
      return;
    default:
      return;
  }
}

function onPartition(
  copies: Copies,
  event: Extract<CoreEvent, { type: "partitionChanged" }>,
  at: Micros,
): void {
  const own = copiesOf(copies, event.partition);
  for (const id of event.isr) {
    const hitUnder = own.hit.get(id);
    // Nobody knows what is missing on a disk that has lied: recovery looks only behind what was said to be flushed.
    if (hitUnder === undefined || own.isr.includes(id) || copies.liars.has(id)) continue;
    if ((copies.epochs.get(id) ?? -1) > hitUnder) leaveU(own, id);
  }
  own.replicas = event.replicas;
  own.leader = event.leader;
  own.isr = event.isr;
  own.lastKnown = event.lastKnownElr;
  own.eligible = [...event.isr, ...event.elr];
  weigh(own, at);
}

/** Only the in-sync replicas may lead by right now. */
function clearEligible(copies: Copies, topic: string, at: Micros): void {
  for (const [name, own] of copies.partitions) {
    if (topic !== "" && topicOf(name) !== topic) continue;
    own.eligible = own.isr;
    own.lastKnown = [];
    weigh(own, at);
  }
}

function leaveU(own: PartitionCopies, broker: number): void {
  own.hit.delete(broker);
  own.wiped.delete(broker);
  for (const key of own.lost) {
    const lostBy = own.batches.get(key)?.lostBy;
    lostBy?.delete(broker);
    if (lostBy === undefined || lostBy.size === 0) own.lost.delete(key);
  }
}

/** Marks what is lost somewhere while none of those who are eligible is beyond doubt. */
function weigh(own: PartitionCopies, at: Micros): void {
  if (own.lost.size === 0 || own.eligible.some((id) => !own.hit.has(id))) return;
  for (const key of own.lost) {
    const batch = own.batches.get(key);
    if (batch === undefined || batch.unprotectedAt >= 0) continue;
    batch.unprotectedAt = at;
    own.unprotected.push(batch);
  }
}

function onHit(copies: Copies, broker: number, at: Micros): void {
  copies.everHit.add(broker);
  for (const own of copies.partitions.values()) {
    own.hit.set(broker, copies.epochs.get(broker) ?? -1);
    weigh(own, at);
  }
}

/** A clean stop flushes everything before it says so. */
function trustAll(copies: Copies, broker: number): void {
  if (copies.liars.has(broker)) return;
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
  const { base, next, segment } = event;
  const key = batchKey(base, event.crc);
  let batch = own.batches.get(key);
  if (batch === undefined) {
    const none = {
      epochs: new Set<number>(),
      holders: new Set<number>(),
      lostBy: new Set<number>(),
    };
    batch = { base, next, ...none, everLost: false, unprotectedAt: -1 };
    own.batches.set(key, batch);
  }
  own.held.add(broker);
  batch.epochs.add(event.epoch);
  batch.holders.add(broker);
  const places = own.places.get(broker) ?? [];
  own.places.set(broker, places);
  places.push({ batch: key, segment, end: event.position + event.length, next });
}

/** A broker has no log of a partition any more, of whichever topic it was. */
function forget(copies: Copies, broker: number, partition: string): void {
  const own = copiesOf(copies, partition);
  if (!own.stale.delete(broker)) own.held.delete(broker);
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

/**
 * A log reaches further than was told: its process died between two operations of one step, and the first of them stands.
 * The batches there are those that others hold at these offsets, or will be cut.
 */
function adopt(copies: Copies, broker: number, partition: string, end: number): void {
  const own = copiesOf(copies, partition);
  const places = own.places.get(broker) ?? [];
  const from = places.at(-1)?.next ?? 0;
  if (from >= end) return;
  for (const [other, others] of own.places) {
    if (other === broker) continue;
    const untold = others.filter(({ batch, next }) => {
      return next <= end && (own.batches.get(batch)?.base ?? -1) >= from;
    });
    if (untold.at(-1)?.next !== end) continue;
    own.places.set(broker, [...places, ...untold]);
    for (const { batch } of untold) own.batches.get(batch)?.holders.add(broker);
    return;
  }
}

const logFile = /^(.+-\d+)\/(\d{20})\.log$/;

/**
 * A power loss took bytes of a log file from `from` on, and with them the copies of all batches from there to the end of
 * the log: recovery cuts at the first one that is not whole. Only bytes that nobody had to flush are excused.
 */
function onHurt(
  copies: Copies,
  broker: number,
  { file, from, before, at, why }: Extract<TraceEvent, { type: "fileHurt" }>,
): void {
  const match = logFile.exec(file);
  const own = copies.partitions.get(match?.[1] ?? "");
  if (match === null || own === undefined) return;
  if (own.stale.has(broker)) {
    if (why === "emptied") own.stale.delete(broker);
    return;
  }
  if (why === "emptied") loseOffsets(own, broker);
  // A file that had been removed, and is back: nothing is gone.
  if (before <= from) return weigh(own, at);
  const segment = Number(match[2]);
  const flushed = why === "emptied" ? 0 : (own.flushed.get(broker) ?? 0);
  for (const place of own.places.get(broker) ?? []) {
    const isBehind = place.segment > segment || (place.segment === segment && place.end > from);
    if (!isBehind || place.next <= flushed) continue;
    const batch = own.batches.get(place.batch);
    if (batch === undefined || !batch.holders.delete(broker)) continue;
    batch.lostBy.add(broker);
    batch.everLost = true;
    own.lost.add(place.batch);
  }
  weigh(own, at);
}

/**
 * With a log goes what it knew of its offsets, of records as well that had been let go before: whoever leads with an empty
 * one counts from 0 again. Kept like a batch from the first offset to the last, of every epoch until now.
 */
function loseOffsets(own: PartitionCopies, broker: number): void {
  own.wiped.add(broker);
  const batches = [...own.batches.values()];
  const next = Math.max(0, ...batches.map((batch) => batch.next));
  const epochs = new Set(batches.flatMap((batch) => [...batch.epochs]));
  const key = `offsets of ${broker} below ${next} in ${epochs.size} epochs`;
  const none = { holders: new Set<number>(), lostBy: new Set<number>(), everLost: true };
  const gone = own.batches.get(key) ?? {
    ...{ base: 0, next, epochs, isWhole: true as const },
    ...none,
    unprotectedAt: -1,
  };
  gone.lostBy.add(broker);
  own.batches.set(key, gone);
  own.lost.add(key);
}

/** Rot touches the batch that it struck, and all behind it. */
function onRot(
  copies: Copies,
  broker: number,
  { file, from }: Extract<TraceEvent, { type: "fileHurt" }>,
): void {
  const match = logFile.exec(file);
  if (match?.[1] === undefined) return;
  const own = copiesOf(copies, match[1]);
  if (own.stale.has(broker)) return;
  const segment = Number(match[2]);
  const places = own.places.get(broker) ?? [];
  const isBehind = (place: Place): boolean =>
    place.segment > segment || (place.segment === segment && place.end > from);
  const struck = places.find(isBehind)?.batch;
  // What was appended untold stands behind all that was told.
  const base = struck === undefined ? places.at(-1)?.next : own.batches.get(struck)?.base;
  if ((base ?? 0) < own.rottenFrom) own.rottenFrom = base ?? 0;
}
