import { uncleanTopics } from "../scenario/operating.ts";
import type { TraceEvent } from "../trace/events.ts";
import { cleanElection, type Hazards, isrSurvivor, offForPartition } from "./committed.ts";
import { disksKeepBits, followCopies, newCopies } from "./copies.ts";
import { followLetGo, isLetGo, type LetGo, recordsKept } from "./let-go.ts";
import type { Guarantee } from "./guarantee.ts";
import { judgePlain, newPlain, type Plain, plainVerdict } from "./plain.ts";

interface State extends Plain, Hazards {
  readonly letGo: LetGo;
  /** By reader and partition: the next offset that may come. */
  readonly next: Map<string, number>;
  /** By partition and offset: the first that was seen there. */
  readonly seen: Map<string, { readonly value: string; readonly crc: number; readonly by: string }>;
}

/** Order as stored: every reader sees the log, and the same one. */
export const consumerOrder: Guarantee<State> = {
  id: "consumer-order",
  sentence:
    "Consumers see records in the order of the log, the same record at the same offset for everyone.",
  why: "A bookmark (an offset) means the same place to everybody, today and tomorrow.",
  preconditions: [cleanElection, isrSurvivor, recordsKept, disksKeepBits],
  begin: (scenario) => ({
    ...newPlain(),
    unclean: uncleanTopics(scenario),
    copies: newCopies(scenario),
    letGo: new Map(),
    next: new Map(),
    seen: new Map(),
  }),
  step,
  verdict: plainVerdict,
};

function step(state: State, event: TraceEvent): void {
  followCopies(state.copies, event);
  followLetGo(state.letGo, event);
  if (event.type === "started") {
    const prefix = `${event.node} `;
    for (const key of state.next.keys()) if (key.startsWith(prefix)) state.next.delete(key);
  } else if (event.type === "note" && event.event.type === "positionReset") {
    const { partition, offset, why } = event.event;
    const key = `${event.node} ${partition}`;
    const expected = state.next.get(key);
    if (
      (why === "outOfRange" || why === "truncation") &&
      expected !== undefined &&
      offset !== expected
    ) {
      const evidence = `${event.node} stood at offset ${expected} of ${partition} and was sent to ${offset} (${why}).`;
      leaps(state, event, partition, expected, offset, evidence);
    }
    state.next.set(key, offset);
  } else if (event.type === "result" && event.outcome.type === "polled") {
    for (const record of event.outcome.records) judge(state, event, record);
  }
}

type Seen = Extract<
  Extract<TraceEvent, { type: "result" }>["outcome"],
  { type: "polled" }
>["records"][number];

function judge(state: State, event: TraceEvent, record: Seen): void {
  const { partition, offset, value, crc } = record;
  const key = `${event.node} ${partition}`;
  const expected = state.next.get(key);
  if (expected !== undefined && offset !== expected) {
    const evidence = `${event.node} read offset ${offset} of ${partition} where ${expected} came next.`;
    leaps(state, event, partition, expected, offset, evidence);
  }
  state.next.set(key, offset + 1);
  const place = `${partition} ${offset}`;
  const first = state.seen.get(place) ?? { value, crc, by: event.node };
  state.seen.set(place, first);
  judgePlain(
    state,
    event,
    first.value === value && first.crc === crc,
    () =>
      `${event.node} read ${value} at offset ${offset} of ${partition}, where ${first.by} had read ${first.value}.`,
    offForPartition(state, partition),
  );
}

/** A reader does not go on where it stood. It may be sent on over what was let go, never back. */
function leaps(
  state: State,
  event: TraceEvent,
  partition: string,
  from: number,
  to: number,
  evidence: string,
): void {
  const off = offForPartition(state, partition);
  if (to > from && isLetGo(state.letGo, partition, to - 1)) off.push(recordsKept.id);
  for (const id of off) state.precondition.add(id);
  state.breaks.push({ evidence, off, seq: event.seq, at: event.at });
}
