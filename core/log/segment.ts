/*
 * One segment of a log (Kafka's LogSegment): a file of batches and a sparse index of where some of them begin.
 */
import { must } from "../foundation/assert.ts";
import { type Offset, offset } from "../foundation/ids.ts";
import type { Files } from "../foundation/process.ts";
import { batchHeaderSize, type BatchHeader, readBatchHeader } from "../wire/batch.ts";
import {
  addEntry,
  emptyIndex,
  indexBytes,
  lastPosition,
  type OffsetIndex,
  positionBelow,
} from "./offset-index.ts";
import type { Producers } from "./producers.ts";

/** Plain data; positions and sizes in bytes, timestamps in ms. */
export interface Segment {
  readonly base: Offset;
  /** The path of its log file: appends and reads need it each time. */
  readonly path: string;
  size: number;
  /** Of its first batch, the largest; -1 if that has none. Rolling by time counts from it. */
  firstTimestamp: number;
  /** Wall clock of its first append in this life; -1 before. Rolling counts from it where batches bear no time. */
  firstAppend: number;
  largestTimestamp: number;
  /** First offset and position of its last batch. */
  tailOffset: number;
  tailPosition: number;
  readonly index: OffsetIndex;
  /** What was known of producers before its first batch: truncation begins anew from here (Kafka's `.snapshot`). */
  readonly producersBefore: Producers;
}

/** Kafka pads base offsets to 20 digits. */
const fileName = (base: Offset): string => String(base).padStart(20, "0");
export const logFile = (folder: string, base: Offset): string => `${folder}/${fileName(base)}.log`;
export const indexFile = (folder: string, base: Offset): string =>
  `${folder}/${fileName(base)}.index`;

/** The base offset that a file's name says, if it is one of a segment. */
export function segmentBase(name: string, kind: "log" | "index"): Offset | undefined {
  const match = /^(\d{20})\.(log|index)$/.exec(name);
  return match?.[2] === kind ? offset(Number(match[1])) : undefined;
}

export const emptySegment = (folder: string, base: Offset, producers: Producers): Segment => ({
  base,
  path: logFile(folder, base),
  size: 0,
  firstTimestamp: -1,
  firstAppend: -1,
  largestTimestamp: -1,
  tailOffset: -1,
  tailPosition: 0,
  index: emptyIndex(),
  producersBefore: new Map(producers),
});

/** Makes a new segment and its two empty files. */
export function createSegment(
  files: Files,
  folder: string,
  base: Offset,
  producers: Producers,
): Segment {
  for (const path of [logFile(folder, base), indexFile(folder, base)]) {
    files.remove(path);
    files.append(path, new Uint8Array(0));
  }
  return emptySegment(folder, base, producers);
}

/**
 * Counts a batch that stands at the segment's end, and indexes it if enough bytes lie behind the last entry.
 * Returns the bytes to be added to the index file; none for most batches.
 */
export function noteBatch(
  segment: Segment,
  header: BatchHeader,
  indexIntervalBytes: number,
): Uint8Array {
  const { index, size } = segment;
  const lastOffset = header.baseOffset + header.lastOffsetDelta;
  const entry =
    size - lastPosition(index) > indexIntervalBytes
      ? addEntry(index, lastOffset - segment.base, size)
      : nothing;
  if (size === 0) segment.firstTimestamp = header.maxTimestamp;
  if (header.maxTimestamp > segment.largestTimestamp) {
    segment.largestTimestamp = header.maxTimestamp;
  }
  segment.tailOffset = header.baseOffset;
  segment.tailPosition = size;
  segment.size = size + header.length;
  return entry;
}

const nothing = new Uint8Array(0);

/** Writes the index file anew if the disk's does not hold what the index does. */
export function mendIndexFile(files: Files, folder: string, segment: Segment): void {
  const path = indexFile(folder, segment.base);
  const bytes = indexBytes(segment.index);
  const size = files.size(path);
  if (size === bytes.length && isSame(files.read(path, 0, size), bytes)) return;
  if (size !== undefined) files.truncate(path, 0);
  files.append(path, bytes);
}

const isSame = (a: Uint8Array, b: Uint8Array): boolean => a.every((byte, i) => byte === b[i]);

/** Which segment holds `wanted`, or would: the last one that begins at or below it, else the first. */
export function segmentIndex(segments: readonly Segment[], wanted: Offset): number {
  let low = 1;
  let high = segments.length;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (must(segments[middle], "a segment").base <= wanted) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** The header of the batch at `position`. @throws DecodeError if no whole header is there. */
export function headerAt(files: Files, segment: Segment, position: number): BatchHeader {
  return readBatchHeader(files.read(segment.path, position, batchHeaderSize));
}

/** The first batch whose last offset is not below `wanted`; undefined if the segment ends before. */
export function findBatch(
  files: Files,
  segment: Segment,
  wanted: Offset,
): { readonly position: number; readonly header: BatchHeader } | undefined {
  const { tailOffset, tailPosition, index, size } = segment;
  // Most readers ask for what was appended last.
  let position =
    tailOffset >= 0 && wanted >= tailOffset
      ? tailPosition
      : positionBelow(index, wanted - segment.base);
  while (position < size) {
    const header = headerAt(files, segment, position);
    if (header.baseOffset + header.lastOffsetDelta >= wanted) return { position, header };
    position += header.length;
  }
  return undefined;
}
