/*
 * Which segments have had their time (UnifiedLog.deleteOldSegments): too old, too many bytes, or before the log's start.
 * Only whole segments go, from the oldest on, and none that is not committed to its end.
 */
import { must } from "../foundation/assert.ts";
import type { Offset } from "../foundation/ids.ts";
import type { Files, Now } from "../foundation/process.ts";
import type { Segment } from "./segment.ts";
import { raiseLogStart, removeBeforeStart } from "./start-offset.ts";
import { activeSegment } from "./flushing.ts";
import { roll } from "./rolling.ts";
import type { Log } from "./state.ts";

/**
 * Removes the segments that retention.ms and retention.bytes (both -1 for ever) and the log's start do not keep, and
 * begins the log behind them. `highWatermark`: what lies behind it stays. Returns whether the log begins later now.
 */
export function deleteOldSegments(
  log: Log,
  files: Files,
  now: Now,
  highWatermark: Offset,
): boolean {
  const expired = leadingSegments(log, highWatermark, isTooOld(log, now));
  const upTo = leadingSegments(log, highWatermark, isTooMuch(log, expired), expired);
  // There is always one that is written to.
  if (upTo === log.segments.length && upTo > 0) roll(log, files);
  const first = must(log.segments[upTo], "a log has a segment").base;
  const raised = raiseLogStart(log, files, first);
  removeBeforeStart(log, files);
  return raised;
}

/** How many segments from the oldest on, of which `from` are chosen already, are committed and of that kind. */
function leadingSegments(
  log: Log,
  highWatermark: Offset,
  isIt: (segment: Segment) => boolean,
  from = 0,
): number {
  let count = from;
  for (const segment of log.segments.slice(from)) {
    const end = log.segments[count + 1]?.base ?? log.end;
    const isEmptyLast = segment === activeSegment(log) && segment.size === 0;
    if (isEmptyLast || highWatermark < end || !isIt(segment)) break;
    count += 1;
  }
  return count;
}

/** By its largest record time, whatever the file's: a record from the future keeps its segment. One without any time stays. */
const isTooOld =
  ({ config }: Log, now: Now) =>
  ({ largestTimestamp }: Segment): boolean =>
    config.retentionMs >= 0 &&
    largestTimestamp >= 0 &&
    now.wall - largestTimestamp > config.retentionMs;

/** Of all but the first `gone` a segment goes if as much as the limit is left without it. */
function isTooMuch({ config, segments }: Log, gone: number): (segment: Segment) => boolean {
  const whole = segments.slice(gone).reduce((sum, { size }) => sum + size, 0);
  let over = config.retentionBytes < 0 ? -1 : whole - config.retentionBytes;
  return ({ size }) => {
    if (config.retentionBytes < 0 || over - size < 0) return false;
    over -= size;
    return true;
  };
}
