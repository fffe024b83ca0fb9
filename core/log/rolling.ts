/*
 * When a segment is written to no more, and the next one begins (UnifiedLog.roll, LogSegment.shouldRoll).
 */
import type { Files, Now } from "../foundation/process.ts";
import type { BatchHeader } from "../wire/batch.ts";
import { activeSegment, settleCut } from "./flushing.ts";
import { indexEntrySize } from "./offset-index.ts";
import { mostInt32 } from "./pairs.ts";
import { snapshotProducers } from "./producer-snapshots.ts";
import { closeTimes, createSegment, writeEntries } from "./segment.ts";
import type { Log } from "./state.ts";
import { timeEntrySize } from "./time-index.ts";

/** Kafka's LogSegment.shouldRoll: by size, by record time, by a full index, by offsets that int32 cannot tell apart. */
export function mustRoll(log: Log, header: BatchHeader, now: Now): boolean {
  const segment = activeSegment(log);
  if (segment.size === 0) return false;
  const { segmentBytes, rollMs, indexMaxBytes } = log.config;
  const waited =
    segment.firstTimestamp >= 0
      ? header.maxTimestamp - segment.firstTimestamp
      : now.wall - (segment.firstAppend === -1 ? now.wall : segment.firstAppend);
  return (
    segment.size + header.length > segmentBytes ||
    waited > rollMs ||
    (segment.index.count + 1) * indexEntrySize > indexMaxBytes ||
    // One entry of it is kept for the last timestamp (TimeIndex.isFull).
    (segment.times.count + 2) * timeEntrySize > indexMaxBytes ||
    header.baseOffset + header.lastOffsetDelta - segment.base > mostInt32
  );
}

/** Begins a segment where the log ends, so that recovery can tell a lost tail from a gap. */
export function roll(log: Log, files: Files): void {
  settleCut(log, files);
  const closed = activeSegment(log);
  writeEntries(files, log.folder, closed, () => closeTimes(closed));
  snapshotProducers(log, files);
  log.segments.push(createSegment(files, log.folder, log.end));
}
