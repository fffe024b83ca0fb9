/*
 * What contradicts what when a promise is broken: the event at which somebody was told, the one that put the record out
 * of reach with the fault behind it, the one that took its last copy, and the one at which it showed. Each can be asked
 * why.
 */
import type { TraceEvent } from "#sim";
import { fold } from "./fold.ts";
import { partitionOf } from "./partition-steps.ts";
import { type Recording, eventOf, indexOf, pictureAt } from "./recording.ts";
import { toldStanding } from "./told-view.ts";
import { why } from "./why.ts";

export interface Evidence {
  readonly event: TraceEvent;
  readonly what: "promised" | "behind" | "outOfReach" | "gone" | "showed";
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
    const { outOfReach, gone } = undoing(recording, record, indexOf(recording, showed));
    if (promised !== undefined) found.push({ event: promised, what: "promised" });
    if (gone !== undefined) found.push({ event: gone, what: "gone" });
    if (outOfReach !== undefined && outOfReach !== gone)
      found.push({ event: outOfReach, what: "outOfReach" });
    const hops = outOfReach === undefined ? [] : why(recording, outOfReach.seq);
    const fault = hops.find(({ event }) => event.type === "fault" && event !== gone);
    if (fault !== undefined) found.push({ event: fault.event, what: "behind" });
  }
  const last = eventOf(recording, showed);
  if (last !== undefined) found.push({ event: last, what: "showed" });
  return found.sort((a, b) => a.event.seq - b.event.seq);
}

/** The one event of the evidence whose causes explain the break: what put it out of reach, else where that showed. */
export function explaining(
  recording: Recording,
  showed: number,
  record: RecordAt | null,
): TraceEvent | undefined {
  const count = indexOf(recording, showed);
  const undone = record === null ? undefined : undoing(recording, record, count).outOfReach;
  return undone ?? eventOf(recording, showed);
}

/** The record that an acknowledgement promised. */
export function promisedBy(event: TraceEvent | undefined): RecordAt | undefined {
  if (event?.type !== "result" || event.outcome.type !== "acknowledged") return undefined;
  const { partition, offset } = event.outcome;
  return { partition, offset };
}

/** How a promise came to be untrue, and stayed so. */
export interface Undoing {
  /** Since then no reader gets the record: the leader lacks it, or no broker that is up has it. */
  readonly outOfReach: TraceEvent | undefined;
  /** Since then no broker that is up has it: its ✓ becomes ✗ with it. */
  readonly gone: TraceEvent | undefined;
}

/** Among the first `count` events. */
export function undoing(
  recording: Recording,
  { partition, offset }: RecordAt,
  count: number,
): Undoing {
  let outOfReach: TraceEvent | undefined;
  let gone: TraceEvent | undefined;
  // Before anybody was promised anything there is nothing to undo.
  const first = recording.events.findIndex((event) =>
    isOf(promisedBy(event), { partition, offset }),
  );
  if (first === -1) return { outOfReach, gone };
  const picture = pictureAt(recording, first);
  for (const event of recording.events.slice(first, count)) {
    fold(picture, event);
    if (partitionOf(event) !== partition && !isOfDisk(event)) continue;
    const now = picture.partitions.get(partition);
    const standing =
      now === undefined ? "kept" : toldStanding(picture, recording.facts, now, offset);
    outOfReach = standing === "kept" ? undefined : (outOfReach ?? event);
    gone = standing === "lost" ? (gone ?? event) : undefined;
  }
  return { outOfReach, gone };
}

/** A broker comes or goes with its disk, or the disk is hurt. */
const isOfDisk = ({ type }: TraceEvent): boolean =>
  type === "fileHurt" || type === "down" || type === "started";

const isOf = (record: RecordAt | undefined, { partition, offset }: RecordAt): boolean =>
  record?.partition === partition && record.offset === offset;

function tells(event: TraceEvent, { partition, offset }: RecordAt): boolean {
  if (event.type !== "result") return false;
  if (isOf(promisedBy(event), { partition, offset })) return true;
  const { outcome } = event;
  if (outcome.type !== "polled" || event.node.startsWith("v")) return false;
  return outcome.records.some((one) => one.partition === partition && one.offset === offset);
}
