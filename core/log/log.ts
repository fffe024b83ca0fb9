/*
 * One partition's log on disk (Kafka's UnifiedLog): segments of batches, a cache of leader epochs, the state of
 * producers. Appends go to the page cache; nothing here fsyncs on the way of an append.
 */
import { must } from "../foundation/assert.ts";
import { type LeaderEpoch, leaderEpoch, type Offset, offset } from "../foundation/ids.ts";
import type { Files, Now } from "../foundation/process.ts";
import {
  type BatchHeader,
  decodeRecords,
  nextOffset,
  readBatchHeader,
  splitBatches,
} from "../wire/batch.ts";
import { DecodeError } from "../wire/decode-error.ts";
import {
  endOffsetFor,
  type EpochEntry,
  epochFile,
  epochsBelow,
  readEpochs,
  withEpoch,
  writeEpochs,
} from "./epochs.ts";
import {
  judge,
  type Producers,
  type ProducerVerdict,
  remember,
  expireProducers,
} from "./producers.ts";
import { noteBatch, readSegments } from "./recovery.ts";
import {
  createSegment,
  cutIndex,
  findBatch,
  headerAt,
  indexEntrySize,
  indexFile,
  logFile,
  type Segment,
} from "./segment.ts";

/** How a log is kept; sizes in bytes, times in ms. */
export interface LogConfig {
  readonly segmentBytes: number;
  readonly indexIntervalBytes: number;
  readonly indexMaxBytes: number;
  readonly rollMs: number;
  readonly maxBatchBytes: number;
  readonly producerIdExpirationMs: number;
}

/** A log in memory: plain data. Its batches are in its files alone. */
export interface Log {
  readonly folder: string;
  config: LogConfig;
  /** The first offset. */
  start: Offset;
  /** The log end offset: the next record's. */
  end: Offset;
  /** Everything below is fsynced. */
  recoveryPoint: Offset;
  /** Rising; the last one is written to. */
  segments: Segment[];
  epochs: readonly EpochEntry[];
  producers: Producers;
}

/** A batch that entered the log. */
export interface AppendedBatch {
  readonly header: BatchHeader;
  readonly base: Offset;
  readonly next: Offset;
  /** Base offset of its segment; position and length in bytes. */
  readonly segment: Offset;
  readonly position: number;
  readonly length: number;
  /** Whether it is the first of a segment that was begun for it. */
  readonly rolled: boolean;
}

/** What is known of a log before it is opened. */
export interface OpenOptions {
  /** Whether the last life flushed everything and said so. */
  readonly clean: boolean;
  readonly recoveryPoint: Offset;
  readonly start: Offset;
}

/** Opens the log in `folder`, or makes it; cuts what an unclean stop left behind the last sound batch. */
export function openLog(
  files: Files,
  folder: string,
  config: LogConfig,
  options: OpenOptions,
): { readonly log: Log; readonly cutBytes: number } {
  const trusted = options.clean ? offset(Number.MAX_SAFE_INTEGER) : options.recoveryPoint;
  const found = readSegments(files, folder, config.indexIntervalBytes, trusted);
  const { segments, end } = found;
  if (segments.length === 0) segments.push(createSegment(files, folder, options.start));
  const start = must(segments[0], "a log has a segment").base;
  const log: Log = {
    folder,
    config,
    start: options.start > start ? options.start : start,
    end: segments.length === 1 && end < options.start ? options.start : end,
    recoveryPoint: options.clean ? end : offset(Math.min(options.recoveryPoint, end)),
    segments,
    epochs: found.epochs,
    producers: found.producers,
  };
  mendEpochs(files, log);
  return { log, cutBytes: found.cutBytes };
}

/** A leader's last epoch may be empty, so that only the file knows it; everything else the log says itself. */
function mendEpochs(files: Files, log: Log): void {
  const stored = readEpochs(files, log.folder);
  const last = stored.at(-1);
  const own = log.epochs.at(-1);
  if (
    last !== undefined &&
    last.start <= log.end &&
    (own === undefined || last.epoch > own.epoch)
  ) {
    log.epochs = withEpoch(log.epochs, { epoch: last.epoch, start: log.end }) ?? log.epochs;
  }
  const same =
    stored.length === log.epochs.length &&
    log.epochs.every(
      ({ epoch, start }, i) => stored[i]?.epoch === epoch && stored[i].start === start,
    );
  if (!same && (log.epochs.length > 0 || files.size(epochFile(log.folder)) !== undefined)) {
    writeEpochs(files, log.folder, log.epochs);
  }
}

/**
 * Appends whole, stamped batches that follow one another from the log end.
 * @throws DecodeError if one does not follow, or is not whole.
 */
export function appendBatches(
  log: Log,
  files: Files,
  now: Now,
  bytes: Uint8Array,
): AppendedBatch[] {
  return splitBatches(bytes).map((batch) => appendOne(log, files, now, batch));
}

function appendOne(log: Log, files: Files, now: Now, batch: Uint8Array): AppendedBatch {
  const header = readBatchHeader(batch);
  // Compaction leaves gaps, so a follower's batch may begin later than the log ends, never earlier.
  if (header.baseOffset < log.end) {
    throw new DecodeError("baseOffset", 0, `${header.baseOffset}, the log ends at ${log.end}`);
  }
  const base = offset(header.baseOffset);
  assignEpoch(log, files, leaderEpoch(header.leaderEpoch), base);
  const rolled = mustRoll(log, header, now);
  if (rolled) roll(log, files, base, now);
  const segment = active(log);
  const position = segment.size;
  if (segment.firstAppend === -1) segment.firstAppend = now.wall;
  files.append(logFile(log.folder, segment.base), batch);
  noteBatch(segment, files, log.folder, header, log.config.indexIntervalBytes);
  remember(log.producers, header, now.wall);
  const next = offset(nextOffset(header));
  log.end = next;
  return { header, base, next, segment: segment.base, position, length: header.length, rolled };
}

const active = (log: Log): Segment => must(log.segments.at(-1), "a log has a segment");

function mustRoll(log: Log, header: BatchHeader, now: Now): boolean {
  const segment = active(log);
  if (segment.size === 0) return false;
  const { segmentBytes, rollMs, indexMaxBytes } = log.config;
  return (
    segment.size + header.length > segmentBytes ||
    (segment.firstAppend !== -1 && now.wall - segment.firstAppend > rollMs) ||
    (segment.indexOffsets.length + 1) * indexEntrySize > indexMaxBytes ||
    header.baseOffset + header.lastOffsetDelta - segment.base > 0x7fffffff
  );
}

function roll(log: Log, files: Files, base: Offset, now: Now): void {
  expireProducers(log.producers, now.wall, log.config.producerIdExpirationMs);
  log.segments.push(createSegment(files, log.folder, base));
}

/** Whether a client's batch may be appended, was appended before, or is refused. */
export const checkProducer = (log: Log, header: BatchHeader): ProducerVerdict =>
  judge(log.producers, header);

/**
 * Whole batches from the one that holds `from` on, of one segment, all beginning below `upTo`. A view of the file.
 * With `minOneBatch` the first comes whole even if it is larger than `maxBytes` (KIP-74). Empty if there is none.
 */
export function readLog(
  log: Log,
  files: Files,
  from: Offset,
  options: { readonly maxBytes: number; readonly upTo: Offset; readonly minOneBatch: boolean },
): Uint8Array {
  const nothing = new Uint8Array(0);
  const { maxBytes, upTo, minOneBatch } = options;
  if (from >= upTo || from >= log.end) return nothing;
  for (const segment of segmentsFrom(log, from)) {
    const first = findBatch(files, log.folder, segment, from);
    if (first === undefined || first.header.baseOffset >= upTo) continue;
    let end = first.position + first.header.length;
    if (end - first.position > maxBytes && !minOneBatch) return nothing;
    while (end < segment.size) {
      const header = headerAt(files, log.folder, segment, end);
      if (header.baseOffset >= upTo || end + header.length - first.position > maxBytes) break;
      end += header.length;
    }
    return files.read(logFile(log.folder, segment.base), first.position, end - first.position);
  }
  return nothing;
}

/** The segment that holds `from`, then those after it. */
function segmentsFrom(log: Log, from: Offset): Segment[] {
  let at = log.segments.length - 1;
  while (at > 0 && (log.segments[at]?.base ?? 0) > from) at -= 1;
  return log.segments.slice(at);
}

/** Cuts the log to end at `to` (which must be where a batch begins): segments, index, epochs, producer state. */
export function truncateLog(log: Log, files: Files, to: Offset): void {
  if (to < log.end) cutSegments(log, files, to);
  // Also where nothing is cut: a leader that appended nothing left an epoch at the very end that others do not know.
  const epochs = epochsBelow(log.epochs, log.end);
  if (epochs.length === log.epochs.length) return;
  log.epochs = epochs;
  writeEpochs(files, log.folder, epochs);
}

function cutSegments(log: Log, files: Files, to: Offset): void {
  const { folder } = log;
  while (log.segments.length > 1 && active(log).base >= to) {
    const { base } = active(log);
    files.remove(logFile(folder, base));
    files.remove(indexFile(folder, base));
    log.segments.pop();
  }
  const segment = active(log);
  const size = findBatch(files, folder, segment, to)?.position ?? segment.size;
  cutIndex(segment, files, folder, size);
  if (size < segment.size) files.truncate(logFile(folder, segment.base), size);
  // What producers had appended is made anew from what is left, as Kafka does from its snapshots.
  const everything = offset(Number.MAX_SAFE_INTEGER);
  const again = readSegments(files, folder, log.config.indexIntervalBytes, everything);
  log.segments = again.segments;
  log.producers = again.producers;
  log.end = again.end;
  if (log.recoveryPoint > log.end) log.recoveryPoint = log.end;
}

/** Notes that from `start` on records are of this epoch; nothing happens if that is known. */
export function assignEpoch(log: Log, files: Files, epoch: LeaderEpoch, start: Offset): void {
  if (epoch < 0) return;
  const entries = withEpoch(log.epochs, { epoch, start });
  if (entries === undefined) return;
  log.epochs = entries;
  writeEpochs(files, log.folder, entries);
}

/** The latest epoch that the log knows; -1 for none. */
export const lastEpoch = (log: Log): LeaderEpoch => log.epochs.at(-1)?.epoch ?? leaderEpoch(-1);

/** The largest epoch not above the asked one and its end offset; -1 where the log cannot say (KIP-101, KIP-279). */
export const endOffsetForEpoch = (
  log: Log,
  epoch: LeaderEpoch,
): { readonly epoch: LeaderEpoch; readonly end: Offset } =>
  endOffsetFor(log.epochs, epoch, log.end);

/** Whether a segment that is no longer written to has not been flushed. */
export const needsFlush = (log: Log): boolean => log.recoveryPoint < active(log).base;

/** Fsyncs what is not flushed yet; only then moves the recovery point. */
export function flushLog(log: Log, files: Files): Offset {
  for (const segment of segmentsFrom(log, log.recoveryPoint)) {
    files.fsync(logFile(log.folder, segment.base));
    files.fsync(indexFile(log.folder, segment.base));
  }
  files.fsyncFolder(log.folder);
  log.recoveryPoint = log.end;
  return log.recoveryPoint;
}

/** Flushes all of it: the last thing that a clean stop does to a log. */
export function closeLog(log: Log, files: Files): void {
  flushLog(log, files);
}

/** The first record whose timestamp is not below the asked one; undefined if there is none. By scan. */
export function offsetForTimestamp(
  log: Log,
  files: Files,
  timestamp: number,
):
  | { readonly offset: Offset; readonly timestamp: number; readonly leaderEpoch: LeaderEpoch }
  | undefined {
  for (const segment of log.segments) {
    if (segment.largestTimestamp < timestamp) continue;
    for (let position = 0; position < segment.size;) {
      const header = headerAt(files, log.folder, segment, position);
      if (header.maxTimestamp >= timestamp) {
        const batch = files.read(logFile(log.folder, segment.base), position, header.length);
        const hit = decodeRecords(batch).find((record) => record.timestamp >= timestamp);
        if (hit !== undefined) {
          return {
            offset: offset(hit.offset),
            timestamp: hit.timestamp,
            leaderEpoch: leaderEpoch(header.leaderEpoch),
          };
        }
      }
      position += header.length;
    }
  }
  return undefined;
}

/** The largest timestamp in the log; -1 if it is empty. */
export const largestTimestamp = (log: Log): number =>
  log.segments.reduce((largest, segment) => Math.max(largest, segment.largestTimestamp), -1);
