/*
 * Where a log begins: raised when what lies before is not needed any more (UnifiedLog.maybeIncrementLogStartOffset), or
 * set anew when a replica is so far behind that its leader has nothing left that follows (truncateFullyAndStartAt).
 * Which segments go then is said in retention.ts.
 */
import { must } from "../foundation/assert.ts";
import type { Offset } from "../foundation/ids.ts";
import type { Files } from "../foundation/process.ts";
import { epochsFrom, writeEpochsUnsynced } from "./epochs.ts";
import { dropSnapshots } from "./producer-snapshots.ts";
import { createSegment, removeSegmentFiles } from "./segment.ts";
import type { Log } from "./state.ts";

/** Begins the log at `to`, not beyond its end. Its segments stay. Returns whether that is later than before. */
export function raiseLogStart(log: Log, files: Files, to: Offset): boolean {
  if (to <= log.start) return false;
  log.start = to < log.end ? to : log.end;
  setEpochs(log, files, epochsFrom(log.epochs, log.start));
  return true;
}

/** Removes the segments that lie wholly before the log's start, oldest first. Returns how many. */
export function removeBeforeStart(log: Log, files: Files): number {
  let removed = 0;
  for (let next = log.segments[1]; next !== undefined && next.base <= log.start;) {
    const { base } = must(log.segments.shift(), "a log has a segment");
    removeSegmentFiles(files, log.folder, base);
    removed += 1;
    next = log.segments[1];
  }
  const first = must(log.segments[0], "a log has a segment").base;
  if (removed > 0) dropSnapshots(log, files, (at) => at < first);
  return removed;
}

/** Throws all of the log away and begins an empty one at `at`. */
export function restartLog(log: Log, files: Files, at: Offset): void {
  // From the last to the first: whatever a crash leaves is the beginning of the old log.
  dropSnapshots(log, files, () => true);
  for (const { base } of log.segments.splice(0).toReversed()) {
    removeSegmentFiles(files, log.folder, base);
  }
  log.producers = new Map();
  log.segments.push(createSegment(files, log.folder, at));
  log.start = at;
  log.end = at;
  log.recoveryPoint = at;
  setEpochs(log, files, []);
}

function setEpochs(log: Log, files: Files, epochs: Log["epochs"]): void {
  if (epochs.length === log.epochs.length && epochs[0]?.start === log.epochs[0]?.start) return;
  log.epochs = epochs;
  writeEpochsUnsynced(files, log.folder, epochs);
}
