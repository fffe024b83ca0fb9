/*
 * One segment of a log (Kafka's LogSegment): a file of batches and two sparse indexes of where some of them begin, by
 * offset and by time.
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
import { addTime, emptyTimes, timeBytes, type TimeIndex } from "./time-index.ts";

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
  /** Last offset of the first batch that bears it. */
  largestAt: number;
  /** First offset and position of its last batch. */
  tailOffset: number;
  tailPosition: number;
  readonly index: OffsetIndex;
  readonly times: TimeIndex;
}

/** Files of a segment. All of them are named by its base offset, which Kafka pads to 20 digits. */
const kinds = ["log", "index", "timeindex"] as const;
type Kind = (typeof kinds)[number];

const segmentFile = (folder: string, base: Offset, kind: Kind): string =>
  `${folder}/${String(base).padStart(20, "0")}.${kind}`;
export const logFile = (folder: string, base: Offset): string => segmentFile(folder, base, "log");
export const indexFile = (folder: string, base: Offset): string =>
  segmentFile(folder, base, "index");
export const timeFile = (folder: string, base: Offset): string =>
  segmentFile(folder, base, "timeindex");

/** The base offset that a file's name says, if it is one of a segment. */
export function segmentBase(name: string, ...wanted: readonly Kind[]): Offset | undefined {
  const [, digits, kind] = /^(\d{20})\.(log|index|timeindex)$/.exec(name) ?? [];
  return wanted.some((one) => one === kind) ? offset(Number(digits)) : undefined;
}

export const emptySegment = (folder: string, base: Offset): Segment => ({
  base,
  path: logFile(folder, base),
  size: 0,
  firstTimestamp: -1,
  firstAppend: -1,
  largestTimestamp: -1,
  largestAt: -1,
  tailOffset: -1,
  tailPosition: 0,
  index: emptyIndex(),
  times: emptyTimes(),
});

/** Makes a new segment and its empty files. */
export function createSegment(files: Files, folder: string, base: Offset): Segment {
  for (const kind of kinds) {
    const path = segmentFile(folder, base, kind);
    files.remove(path);
    files.append(path, new Uint8Array(0));
  }
  return emptySegment(folder, base);
}

/** Removes a segment's files, the batches first: without them nothing looks at the others. */
export function removeSegmentFiles(files: Files, folder: string, base: Offset): void {
  for (const kind of kinds) files.remove(segmentFile(folder, base, kind));
}

/** Counts a batch that stands at the segment's end, and indexes it if enough bytes lie behind the last entry. */
export function noteBatch(segment: Segment, header: BatchHeader, indexIntervalBytes: number): void {
  const { base, index, times, size } = segment;
  const lastOffset = header.baseOffset + header.lastOffsetDelta;
  if (size === 0) segment.firstTimestamp = header.maxTimestamp;
  if (header.maxTimestamp > segment.largestTimestamp) {
    segment.largestTimestamp = header.maxTimestamp;
    segment.largestAt = lastOffset;
  }
  if (size - lastPosition(index) > indexIntervalBytes) {
    addEntry(index, lastOffset - base, size);
    noteTime(times, segment);
  }
  segment.tailOffset = header.baseOffset;
  segment.tailPosition = size;
  segment.size = size + header.length;
}

/** The index by time ends with the largest timestamp once its segment is written to no more. */
export const closeTimes = (segment: Segment): void => noteTime(segment.times, segment);

function noteTime(times: TimeIndex, { base, largestTimestamp, largestAt }: Segment): void {
  if (largestTimestamp >= 0) addTime(times, largestTimestamp, largestAt - base);
}

/** Runs `change` on a segment's indexes and adds to their files what came to them. */
export function writeEntries(files: Files, folder: string, segment: Segment, change: () => void) {
  const { base, index, times } = segment;
  const [entries, moments] = [index.count, times.count];
  change();
  if (index.count > entries) files.append(indexFile(folder, base), indexBytes(index, entries));
  if (times.count > moments) files.append(timeFile(folder, base), timeBytes(times, moments));
}

/** Writes the index files anew where the disk's do not hold what the indexes do. Returns whether one did not. */
export function mendIndexFiles(files: Files, folder: string, segment: Segment): boolean {
  const { base, index, times } = segment;
  const isMended = mendFile(files, indexFile(folder, base), indexBytes(index));
  return mendFile(files, timeFile(folder, base), timeBytes(times)) || isMended;
}

function mendFile(files: Files, path: string, bytes: Uint8Array): boolean {
  const size = files.size(path);
  if (size === bytes.length && isSame(files.read(path, 0, size), bytes)) return false;
  if (size !== undefined) files.truncate(path, 0);
  files.append(path, bytes);
  return true;
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

/** The headers of all batches that end behind `from`. */
export function* headersFrom(
  files: Files,
  segments: readonly Segment[],
  from: Offset,
): Generator<BatchHeader> {
  for (let i = segmentIndex(segments, from); i < segments.length; i++) {
    const segment = must(segments[i], "a segment");
    let position = findBatch(files, segment, from)?.position ?? segment.size;
    while (position < segment.size) {
      const header = headerAt(files, segment, position);
      yield header;
      position += header.length;
    }
  }
}
