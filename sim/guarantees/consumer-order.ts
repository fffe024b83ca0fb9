import { uncleanTopics } from "../scenario/operating.ts";
import type { TraceEvent } from "../trace/events.ts";
import {
  type Copies,
  followCopies,
  disksKeepBits,
  isWhollyCovered,
  keepsBits,
  newCopies,
} from "./copies.ts";
import { followLetGo, isLetGo, type LetGo, recordsKept } from "./let-go.ts";
import type { Break, Guarantee } from "./guarantee.ts";

interface State {
  readonly unclean: ReadonlySet<string>;
  readonly copies: Copies;
  readonly letGo: LetGo;
  /** By reader and partition: the next offset that may come. */
  readonly next: Map<string, number>;
  /** By partition and offset: the first that was seen there. */
  readonly seen: Map<string, { readonly value: string; readonly crc: number; readonly by: string }>;
  checked: number;
  exempt: number;
  readonly precondition: Set<string>;
  readonly breaks: Break[];
}

/** Order as stored: every reader sees the log, and the same one. */
export const consumerOrder: Guarantee<State> = {
  id: "consumer-order",
  sentence:
    "Consumers see records in the order of the log, the same record at the same offset for everyone.",
  why: "A bookmark (an offset) means the same place to everybody, today and tomorrow.",
  preconditions: [
    {
      id: "clean-election",
      sentence: "only an in-sync replica may be elected (unclean.leader.election.enable=false)",
    },
    {
      id: "isr-survivor",
      sentence:
        "no power loss took bytes of the partition while every in-sync replica had been hit",
    },
    recordsKept,
    disksKeepBits,
  ],
  begin: (scenario) => ({
    unclean: uncleanTopics(scenario),
    copies: newCopies(scenario),
    letGo: new Map(),
    next: new Map(),
    seen: new Map(),
    checked: 0,
    exempt: 0,
    precondition: new Set(),
    breaks: [],
  }),
  step,
  verdict: ({ checked, exempt, precondition, breaks }) => ({
    checked,
    exempt,
    precondition: [...precondition],
    breaks,
  }),
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
      const off = offFor(state, partition);
      // Sent on over what is there no more, but never back.
      const isOver = offset > expected && isLetGo(state.letGo, partition, offset - 1);
      if (isOver) off.push(recordsKept.id);
      if (isOver) state.precondition.add(recordsKept.id);
      state.breaks.push({ evidence, off, seq: event.seq, at: event.at });
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
  const off = offFor(state, partition);
  state.checked += 1;
  if (off.length > 0) state.exempt += 1;
  for (const id of off) state.precondition.add(id);
  const broke = (evidence: string): void => {
    state.breaks.push({ evidence, off, seq: event.seq, at: event.at });
  };
  const key = `${event.node} ${partition}`;
  const expected = state.next.get(key);
  if (expected !== undefined && offset !== expected) {
    const isOver = offset > expected && isLetGo(state.letGo, partition, offset - 1);
    if (isOver) off.push(recordsKept.id);
    if (isOver) state.precondition.add(recordsKept.id);
    broke(`${event.node} read offset ${offset} of ${partition} where ${expected} came next.`);
  }
  state.next.set(key, offset + 1);
  const place = `${partition} ${offset}`;
  const first = state.seen.get(place);
  if (first === undefined) state.seen.set(place, { value, crc, by: event.node });
  else if (first.value !== value || first.crc !== crc) {
    broke(
      `${event.node} read ${value} at offset ${offset} of ${partition}, where ${first.by} had read ${first.value}.`,
    );
  }
}

/** Once a record may have been lost from a partition, another may come to stand at its offset. */
function offFor(state: State, partition: string): string[] {
  const off: string[] = [];
  if (state.unclean.has(partition.slice(0, partition.lastIndexOf("-")))) off.push("clean-election");
  if (!isWhollyCovered(state.copies, partition)) off.push("isr-survivor");
  if (!keepsBits(state.copies, partition)) off.push(disksKeepBits.id);
  return off;
}
