/*
 * Reading a log back from its disk (Kafka's LogLoader and LogSegment.recover). What was flushed is believed; what came
 * after it is read batch by batch, and the log is cut at the first that is not whole and sound. Index, epochs and
 * producer state are made anew from what is left, so that nothing else on the disk needs to be believed.
 */
import { leaderEpoch, type Offset, offset } from "../foundation/ids.ts";
import type { Files } from "../foundation/process.ts";
import {
  batchHeaderSize,
  type BatchHeader,
  checkBatch,
  nextOffset,
  readBatchHeader,
} from "../wire/batch.ts";
import { DecodeError } from "../wire/decode-error.ts";
import { type EpochEntry, withEpoch } from "./epochs.ts";
import { type Producers, remember } from "./producers.ts";
import {
  addIndexEntry,
  emptySegment,
  indexEntry,
  indexFile,
  logFile,
  type Segment,
  segmentBase,
} from "./segment.ts";

/** What the disk held, mended. */
export interface Recovered {
  readonly segments: Segment[];
  readonly epochs: readonly EpochEntry[];
  readonly producers: Producers;
  readonly end: Offset;
  /** Bytes cut off, in all files. */
  readonly cutBytes: number;
}

interface Scan {
  epochs: readonly EpochEntry[];
  readonly producers: Producers;
  end: Offset;
}

/**
 * Reads all segments. Those that end at or below `trusted` were flushed: only their headers are read. A segment that
 * does not begin where the one before it ended, and all after a cut, is removed.
 */
export function readSegments(
  files: Files,
  folder: string,
  indexIntervalBytes: number,
  trusted: Offset,
): Recovered {
  const bases = files.list(folder).flatMap((name) => segmentBase(name) ?? []);
  const segments: Segment[] = [];
  const first = bases[0] ?? offset(0);
  const scan: Scan = { epochs: [], producers: new Map(), end: first };
  let cutBytes = 0;
  for (const [i, base] of bases.entries()) {
    const size = files.size(logFile(folder, base)) ?? 0;
    if (i > 0 && (base !== scan.end || cutBytes > 0)) {
      cutBytes += size;
      files.remove(logFile(folder, base));
      files.remove(indexFile(folder, base));
      continue;
    }
    const nextBase = bases[i + 1];
    const believed = nextBase !== undefined && nextBase <= trusted;
    const segment = scanSegment(files, folder, base, size, indexIntervalBytes, believed, scan);
    if (segment.size < size) {
      cutBytes += size - segment.size;
      files.truncate(logFile(folder, base), segment.size);
    }
    mendIndex(files, folder, segment);
    segments.push(segment);
  }
  return { segments, epochs: scan.epochs, producers: scan.producers, end: scan.end, cutBytes };
}

function scanSegment(
  files: Files,
  folder: string,
  base: Offset,
  size: number,
  indexIntervalBytes: number,
  believed: boolean,
  scan: Scan,
): Segment {
  const segment = emptySegment(base);
  while (segment.size < size) {
    const header = soundBatch(files, logFile(folder, base), segment.size, size, believed, scan.end);
    if (header === undefined) break;
    noteBatch(segment, undefined, folder, header, indexIntervalBytes);
    scan.epochs =
      withEpoch(scan.epochs, {
        epoch: leaderEpoch(header.leaderEpoch),
        start: offset(header.baseOffset),
      }) ?? scan.epochs;
    remember(scan.producers, header, header.maxTimestamp);
    scan.end = offset(nextOffset(header));
  }
  return segment;
}

/** The header of the batch at `position` if it is whole, sound and follows `end`. */
function soundBatch(
  files: Files,
  path: string,
  position: number,
  size: number,
  believed: boolean,
  end: Offset,
): BatchHeader | undefined {
  try {
    const header = readBatchHeader(files.read(path, position, batchHeaderSize));
    if (header.baseOffset < end || position + header.length > size) return undefined;
    if (header.lastOffsetDelta < 0) return undefined;
    if (!believed) checkBatch(files.read(path, position, header.length));
    return header;
  } catch (error) {
    if (error instanceof DecodeError) return undefined;
    throw error;
  }
}

/** Counts a batch that stands at the segment's end, and indexes it when enough bytes lie behind the last entry. */
export function noteBatch(
  segment: Segment,
  files: Files | undefined,
  folder: string,
  header: BatchHeader,
  indexIntervalBytes: number,
): void {
  if (segment.sinceIndex > indexIntervalBytes) {
    const last = header.baseOffset + header.lastOffsetDelta;
    addIndexEntry(segment, files, folder, last, segment.size);
  }
  segment.size += header.length;
  segment.sinceIndex += header.length;
  if (header.maxTimestamp > segment.largestTimestamp)
    segment.largestTimestamp = header.maxTimestamp;
}

/** Writes the index anew if the disk's is not the one that the log gives. */
function mendIndex(files: Files, folder: string, segment: Segment): void {
  const path = indexFile(folder, segment.base);
  const bytes = new Uint8Array(segment.indexOffsets.length * 8);
  segment.indexOffsets.forEach((relative, i) =>
    bytes.set(indexEntry(relative, segment.indexPositions[i] ?? 0), i * 8),
  );
  const size = files.size(path);
  if (size === bytes.length && isSame(files.read(path, 0, size), bytes)) return;
  if (size !== undefined) files.truncate(path, 0);
  files.append(path, bytes);
}

const isSame = (a: Uint8Array, b: Uint8Array): boolean => a.every((byte, i) => byte === b[i]);
