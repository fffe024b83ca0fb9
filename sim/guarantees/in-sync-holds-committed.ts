import type { CoreEvent } from "#core";
import { uncleanTopics } from "../scenario/operating.ts";
import type { TraceEvent } from "../trace/events.ts";
import { cleanElection, type Hazards, isrSurvivor, offForBatch } from "./committed.ts";
import { disksKeepBits, eraOf, followCopies } from "./copies.ts";
import { newCopies } from "./copies-state.ts";
import { followLetGo, isLetGo, type LetGo } from "./let-go.ts";
import type { Guarantee } from "./guarantee.ts";
import { judgePlain, newPlain, type Plain, plainVerdict } from "./plain.ts";

/** What some leader's high watermark has passed in one partition: the keys of its batches, in order. */
interface Committed {
  /** Which of the topics that had the name it is. */
  readonly era: number;
  end: number;
  batches: { readonly key: string; readonly base: number }[];
  /** The partition has broken its promise: whatever follows from that is not told again. */
  broken: boolean;
}

interface State extends Plain, Hazards {
  /** Nobody has to hold what was let go. */
  readonly letGo: LetGo;
  readonly partitions: Map<string, Committed>;
}

/** Leader completeness: any member of the ISR may lead next, so each of them holds what is committed. */
export const inSyncHoldsCommitted: Guarantee<State> = {
  id: "in-sync-holds-committed",
  sentence: "Whoever is in sync holds every record below the highest high watermark that ever was.",
  why: "Each of them may lead next, and what it lacks the others will cut.",
  preconditions: [cleanElection, isrSurvivor, disksKeepBits],
  begin: (scenario, copies = newCopies(scenario)) => ({
    ...newPlain(),
    unclean: uncleanTopics(scenario),
    copies,
    letGo: new Map(),
    partitions: new Map(),
  }),
  step,
  verdict: plainVerdict,
};

function step(state: State, event: TraceEvent): void {
  const { stale, isr: before } = followCopies(state.copies, event);
  followLetGo(state.letGo, event);
  if (event.type !== "note" || stale) return;
  const what = event.event;
  switch (what.type) {
    case "highWatermark":
      if (what.role === "leader") commit(state, event, what);
      return;
    case "partitionChanged":
      for (const id of what.isr) {
        if (before?.includes(id) !== true) judgeAll(state, event, what.partition, id);
      }
      return;
    case "replicaDeleted":
      // The topic is gone: nobody has to hold anything of it.
      committedOf(state, what.partition).broken = true;
      return;
    case "logRestarted": {
      const broker = state.copies.brokers.get(event.node);
      if (broker !== undefined) judgeAll(state, event, what.partition, broker);
      return;
    }
    case "truncated": {
      const broker = state.copies.brokers.get(event.node);
      const { end } = committedOf(state, what.partition);
      if (broker !== undefined && what.to < end) judgeAll(state, event, what.partition, broker);
      return;
    }
    default:
      return;
  }
}

function committedOf(state: State, partition: string): Committed {
  const known = state.partitions.get(partition);
  const era = eraOf(state.copies, partition);
  if (known?.era === era) return known;
  const fresh: Committed = { era, end: 0, batches: [], broken: false };
  state.partitions.set(partition, fresh);
  return fresh;
}

/** A leader's high watermark rose: what it passed for the first time is committed, and all in sync must hold it. */
function commit(
  state: State,
  event: TraceEvent,
  { partition, offset }: Extract<CoreEvent, { type: "highWatermark" }>,
): void {
  const committed = committedOf(state, partition);
  const own = state.copies.partitions.get(partition);
  const leader = state.copies.brokers.get(event.node);
  if (own === undefined || leader === undefined || offset <= committed.end) return;
  const from = committed.batches.length;
  const places = own.places.get(leader) ?? [];
  let first = places.length;
  while (first > 0 && (places[first - 1]?.next ?? 0) > committed.end) first -= 1;
  for (const { batch: key, next } of places.slice(first)) {
    if (next > offset) break;
    committed.batches.push({ key, base: own.batches.get(key)?.base ?? -1 });
  }
  committed.end = offset;
  judgeFrom(state, event, partition, own.isr, from);
}

function judgeAll(state: State, event: TraceEvent, partition: string, broker: number): void {
  if (state.copies.partitions.get(partition)?.isr.includes(broker) !== true) return;
  judgeFrom(state, event, partition, [broker], 0);
}

/** Judges whether members of the ISR hold what is committed, from one batch on. */
function judgeFrom(
  state: State,
  event: TraceEvent,
  partition: string,
  brokers: readonly number[],
  from: number,
): void {
  const committed = committedOf(state, partition);
  let lost = Infinity;
  for (const { key, base } of committed.batches.slice(from))
    for (const id of brokers)
      if (isLost(state, event, partition, id, key) && base < lost) lost = base;
  if (lost === Infinity) return;
  // Nobody promised to keep it: from there on the log that goes on without it has to be kept.
  while ((committed.batches.at(-1)?.base ?? -1) >= lost) committed.batches.pop();
  committed.end = lost;
}

/** Judges one batch on one broker; whether it is gone though nobody promised that it stays. */
function isLost(
  state: State,
  event: TraceEvent,
  partition: string,
  broker: number,
  key: string,
): boolean {
  const committed = committedOf(state, partition);
  const own = state.copies.partitions.get(partition);
  const batch = own?.batches.get(key);
  // Whoever was hit may lack bytes until it is in sync again under a later life.
  if (batch === undefined || committed.broken || own?.hit.has(broker) === true) return false;
  const { base, next, holders } = batch;
  if (isLetGo(state.letGo, partition, next - 1)) return false;
  const holds = holders.has(broker);
  const evidence = (): string =>
    `Broker ${broker} is in sync without the record at offset ${base} of ${partition}, which was committed; committed are ${committed.end} offsets.`;
  const off = offForBatch(state, partition, batch);
  judgePlain(state, event, holds, evidence, off);
  if (!holds && off.length === 0) committed.broken = true;
  return !holds && off.length > 0;
}
