/*
 * The leader's side of fetches of the metadata log (KIP-595): what is past the asker's end, or where its log parts from
 * this one. A voter's fetch is its word for what it has. If there is nothing new the request waits. What counts as new
 * is also a high watermark that the asker has not been told (KIP-1166; there the asker says what it knows).
 */
import {
  brokerId,
  type LeaderEpoch,
  metadataTopic,
  metadataTopicId,
  type Millis,
  offset,
} from "../../foundation/ids.ts";
import type { Turn } from "../../foundation/turn.ts";
import { endOffsetForEpoch } from "../../log/log.ts";
import { fetchSnapshot, type FetchSnapshotRequest } from "../../wire/api/fetch-snapshot.ts";
import type { FetchRequest } from "../../wire/api/fetch.ts";
import { errorCode, type ErrorName } from "../../wire/errors.ts";
import { answer, type Caller } from "../../wire/sessions.ts";
import type { Controller } from "../state.ts";
import { armTimer } from "../timers.ts";
import { raiseCommitted } from "./commit.ts";
import { resetCheck } from "./leading.ts";
import { logOf } from "./log.ts";
import { type Divergence, isUntold, send, sendError } from "./parked.ts";
import { snapshotFile } from "./snapshots.ts";
import type { Leading, Remote, ReplicaKey } from "./state.ts";
import { majority, voterOf } from "./voters.ts";

type Asked = FetchRequest["topics"][number]["partitions"][number];

/** Answers now if there is something to say, else when there is, or when the wait is over. */
export function onMetadataFetch(
  self: Controller,
  caller: Caller,
  request: FetchRequest,
  turn: Turn,
): void {
  const topic = request.topics[0];
  const asked = topic?.partitions[0];
  if (request.clusterId !== null && request.clusterId !== self.config.clusterId)
    return sendError(self, caller, "INCONSISTENT_CLUSTER_ID", turn);
  if (topic === undefined || asked === undefined)
    return sendError(self, caller, "INVALID_REQUEST", turn);
  const isMetadata = topic.topicId === metadataTopicId || topic.topic === metadataTopic;
  if (!isMetadata || asked.partition !== 0 || request.topics.length > 1)
    return sendError(self, caller, "UNKNOWN_TOPIC_ID", turn);
  const { replicaId } = request.replicaState;
  const { role } = self.quorum;
  const error = epochError(self, asked);
  if (error !== "NONE" || role.type !== "leader") {
    const reply = { replica: replicaId, error, from: undefined };
    return send(self, caller, reply, turn);
  }
  const from = offset(asked.fetchOffset);
  const diverging = divergence(self, asked);
  const snapshot = self.snapshots.ids.at(-1);
  const isBefore = needsSnapshot(self, asked);
  heardFrom(self, role, replicaId, asked, diverging === undefined && !isBefore, turn);
  if (isBefore && snapshot !== undefined)
    return send(self, caller, { replica: replicaId, error, from: undefined, snapshot }, turn);
  if (diverging !== undefined)
    return send(self, caller, { replica: replicaId, error, from: undefined, diverging }, turn);
  const isNews = from < logOf(self).end || isUntold(self, role, replicaId);
  if (isNews || request.maxWaitMs <= 0)
    return send(self, caller, { replica: replicaId, error, from }, turn);
  const deadline = (turn.now.monotonic + request.maxWaitMs) as Millis;
  self.parked.push({ caller, replica: replicaId, deadline, offset: from });
  armTimer(self, "fetches", deadline, turn);
}

function epochError(self: Controller, asked: Pick<Asked, "currentLeaderEpoch">): ErrorName {
  const { epoch, role } = self.quorum;
  if (asked.currentLeaderEpoch < epoch) return "FENCED_LEADER_EPOCH";
  if (asked.currentLeaderEpoch > epoch) return "UNKNOWN_LEADER_EPOCH";
  return role.type === "leader" ? "NONE" : "NOT_LEADER_OR_FOLLOWER";
}

/** A voter was heard, and unless its log parts from this one it has all below the offset that it asks for. */
function heardFrom(
  self: Controller,
  role: Leading,
  replica: number,
  asked: Asked,
  agrees: boolean,
  turn: Turn,
): void {
  const key = { id: brokerId(replica), directory: asked.replicaDirectoryId };
  const remote = hearVoter(self, role, key, turn);
  if (remote === undefined || !agrees) return;
  remote.end = offset(asked.fetchOffset);
  raiseCommitted(self, role, turn);
}

/**
 * Whether this log cannot say where the asker's parts from it: that begins before, or its last epoch is older than what
 * the oldest snapshot ends with, and where that ended here went with the records (ReplicatedLog.validateOffsetAndEpoch).
 */
function needsSnapshot(self: Controller, { fetchOffset, lastFetchedEpoch: epoch }: Asked): boolean {
  const { start } = logOf(self);
  if (fetchOffset < start) return true;
  const [oldest] = self.snapshots.ids;
  if (oldest === undefined || epoch < 0) return false;
  return epoch < oldest.epoch || (fetchOffset === start && start > 0 && epoch !== oldest.epoch);
}

/** Where the asker's log parts from this one (KIP-595); one that is longer parts at this one's end. */
function divergence(self: Controller, asked: Asked): Divergence | undefined {
  const log = logOf(self);
  const { fetchOffset, lastFetchedEpoch } = asked;
  if (lastFetchedEpoch < 0) {
    return fetchOffset > log.end ? { epoch: self.quorum.epoch, end: log.end } : undefined;
  }
  const own = endOffsetForEpoch(log, lastFetchedEpoch as LeaderEpoch);
  if (own.epoch === -1) return { epoch: self.quorum.epoch, end: log.end };
  return own.epoch < lastFetchedEpoch || own.end < fetchOffset ? own : undefined;
}

/** Notes that a voter lives; undefined: it is none. */
function hearVoter(
  self: Controller,
  role: Leading,
  key: ReplicaKey,
  turn: Turn,
): Remote | undefined {
  const remote = role.remotes.get(key.id);
  if (remote === undefined || voterOf(self, key) === undefined) return undefined;
  remote.acknowledged = true;
  remote.heard = turn.input.id;
  role.fetched.add(key.id);
  if (role.fetched.size >= majority(self) - 1) resetCheck(self, role, turn);
  return remote;
}

/** A piece of a snapshot, from the position that is asked for (KIP-630). A voter that fetches one is alive. */
export function onFetchSnapshot(
  self: Controller,
  caller: Caller,
  request: FetchSnapshotRequest,
  turn: Turn,
): void {
  const asked = request.topics[0]?.partitions[0];
  const { role, leader: leaderId, epoch } = self.quorum;
  const refuse = (error: ErrorName): void => {
    const body = { throttleTimeMs: 0, errorCode: errorCode(error), topics: [] };
    answer(self, caller, fetchSnapshot, body, turn);
  };
  if (request.clusterId !== null && request.clusterId !== self.config.clusterId)
    return refuse("INCONSISTENT_CLUSTER_ID");
  if (asked === undefined || request.topics[0]?.name !== metadataTopic)
    return refuse("UNKNOWN_TOPIC_OR_PARTITION");
  const { endOffset, epoch: snapshotEpoch } = asked.snapshotId;
  const id = self.snapshots.ids.find((one) => one.end === endOffset && one.epoch === snapshotEpoch);
  const path = id === undefined ? undefined : snapshotFile(id);
  const { files } = turn.ports;
  const size = path === undefined ? 0 : (files.size(path) ?? 0);
  let error = epochError(self, asked);
  if (error === "NONE" && path === undefined) error = "SNAPSHOT_NOT_FOUND";
  else if (error === "NONE" && (asked.position < 0 || asked.position >= size))
    error = "POSITION_OUT_OF_RANGE";
  if (error === "NONE" && role.type === "leader") {
    const { replicaDirectoryId: directory } = asked;
    hearVoter(self, role, { id: brokerId(request.replicaId), directory }, turn);
  }
  const bytes =
    error === "NONE" && path !== undefined
      ? files.read(path, asked.position, Math.min(request.maxBytes, maxPieceBytes))
      : new Uint8Array(0);
  const partition = {
    index: 0,
    errorCode: errorCode(error),
    snapshotId: asked.snapshotId,
    currentLeader: { leaderId, leaderEpoch: epoch },
    size,
    position: asked.position,
    unalignedRecords: bytes,
  };
  const topics = [{ name: metadataTopic, partitions: [partition] }];
  answer(self, caller, fetchSnapshot, { throttleTimeMs: 0, errorCode: 0, topics }, turn);
}

/** KafkaRaftClient.MAX_FETCH_SIZE_BYTES. */
const maxPieceBytes = 8_388_608;
