/*
 * A segment's index by time (Kafka's TimeIndex, KIP-33): beside each entry of the offset index, the largest timestamp so
 * far and the last offset of the batch that brought it; and once more when the segment is closed. It only rises. As the
 * offset index it is kept in memory, and a lost entry costs time and never an answer.
 */
import { writeInt32, writeInt64 } from "../wire/bytes.ts";
import { mostInt32, withRoom } from "./pairs.ts";

/** Pairs of (timestamp in ms, offset less the segment's base); timestamps rise strictly. Owned by its segment. */
export interface TimeIndex {
  pairs: Float64Array;
  count: number;
}

/** Bytes of an entry in the file: timestamp as int64, relative offset as int32. */
export const timeEntrySize = 12;

export const emptyTimes = (): TimeIndex => ({ pairs: new Float64Array(0), count: 0 });

/** Adds an entry where it is later than the last one (TimeIndex.maybeAppend); else, or beyond int32, nothing happens. */
export function addTime(times: TimeIndex, timestamp: number, relative: number): void {
  if (timestamp <= lastTime(times) || relative > mostInt32) return;
  times.pairs = withRoom(times.pairs, times.count, (length) => new Float64Array(length));
  const at = times.count * 2;
  times.pairs[at] = timestamp;
  times.pairs[at + 1] = relative;
  times.count += 1;
}

/** The file's bytes, from entry `from` on. */
export function timeBytes(times: TimeIndex, from = 0): Uint8Array {
  const bytes = new Uint8Array((times.count - from) * timeEntrySize);
  for (let i = from; i < times.count; i++) {
    const at = (i - from) * timeEntrySize;
    writeInt64(bytes, at, times.pairs[i * 2] ?? 0);
    writeInt32(bytes, at + 8, times.pairs[i * 2 + 1] ?? 0);
  }
  return bytes;
}

/** Timestamp of the last entry; -1 if there is none. */
const lastTime = ({ pairs, count }: TimeIndex): number =>
  count === 0 ? -1 : (pairs[count * 2 - 2] ?? -1);

/**
 * The relative offset of the last entry whose timestamp is below `timestamp`: no record up to it bears that time or a
 * later one. -1 if there is none.
 */
export function allEarlierUpTo({ pairs, count }: TimeIndex, timestamp: number): number {
  let low = 0;
  let high = count;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if ((pairs[middle * 2] ?? 0) < timestamp) low = middle + 1;
    else high = middle;
  }
  return low === 0 ? -1 : (pairs[low * 2 - 1] ?? -1);
}
