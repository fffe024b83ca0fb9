/*
 * Reading a log back from its disk (Kafka's LogLoader and LogSegment.recover). What was flushed is believed; what came
 * after it is read batch by batch, and the log is cut at the first that is not whole and sound. Indexes and epochs are
 * made anew from what is left (Kafka reads them from files where it can), so that they need not be believed.
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
import {
  closeTimes,
  emptySegment,
  logFile,
  mendIndexFiles,
  noteBatch,
  type Segment,
  segmentBase,
} from "./segment.ts";
import type { Cut, OpenOptions } from "./state.ts";

/** What the disk held, mended. */
export interface Recovered {
  readonly segments: Segment[];
  readonly epochs: readonly EpochEntry[];
  readonly end: Offset;
  readonly cutBytes: number;
  readonly cutFrom: Cut | undefined;
  /** An index file did not say what the batches do. */
  readonly mended: boolean;
}

interface Scan {
  readonly files: Files;
  readonly folder: string;
  readonly indexIntervalBytes: number;
  epochs: readonly EpochEntry[];
  end: Offset;
  cutBytes: number;
  cutFrom: Cut | undefined;
}

/**
 * Reads all segments. After a clean stop, and of those that end at or below the recovery point, only the headers are
 * read. What comes after a cut, or does not begin where the segment before it ends, is removed: it may be the tail of
 * another history. A crash in the middle of it leaves less to be done, and nothing else.
 */
export function recoverSegments(
  files: Files,
  folder: string,
  indexIntervalBytes: number,
  options: OpenOptions,
): Recovered {
  const names = files.list(folder);
  const bases = names.flatMap((name) => segmentBase(name, "log") ?? []);
  const scan: Scan = {
    files,
    folder,
    indexIntervalBytes,
    epochs: [],
    end: bases[0] ?? options.start,
    cutBytes: 0,
    cutFrom: undefined,
  };
  const segments: Segment[] = [];
  for (const [i, base] of bases.entries()) {
    if (scan.cutFrom === undefined && base !== scan.end) {
      scan.cutFrom = cutAt(scan, base, 0, `does not begin where the log ends (${scan.end})`);
    }
    if (scan.cutFrom !== undefined) {
      removeSegment(scan, base);
      continue;
    }
    const nextBase = bases[i + 1];
    const flushed = nextBase !== undefined && nextBase <= options.recoveryPoint;
    segments.push(recoverSegment(scan, base, options.clean || flushed));
  }
  let mended = false;
  for (const segment of segments) {
    if (segment !== segments.at(-1)) closeTimes(segment);
    if (mendIndexFiles(files, folder, segment)) mended = true;
  }
  for (const name of names) {
    const base = segmentBase(name, "index", "timeindex");
    if (base !== undefined && !segments.some((segment) => segment.base === base)) {
      files.remove(`${folder}/${name}`);
    }
  }
  const { epochs, end, cutBytes, cutFrom } = scan;
  return { segments, epochs, end, cutBytes, cutFrom, mended };
}

const cutAt = (scan: Scan, segment: Offset, position: number, reason: string): Cut => ({
  segment,
  position,
  offset: scan.end,
  reason,
});

function removeSegment(scan: Scan, base: Offset): void {
  const path = logFile(scan.folder, base);
  scan.cutBytes += scan.files.size(path) ?? 0;
  scan.files.remove(path);
}

function recoverSegment(scan: Scan, base: Offset, believed: boolean): Segment {
  const { files, folder } = scan;
  const path = logFile(folder, base);
  const size = files.size(path) ?? 0;
  const segment = emptySegment(folder, base);
  while (segment.size < size) {
    const found = batchAt(scan, path, segment.size, size, believed);
    if (typeof found === "string") {
      scan.cutFrom = cutAt(scan, base, segment.size, found);
      scan.cutBytes += size - segment.size;
      files.truncate(path, segment.size);
      break;
    }
    noteBatch(segment, found, scan.indexIntervalBytes);
    const entry = { epoch: leaderEpoch(found.leaderEpoch), start: offset(found.baseOffset) };
    if (entry.epoch >= 0) scan.epochs = withEpoch(scan.epochs, entry) ?? scan.epochs;
    scan.end = offset(nextOffset(found));
  }
  return segment;
}

/** The header of the batch at `position` if it may stay; else why not. */
function batchAt(
  scan: Scan,
  path: string,
  position: number,
  size: number,
  believed: boolean,
): BatchHeader | string {
  try {
    const header = readBatchHeader(scan.files.read(path, position, batchHeaderSize));
    if (position + header.length > size) {
      return `a batch of ${header.length} bytes, of which ${size - position} are there`;
    }
    const problem = notNext(header, scan.end, scan.epochs);
    if (problem !== undefined) return problem;
    if (!believed) checkBatch(scan.files.read(path, position, header.length));
    return header;
  } catch (error) {
    if (error instanceof DecodeError) return error.message;
    throw error;
  }
}

/** Why a batch cannot follow a log that ends so; undefined if it can. */
export function notNext(
  header: BatchHeader,
  end: Offset,
  epochs: readonly EpochEntry[],
): string | undefined {
  // Compaction leaves gaps, so a batch may begin later than the log ends, never earlier.
  if (header.baseOffset < end) return `offset ${header.baseOffset} where the log ends at ${end}`;
  if (header.lastOffsetDelta < 0) return `last offset delta ${header.lastOffsetDelta}`;
  const last = epochs.at(-1)?.epoch ?? -1;
  if (header.leaderEpoch >= 0 && header.leaderEpoch < last) {
    return `leader epoch ${header.leaderEpoch} after ${last}`;
  }
  return undefined;
}

/** Makes anew what a segment knows of its first `size` bytes, all of them sound. Returns the offset after them. */
export function rescan(
  files: Files,
  folder: string,
  segment: Segment,
  size: number,
  indexIntervalBytes: number,
): { readonly segment: Segment; readonly end: Offset } {
  const again = emptySegment(folder, segment.base);
  again.firstAppend = size === 0 ? -1 : segment.firstAppend;
  let end: number = segment.base;
  const path = logFile(folder, segment.base);
  while (again.size < size) {
    const header = readBatchHeader(files.read(path, again.size, batchHeaderSize));
    noteBatch(again, header, indexIntervalBytes);
    end = nextOffset(header);
  }
  return { segment: again, end: offset(end) };
}
