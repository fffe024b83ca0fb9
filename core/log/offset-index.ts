/*
 * A segment's sparse index (Kafka's OffsetIndex): for one batch in every `indexIntervalBytes`, its last offset and where
 * it begins. It is kept in memory, and its file is written along with the log. Whoever looks something up reads on from
 * there, so a lost entry costs time and never an answer. Kafka preallocates the file and trims it when a segment is
 * closed; here it always holds exactly its entries.
 */
import { writeInt32 } from "../wire/bytes.ts";
import { mostInt32, withRoom } from "./pairs.ts";

/** Pairs of (last offset less the segment's base, position in bytes); both rise. Owned by its segment. */
export interface OffsetIndex {
  pairs: Int32Array;
  count: number;
}

/** Bytes of an entry in the file: relative offset and position, both int32. */
export const indexEntrySize = 8;

export const emptyIndex = (): OffsetIndex => ({ pairs: new Int32Array(0), count: 0 });

/** Adds an entry; nothing happens if it does not fit into int32. */
export function addEntry(index: OffsetIndex, relative: number, position: number): void {
  if (relative > mostInt32 || position > mostInt32) return;
  index.pairs = withRoom(index.pairs, index.count, (length) => new Int32Array(length));
  const at = index.count * 2;
  index.pairs[at] = relative;
  index.pairs[at + 1] = position;
  index.count += 1;
}

/** The file's bytes, from entry `from` on. */
export function indexBytes(index: OffsetIndex, from = 0): Uint8Array {
  const bytes = new Uint8Array((index.count - from) * indexEntrySize);
  for (let i = from * 2; i < index.count * 2; i++) {
    writeInt32(bytes, (i - from * 2) * 4, index.pairs[i] ?? 0);
  }
  return bytes;
}

/** Position of the last entry; 0 if there is none. */
export const lastPosition = (index: OffsetIndex): number => positionAt(index, index.count - 1);

/** The position of the last indexed batch that ends at or below `relative`; 0 if there is none. */
export const positionBelow = (index: OffsetIndex, relative: number): number =>
  positionAt(index, entriesWithin(index, relative, Infinity) - 1);

/** The last indexed position not above `position` whose batch ends at or below `relative`; 0 if there is none. */
export const positionWithin = (index: OffsetIndex, relative: number, position: number): number =>
  positionAt(index, entriesWithin(index, relative, position) - 1);

const positionAt = (index: OffsetIndex, entry: number): number =>
  entry < 0 ? 0 : (index.pairs[entry * 2 + 1] ?? 0);

/** How many entries, from the first on, lie within both bounds. */
function entriesWithin(index: OffsetIndex, relative: number, position: number): number {
  const { pairs } = index;
  let low = 0;
  let high = index.count;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    const within = (pairs[middle * 2] ?? 0) <= relative && (pairs[middle * 2 + 1] ?? 0) <= position;
    if (within) low = middle + 1;
    else high = middle;
  }
  return low;
}
