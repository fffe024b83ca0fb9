import { uncleanTopics } from "../scenario/operating.ts";
import type { TraceEvent } from "../trace/events.ts";
import { cleanElection, type Hazards, isrSurvivor, offForStretch } from "./committed.ts";
import { disksKeepBits, followCopies } from "./copies.ts";
import { newCopies } from "./copies-state.ts";
import { followLetGo, isLetGo, type LetGo, recordsKept } from "./let-go.ts";
import type { Guarantee } from "./guarantee.ts";
import { judgePlain, newPlain, type Plain, plainVerdict } from "./plain.ts";

interface State extends Plain, Hazards {
  readonly letGo: LetGo;
  /** By reader and partition: the next offset that may come. */
  readonly next: Map<string, number>;
  /** By partition and offset: the first that was seen there. */
  readonly seen: Map<string, FirstSeen>;
}

interface FirstSeen {
  readonly value: string;
  readonly crc: number;
  readonly epoch: number;
  readonly by: string;
}

/** Order as stored: every reader sees the log, and the same one. */
export const consumerOrder: Guarantee<State> = {
  id: "consumer-order",
  sentence:
    "Consumers see records in the order of the log, the same record at the same offset for everyone.",
  why: "A bookmark (an offset) means the same place to everybody, today and tomorrow.",
  preconditions: [cleanElection, isrSurvivor, recordsKept, disksKeepBits],
  begin: (scenario, copies = newCopies(scenario)) => ({
    ...newPlain(),
    unclean: uncleanTopics(scenario),
    copies,
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
    if ((why === "outOfRange" || why === "truncation") && expected !== undefined) {
      const evidence = `${event.node} stood at offset ${expected} of ${partition} and was sent to ${offset} (${why}).`;
      judgeMove(state, event, partition, expected, offset, evidence);
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
  const { partition, offset, value, crc, epoch } = record;
  const key = `${event.node} ${partition}`;
  const expected = state.next.get(key);
  if (expected !== undefined && offset !== expected) {
    const evidence = `${event.node} read offset ${offset} of ${partition} where ${expected} came next.`;
    judgeMove(state, event, partition, expected, offset, evidence);
  }
  state.next.set(key, offset + 1);
  const place = `${partition} ${offset}`;
  const own = { value, crc, epoch, by: event.node };
  const first = state.seen.get(place) ?? own;
  const isSame = first.value === value && first.crc === crc;
  const off = offForStretch(state, partition, offset, offset + 1, first.epoch);
  judgePlain(
    state,
    event,
    isSame,
    () =>
      `${event.node} read ${value} at offset ${offset} of ${partition}, where ${first.by} had read ${first.value}.`,
    off,
  );
  // What took the place of a record that nobody promised to keep is promised in its turn.
  if (isSame || off.length > 0) state.seen.set(place, isSame ? first : own);
}

/** A reader goes on where it stood. It may be sent on over what was let go, never back. */
function judgeMove(
  state: State,
  event: TraceEvent,
  partition: string,
  from: number,
  to: number,
  evidence: string,
): void {
  const [low, high] = from < to ? [from, to] : [to, from];
  const off = offForStretch(state, partition, low, high);
  if (to > from && isLetGo(state.letGo, partition, to - 1)) off.push(recordsKept.id);
  judgePlain(state, event, to === from, () => evidence, off);
}
