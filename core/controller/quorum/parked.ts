/*
 * Answers to fetches of the metadata log, and fetches that wait for one.
 */
import {
  type LeaderEpoch,
  metadataTopic,
  metadataTopicId,
  type Offset,
} from "../../foundation/ids.ts";
import type { Turn } from "../../foundation/turn.ts";
import { readLog } from "../../log/log.ts";
import { fetch } from "../../wire/api/fetch.ts";
import { errorCode, type ErrorName } from "../../wire/errors.ts";
import { answer, type Caller } from "../../wire/sessions.ts";
import type { Controller } from "../state.ts";
import { armTimer } from "../timers.ts";
import { logOf } from "./log.ts";
import type { SnapshotId } from "./snapshots.ts";
import type { Leading } from "./state.ts";

/** Where the asker's log parts from this one. */
export interface Divergence {
  readonly epoch: LeaderEpoch;
  readonly end: Offset;
}

/** Whether there is a high watermark that a replica was not told. */
export const isUntold = (self: Controller, role: Leading, replica: number): boolean =>
  (role.told.get(replica) ?? -1) < self.committed;

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

/** What is answered about the metadata log. */
export interface Reply {
  readonly replica: number;
  readonly error: ErrorName;
  /** Where to read from; undefined: nothing is read. */
  readonly from: Offset | undefined;
  readonly diverging?: Divergence;
  /** The asker is behind the log's beginning: it is to fetch this first. */
  readonly snapshot?: SnapshotId;
}

/** Answers a fetch of the metadata log. */
export function send(self: Controller, caller: Caller, reply: Reply, turn: Turn): void {
  const log = logOf(self);
  const { diverging, from, replica, snapshot } = reply;
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
    ...(snapshot === undefined
      ? {}
      : { snapshotId: { endOffset: snapshot.end, epoch: snapshot.epoch } }),
    currentLeader: { leaderId: leader, leaderEpoch: epoch },
    abortedTransactions: null,
    records,
  };
  const topic = { topic: metadataTopic, topicId: metadataTopicId, partitions: [partition] };
  answer(self, caller, fetch, { throttleTimeMs: 0, responses: [topic] }, turn);
}

/** Refuses a whole request. */
export function sendError(self: Controller, caller: Caller, error: ErrorName, turn: Turn): void {
  const body = { throttleTimeMs: 0, errorCode: errorCode(error), responses: [] };
  answer(self, caller, fetch, body, turn);
}
