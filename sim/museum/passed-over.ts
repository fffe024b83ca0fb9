/*
 * Which acknowledged records the last known leader is elected without while another log, longer than its own, holds them:
 * what an election of the longest log would have kept.
 */
import { followCopies } from "../guarantees/copies.ts";
import {
  type Batch,
  type Copies,
  newCopies,
  type PartitionCopies,
} from "../guarantees/copies-state.ts";
import type { Scenario } from "../scenario/schema.ts";
import type { TraceEvent } from "../trace/events.ts";

/** What was seen of one run. */
export interface PassedOver {
  readonly copies: Copies;
  /** Batches with a record that its producer was told is safe. */
  readonly acknowledged: Set<Batch>;
  /** By partition: those of them that only others held when the last known leader was elected. */
  readonly batches: Map<string, Set<Batch>>;
}

export const newPassedOver = (scenario: Scenario): PassedOver => ({
  copies: newCopies(scenario),
  acknowledged: new Set(),
  batches: new Map(),
});

/** Takes in one event. */
export function followPassedOver(state: PassedOver, event: TraceEvent): void {
  followCopies(state.copies, event);
  if (event.type === "result" && event.outcome.type === "acknowledged") {
    const { partition, offset } = event.outcome;
    const own = state.copies.partitions.get(partition);
    // A log that was cut may leave another batch at this offset with a follower: whoever leads holds the one that is meant.
    for (const batch of own?.batches.values() ?? [])
      if (own !== undefined && reaches(batch, offset) && batch.holders.has(own.leader))
        state.acknowledged.add(batch);
  }
  if (event.type === "note" && event.event.type === "partitionChanged") {
    const { partition, leader, why } = event.event;
    const own = state.copies.partitions.get(partition);
    if (why === "lastKnownElected" && own !== undefined) onElected(state, partition, own, leader);
  }
}

/** Whether the record at an offset was passed over. */
export const isPassedOver = (state: PassedOver, partition: string, offset: number): boolean =>
  [...(state.batches.get(partition) ?? [])].some((batch) => reaches(batch, offset));

const reaches = ({ base, next }: Batch, offset: number): boolean => base <= offset && offset < next;

function onElected(
  { acknowledged, batches }: PassedOver,
  partition: string,
  own: PartitionCopies,
  elected: number,
): void {
  const passed = batches.get(partition) ?? new Set();
  batches.set(partition, passed);
  const end = endOf(own, elected);
  for (const batch of own.batches.values()) {
    if (!acknowledged.has(batch) || batch.holders.has(elected)) continue;
    if ([...batch.holders].some((holder) => endOf(own, holder) > end)) passed.add(batch);
  }
}

/** Where a replica's log ends, by what it still holds. */
const endOf = (own: PartitionCopies, broker: number): number =>
  Math.max(
    0,
    ...[...own.batches.values()]
      .filter(({ holders }) => holders.has(broker))
      .map(({ next }) => next),
  );
