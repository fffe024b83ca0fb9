/* What the bookkeeping of copies remembers: of each partition its batches, who holds them and who was hit. */
import type { Scenario } from "../scenario/schema.ts";
import type { Micros } from "../trace/events.ts";
import { hasOnlyStops } from "./only-stops.ts";

/** One batch as the cluster holds it. */
export interface Batch {
  readonly base: number;
  readonly next: number;
  /** Leader epochs under which it was appended: a producer that tries again may bring it to the same offset anew. */
  readonly epochs: Set<number>;
  /** Brokers whose log holds it. */
  readonly holders: Set<number>;
  /** Brokers that a power loss took it from and that are still in U. */
  readonly lostBy: Set<number>;
  /** A replica lost its copy at some time. */
  everLost: boolean;
  /** It stands for all offsets of a log that went with its disk (see `loseOffsets`). */
  readonly isWhole?: true;
  /** When first a copy was lost and no eligible replica was outside U; -1: never. */
  unprotectedAt: Micros;
}

/** Where a replica's batch stands on its disk. */
export interface Place {
  readonly batch: string;
  readonly segment: number;
  readonly end: number;
  readonly next: number;
}

export interface PartitionCopies {
  /** How many topics had the name before this one. */
  readonly era: number;
  /** Brokers that have a log of it. */
  readonly held: Set<number>;
  /** Brokers that still have the log of a topic that had the name before: what they tell is of that one. */
  readonly stale: Set<number>;
  replicas: readonly number[];
  /** The committed leader (-1: nobody) and ISR. */
  leader: number;
  isr: readonly number[];
  /** Who led last, while nobody leads. */
  lastKnown: readonly number[];
  /** C: whoever may lead by holding all that was committed, the committed ISR and the eligible leader replicas. */
  eligible: readonly number[];
  /** U: hit, and not since back in the committed ISR under a new broker epoch; with the epoch of the life that was hit. */
  readonly hit: Map<number, number>;
  /** By base offset and checksum. */
  readonly batches: Map<string, Batch>;
  /** Keys of those that somebody in U has lost. */
  readonly lost: Set<string>;
  /** Those that were ever unprotected. */
  readonly unprotected: Batch[];
  /** Brokers whose log of it went with their disk, and that are still in U. */
  readonly wiped: Set<number>;
  /** By broker, in the order of the log. */
  readonly places: Map<number, Place[]>;
  /**
   * The lowest offset at which a bit changed by itself on some disk: no checksum stops a leader from serving it, and a
   * recovery that meets it cuts all that follows.
   */
  rottenFrom: number;
  /** By broker: everything below was flushed, as Kafka flushes it. */
  readonly flushed: Map<number, number>;
}

export interface Copies {
  readonly brokers: ReadonlyMap<string, number>;
  /** Nothing but crashes and power losses of brokers can shrink an ISR in this run. */
  onlyStops: boolean;
  /** The last leader may lead again where nobody is left who may by right. */
  readonly lastKnownLeads: boolean;
  /** By topic: where its creation stands in the metadata log, and its id. */
  readonly topics: Map<string, { readonly at: number; readonly id: string }>;
  /** The registered epoch of each broker. */
  readonly epochs: Map<number, number>;
  /** Brokers that were ever hit. */
  readonly everHit: Set<number>;
  /** Brokers whose disk said that it had flushed what it had not. */
  readonly liars: Set<number>;
  readonly partitions: Map<string, PartitionCopies>;
  /** What the last event that was taken in met. */
  met: Met;
}

/** How it stood before an event was taken in. */
export interface Met {
  readonly seq: number;
  /** It tells of a topic that is gone, and whose name another has. */
  readonly stale: boolean;
  /** The committed ISR of the partition that it is about; undefined: it is about none, or nothing was known of it. */
  readonly isr: readonly number[] | undefined;
}

export const newCopies = (scenario: Scenario): Copies => ({
  brokers: new Map(scenario.cluster.brokers.map(({ id }) => [`b${id}`, id])),
  onlyStops: hasOnlyStops(scenario),
  lastKnownLeads: scenario.cluster.config["last.known.leader.enable"] !== false,
  topics: new Map(),
  epochs: new Map(),
  everHit: new Set(),
  liars: new Set(),
  partitions: new Map(),
  met: { seq: -1, stale: false, isr: undefined },
});

export const batchKey = (base: number, crc: number): string => `${base} ${crc}`;

/** What is known of a partition, beginning now if nothing was. */
export function copiesOf(copies: Copies, partition: string): PartitionCopies {
  const known = copies.partitions.get(partition);
  if (known !== undefined) return known;
  const fresh = newPartition(0, new Set());
  copies.partitions.set(partition, fresh);
  return fresh;
}

/** Nothing is known yet but who still has the log of an earlier topic of the name. */
export const newPartition = (era: number, stale: Set<number>): PartitionCopies => ({
  era,
  held: new Set(),
  stale,
  replicas: [],
  leader: -1,
  isr: [],
  lastKnown: [],
  eligible: [],
  hit: new Map(),
  batches: new Map(),
  lost: new Set(),
  unprotected: [],
  wiped: new Set(),
  rottenFrom: Infinity,
  places: new Map(),
  flushed: new Map(),
});
