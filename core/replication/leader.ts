/*
 * The leader's side of one partition (Kafka's Partition and Replica): it takes up an epoch, counts what
 * followers have fetched, and moves the high watermark.
 */
import { assert } from "../foundation/assert.ts";
import { hasFlaw } from "../foundation/flaws.ts";
import {
  type BrokerEpoch,
  type BrokerId,
  type LeaderEpoch,
  millis,
  type Offset,
  type PartitionEpoch,
} from "../foundation/ids.ts";
import { note, type Turn } from "../foundation/turn.ts";
import { assignEpoch } from "../log/log.ts";
import { isEligible, proposeExpansion } from "./isr.ts";
import {
  type LeaderRole,
  maximalIsr,
  type Partition,
  type RemoteReplica,
  type ReplicationView,
  setHighWatermark,
  unknownOffset,
} from "./partition.ts";

/** What the controller committed about a partition, as far as its replicas care. */
export interface Assignment {
  readonly leader: BrokerId;
  readonly leaderEpoch: LeaderEpoch;
  readonly partitionEpoch: PartitionEpoch;
  readonly isr: readonly BrokerId[];
  readonly replicas: readonly BrokerId[];
  readonly minIsr: number;
}

/** Takes over the parts of an assignment that leaders and followers share. */
export function takeAssignment(partition: Partition, assignment: Assignment): void {
  assert(assignment.leaderEpoch >= partition.leaderEpoch, "leader epochs only rise");
  assert(assignment.partitionEpoch >= partition.partitionEpoch, "partition epochs only rise");
  partition.leaderEpoch = assignment.leaderEpoch;
  partition.partitionEpoch = assignment.partitionEpoch;
  partition.replicas = assignment.replicas;
  partition.isr = assignment.isr;
  partition.minIsr = assignment.minIsr;
}

/** Starts to lead, or goes on leading under a new leader epoch or another committed ISR. */
export function becomeLeader(
  partition: Partition,
  assignment: Assignment,
  view: ReplicationView,
  turn: Turn,
): void {
  assert(assignment.leader === view.self, "a broker leads what it is told to lead");
  const before = partition.role;
  const epochBefore = partition.leaderEpoch;
  takeAssignment(partition, assignment);
  if (before.type === "leader" && epochBefore === assignment.leaderEpoch) {
    // The committed ISR of this very epoch settles whatever was asked for.
    before.pendingIsr = undefined;
  } else {
    // A leader that stays keeps what it knew of its followers only if it missed no epoch in between: under a
    // skipped one a follower may have cut its log and grown another (Kafka keeps it always).
    const missedNone =
      assignment.leaderEpoch === epochBefore + 1 || hasFlaw(partition, "skipped-epoch");
    const stayed = before.type === "leader" && missedNone;
    beginEpoch(partition, stayed ? before : undefined, view, turn);
  }
  raiseHighWatermark(partition, view, turn);
}

function beginEpoch(
  partition: Partition,
  before: LeaderRole | undefined,
  view: ReplicationView,
  turn: Turn,
): void {
  const start = partition.log.end;
  const remote = new Map<BrokerId, RemoteReplica>();
  for (const id of partition.replicas) {
    if (id === view.self) continue;
    remote.set(id, freshReplica(partition, id, before?.remote.get(id), turn));
  }
  partition.role = { type: "leader", epochStart: start, remote, pendingIsr: undefined };
  assignEpoch(partition.log, turn.ports.files, partition.leaderEpoch, start);
  note(turn, {
    type: "roleTaken",
    partition: partition.name,
    role: "leader",
    epoch: partition.leaderEpoch,
    leader: view.self,
    isr: partition.isr,
    start,
  });
}

/** Before any clock began: never. */
const longAgo = millis(-1_000_000_000_000);

/** Members of the ISR are taken to be caught up when an epoch begins; the others never were (Replica.resetReplicaState). */
function freshReplica(
  partition: Partition,
  id: BrokerId,
  known: RemoteReplica | undefined,
  turn: Turn,
): RemoteReplica {
  const inSync = partition.isr.includes(id);
  const now = turn.now.monotonic;
  return {
    id,
    end: known?.end ?? unknownOffset,
    start: known?.start ?? unknownOffset,
    brokerEpoch: known?.brokerEpoch ?? (-1 as BrokerEpoch),
    lastCaughtUp: inSync ? now : longAgo,
    endAtLastFetch: partition.log.end,
    lastFetch: inSync ? now : longAgo,
    lastFetchInput: undefined,
  };
}

/** Whether a fetch that names this broker epoch comes from an earlier life of its broker, and must not count (KIP-903). */
export function isOfEarlierLife(view: ReplicationView, id: BrokerId, epoch: BrokerEpoch): boolean {
  const standing = view.brokers.get(id);
  return epoch !== -1 && standing !== undefined && standing.epoch > epoch;
}

/**
 * A follower asked for what follows `fetchOffset`: so it holds everything below (Kafka's updateFollowerFetchState).
 * The caller has checked leader epoch, divergence and range. May raise the high watermark and propose an ISR.
 * @returns false if the fetch comes from an earlier life of the follower's broker and must not count.
 */
export function recordFetch(
  partition: Partition,
  role: LeaderRole,
  replica: RemoteReplica,
  fetch: {
    readonly offset: Offset;
    readonly logStart: Offset;
    readonly brokerEpoch: BrokerEpoch;
  },
  view: ReplicationView,
  turn: Turn,
): boolean {
  if (isOfEarlierLife(view, replica.id, fetch.brokerEpoch)) return false;
  const now = turn.now.monotonic;
  const end = partition.log.end;
  if (fetch.offset >= end) replica.lastCaughtUp = max(replica.lastCaughtUp, now);
  else if (fetch.offset >= replica.endAtLastFetch) {
    replica.lastCaughtUp = max(replica.lastCaughtUp, replica.lastFetch);
  }
  const moved = replica.end !== fetch.offset;
  replica.end = fetch.offset;
  replica.start = fetch.logStart;
  replica.endAtLastFetch = end;
  replica.lastFetch = now;
  replica.brokerEpoch = fetch.brokerEpoch;
  replica.lastFetchInput = turn.input.id;
  if (moved) {
    note(turn, {
      type: "followerFetched",
      partition: partition.name,
      epoch: partition.leaderEpoch,
      replica: replica.id,
      end: fetch.offset,
    });
  }
  proposeExpansion(partition, role, replica, view, turn);
  raiseHighWatermark(partition, view, turn);
  return true;
}

const max = <T extends number>(a: T, b: T): T => (a > b ? a : b);

/**
 * Moves the high watermark to the least log end offset among the leader, the maximal ISR, and every eligible
 * replica that is caught up and about to join. Frozen while the committed ISR is below the minimum (KIP-966).
 * @returns whether it moved.
 */
export function raiseHighWatermark(
  partition: Partition,
  view: ReplicationView,
  turn: Turn,
): boolean {
  const role = partition.role;
  if (role.type !== "leader" || partition.isr.length < partition.minIsr) return false;
  const waitFor = maximalIsr(partition);
  let least = partition.log.end;
  for (const replica of role.remote.values()) {
    if (replica.end >= least) continue;
    if (waitFor.includes(replica.id) || isJoining(partition, replica, view, turn))
      least = replica.end;
  }
  if (least <= partition.highWatermark) return false;
  return setHighWatermark(partition, least, turn);
}

/** The latest offset before which no replica that is alive holds anything any more (Partition.lowWatermarkIfLeader). */
export function lowWatermark(partition: Partition, view: ReplicationView): Offset {
  const { log, role } = partition;
  let low = log.start;
  if (role.type !== "leader") return low;
  for (const { id, start } of role.remote.values()) {
    const isAlive = view.brokers.get(id)?.fenced === false;
    if (isAlive && start < low) low = start;
  }
  return low;
}

function isJoining(
  partition: Partition,
  replica: RemoteReplica,
  view: ReplicationView,
  turn: Turn,
): boolean {
  const caughtUp =
    replica.end === partition.log.end || turn.now.monotonic - replica.lastCaughtUp <= view.lagMax;
  return caughtUp && isEligible(replica, view);
}

/** Whether an acks=all append may begin: enough committed in-sync replicas. */
export function hasEnoughInSync(partition: Partition): boolean {
  return partition.isr.length >= partition.minIsr;
}

/** Whether an append that the high watermark has passed may be called safe: enough in the maximal ISR. */
export function hasEnoughAfterAppend(partition: Partition): boolean {
  return maximalIsr(partition).length >= partition.minIsr;
}
