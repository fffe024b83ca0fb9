/*
 * Snapshots of the metadata log (KIP-630): what the log says up to an offset, as records in a file beside it, so that
 * what lies before may go. Every replica writes its own; a file has its name only when all of it is on the platter.
 */
import {
  type LeaderEpoch,
  leaderEpoch,
  metadataPartition,
  type Millis,
  millis,
  type Offset,
  offset,
} from "../../foundation/ids.ts";
import type { BrokerSettings } from "../../foundation/settings.ts";
import { note, type Turn } from "../../foundation/turn.ts";
import { DiskError, type Files } from "../../foundation/process.ts";
import { type Log, raiseLogStart, removeBeforeStart } from "../../log/log.ts";
import {
  type BatchHeader,
  checkBatch,
  controlBit,
  decodeRecords,
  encodeBatch,
  isControl,
  readBatchHeader,
  splitBatches,
} from "../../wire/batch.ts";
import { DecodeError } from "../../wire/decode-error.ts";
import { encodeControlRecord } from "../../wire/control-records.ts";
import { decodeMetadataRecord, encodeMetadataRecord } from "../../wire/metadata-records.ts";
import type { BatchRecord } from "../../wire/record.ts";
import { emptyImage, type MetadataImage } from "../metadata/image.ts";
import { recordsOfImage } from "../metadata/image-records.ts";
import { replay } from "../metadata/replay.ts";
import type { VoterConfig } from "./state.ts";

/** A snapshot holds everything below `end`; `epoch` is that of the last record in it. */
export interface SnapshotId {
  readonly end: Offset;
  readonly epoch: LeaderEpoch;
}

/** What a replica of the metadata log keeps of its snapshots. */
export interface Snapshots {
  /** On this disk, oldest first. */
  readonly ids: SnapshotId[];
  /** Bytes of the log that were applied since the newest. */
  bytes: number;
  /** Wall clock (ms) of the last batch that was applied. */
  lastTimestamp: number;
  /** When the newest was written or found (monotonic ms). */
  since: Millis;
  /** One that is being fetched, and how many of its bytes are here. */
  fetching: { readonly id: SnapshotId; position: number } | undefined;
}

/** The path of a snapshot; of one that is not whole yet, with `.part` behind it. */
export const snapshotFile = ({ end, epoch }: SnapshotId): string =>
  `${metadataPartition}/${String(end).padStart(20, "0")}-${String(epoch).padStart(10, "0")}.checkpoint`;

/** Before the disk was looked at. */
export const noSnapshots = (): Snapshots => ({
  ids: [],
  bytes: 0,
  lastTimestamp: 0,
  since: millis(0),
  fetching: undefined,
});

/** Looks for what the disk holds, and removes what a crash left unfinished. */
export function openSnapshots(turn: Turn): Snapshots {
  const { files } = turn.ports;
  const ids: SnapshotId[] = [];
  for (const name of files.list(metadataPartition)) {
    const [, end, epoch, part] = /^(\d{20})-(\d{10})\.checkpoint(\.part)?$/.exec(name) ?? [];
    if (end === undefined) continue;
    if (part !== undefined) files.remove(`${metadataPartition}/${name}`);
    else ids.push({ end: offset(Number(end)), epoch: leaderEpoch(Number(epoch)) });
  }
  return { ...noSnapshots(), ids, since: turn.now.monotonic };
}

/** The image that a snapshot holds. @throws DiskError if the file is damaged. */
export function readSnapshot(files: Files, id: SnapshotId): MetadataImage {
  const path = snapshotFile(id);
  const bytes = files.read(path, 0, files.size(path) ?? 0);
  try {
    return imageIn(bytes);
  } catch (error) {
    if (error instanceof DecodeError) throw new DiskError(path, `${path}: ${error.message}`);
    throw error;
  }
}

/** @throws DecodeError if a batch is damaged, or the snapshot does not end with its footer. */
function imageIn(bytes: Uint8Array): MetadataImage {
  const image = emptyImage();
  let whole = 0;
  let hasFooter = false;
  for (const batch of splitBatches(bytes)) {
    checkBatch(batch);
    whole += batch.length;
    hasFooter = isControl(readBatchHeader(batch)) && whole > batch.length;
    if (isControl(readBatchHeader(batch))) continue;
    for (const { value } of decodeRecords(batch)) {
      if (value !== null) replay(image, decodeMetadataRecord(value));
    }
  }
  if (whole < bytes.length) throw new DecodeError("snapshot", whole, "no whole batch");
  if (!hasFooter) throw new DecodeError("snapshot", whole, "no footer");
  return image;
}

/** Settings under Kafka's keys that say when a snapshot is due and what is kept. */
type Due = Pick<
  BrokerSettings,
  | "metadata.log.max.record.bytes.between.snapshots"
  | "metadata.log.max.snapshot.interval.ms"
  | "metadata.max.retention.bytes"
>;

/** A batch of the log was applied. */
export function countApplied(kept: Snapshots, { length, maxTimestamp }: BatchHeader): void {
  kept.bytes += length;
  if (maxTimestamp > kept.lastTimestamp) kept.lastTimestamp = maxTimestamp;
}

/** Writes a snapshot of all that is applied if it is time, and lets old ones go. */
export function snapshotIfDue(
  kept: Snapshots,
  log: Log,
  image: MetadataImage,
  applied: Offset,
  voters: readonly VoterConfig[],
  settings: Due,
  turn: Turn,
): void {
  const waited = turn.now.monotonic - kept.since;
  const isDue =
    kept.bytes >= settings["metadata.log.max.record.bytes.between.snapshots"] ||
    (kept.bytes > 0 && waited >= settings["metadata.log.max.snapshot.interval.ms"]);
  const epoch = log.epochs.findLast(({ start }) => start < applied)?.epoch;
  if (!isDue || epoch === undefined) return;
  const id = { end: applied, epoch };
  const { files } = turn.ports;
  const bytes = writeSnapshot(files, id, image, voters, kept.lastTimestamp, turn);
  Object.assign(kept, { bytes: 0, since: turn.now.monotonic });
  kept.ids.push(id);
  note(turn, { type: "metadataSnapshot", how: "written", end: id.end, epoch, bytes });
  cleanOld(kept, log, settings["metadata.max.retention.bytes"], files);
}

function writeSnapshot(
  files: Files,
  id: SnapshotId,
  image: MetadataImage,
  voters: readonly VoterConfig[],
  lastTimestamp: number,
  turn: Turn,
): number {
  const path = snapshotFile(id);
  const part = `${path}.part`;
  const timestamp = lastTimestamp;
  const control = (record: Pick<BatchRecord, "key" | "value">) => ({ timestamp, ...record });
  const header = encodeControlRecord("snapshotHeader", {
    version: 0,
    lastContainedLogTimestamp: lastTimestamp,
  });
  const kraftVersion = encodeControlRecord("kraftVersion", { version: 0, kRaftVersion: 1 });
  const batches: { readonly attributes: number; readonly records: readonly BatchRecord[] }[] = [
    {
      attributes: controlBit,
      records: [header, kraftVersion, votersRecord(voters)].map(control),
    },
    {
      attributes: 0,
      records: recordsOfImage(image).map((record) => ({
        timestamp,
        key: null,
        value: encodeMetadataRecord(record),
      })),
    },
    {
      attributes: controlBit,
      records: [control(encodeControlRecord("snapshotFooter", { version: 0 }))],
    },
  ];
  files.remove(part);
  let base = 0;
  let bytes = 0;
  for (const { attributes, records } of batches) {
    if (records.length === 0) continue;
    const none = { producerId: -1, producerEpoch: -1, baseSequence: -1 };
    const batch = encodeBatch(
      { baseOffset: base, leaderEpoch: id.epoch, ...none, attributes, records },
      turn.ports.bytes,
    );
    files.append(part, batch);
    base += records.length;
    bytes += batch.length;
  }
  freezeSnapshot(files, id);
  return bytes;
}

const votersRecord = (voters: readonly VoterConfig[]) =>
  encodeControlRecord("voters", {
    version: 0,
    voters: voters.map(({ id, directory, endpoint }) => ({
      voterId: id,
      voterDirectoryId: directory,
      endpoints: [{ name: "CONTROLLER", ...endpoint }],
      kRaftVersionFeature: { minSupportedVersion: 0, maxSupportedVersion: 1 },
    })),
  });

/** All of it is there: it gets its name, on the platter. */
export function freezeSnapshot(files: Files, id: SnapshotId): void {
  const path = snapshotFile(id);
  files.fsync(`${path}.part`);
  files.rename(`${path}.part`, path);
  files.fsyncFolder(metadataPartition);
}

/**
 * Takes away what ends before the log's start (KafkaMetadataLog.forgetSnapshotsBefore): whoever has read up to there is
 * judged by the epoch of the oldest snapshot, which has to be the one that ends there.
 */
export function forgetBefore(kept: Snapshots, start: Offset, files: Files): void {
  for (let oldest = kept.ids[0]; oldest !== undefined && oldest.end < start; oldest = kept.ids[0]) {
    files.remove(snapshotFile(oldest));
    kept.ids.shift();
  }
}

/**
 * Removes the oldest snapshot while all of it is larger than `retention` (bytes), and begins the log where the next one
 * ends; the newest always stays (KafkaMetadataLog.maybeClean).
 */
function cleanOld(kept: Snapshots, log: Log, retention: number, files: Files): void {
  const size = (): number =>
    kept.ids.reduce((sum, id) => sum + (files.size(snapshotFile(id)) ?? 0), 0) +
    log.segments.reduce((sum, segment) => sum + segment.size, 0);
  while (kept.ids.length > 1 && size() > retention) {
    const [oldest, next] = kept.ids;
    if (oldest === undefined || next === undefined) return;
    // The log first: a crash in between leaves a snapshot too many, never a gap.
    raiseLogStart(log, files, next.end);
    removeBeforeStart(log, files);
    files.remove(snapshotFile(oldest));
    kept.ids.shift();
  }
}
