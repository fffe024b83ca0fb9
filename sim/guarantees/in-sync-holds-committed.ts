import type { CoreEvent } from "#core";
import { uncleanTopics } from "../scenario/operating.ts";
import type { TraceEvent } from "../trace/events.ts";
import { cleanElection, type Hazards, isrSurvivor, offForPartition } from "./committed.ts";
import { disksKeepBits, followCopies, newCopies } from "./copies.ts";
import { followLetGo, isLetGo, type LetGo } from "./let-go.ts";
import type { Guarantee } from "./guarantee.ts";
import { judgePlain, newPlain, type Plain, plainVerdict } from "./plain.ts";

/** What some leader's high watermark has passed in one partition: the keys of its batches, in order. */
interface Committed {
  end: number;
  readonly batches: { readonly key: string; readonly base: number }[];
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
  begin: (scenario) => ({
    ...newPlain(),
    unclean: uncleanTopics(scenario),
    copies: newCopies(scenario),
    letGo: new Map(),
    partitions: new Map(),
  }),
  step,
  verdict: plainVerdict,
};

function step(state: State, event: TraceEvent): void {
  const before = event.type === "note" ? isrBefore(state, event.event) : undefined;
  followCopies(state.copies, event);
  followLetGo(state.letGo, event);
  if (event.type !== "note") return;
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
      const end = state.partitions.get(what.partition)?.end ?? 0;
      if (broker !== undefined && what.to < end) judgeAll(state, event, what.partition, broker);
      return;
    }
    default:
      return;
  }
}

const isrBefore = ({ copies }: State, what: CoreEvent): readonly number[] | undefined =>
  what.type === "partitionChanged" ? copies.partitions.get(what.partition)?.isr : undefined;

function committedOf(state: State, partition: string): Committed {
  const known = state.partitions.get(partition);
  if (known !== undefined) return known;
  const fresh: Committed = { end: 0, batches: [], broken: false };
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
  const places = own.places.get(leader) ?? [];
  let first = places.length;
  while (first > 0 && (places[first - 1]?.next ?? 0) > committed.end) first -= 1;
  for (const { batch: key, next } of places.slice(first)) {
    const base = own.batches.get(key)?.base ?? -1;
    if (next > offset) break;
    committed.batches.push({ key, base });
    for (const id of own.isr) judge(state, event, partition, id, key, base);
  }
  committed.end = offset;
}

function judgeAll(state: State, event: TraceEvent, partition: string, broker: number): void {
  if (state.copies.partitions.get(partition)?.isr.includes(broker) !== true) return;
  for (const { key, base } of committedOf(state, partition).batches) {
    judge(state, event, partition, broker, key, base);
  }
}

function judge(
  state: State,
  event: TraceEvent,
  partition: string,
  broker: number,
  key: string,
  base: number,
): void {
  const committed = committedOf(state, partition);
  const own = state.copies.partitions.get(partition);
  // Whoever was hit may lack bytes until it is in sync again under a later life.
  if (own === undefined || committed.broken || own.hit.has(broker)) return;
  const next = own.batches.get(key)?.next ?? 0;
  if (isLetGo(state.letGo, partition, next - 1)) return;
  const holds = own.batches.get(key)?.holders.has(broker) === true;
  const evidence = (): string =>
    `Broker ${broker} is in sync without the record at offset ${base} of ${partition}, which was committed; committed are ${committed.end} offsets.`;
  judgePlain(state, event, holds, evidence, offForPartition(state, partition));
  if (!holds) committed.broken = true;
}
