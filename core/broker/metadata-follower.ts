/*
 * The broker's copy of the metadata log (KRaft observer, KIP-595 and KIP-631): it fetches from the active
 * controller, keeps the log on its own disk, and replays into its image what is committed. What that means for
 * its replicas is done by the replica manager, once the broker has seen its own registration.
 */
import { replay } from "../controller/metadata/image.ts";
import {
  type LeaderEpoch,
  metadataTopic,
  metadataTopicId,
  type Offset,
  offset,
  partitionName,
} from "../foundation/ids.ts";
import { note, setTimer, type Turn } from "../foundation/turn.ts";
import { appendBatches, endOffsetForEpoch, lastEpoch, readLog, truncateLog } from "../log/log.ts";
import { fetch, type FetchResponse } from "../wire/api/fetch.ts";
import {
  checkBatch,
  decodeRecords,
  isControl,
  nextOffset,
  readBatchHeader,
  splitBatches,
} from "../wire/batch.ts";
import { DecodeError } from "../wire/decode-error.ts";
import { errorName } from "../wire/errors.ts";
import { decodeMetadataRecord, type MetadataRecord } from "../wire/metadata-records.ts";
import { ask } from "./channel.ts";
import { leadingController, otherController } from "./controllers.ts";
import type { Broker, MetadataFollower } from "./state.ts";

export const metadataTimer = "metadata";

/** Kafka's RaftClient: how long a fetch may wait at the leader, and how much it may bring. */
const maxWaitMs = 500;
const maxBytes = 8_388_608;

type FetchedPartition = FetchResponse["responses"][number]["partitions"][number];

/** Asks the controller for what follows this broker's copy. */
export function fetchMetadata(self: Broker, turn: Turn): void {
  const { metadata } = self;
  const channel = self.toController.metadata;
  if (metadata === undefined || channel.pending.length > 0) return;
  const wanted = {
    partition: 0,
    currentLeaderEpoch: metadata.epoch,
    fetchOffset: metadata.log.end,
    lastFetchedEpoch: lastEpoch(metadata.log),
    partitionMaxBytes: maxBytes,
  };
  const body = {
    clusterId: self.config.clusterId,
    replicaState: { replicaId: self.config.nodeId, replicaEpoch: -1 },
    maxWaitMs,
    minBytes: 1,
    maxBytes,
    topics: [{ topicId: metadataTopicId, partitions: [wanted] }],
    forgottenTopicsData: [],
  };
  const purpose = { type: "metadata", epoch: metadata.epoch } as const;
  const timeout = maxWaitMs + self.config.settings["controller.quorum.request.timeout.ms"];
  ask(self, channel, fetch, body, purpose, timeout, turn);
}

/** The controller answered, or did not (undefined): then another one is asked after a moment. */
export function onMetadataFetched(
  self: Broker,
  response: FetchResponse | undefined,
  turn: Turn,
): void {
  const { metadata } = self;
  if (metadata === undefined) return;
  const answer = response?.responses[0]?.partitions[0];
  if (response === undefined || answer === undefined) {
    // An answer without our partition carries an error of the whole request.
    if (response !== undefined) noteRefused(errorName(response.errorCode), turn);
    otherController(self);
    return later(self, turn);
  }
  if (answer.currentLeader.leaderEpoch > metadata.epoch) {
    metadata.epoch = answer.currentLeader.leaderEpoch as LeaderEpoch;
  }
  if (answer.errorCode !== 0) {
    noteRefused(errorName(answer.errorCode), turn);
    leadingController(self, answer.currentLeader.leaderId);
    return later(self, turn);
  }
  try {
    take(self, metadata, answer, turn);
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    noteRefused("CORRUPT_MESSAGE", turn);
    return later(self, turn);
  }
  fetchMetadata(self, turn);
}

const noteRefused = (error: string, turn: Turn): void =>
  note(turn, {
    type: "refused",
    api: "Fetch",
    partition: partitionName(metadataTopic, 0),
    error,
  });

function later(self: Broker, turn: Turn): void {
  const backoff = self.config.settings["controller.quorum.retry.backoff.ms"];
  setTimer(turn, metadataTimer, turn.now.monotonic + backoff);
}

function take(
  self: Broker,
  metadata: MetadataFollower,
  answer: FetchedPartition,
  turn: Turn,
): void {
  const { epoch, endOffset } = answer.divergingEpoch;
  if (epoch >= 0) return cut(metadata, epoch as LeaderEpoch, offset(endOffset), turn);
  for (const batch of splitBatches(answer.records ?? new Uint8Array(0))) {
    checkBatch(batch);
    appendBatches(metadata.log, turn.ports.files, turn.now, batch);
  }
  if (answer.highWatermark > metadata.committed) metadata.committed = offset(answer.highWatermark);
  const end = metadata.log.end;
  apply(self, metadata, metadata.committed < end ? metadata.committed : end, turn);
}

/** Cuts what the leader does not have. What was applied was committed: nobody may take that back. */
function cut(metadata: MetadataFollower, epoch: LeaderEpoch, end: Offset, turn: Turn): void {
  const { log } = metadata;
  const own = endOffsetForEpoch(log, epoch).end;
  const to = offset(Math.min(end, own === -1 ? log.end : own, log.end));
  if (to < metadata.applied) return noteRefused("INCONSISTENT_CLUSTER_ID", turn);
  const from = log.end;
  truncateLog(log, turn.ports.files, to);
  const partition = partitionName(metadataTopic, 0);
  note(turn, { type: "truncated", partition, from, to, reason: "divergence" });
}

/** Replays what is committed, from this broker's own copy. */
function apply(self: Broker, metadata: MetadataFollower, to: Offset, turn: Turn): void {
  const from = metadata.applied;
  while (metadata.applied < to) {
    const wanted = { maxBytes, upTo: to, minOneBatch: true };
    const bytes = readLog(metadata.log, turn.ports.files, metadata.applied, wanted);
    if (bytes.length === 0) break;
    for (const batch of splitBatches(bytes)) {
      const header = readBatchHeader(batch);
      if (!isControl(header)) applyBatch(self, batch);
      metadata.applied = offset(nextOffset(header));
    }
  }
  if (metadata.applied > from) note(turn, { type: "metadataApplied", next: metadata.applied });
}

function applyBatch(self: Broker, batch: Uint8Array): void {
  for (const { offset: at, value } of decodeRecords(batch)) {
    if (value === null) continue;
    const record = decodeMetadataRecord(value);
    replay(self.image, record, offset(at));
    markChanged(self, record);
  }
}

/** Remembers which partitions this broker must look at again. */
function markChanged(self: Broker, record: MetadataRecord): void {
  const { image, changed } = self;
  if (record.type === "partition" || record.type === "partitionChange") {
    const topic = image.topicNames.get(record.topicId);
    if (topic !== undefined) changed.add(partitionName(topic, record.partitionId));
  } else if (record.type === "config") {
    for (const { name, partitions } of image.topics.values()) {
      for (const index of partitions.keys()) changed.add(partitionName(name, index));
    }
  } else {
    // A broker that came, went, or was fenced decides who may be waited for.
    for (const { name, role } of self.partitions.values()) {
      if (role.type === "leader") changed.add(name);
    }
  }
}
