/*
 * What is known of producers, on the disk (ProducerStateManager's `.snapshot` files): written where a segment begins,
 * where a log is cut or opened and when it is closed, so that opening and cutting a log read only the batches behind the
 * last one. Of the five batches of a producer a snapshot keeps the newest: a restart may refuse an older duplicate as out
 * of order, and never takes one for new.
 */
import { type Offset, offset, producerId } from "../foundation/ids.ts";
import type { Files } from "../foundation/process.ts";
import { crc32c } from "../wire/crc32c.ts";
import { DecodeError } from "../wire/decode-error.ts";
import { Reader } from "../wire/reader.ts";
import { Writer } from "../wire/writer.ts";
import { type Producers, remember, sequenceBefore } from "./producers.ts";
import { headersFrom } from "./segment.ts";
import type { Log } from "./state.ts";

/** Version, checksum of all that follows, number of entries. */
const headerSize = 2 + 4 + 4;
const checkedFrom = 6;
const entrySize = 8 + 2 + 4 + 8 + 4 + 8 + 4 + 8;
const version = 1;
const none = -1;

export const snapshotFile = (folder: string, at: Offset): string =>
  `${folder}/${String(at).padStart(20, "0")}.snapshot`;

/** The log end offset at which a snapshot of this name was taken, if it is one. */
function snapshotOffset(name: string): Offset | undefined {
  const digits = /^(\d{20})\.snapshot$/.exec(name)?.[1];
  return digits === undefined ? undefined : offset(Number(digits));
}

/** A snapshot's bytes (version 1, CRC-32C). Transactions are not known yet: their fields say so. */
export function encodeProducers(producers: Producers): Uint8Array {
  const writer = new Writer(new Uint8Array(headerSize + producers.size * entrySize));
  writer.int16(version);
  writer.int32(0);
  writer.int32(producers.size);
  for (const [id, { epoch, batches, lastTimestamp }] of producers) {
    const last = batches.at(-1);
    writer.int64(id);
    writer.int16(epoch);
    writer.int32(last?.lastSequence ?? none);
    writer.int64(last === undefined ? none : last.next - 1);
    writer.int32(last === undefined ? 0 : last.next - 1 - last.base);
    writer.int64(lastTimestamp);
    // Epoch of its coordinator, and where its open transaction begins.
    writer.int32(none);
    writer.int64(none);
  }
  new Writer(writer.bytes, 2).int32(crc32c(writer.bytes, checkedFrom) | 0);
  return writer.bytes;
}

/** @throws DecodeError if the bytes, which the reader reads, are no whole, sound snapshot. */
export function decodeProducers(bytes: Uint8Array, reader = new Reader(bytes)): Producers {
  const complain = (byte: number, problem: string): DecodeError =>
    new DecodeError("producer snapshot", byte, problem);
  const found = reader.int16();
  if (found !== version) throw complain(0, `version ${found} instead of ${version}`);
  const checksum = reader.int32();
  if (checksum !== (crc32c(bytes, checkedFrom) | 0)) throw complain(2, "a wrong checksum");
  const producers: Producers = new Map();
  const count = reader.int32();
  for (let i = 0; i < count; i++) {
    const id = producerId(reader.int64());
    const epoch = reader.int16();
    const lastSequence = reader.int32();
    const lastOffset = reader.int64();
    const delta = reader.int32();
    const timestamp = reader.int64();
    reader.int32();
    reader.int64();
    const batch = {
      firstSequence: sequenceBefore(lastSequence, delta),
      lastSequence,
      base: offset(lastOffset - delta),
      next: offset(lastOffset + 1),
      timestamp,
    };
    const batches = lastOffset < 0 ? [] : [batch];
    producers.set(id, { epoch, batches, lastTimestamp: timestamp });
  }
  return producers;
}

/** Offsets of the snapshots in a log's folder, rising. */
export const findSnapshots = (files: Files, folder: string): Offset[] =>
  files.list(folder).flatMap((name) => snapshotOffset(name) ?? []);

/** Writes what is known of producers at the log's end; nothing if that is written. Not fsynced: see flushLog. */
export function snapshotProducers(log: Log, files: Files): void {
  const last = log.snapshots.at(-1);
  if (last !== undefined && last >= log.end) return;
  const path = snapshotFile(log.folder, log.end);
  files.remove(path);
  files.append(path, encodeProducers(log.producers));
  log.snapshots.push(log.end);
}

/** The same, and on the platter; an empty log has nothing to keep. */
export function keepProducers(log: Log, files: Files): void {
  if (log.end <= Math.max(log.start, log.snapshots.at(-1) ?? 0)) return;
  snapshotProducers(log, files);
  files.fsync(snapshotFile(log.folder, log.end));
}

/**
 * Removes snapshots, for good: one that a power loss brought back beside other batches would vouch for producers that
 * they do not bear. (Kafka does not wait for the disk here.)
 */
export function dropSnapshots(log: Log, files: Files, isDropped: (at: Offset) => boolean): void {
  const dropped = log.snapshots.filter(isDropped);
  if (dropped.length === 0) return;
  log.snapshots = log.snapshots.filter((at) => !isDropped(at));
  for (const at of dropped) files.remove(snapshotFile(log.folder, at));
  files.fsyncFolder(log.folder);
}

/**
 * Makes producer state anew for a log that ends where it ends now: from the last sound snapshot behind the log's start
 * and the headers of the batches behind it (ProducerStateManager.truncateAndReload, UnifiedLog.rebuildProducerState).
 */
export function reloadProducers(log: Log, files: Files): void {
  dropSnapshots(log, files, (at) => at > log.end || at <= log.start);
  log.producers = new Map();
  let from = log.start;
  for (let at = log.snapshots.at(-1); at !== undefined; at = log.snapshots.at(-1)) {
    const known = readSnapshot(files, snapshotFile(log.folder, at));
    if (known !== undefined) {
      log.producers = known;
      from = at;
      break;
    }
    const damaged = at;
    dropSnapshots(log, files, (other) => other === damaged);
  }
  for (const header of headersFrom(files, log.segments, from)) remember(log.producers, header);
  keepProducers(log, files);
}

function readSnapshot(files: Files, path: string): Producers | undefined {
  try {
    return decodeProducers(files.read(path, 0, files.size(path) ?? 0));
  } catch (error) {
    if (error instanceof DecodeError) return undefined;
    throw error;
  }
}
