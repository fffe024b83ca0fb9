/*
 * A copy of the metadata log that is filled by fetching: what voters and observers (brokers) have in common (KIP-595).
 */
import {
  type BrokerId,
  type LeaderEpoch,
  metadataTopicId,
  offset,
  type Offset,
  type Uuid,
} from "../../foundation/ids.ts";
import { note, type Turn } from "../../foundation/turn.ts";
import { endOffsetForEpoch, flushLog, lastEpoch, type Log, truncateLog } from "../../log/log.ts";
import type { FetchResponse } from "../../wire/api/fetch.ts";
import { checkBatch, splitBatches } from "../../wire/batch.ts";
import { appendMetadata, metadataPartition } from "./log.ts";

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
