/*
 * What of a log is on the platter (UnifiedLog.flush). An append never waits for it.
 */
import { must } from "../foundation/assert.ts";
import type { Offset } from "../foundation/ids.ts";
import type { Files } from "../foundation/process.ts";
import { keepProducers, snapshotFile } from "./producer-snapshots.ts";
import { indexFile, logFile, type Segment, segmentIndex, timeFile } from "./segment.ts";
import type { Log } from "./state.ts";

/** The segment that is written to. */
export const activeSegment = (log: Log): Segment =>
  must(log.segments.at(-1), "a log has a segment");

/** Whether a segment that is no longer written to has not been flushed. */
export const needsFlush = (log: Log): boolean => log.recoveryPoint < activeSegment(log).base;

/**
 * Fsyncs what is not flushed yet and begins below `upTo`; only then moves the recovery point, which it returns. Kafka
 * flushes up to the active segment's base after a roll, and all of it when it stops.
 */
export function flushLog(log: Log, files: Files, upTo: Offset = log.end): Offset {
  const all = upTo >= log.end;
  if (!all && upTo <= log.recoveryPoint) return log.recoveryPoint;
  const from = segmentIndex(log.segments, log.recoveryPoint);
  for (const { base } of log.segments.slice(from)) {
    if (!all && base >= upTo) break;
    files.fsync(logFile(log.folder, base));
    files.fsync(indexFile(log.folder, base));
    files.fsync(timeFile(log.folder, base));
  }
  for (const at of log.snapshots) {
    if (at > log.recoveryPoint && at <= upTo) files.fsync(snapshotFile(log.folder, at));
  }
  files.fsyncFolder(log.folder);
  if (all) log.cutUnsynced = false;
  log.recoveryPoint = all ? log.end : upTo;
  return log.recoveryPoint;
}

/** Writes what is known of producers and flushes all of it: the last thing that a clean stop does to a log. */
export function closeLog(log: Log, files: Files): void {
  keepProducers(log, files);
  flushLog(log, files);
}

/**
 * Sees to it that what was cut off is gone from the platter too. Before a new file is begun: else a power loss could
 * bring back the old tail of this segment, or the old file of that name, beside new batches that were written elsewhere.
 */
export function settleCut(log: Log, files: Files): void {
  if (!log.cutUnsynced) return;
  files.fsync(logFile(log.folder, activeSegment(log).base));
  files.fsyncFolder(log.folder);
  log.cutUnsynced = false;
}
