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
  type Offset,
  offset,
} from "../../foundation/ids.ts";
import type { Turn } from "../../foundation/turn.ts";
import { endOffsetForEpoch, readLog } from "../../log/log.ts";
import { fetch, type FetchRequest } from "../../wire/api/fetch.ts";
import { errorCode, type ErrorName } from "../../wire/errors.ts";
import { answer, type Caller } from "../../wire/sessions.ts";
import type { Controller } from "../state.ts";
import { armTimer } from "../timers.ts";
import { raiseCommitted } from "./commit.ts";
import { resetCheck } from "./leading.ts";
import { logOf } from "./log.ts";
import type { Leading } from "./state.ts";
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
  heardFrom(self, role, replicaId, asked, diverging === undefined, turn);
  if (diverging !== undefined)
    return send(self, caller, { replica: replicaId, error, from: undefined, diverging }, turn);
  const isNews = from < logOf(self).end || isUntold(self, role, replicaId);
  if (isNews || request.maxWaitMs <= 0)
    return send(self, caller, { replica: replicaId, error, from }, turn);
  const deadline = (turn.now.monotonic + request.maxWaitMs) as Millis;
  self.parked.push({ caller, replica: replicaId, deadline, offset: from });
  armTimer(self, "fetches", deadline, turn);
}

const isUntold = (self: Controller, role: Leading, replica: number): boolean =>
  (role.told.get(replica) ?? -1) < self.committed;

function epochError(self: Controller, asked: Asked): ErrorName {
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
  const id = brokerId(replica);
  const remote = role.remotes.get(id);
  const isOfVoter = voterOf(self, { id, directory: asked.replicaDirectoryId }) !== undefined;
  if (remote === undefined || !isOfVoter) return;
  remote.acknowledged = true;
  remote.heard = turn.input.id;
  role.fetched.add(id);
  if (role.fetched.size >= majority(self) - 1) resetCheck(self, role, turn);
  if (!agrees) return;
  remote.end = offset(asked.fetchOffset);
  raiseCommitted(self, role, turn);
}

interface Divergence {
  readonly epoch: LeaderEpoch;
  readonly end: Offset;
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

/** What is new goes to all who wait for it. */
export function answerParked(self: Controller, turn: Turn): void {
  const { role } = self.quorum;
  if (role.type !== "leader" || self.parked.length === 0) return;
  const { end } = logOf(self);
  takeParked(self, (one) => one.offset < end || isUntold(self, role, one.replica), turn);
}

/** The wait of some is over. */
export function onFetchTimer(self: Controller, turn: Turn): void {
  takeParked(self, (one) => one.deadline <= turn.now.monotonic, turn);
  for (const { deadline } of self.parked) armTimer(self, "fetches", deadline, turn);
}

/** This controller leads no more: whoever waits has to ask another. */
export function refuseParked(self: Controller, turn: Turn): void {
  for (const { caller, replica } of self.parked.splice(0)) {
    const error = "NOT_LEADER_OR_FOLLOWER";
    send(self, caller, { replica, error, from: undefined }, turn);
  }
}

type Parked = Controller["parked"][number];

function takeParked(self: Controller, isDue: (parked: Parked) => boolean, turn: Turn): void {
  const due = self.parked.filter(isDue);
  if (due.length === 0) return;
  const left = self.parked.filter((one) => !isDue(one));
  self.parked.splice(0, self.parked.length, ...left);
  for (const { caller, replica, offset: from } of due)
    send(self, caller, { replica, error: "NONE", from }, turn);
}

interface Reply {
  readonly replica: number;
  readonly error: ErrorName;
  /** Where to read from; undefined: nothing is read. */
  readonly from: Offset | undefined;
  readonly diverging?: Divergence;
}

function send(self: Controller, caller: Caller, reply: Reply, turn: Turn): void {
  const log = logOf(self);
  const { diverging, from, replica } = reply;
  const { role, leader, epoch } = self.quorum;
  if (role.type === "leader") role.told.set(replica, self.committed);
  const wanted = { maxBytes: 8_388_608, upTo: log.end, minOneBatch: true };
  const records =
    from === undefined ? new Uint8Array(0) : readLog(log, turn.ports.files, from, wanted);
  const partition = {
    partitionIndex: 0,
    errorCode: errorCode(reply.error),
    highWatermark: self.committed,
    lastStableOffset: self.committed,
    logStartOffset: log.start,
    ...(diverging === undefined
      ? {}
      : { divergingEpoch: { epoch: diverging.epoch, endOffset: diverging.end } }),
    currentLeader: { leaderId: leader, leaderEpoch: epoch },
    abortedTransactions: null,
    records,
  };
  const topic = { topic: metadataTopic, topicId: metadataTopicId, partitions: [partition] };
  answer(self, caller, fetch, { throttleTimeMs: 0, responses: [topic] }, turn);
}

function sendError(self: Controller, caller: Caller, error: ErrorName, turn: Turn): void {
  const body = { throttleTimeMs: 0, errorCode: errorCode(error), responses: [] };
  answer(self, caller, fetch, body, turn);
}
