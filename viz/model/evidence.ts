/*
 * What contradicts what when a promise is broken: the event at which somebody was told, the one that made it untrue with
 * the fault behind it, and the one at which it showed. Each can be asked why.
 */
import type { TraceEvent } from "#sim";
import { fold } from "./fold.ts";
import { partitionOf } from "./partition-steps.ts";
import { newPicture } from "./picture.ts";
import { type Recording, eventOf, indexOf } from "./recording.ts";
import { isKept } from "./strip-view.ts";
import { why } from "./why.ts";

export interface Evidence {
  readonly event: TraceEvent;
  readonly what: "promised" | "behind" | "gone" | "showed";
}

/** Where a record stands. */
export interface RecordAt {
  readonly partition: string;
  readonly offset: number;
}

/** `showed`: the event at which the break showed. In the order of time. */
export function evidenceOf(
  recording: Recording,
  showed: number,
  record: RecordAt | null,
): readonly Evidence[] {
  const found: Evidence[] = [];
  if (record !== null) {
    const promised = recording.events.find((event) => event.seq < showed && tells(event, record));
    const gone = goneAt(recording, record, indexOf(recording, showed));
    if (promised !== undefined) found.push({ event: promised, what: "promised" });
    if (gone !== undefined) found.push({ event: gone, what: "gone" });
    const hops = gone === undefined ? [] : why(recording, gone.seq);
    const fault = hops.find(({ event }) => event.type === "fault" && event !== gone);
    if (fault !== undefined) found.push({ event: fault.event, what: "behind" });
  }
  const last = eventOf(recording, showed);
  if (last !== undefined) found.push({ event: last, what: "showed" });
  return found.sort((a, b) => a.event.seq - b.event.seq);
}

/** The one event of the evidence whose causes explain the break: what made the promise untrue, else where that showed. */
export function explaining(
  recording: Recording,
  showed: number,
  record: RecordAt | null,
): TraceEvent | undefined {
  const gone = record === null ? undefined : goneAt(recording, record, indexOf(recording, showed));
  return gone ?? eventOf(recording, showed);
}

/** The record that an acknowledgement promised. */
export function promisedBy(event: TraceEvent | undefined): RecordAt | undefined {
  if (event?.type !== "result" || event.outcome.type !== "acknowledged") return undefined;
  const { partition, offset } = event.outcome;
  return { partition, offset };
}

/**
 * The event among the first `count` after which what a client was told about a record was untrue, and stayed so: its ✓
 * becomes ✗ with it.
 */
export function goneAt(
  recording: Recording,
  { partition, offset }: RecordAt,
  count: number,
): TraceEvent | undefined {
  const picture = newPicture();
  let gone: TraceEvent | undefined;
  for (const event of recording.events.slice(0, count)) {
    fold(picture, event);
    if (partitionOf(event) !== partition && event.type !== "fileHurt") continue;
    const now = picture.partitions.get(partition);
    if (now === undefined || isKept(recording.facts, now, offset)) gone = undefined;
    else gone ??= event;
  }
  return gone;
}

function tells(event: TraceEvent, { partition, offset }: RecordAt): boolean {
  if (event.type !== "result") return false;
  const { outcome } = event;
  if (outcome.type === "acknowledged") {
    return outcome.partition === partition && outcome.offset === offset;
  }
  if (outcome.type !== "polled" || event.node.startsWith("v")) return false;
  return outcome.records.some((one) => one.partition === partition && one.offset === offset);
}
