/*
 * One partition's log on disk (Kafka's UnifiedLog): segments of batches, a cache of leader epochs, the state of
 * producers. Appends go to the page cache; nothing here fsyncs on the way of an append, save the epochs before the first
 * batch of a new one, and everything once flush.messages offsets are not fsynced.
 */
import { must } from "../foundation/assert.ts";
import { type LeaderEpoch, leaderEpoch, type Offset, offset } from "../foundation/ids.ts";
import type { Files, Now } from "../foundation/process.ts";
import { type BatchHeader, nextOffset, readBatchHeader, splitBatches } from "../wire/batch.ts";
import { DecodeError } from "../wire/decode-error.ts";
import {
  endOffsetFor,
  epochFile,
  epochsFrom,
  epochText,
  withEpoch,
  writeEpochs,
} from "./epochs.ts";
import { activeSegment, flushLog } from "./flushing.ts";
import { expireProducers, judge, type ProducerVerdict, remember } from "./producers.ts";
import { dropSnapshots, findSnapshots, reloadProducers } from "./producer-snapshots.ts";
import { notNext, recoverSegments } from "./recovery.ts";
import { mustRoll, roll } from "./rolling.ts";
import { createSegment, noteBatch, writeEntries } from "./segment.ts";
import { restartLog } from "./start-offset.ts";
import type { AppendedBatch, Log, LogConfig, OpenedLog, OpenOptions } from "./state.ts";
import { readText } from "./text-file.ts";

export { activeSegment, closeLog, flushLog, needsFlush } from "./flushing.ts";
export { largestTimestamp, offsetForTimestamp, readLog } from "./reading.ts";
export type { AppendedBatch, Cut, Log, LogConfig, OpenedLog, OpenOptions } from "./state.ts";
export { deleteOldSegments } from "./retention.ts";
export { raiseLogStart, removeBeforeStart, restartLog } from "./start-offset.ts";
export { truncateLog } from "./truncation.ts";

/** Opens the log in `folder`, or makes it; cuts what an unclean stop left behind the last sound batch. */
export function openLog(
  files: Files,
  folder: string,
  config: LogConfig,
  options: OpenOptions,
): OpenedLog {
  const found = recoverSegments(files, folder, config.indexIntervalBytes, options);
  const { segments, epochs, cutBytes, cutFrom, mended } = found;
  const isNew = segments.length === 0;
  if (isNew) segments.push(createSegment(files, folder, options.start));
  const base = must(segments[0], "a log has a segment").base;
  const start = options.start > base && options.start <= found.end ? options.start : base;
  const log: Log = {
    folder,
    config,
    start,
    end: found.end,
    recoveryPoint: options.clean ? found.end : offset(Math.min(options.recoveryPoint, found.end)),
    segments,
    epochs: epochsFrom(epochs, start),
    producers: new Map(),
    snapshots: findSnapshots(files, folder),
    producersChecked: -1,
    cutUnsynced: !options.clean || cutFrom !== undefined,
  };
  // The start was on the platter before the records that gave way to it: nothing that is left is of the log.
  if (options.start > found.end) restartLog(log, files, options.start);
  dropStraySnapshots(log, files);
  reloadProducers(log, files);
  const stored = readText(files, epochFile(folder));
  const known = epochText(log.epochs);
  if (stored === undefined ? log.epochs.length > 0 : stored !== known) {
    writeEpochs(files, folder, log.epochs);
  }
  return { log, cutBytes, cutFrom, mended };
}

/** Only where a segment begins is a snapshot needed again, and the last one (ProducerStateManager.removeStraySnapshots). */
function dropStraySnapshots(log: Log, files: Files): void {
  const last = log.snapshots.at(-1);
  const bases = new Set(log.segments.map(({ base }) => base));
  dropSnapshots(log, files, (at) => at !== last && !bases.has(at));
}

/**
 * Appends whole, stamped batches that follow one another from the log end.
 * @throws DecodeError if one does not follow, or is not whole; those before it are in the log.
 */
export function appendBatches(
  log: Log,
  files: Files,
  now: Now,
  bytes: Uint8Array,
): AppendedBatch[] {
  const appended: AppendedBatch[] = [];
  let whole = 0;
  for (const batch of splitBatches(bytes)) {
    appended.push(appendOne(log, files, now, batch));
    whole += batch.length;
  }
  if (whole < bytes.length) {
    throw new DecodeError("batch", whole, `${bytes.length - whole} bytes are no whole batch`);
  }
  return appended;
}

function appendOne(log: Log, files: Files, now: Now, batch: Uint8Array): AppendedBatch {
  const { config, folder } = log;
  const header = readBatchHeader(batch);
  const problem = notNext(header, log.end, log.epochs);
  if (problem !== undefined) throw new DecodeError("batch", 0, problem);
  const base = offset(header.baseOffset);
  assignEpoch(log, files, leaderEpoch(header.leaderEpoch), base);
  const rolled = mustRoll(log, header, now);
  if (rolled) roll(log, files);
  const segment = activeSegment(log);
  const position = segment.size;
  if (segment.firstAppend === -1) segment.firstAppend = now.wall;
  files.append(segment.path, batch);
  writeEntries(files, folder, segment, () => noteBatch(segment, header, config.indexIntervalBytes));
  checkExpiry(log, now);
  remember(log.producers, header);
  const next = offset(nextOffset(header));
  log.end = next;
  const flushed = next - log.recoveryPoint >= config.flushMessages;
  if (flushed) flushLog(log, files);
  const { length } = header;
  return { header, base, next, segment: segment.base, position, length, rolled, flushed };
}

/** Kafka's producer.id.expiration.check.interval.ms. */
const expiryCheckMs = 600_000;

/** Expired producers are looked for every ten minutes; Kafka has a timer for it, here the next append does it. */
function checkExpiry(log: Log, now: Now): void {
  if (log.producersChecked >= 0 && now.wall - log.producersChecked < expiryCheckMs) return;
  if (log.producersChecked >= 0) {
    expireProducers(log.producers, now.wall, log.config.producerIdExpirationMs);
  }
  log.producersChecked = now.wall;
}

/** Whether a client's batch may be appended, was appended before, or is refused. */
export const checkProducer = (log: Log, header: BatchHeader): ProducerVerdict =>
  judge(log.producers, header);

/**
 * Notes that from `start` on records are of this epoch; nothing happens if that is known. On the platter when it
 * returns: an epoch must not be forgotten while its records are kept.
 */
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
