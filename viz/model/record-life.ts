/*
 * Where is my record? One record from the call that gave it to its producer, through batch, message, leader and followers
 * to the high watermark, the client and the readers; or to the place where it was lost, and what was behind that.
 */
import type { NodeName, TraceEvent } from "#sim";
import type { RecordFact } from "./facts.ts";
import { brokerName } from "./picture.ts";
import { type Tracking, newTracking, track } from "./record-steps.ts";
import { type Recording, eventOf } from "./recording.ts";
import { type Hop, why } from "./why.ts";

/** A record by where it stands, in the copy that the `appended` event tells of, if one is meant; or by its `called` event. */
export type RecordPlace =
  | { readonly partition: string; readonly offset: number; readonly event?: number }
  | { readonly called: number };

export type StepKind =
  | "called"
  | "batched"
  | "sent"
  | "received"
  | "messageLost"
  | "appended"
  | "fetched"
  | "copied"
  | "fsynced"
  | "safe"
  | "told"
  | "read"
  | "cut"
  | "hurt"
  | "letGo"
  | "passedOver"
  | "replaced";

/** One moment of a record's life, with the event that tells of it. */
export interface LifeStep {
  readonly kind: StepKind;
  readonly event: TraceEvent;
  readonly text: string;
}

export interface RecordLife {
  readonly key: string | null;
  /** The first word of its value, which no other record has; undefined for a record that no application sent. */
  readonly value: string | undefined;
  readonly partition: string | undefined;
  /** Where it stands, or stood; undefined before it is in a log. */
  readonly offset: number | undefined;
  readonly producer: NodeName | undefined;
  readonly steps: readonly LifeStep[];
  /** What the rest of the run tells of it. */
  readonly later: readonly LifeStep[];
  /** Brokers whose log holds it now, be they up or not. */
  readonly holders: readonly NodeName[];
  /** Where it was lost, and how that came; absent while the leader's log holds it, or may still get it. */
  readonly lost?: Loss;
}

export interface Loss {
  readonly step: LifeStep;
  /** The chain of causes from there back to its root, which comes last. */
  readonly hops: readonly Hop[];
  /** The fault behind it; undefined if the chain ends elsewhere. */
  readonly fault: TraceEvent | undefined;
}

/** Which record an event is about; undefined if it is about none, or about many. */
export function recordOf(recording: Recording, seq: number): RecordPlace | undefined {
  const event = eventOf(recording, seq);
  if (event?.type === "called" && event.request.type === "send") return { called: seq };
  if (event?.type === "note" && event.event.type === "appended") {
    const { partition, base } = event.event;
    return partition.startsWith("__") ? undefined : { partition, offset: base, event: seq };
  }
  if (event?.type !== "result") return undefined;
  const { outcome } = event;
  if (outcome.type === "acknowledged") {
    return { partition: outcome.partition, offset: outcome.offset };
  }
  const called = event.causes.find((cause) => eventOf(recording, cause)?.type === "called");
  if (outcome.type !== "polled") return called === undefined ? undefined : { called };
  const [first] = outcome.records;
  return first === undefined ? undefined : { partition: first.partition, offset: first.offset };
}

/** A record's life as far as the first `count` events tell it, and its further steps; undefined if no log ever has it. */
export function lifeOf(
  recording: Recording,
  count: number,
  place: RecordPlace,
): RecordLife | undefined {
  const identity = identityOf(recording, count, place);
  if (identity === undefined) return undefined;
  const tracking = newTracking(identity);
  const { events } = recording;
  for (const event of events.slice(0, count)) track(tracking, recording, event);
  const lost = lossOf(recording, tracking);
  const steps = inOrder(tracking.steps);
  const now = {
    key: identity.fact?.key ?? null,
    value: identity.fact?.value,
    partition: tracking.partition,
    offset: tracking.offset,
    producer: identity.producer,
    steps,
    holders: [...tracking.holders.keys()].sort(),
    ...(lost === undefined ? {} : { lost }),
  };
  for (const event of events.slice(count)) track(tracking, recording, event);
  return { ...now, later: inOrder(tracking.steps.slice(steps.length)) };
}

/** The same record whatever time it is: by the append that is meant. */
export function settled(recording: Recording, count: number, place: RecordPlace): RecordPlace {
  if ("called" in place || place.event !== undefined) return place;
  const found = appendedAt(recording, count, place);
  return found === undefined ? place : { ...place, event: found.seq };
}

/** Whether two places are of one record: copies of it lie on many brokers. */
export function isSameRecord(
  recording: Recording,
  count: number,
  one: RecordPlace,
  other: RecordPlace,
): boolean {
  const [a, b] = [one, other].map((place) => identityOf(recording, count, place));
  if (a === undefined || b === undefined) return false;
  const isOneCall = a.fact !== undefined && a.fact.event === b.fact?.event;
  return isOneCall || (a.crc !== undefined && a.crc === b.crc && a.index === b.index);
}

/** What a record is called, and where it stands. */
export function recordTitle({ value, key, partition, offset }: RecordLife): string {
  const name = value ?? "A record of the cluster's own";
  const keyed = key === null ? "" : `, key ${key}`;
  const where = offset === undefined ? "" : ` at offset ${offset}`;
  return `${name}${keyed}${partition === undefined ? "" : `, in ${partition}${where}`}`;
}

const inOrder = (steps: readonly LifeStep[]): readonly LifeStep[] =>
  [...steps].sort((a, b) => a.event.seq - b.event.seq);

/** What makes a record this one: its batch and its place in it, its call. */
export interface Identity {
  readonly crc: number | undefined;
  readonly index: number;
  readonly fact: RecordFact | undefined;
  readonly producer: NodeName | undefined;
}

/** Undefined: nobody has sent such a record. */
export function identityOf(
  recording: Recording,
  count: number,
  place: RecordPlace,
): Identity | undefined {
  const { batches } = recording.facts;
  if ("called" in place) {
    for (const [crc, { records, producer }] of batches) {
      const index = records.findIndex(({ event }) => event === place.called);
      if (index >= 0) return { crc, index, fact: records[index], producer };
    }
    const event = eventOf(recording, place.called);
    if (event?.type !== "called" || event.request.type !== "send") return undefined;
    const { key, value, bytes } = event.request;
    const fact = { call: event.call, key, value, bytes, at: event.at, event: event.seq };
    return { crc: undefined, index: 0, fact, producer: event.node };
  }
  const appended = appendedAt(recording, count, place);
  if (appended === undefined) return undefined;
  const { crc, base } = appended.event;
  const batch = batches.get(crc);
  const index = place.offset - base;
  return { crc, index, fact: batch?.records[index], producer: batch?.producer };
}

type Note = Extract<TraceEvent, { readonly type: "note" }>["event"];
type Appended = Extract<Note, { readonly type: "appended" }>;

/** The append that is meant; or the last one so far that put a record there, or the first one that will. */
function appendedAt(
  { events }: Recording,
  count: number,
  place: Extract<RecordPlace, { readonly offset: number }>,
): { readonly seq: number; readonly event: Appended } | undefined {
  const isIt = (event: TraceEvent): boolean => {
    if (event.type !== "note" || event.event.type !== "appended") return false;
    const { partition, base, next } = event.event;
    const isThere = partition === place.partition && place.offset >= base && place.offset < next;
    return isThere && (place.event === undefined || place.event === event.seq);
  };
  const last = events.findLastIndex((event, index) => index < count && isIt(event));
  const found = events[last] ?? events.find(isIt);
  if (found?.type !== "note" || found.event.type !== "appended") return undefined;
  return { seq: found.seq, event: found.event };
}

/** Lost is what the leader's log does not hold and no message will bring: by an election, or with the last copy. */
function lossOf(recording: Recording, tracking: Tracking): Loss | undefined {
  const { holders, leader, steps, passedOver, wasHeld } = tracking;
  if (!wasHeld) return undefined;
  const isLed = leader >= 0 && holders.has(brokerName(leader));
  if (isLed) return undefined;
  const gone = steps.findLast(({ kind }) => kind === "cut" || kind === "hurt");
  const step = passedOver ?? (holders.size === 0 ? gone : undefined);
  if (step === undefined) return undefined;
  const hops = why(recording, step.event.seq);
  return { step, hops, fault: hops.find(({ event }) => event.type === "fault")?.event };
}
