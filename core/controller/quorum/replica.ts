/*
 * A copy of the metadata log that is filled by fetching: what voters and observers (brokers) have in common (KIP-595).
 */
import {
  type BrokerId,
  type LeaderEpoch,
  leaderEpoch,
  metadataPartition,
  metadataTopic,
  metadataTopicId,
  offset,
  type Offset,
  type Uuid,
} from "../../foundation/ids.ts";
import { must } from "../../foundation/assert.ts";
import { DiskError, type Files } from "../../foundation/process.ts";
import { note, type Turn } from "../../foundation/turn.ts";
import {
  assignEpoch,
  endOffsetForEpoch,
  flushLog,
  lastEpoch,
  type Log,
  restartLog,
  truncateLog,
} from "../../log/log.ts";
import type { FetchSnapshotResponse } from "../../wire/api/fetch-snapshot.ts";
import type { FetchResponse } from "../../wire/api/fetch.ts";
import { checkBatch, splitBatches } from "../../wire/batch.ts";
import type { MetadataImage } from "../metadata/image.ts";
import { appendMetadata } from "./log.ts";
import {
  forgetBefore,
  freezeSnapshot,
  readSnapshot,
  snapshotFile,
  type SnapshotId,
  type Snapshots,
} from "./snapshots.ts";

/** KafkaRaftClient: how long a fetch may wait at the leader (ms), and how much it may bring (bytes). */
export const maxWaitMs = 500;
const maxBytes = 8_388_608;

/** Who fetches, and what it knows. */
export interface Fetching {
  readonly clusterId: string;
  readonly nodeId: BrokerId;
  readonly directory: Uuid;
  readonly log: Log;
  readonly epoch: LeaderEpoch;
}

/** Asks for what follows the copy. */
export function metadataFetch({ clusterId, nodeId, directory, log, epoch }: Fetching) {
  const wanted = {
    partition: 0,
    currentLeaderEpoch: epoch,
    fetchOffset: log.end,
    lastFetchedEpoch: lastEpoch(log),
    partitionMaxBytes: maxBytes,
    replicaDirectoryId: directory,
  };
  return {
    clusterId,
    replicaState: { replicaId: nodeId, replicaEpoch: -1 },
    maxWaitMs,
    minBytes: 1,
    maxBytes,
    topics: [{ topicId: metadataTopicId, partitions: [wanted] }],
    forgottenTopicsData: [],
  };
}

export type FetchedMetadata = FetchResponse["responses"][number]["partitions"][number];

/** The part of an answer that is about the metadata log. */
export const fetchedMetadata = (response: FetchResponse): FetchedMetadata | undefined =>
  response.responses[0]?.partitions[0];

/**
 * Takes into the log what an answer brought: cuts what the leader does not have, appends what is new. `flushed`: a voter
 * flushes, since its next fetch counts as its word. False: the leader would have it cut what it has `applied`; that was
 * committed, so that this is no leader of this quorum.
 * @throws DecodeError if the batches are damaged or do not follow.
 */
export function takeFetched(
  log: Log,
  answer: FetchedMetadata,
  applied: Offset,
  flushed: boolean,
  turn: Turn,
): boolean {
  const { files } = turn.ports;
  const { epoch, endOffset } = answer.divergingEpoch;
  if (epoch >= 0) return cut(log, epoch as LeaderEpoch, offset(endOffset), applied, flushed, turn);
  const records = answer.records ?? new Uint8Array(0);
  if (records.length === 0) return true;
  for (const batch of splitBatches(records)) {
    checkBatch(batch);
    appendMetadata(log, batch, "follower", turn);
  }
  if (flushed) flushLog(log, files);
  return true;
}

function cut(
  log: Log,
  epoch: LeaderEpoch,
  end: Offset,
  applied: Offset,
  flushed: boolean,
  turn: Turn,
): boolean {
  const own = endOffsetForEpoch(log, epoch).end;
  const to = offset(Math.min(end, own === -1 ? log.end : own, log.end));
  if (to < applied) return false;
  const from = log.end;
  truncateLog(log, turn.ports.files, to);
  if (flushed) flushLog(log, turn.ports.files);
  note(turn, { type: "truncated", partition: metadataPartition, from, to, reason: "divergence" });
  return true;
}

/** Asks for the next piece of the snapshot that is being fetched. */
export function snapshotFetch(
  { clusterId, nodeId, directory, epoch }: Omit<Fetching, "log">,
  { id, position }: Piece,
) {
  const partition = {
    partition: 0,
    currentLeaderEpoch: epoch,
    snapshotId: { endOffset: id.end, epoch: id.epoch },
    position,
    replicaDirectoryId: directory,
  };
  const topics = [{ name: metadataTopic, partitions: [partition] }];
  return { clusterId, replicaId: nodeId, maxBytes, topics };
}

type Piece = NonNullable<Snapshots["fetching"]>;

/** The leader's log begins beyond the end of this copy: a snapshot is to be fetched instead. */
export function beginSnapshot(kept: Snapshots, answer: FetchedMetadata, files: Files): boolean {
  const { endOffset, epoch } = answer.snapshotId;
  if (epoch < 0) return false;
  const id = { end: offset(endOffset), epoch: leaderEpoch(epoch) };
  files.remove(`${snapshotFile(id)}.part`);
  kept.fetching = { id, position: 0 };
  return true;
}

export type FetchedPiece = FetchSnapshotResponse["topics"][number]["partitions"][number];

/** The part of an answer that is about the metadata log. */
export const fetchedPiece = (response: FetchSnapshotResponse): FetchedPiece | undefined =>
  response.topics[0]?.partitions[0];

/**
 * Takes a piece of a snapshot. With the last one the copy begins anew where the snapshot ends, and what it holds is
 * returned; undefined: there is more to fetch.
 */
export function takePiece(
  kept: Snapshots,
  log: Log,
  answer: FetchedPiece,
  turn: Turn,
): MetadataImage | undefined {
  const { files } = turn.ports;
  const piece = must(kept.fetching, "a snapshot is being fetched");
  const { id } = piece;
  const bytes = answer.unalignedRecords ?? new Uint8Array(0);
  if (answer.position !== piece.position) return undefined;
  files.append(`${snapshotFile(id)}.part`, bytes);
  piece.position += bytes.length;
  if (piece.position < answer.size) return undefined;
  freezeSnapshot(files, id);
  kept.fetching = undefined;
  kept.ids.push(id);
  kept.bytes = 0;
  beginAfter(log, id, files);
  forgetBefore(kept, log.start, files);
  const { end, epoch } = id;
  note(turn, { type: "metadataSnapshot", how: "fetched", end, epoch, bytes: piece.position });
  return readSnapshot(files, id);
}

/**
 * Loads the newest snapshot of the disk; undefined if there is none.
 * @throws DiskError if it is damaged, or the log begins behind it: what lies between is nowhere.
 */
export function loadSnapshot(kept: Snapshots, log: Log, turn: Turn): Loaded | undefined {
  const { files } = turn.ports;
  const id = kept.ids.at(-1);
  if (log.start > (id?.end ?? 0)) {
    const problem = `${metadataPartition} begins at ${log.start}, and no snapshot holds what was before`;
    throw new DiskError(metadataPartition, problem);
  }
  if (id === undefined) return undefined;
  // A crash between a fetched snapshot and the new beginning of the log leaves the old log.
  if (log.end < id.end) beginAfter(log, id, files);
  // An epoch in which nothing was written after the snapshot is in no batch.
  else if (log.end === id.end && lastEpoch(log) < id.epoch)
    assignEpoch(log, files, id.epoch, id.end);
  forgetBefore(kept, log.start, files);
  const { end, epoch } = id;
  const bytes = files.size(snapshotFile(id)) ?? 0;
  note(turn, { type: "metadataSnapshot", how: "loaded", end, epoch, bytes });
  return { image: readSnapshot(files, id), end };
}

/** What a snapshot says, and up to where. */
export interface Loaded {
  readonly image: MetadataImage;
  readonly end: Offset;
}

function beginAfter(log: Log, { end, epoch }: SnapshotId, files: Files): void {
  restartLog(log, files, end);
  assignEpoch(log, files, epoch, end);
}
