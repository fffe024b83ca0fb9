/*
 * The follower's side of one partition (Kafka's AbstractFetcherThread and ReplicaFetcherThread): it asks for
 * what follows its log end offset, cuts where the leader's epochs say so, and appends the leader's bytes.
 */
import { assert } from "../foundation/assert.ts";
import { hasFlaw } from "../foundation/flaws.ts";
import { type LeaderEpoch, type Millis, type Offset, offset } from "../foundation/ids.ts";
import { note, type Turn } from "../foundation/turn.ts";
import {
  appendBatches,
  endOffsetForEpoch,
  lastEpoch,
  raiseLogStart,
  restartLog,
  truncateLog,
} from "../log/log.ts";
import { checkBatch, readBatchHeader, splitBatches } from "../wire/batch.ts";
import { noteAppended } from "./appending.ts";
import { type Assignment, takeAssignment } from "./leader.ts";
import { type FollowerRole, type Partition, setHighWatermark } from "./partition.ts";

/** Starts to follow, or goes on under a new leader epoch. A leader of -1 leaves the replica without one. */
export function becomeFollower(partition: Partition, assignment: Assignment, turn: Turn): void {
  const before = partition.role;
  const sameEpoch = before.type === "follower" && partition.leaderEpoch === assignment.leaderEpoch;
  takeAssignment(partition, assignment);
  if (sameEpoch) return;
  partition.role = { type: "follower", leader: assignment.leader, fetchAfter: 0 as Millis };
  if (hasFlaw(partition, "hw-truncate") && assignment.leader !== -1) {
    cutLog(partition, partition.highWatermark, "highWatermark", turn);
  }
  note(turn, {
    type: "roleTaken",
    partition: partition.name,
    role: assignment.leader === -1 ? "offline" : "follower",
    epoch: partition.leaderEpoch,
    leader: assignment.leader,
    isr: partition.isr,
    start: partition.log.end,
  });
}

/** What a follower asks of its leader. */
export interface FollowerFetch {
  readonly offset: Offset;
  readonly leaderEpoch: LeaderEpoch;
  /** Epoch of the last record it holds; -1 for an empty log. */
  readonly lastEpoch: LeaderEpoch;
}

export const nextFetch = (partition: Partition): FollowerFetch => ({
  offset: partition.log.end,
  leaderEpoch: partition.leaderEpoch,
  // KIP-101: whoever cuts to its high watermark names no epoch, so that nobody can tell it better.
  lastEpoch: hasFlaw(partition, "hw-truncate") ? (-1 as LeaderEpoch) : lastEpoch(partition.log),
});

/** What the leader answered for one partition, without error. Offsets and epochs of -1 are absent. */
export interface FollowerAnswer {
  readonly highWatermark: Offset;
  /** Where the leader's log begins. */
  readonly logStart: Offset;
  readonly diverging: { readonly epoch: LeaderEpoch; readonly end: Offset } | undefined;
  readonly records: Uint8Array | undefined;
}

/**
 * Applies a leader's answer: cuts at a divergence (KIP-595's diverging epoch in Fetch), else appends and takes
 * over the high watermark. An answer to a question that is no longer this replica's is dropped: a late
 * divergence would cut committed records (KAFKA-18991).
 * @throws DecodeError if the leader's bytes are not whole, sound batches that follow this log.
 */
export function applyFetched(
  partition: Partition,
  role: FollowerRole,
  asked: FollowerFetch,
  answer: FollowerAnswer,
  turn: Turn,
): void {
  assert(partition.role === role, "an answer is applied to the role that asked");
  if (asked.leaderEpoch !== partition.leaderEpoch || asked.offset !== partition.log.end) return;
  if (answer.diverging !== undefined) {
    cutToDivergence(partition, answer.diverging, turn);
    return;
  }
  if (answer.records !== undefined && answer.records.length > 0) {
    appendFetched(partition, answer.records, turn);
  }
  const end = partition.log.end;
  const to = answer.highWatermark < end ? answer.highWatermark : end;
  if (to >= partition.log.start) setHighWatermark(partition, to, turn);
  followStart(partition, answer.logStart, turn);
}

/** What the leader has let go this replica lets go too, once it knows it to be committed. */
function followStart(partition: Partition, logStart: Offset, turn: Turn): void {
  const { name, log, highWatermark } = partition;
  if (logStart > highWatermark || !raiseLogStart(log, turn.ports.files, logStart)) return;
  note(turn, { type: "logStartRaised", partition: name, to: log.start, why: "leader" });
}

/** Cuts to where the leader's log ends, which is before this one's end. */
export const truncateReplica = (partition: Partition, to: Offset, turn: Turn): void =>
  cutLog(partition, to, "divergence", turn);

/** Begins anew where the leader's log begins: nothing that is here is there any more. */
export function restartReplica(partition: Partition, at: Offset, turn: Turn): void {
  const { name, log } = partition;
  const from = log.end;
  restartLog(log, turn.ports.files, at);
  note(turn, { type: "logRestarted", partition: name, from, start: at });
  setHighWatermark(partition, at, turn);
}

function appendFetched(partition: Partition, records: Uint8Array, turn: Turn): void {
  for (const batch of splitBatches(records)) {
    const header = readBatchHeader(batch);
    // A batch of an epoch that this replica was not told of yet is not the asked leader's to give (KAFKA-18723).
    if (header.leaderEpoch > partition.leaderEpoch) return;
    checkBatch(batch);
    const appended = appendBatches(partition.log, turn.ports.files, turn.now, batch);
    for (const one of appended) noteAppended(partition, one, "follower", turn);
  }
}

/**
 * Cuts to where this log and the leader's last agreed: the least of the leader's end of its largest epoch not
 * above ours, our own end of that epoch, and our log end (KIP-279). It is repeated by the next fetch until the
 * epochs agree. The high watermark is no point to cut at.
 */
function cutToDivergence(
  partition: Partition,
  diverging: { readonly epoch: LeaderEpoch; readonly end: Offset },
  turn: Turn,
): void {
  const { log } = partition;
  const own = endOffsetForEpoch(log, diverging.epoch);
  const ownEnd = own.end === -1 ? log.end : own.end;
  const from = log.end;
  const to = offset(Math.min(diverging.end, ownEnd, from));
  cutLog(partition, to, "divergence", turn);
}

function cutLog(
  partition: Partition,
  to: Offset,
  reason: "divergence" | "highWatermark",
  turn: Turn,
): void {
  const { log } = partition;
  const from = log.end;
  // A leader that nobody would have elected may know nothing of what was let go long ago.
  const isBeforeStart = to < log.start;
  if (!isBeforeStart && partition.highWatermark > to) setHighWatermark(partition, to, turn);
  // Also where no record goes: an epoch that this replica led without a record must be forgotten.
  truncateLog(log, turn.ports.files, to);
  if (to === from) return;
  note(turn, { type: "truncated", partition: partition.name, from, to, reason });
  if (isBeforeStart) setHighWatermark(partition, log.end, turn);
}
