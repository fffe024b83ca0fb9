/*
 * Cutting a log's end off (UnifiedLog.truncateTo): segments, indexes, leader epochs and producer state.
 */
import { must } from "../foundation/assert.ts";
import { type Offset, offset } from "../foundation/ids.ts";
import type { Files } from "../foundation/process.ts";
import { epochsBelow, writeEpochsUnsynced } from "./epochs.ts";
import { indexEntrySize } from "./offset-index.ts";
import { dropSnapshots, reloadProducers } from "./producer-snapshots.ts";
import { rescan } from "./recovery.ts";
import { findBatch, indexFile, logFile, removeSegmentFiles, timeFile } from "./segment.ts";
import { restartLog } from "./start-offset.ts";
import type { Log } from "./state.ts";
import { timeEntrySize } from "./time-index.ts";

/**
 * Cuts the log to end at `to`; a batch that holds `to` goes whole. No batch is fsynced, as in Kafka: a power loss may
 * bring back what was cut (never mixed with what came after, see `cutUnsynced`). A log that is cut before its start begins
 * there.
 */
export function truncateLog(log: Log, files: Files, to: Offset): void {
  const first = must(log.segments[0], "a log has a segment").base;
  if (to < first) return restartLog(log, files, to);
  if (to < log.end) cutSegments(log, files, to);
  // Also where nothing is cut: a leader that appended nothing left an epoch at the very end that others do not know.
  const epochs = epochsBelow(log.epochs, log.end);
  if (epochs.length === log.epochs.length) return;
  log.epochs = epochs;
  writeEpochsUnsynced(files, log.folder, epochs);
}

function cutSegments(log: Log, files: Files, to: Offset): void {
  const { folder, segments } = log;
  log.cutUnsynced = true;
  // Before other batches can stand where these stood.
  dropSnapshots(log, files, (at) => at > to);
  // From the last to the first: whatever a crash leaves is the beginning of this log.
  for (let last = segments.at(-1); last !== undefined && last.base > to; last = segments.at(-1)) {
    if (segments.length === 1) break;
    removeSegmentFiles(files, folder, last.base);
    segments.pop();
  }
  cutLast(log, files, to);
  log.start = offset(Math.min(log.start, log.end));
  log.recoveryPoint = offset(Math.min(log.recoveryPoint, log.end));
  reloadProducers(log, files);
}

function cutLast(log: Log, files: Files, to: Offset): void {
  const { folder, segments } = log;
  const segment = must(segments.pop(), "a log has a segment");
  const size = findBatch(files, segment, to)?.position ?? segment.size;
  if (size < segment.size) files.truncate(logFile(folder, segment.base), size);
  const again = rescan(files, folder, segment, size, log.config.indexIntervalBytes);
  const { base, index, times } = again.segment;
  // What stays are their first entries.
  if (index.count < segment.index.count)
    files.truncate(indexFile(folder, base), index.count * indexEntrySize);
  if (times.count < segment.times.count)
    files.truncate(timeFile(folder, base), times.count * timeEntrySize);
  segments.push(again.segment);
  log.end = again.end;
}
