/*
 * Requests that wait (Kafka's DelayedOperationPurgatory): a produce for the high watermark, a fetch for
 * records, a deletion of records for the low watermark. What waits knows the leader epoch that it was parked
 * under and fails when that ends. One timer serves all; each partition holds the ids of those that wait on it.
 */
import type {
  BrokerEpoch,
  BrokerId,
  LeaderEpoch,
  Millis,
  Offset,
  Uuid,
} from "../foundation/ids.ts";
import type { ErrorName } from "../wire/errors.ts";
import type { Caller } from "../wire/sessions.ts";
import type { Partition } from "./partition.ts";

/** One partition of a parked produce. */
export interface ProduceWait {
  readonly name: string;
  readonly topic: string;
  readonly index: number;
  readonly epoch: LeaderEpoch;
  readonly base: Offset;
  /** The high watermark (exclusive) that makes it safe; -1 where nothing was appended. */
  readonly until: Offset;
  /** undefined while it waits. */
  outcome: ErrorName | undefined;
}

export interface ParkedProduce {
  readonly type: "produce";
  readonly id: number;
  readonly caller: Caller;
  readonly deadline: Millis;
  readonly waits: readonly ProduceWait[];
}

/** One partition of a fetch, as it was asked for. */
export interface FetchWant {
  /** The partition's. */
  readonly name: string;
  readonly topic: string;
  readonly topicId: Uuid;
  readonly index: number;
  readonly offset: Offset;
  /** -1: the client does not know. */
  readonly epoch: LeaderEpoch;
  readonly lastEpoch: LeaderEpoch;
  /** Where a follower's own log begins; -1 for a consumer. */
  readonly logStart: Offset;
  readonly maxBytes: number;
}

/** A fetch of a consumer (`replica` -1) or of a follower. */
export interface FetchQuestion {
  readonly caller: Caller;
  readonly replica: BrokerId;
  readonly minBytes: number;
  readonly maxBytes: number;
  /** Where a consumer runs that may read from any replica (KIP-392); undefined: only leaders may answer it. */
  readonly rack: string | undefined;
  readonly wants: readonly FetchWant[];
}

export interface ParkedFetch {
  readonly type: "fetch";
  readonly id: number;
  readonly deadline: Millis;
  /** An incremental fetch names no wants: those of its session count. */
  readonly question: FetchQuestion;
  /** The leader epoch of each wanted partition when it was parked. */
  readonly epochs: readonly LeaderEpoch[];
  readonly context: FetchContext;
}

/** What a fetch has to do with sessions (Kafka's FetchContext). */
export type FetchContext =
  | { readonly type: "sessionless" }
  /** It names all that it wants, and asks for a session. */
  | { readonly type: "full"; readonly brokerEpoch: BrokerEpoch; readonly usesTopicIds: boolean }
  /** It goes on with a session; `epoch` is the request's. */
  | { readonly type: "incremental"; readonly session: number; readonly epoch: number };

/** One partition of a parked DeleteRecords. */
export interface DeleteWait {
  readonly name: string;
  readonly topic: string;
  readonly index: number;
  /** The low watermark that ends the wait; -1 where nothing was done. */
  readonly until: Offset;
  /** The low watermark when it was looked at last. */
  low: Offset;
  /** undefined while it waits. */
  outcome: ErrorName | undefined;
}

export interface ParkedDelete {
  readonly type: "deleteRecords";
  readonly id: number;
  readonly caller: Caller;
  readonly deadline: Millis;
  readonly waits: readonly DeleteWait[];
}

export type Parked = ParkedProduce | ParkedFetch | ParkedDelete;

export interface Purgatory {
  nextId: number;
  readonly parked: Map<number, Parked>;
  /** When the timer fires (monotonic ms); undefined if it is not set. */
  timer: Millis | undefined;
}

export const newPurgatory = (): Purgatory => ({ nextId: 1, parked: new Map(), timer: undefined });

/** Lets a request wait on these partitions. */
export function park(purgatory: Purgatory, parked: Parked, on: Iterable<Partition>): void {
  purgatory.parked.set(parked.id, parked);
  for (const partition of on) partition.parked.add(parked.id);
}

/** Takes a request out again; `partitions` are those that it may wait on. */
export function unpark(purgatory: Purgatory, id: number, partitions: Iterable<Partition>): void {
  purgatory.parked.delete(id);
  for (const partition of partitions) partition.parked.delete(id);
}

/** The ids of what is due at `now`, oldest first. */
export function expired(purgatory: Purgatory, now: Millis): number[] {
  const due: number[] = [];
  for (const parked of purgatory.parked.values()) if (parked.deadline <= now) due.push(parked.id);
  return due;
}

/** The earliest deadline, or undefined if nothing waits. */
export function earliestDeadline(purgatory: Purgatory): Millis | undefined {
  let earliest: Millis | undefined;
  for (const { deadline } of purgatory.parked.values()) {
    if (earliest === undefined || deadline < earliest) earliest = deadline;
  }
  return earliest;
}
