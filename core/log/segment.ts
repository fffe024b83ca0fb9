/*
 * One segment of a log (Kafka's LogSegment and OffsetIndex): a file of batches and a sparse index of where some of
 * them begin. The index is kept in memory as well, and is only ever a hint: what it says is checked by reading on.
 */
import { type Offset, offset } from "../foundation/ids.ts";
import type { Files } from "../foundation/process.ts";
import { batchHeaderSize, type BatchHeader, readBatchHeader } from "../wire/batch.ts";

/** Plain data; positions and sizes in bytes. */
export interface Segment {
  readonly base: Offset;
  size: number;
  /** Wall clock ms of its first append; -1 while it is empty. */
  firstAppend: number;
  largestTimestamp: number;
  /** Bytes appended since the last index entry. */
  sinceIndex: number;
  /** Index entries: offsets relative to `base`, and positions. Both rise. */
  readonly indexOffsets: number[];
  readonly indexPositions: number[];
}

/** Kafka pads base offsets to 20 digits. */
const fileName = (base: Offset): string => String(base).padStart(20, "0");
export const logFile = (folder: string, base: Offset): string => `${folder}/${fileName(base)}.log`;
export const indexFile = (folder: string, base: Offset): string =>
  `${folder}/${fileName(base)}.index`;

/** Bytes of an index entry: relative offset and position, both int32. */
export const indexEntrySize = 8;

/** Makes the two empty files of a new segment. */
export function createSegment(files: Files, folder: string, base: Offset): Segment {
  files.append(logFile(folder, base), new Uint8Array(0));
  files.append(indexFile(folder, base), new Uint8Array(0));
  return emptySegment(base);
}

export const emptySegment = (base: Offset): Segment => ({
  base,
  size: 0,
  firstAppend: -1,
  largestTimestamp: -1,
  sinceIndex: 0,
  indexOffsets: [],
  indexPositions: [],
});

/** Puts an entry for a batch into the index, in memory and on disk. */
export function addIndexEntry(
  segment: Segment,
  files: Files | undefined,
  folder: string,
  lastOffset: number,
  position: number,
): void {
  const relative = lastOffset - segment.base;
  segment.indexOffsets.push(relative);
  segment.indexPositions.push(position);
  segment.sinceIndex = 0;
  files?.append(indexFile(folder, segment.base), indexEntry(relative, position));
}

export function indexEntry(relative: number, position: number): Uint8Array {
  const bytes = new Uint8Array(indexEntrySize);
  writeInt(bytes, 0, relative);
  writeInt(bytes, 4, position);
  return bytes;
}

function writeInt(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = value >>> 24;
  bytes[at + 1] = value >>> 16;
  bytes[at + 2] = value >>> 8;
  bytes[at + 3] = value;
}

/** Where to begin to read for `wanted`: the position of the last indexed batch that ends at or below it, or 0. */
export function lookUp(segment: Segment, wanted: Offset): number {
  const relative = wanted - segment.base;
  let low = 0;
  let high = segment.indexOffsets.length;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if ((segment.indexOffsets[middle] ?? 0) <= relative) low = middle + 1;
    else high = middle;
  }
  return low === 0 ? 0 : (segment.indexPositions[low - 1] ?? 0);
}

/** Forgets the index entries at or behind `position`, in memory and on disk. */
export function cutIndex(segment: Segment, files: Files, folder: string, position: number): void {
  const { indexOffsets, indexPositions } = segment;
  const before = indexPositions.length;
  while (indexPositions.length > 0 && (indexPositions.at(-1) ?? 0) >= position) {
    indexPositions.pop();
    indexOffsets.pop();
  }
  if (indexPositions.length < before) {
    files.truncate(indexFile(folder, segment.base), indexPositions.length * indexEntrySize);
  }
}

/** The header of the batch at `position`. @throws DecodeError if no whole header is there. */
export function headerAt(
  files: Files,
  folder: string,
  segment: Segment,
  position: number,
): BatchHeader {
  return readBatchHeader(files.read(logFile(folder, segment.base), position, batchHeaderSize));
}

/** The first batch whose last offset is not below `wanted`; undefined if the segment ends before. */
export function findBatch(
  files: Files,
  folder: string,
  segment: Segment,
  wanted: Offset,
): { readonly position: number; readonly header: BatchHeader } | undefined {
  let position = lookUp(segment, wanted);
  while (position < segment.size) {
    const header = headerAt(files, folder, segment, position);
    if (header.baseOffset + header.lastOffsetDelta >= wanted) return { position, header };
    position += header.length;
  }
  return undefined;
}

export const segmentBase = (name: string): Offset | undefined =>
  /^\d{20}\.log$/.test(name) ? offset(Number(name.slice(0, 20))) : undefined;
