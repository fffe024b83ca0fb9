/*
 * Reading a log: by offset, and by timestamp. What is read are views of the files.
 */
import { must } from "../foundation/assert.ts";
import { type LeaderEpoch, leaderEpoch, type Offset, offset } from "../foundation/ids.ts";
import type { Files } from "../foundation/process.ts";
import { type BatchHeader, codecOf, decodeRecords, nextOffset } from "../wire/batch.ts";
import { positionBelow, positionWithin } from "./offset-index.ts";
import { findBatch, headerAt, type Segment, segmentIndex } from "./segment.ts";
import type { Log } from "./state.ts";
import { allEarlierUpTo } from "./time-index.ts";

export interface ReadOptions {
  readonly maxBytes: number;
  /** Batches that begin at or behind it are not read. */
  readonly upTo: Offset;
  /** The first batch comes whole even if it is larger than `maxBytes` (KIP-74). */
  readonly minOneBatch: boolean;
}

/**
 * Whole batches of one segment from the one that holds `from` on; empty if there are none. A view of the file where the
 * disk has the bytes in one piece. What it costs depends on the index interval, not on the log's size.
 */
export function readLog(log: Log, files: Files, from: Offset, options: ReadOptions): Uint8Array {
  const { maxBytes, upTo, minOneBatch } = options;
  if (from >= upTo || from >= log.end) return nothing;
  for (let i = segmentIndex(log.segments, from); i < log.segments.length; i++) {
    const segment = must(log.segments[i], "a segment");
    const first = findBatch(files, segment, from);
    if (first === undefined) continue;
    const { header, position } = first;
    if (header.baseOffset >= upTo || (header.length > maxBytes && !minOneBatch)) return nothing;
    const end = endOfRead(files, segment, position + header.length, position + maxBytes, upTo);
    return files.read(segment.path, position, end - position);
  }
  return nothing;
}

const nothing = new Uint8Array(0);

/** Where the last batch ends that begins below `upTo` and does not go beyond `limit`; at least `least`. */
function endOfRead(
  files: Files,
  segment: Segment,
  least: number,
  limit: number,
  upTo: Offset,
): number {
  let end = Math.max(least, positionWithin(segment.index, upTo - 1 - segment.base, limit));
  while (end < segment.size && end < limit) {
    const header = headerAt(files, segment, end);
    if (header.baseOffset >= upTo || end + header.length > limit) break;
    end += header.length;
  }
  return end;
}

export interface TimestampHit {
  readonly offset: Offset;
  readonly timestamp: number;
  readonly leaderEpoch: LeaderEpoch;
}

/**
 * The first record whose timestamp is not below the asked one; undefined if there is none (UnifiedLog's
 * fetchOffsetByTimestamp, LogSegment.findOffsetByTimestamp). What it reads depends on the index interval, not on the
 * log's size. Of a compressed batch, whose records cannot be read here, the first offset and the largest timestamp.
 */
export function offsetForTimestamp(
  log: Log,
  files: Files,
  timestamp: number,
): TimestampHit | undefined {
  for (const segment of log.segments) {
    if (segment.largestTimestamp < timestamp) continue;
    const { base, times, index } = segment;
    const earlier = Math.max(allEarlierUpTo(times, timestamp), log.start - base);
    for (let position = positionBelow(index, earlier); position < segment.size;) {
      const header = headerAt(files, segment, position);
      if (header.maxTimestamp >= timestamp && nextOffset(header) > log.start) {
        const batch = files.read(segment.path, position, header.length);
        const hit = firstRecordAt(batch, header, timestamp, log.start);
        if (hit !== undefined) return { ...hit, leaderEpoch: leaderEpoch(header.leaderEpoch) };
      }
      position += header.length;
    }
  }
  return undefined;
}

function firstRecordAt(
  batch: Uint8Array,
  header: BatchHeader,
  timestamp: number,
  start: Offset,
): { readonly offset: Offset; readonly timestamp: number } | undefined {
  if (codecOf(header) !== "none") {
    return { offset: offset(Math.max(header.baseOffset, start)), timestamp: header.maxTimestamp };
  }
  const isIt = (record: { readonly timestamp: number; readonly offset: number }): boolean =>
    record.timestamp >= timestamp && record.offset >= start;
  const hit = decodeRecords(batch).find(isIt);
  return hit && { offset: offset(hit.offset), timestamp: hit.timestamp };
}

/** The largest timestamp in the log; -1 if it is empty. */
export const largestTimestamp = (log: Log): number =>
  log.segments.reduce((largest, segment) => Math.max(largest, segment.largestTimestamp), -1);
