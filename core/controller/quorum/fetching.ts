/*
 * Brokers follow the metadata log by Fetch (KIP-595): what is past their end, or where their log parts from ours; if
 * there is nothing new the request waits.
 */
import {
  metadataTopic,
  metadataTopicId,
  type Millis,
  type Offset,
  offset,
  type LeaderEpoch,
} from "../../foundation/ids.ts";
import { setTimer, type Turn } from "../../foundation/turn.ts";
import { endOffsetForEpoch, readLog } from "../../log/log.ts";
import { fetch, type FetchRequest } from "../../wire/api/fetch.ts";
import { errorCode, type ErrorName } from "../../wire/errors.ts";
import { answer, type Caller } from "../../wire/sessions.ts";
import type { Controller } from "../state.ts";
import { logOf } from "./commit.ts";

export const fetchTimer = "fetches";

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
  if (topic === undefined || asked === undefined)
    return sendError(self, caller, "INVALID_REQUEST", turn);
  const isMetadata = topic.topicId === metadataTopicId || topic.topic === metadataTopic;
  if (!isMetadata || asked.partition !== 0)
    return sendError(self, caller, "UNKNOWN_TOPIC_ID", turn);
  const error = epochError(self, asked);
  if (error !== "NONE") return send(self, caller, { error, from: undefined }, turn);
  const diverging = divergence(self, asked);
  if (diverging !== undefined)
    return send(self, caller, { error, from: undefined, diverging }, turn);
  const from = offset(asked.fetchOffset);
  if (from > logOf(self).end)
    return send(self, caller, { error: "OFFSET_OUT_OF_RANGE", from: undefined }, turn);
  if (from < logOf(self).end || request.maxWaitMs <= 0)
    return send(self, caller, { error, from }, turn);
  const deadline = (turn.now.monotonic + request.maxWaitMs) as Millis;
  self.parked.push({ caller, deadline, offset: from });
  arm(self, deadline, turn);
}

function epochError(self: Controller, asked: Asked): ErrorName {
  if (asked.currentLeaderEpoch < 0 || asked.currentLeaderEpoch === self.epoch) return "NONE";
  return asked.currentLeaderEpoch < self.epoch ? "FENCED_LEADER_EPOCH" : "UNKNOWN_LEADER_EPOCH";
}

interface Divergence {
  readonly epoch: LeaderEpoch;
  readonly end: Offset;
}

function divergence(self: Controller, asked: Asked): Divergence | undefined {
  if (asked.lastFetchedEpoch < 0) return undefined;
  const own = endOffsetForEpoch(logOf(self), asked.lastFetchedEpoch as LeaderEpoch);
  return own.epoch < asked.lastFetchedEpoch || own.end < asked.fetchOffset ? own : undefined;
}

/** What is new goes to all who wait. */
export function answerParked(self: Controller, turn: Turn): void {
  const { end } = logOf(self);
  takeParked(self, (one) => one.offset < end, turn);
}

/** The wait of some is over: they are told how far the log is committed. */
export function onFetchTimer(self: Controller, turn: Turn): void {
  self.fetchTimer = undefined;
  takeParked(self, (one) => one.deadline <= turn.now.monotonic, turn);
  for (const { deadline } of self.parked) arm(self, deadline, turn);
}

function takeParked(
  self: Controller,
  isDue: (parked: Controller["parked"][number]) => boolean,
  turn: Turn,
): void {
  const due = self.parked.filter(isDue);
  if (due.length === 0) return;
  const left = self.parked.filter((one) => !isDue(one));
  self.parked.splice(0, self.parked.length, ...left);
  for (const { caller, offset: from } of due) send(self, caller, { error: "NONE", from }, turn);
}

function arm(self: Controller, deadline: Millis, turn: Turn): void {
  if (self.fetchTimer !== undefined && self.fetchTimer <= deadline) return;
  self.fetchTimer = deadline;
  setTimer(turn, fetchTimer, deadline);
}

interface Reply {
  readonly error: ErrorName;
  /** Where to read from; undefined: nothing is read. */
  readonly from: Offset | undefined;
  readonly diverging?: Divergence;
}

function send(self: Controller, caller: Caller, reply: Reply, turn: Turn): void {
  const log = logOf(self);
  const { diverging, from } = reply;
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
    currentLeader: { leaderId: self.config.nodeId, leaderEpoch: self.epoch },
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
