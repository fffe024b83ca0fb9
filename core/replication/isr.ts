/*
 * Who is in sync. A leader proposes, the controller decides (AlterPartition, KIP-497); until it has, the
 * leader counts with the larger of the two sets.
 */
import type { BrokerEpoch, BrokerId, LeaderEpoch, PartitionEpoch } from "../foundation/ids.ts";
import { hasFlaw } from "../foundation/flaws.ts";
import type { Silence } from "../foundation/process.ts";
import { note, type Turn } from "../foundation/turn.ts";
import type { ErrorName } from "../wire/errors.ts";
import type { LeaderRole, Partition, RemoteReplica, ReplicationView } from "./partition.ts";

/** Whether the controller would let this replica into an ISR, as far as this broker knows (KIP-841, KIP-903). */
export function isEligible(replica: RemoteReplica, view: ReplicationView): boolean {
  const standing = view.brokers.get(replica.id);
  if (standing === undefined || standing.fenced || standing.inControlledShutdown) return false;
  return replica.brokerEpoch === -1 || replica.brokerEpoch === standing.epoch;
}

/** Proposes to take a replica in once it holds all below the high watermark and the start of this epoch (KAFKA-7128). */
export function proposeExpansion(
  partition: Partition,
  role: LeaderRole,
  replica: RemoteReplica,
  view: ReplicationView,
  turn: Turn,
): void {
  if (role.pendingIsr !== undefined || partition.isr.includes(replica.id)) return;
  if (replica.end < partition.highWatermark) return;
  // KAFKA-7128: a new leader's own high watermark may lie below what was acknowledged before its epoch began.
  if (replica.end < role.epochStart && !hasFlaw(partition, "join-at-hw")) return;
  if (!isEligible(replica, view)) return;
  propose(partition, role, "expand", [...partition.isr, replica.id], [], turn);
}

/** Proposes to leave out who has not caught up for replica.lag.time.max.ms (Partition.maybeShrinkIsr). */
export function proposeShrink(partition: Partition, view: ReplicationView, turn: Turn): void {
  const role = partition.role;
  if (role.type !== "leader" || role.pendingIsr !== undefined) return;
  const late = partition.isr.filter((id) => isLate(partition, role, id, view, turn));
  if (late.length === 0) return;
  const silences: Silence[] = late.flatMap((id) => silenceOf(role, id, view));
  const isr = partition.isr.filter((id) => !late.includes(id));
  propose(partition, role, "shrink", isr, silences, turn);
}

function isLate(
  partition: Partition,
  role: LeaderRole,
  id: BrokerId,
  view: ReplicationView,
  turn: Turn,
): boolean {
  if (id === view.self) return false;
  const replica = role.remote.get(id);
  if (replica === undefined) return true;
  if (replica.end === partition.log.end) return false;
  return turn.now.monotonic - replica.lastCaughtUp > view.lagMax;
}

const silenceOf = (role: LeaderRole, id: BrokerId, view: ReplicationView): Silence[] => {
  const peer = view.brokers.get(id)?.endpoint;
  const since = role.remote.get(id)?.lastFetchInput;
  if (peer === undefined) return [];
  return [since === undefined ? { peer } : { peer, since }];
};

function propose(
  partition: Partition,
  role: LeaderRole,
  change: "expand" | "shrink",
  isr: readonly BrokerId[],
  silences: readonly Silence[],
  turn: Turn,
): void {
  const brokerEpochs = isr.map((id) => role.remote.get(id)?.brokerEpoch ?? (-1 as BrokerEpoch));
  role.pendingIsr = { change, isr, brokerEpochs, sent: false };
  note(
    turn,
    {
      type: "isrProposed",
      partition: partition.name,
      epoch: partition.leaderEpoch,
      partitionEpoch: partition.partitionEpoch,
      isr,
      change,
    },
    silences.length === 0 ? undefined : { silences },
  );
}

/** What the controller answered about one partition of an AlterPartition request. */
export interface IsrAnswer {
  readonly error: ErrorName;
  readonly leaderEpoch: LeaderEpoch;
  readonly partitionEpoch: PartitionEpoch;
  readonly isr: readonly BrokerId[];
}

/**
 * Settles a proposed ISR (Partition.handleAlterPartitionUpdate and handleAlterPartitionError). An answer to
 * another epoch's question is dropped; a refusal for what the controller must first tell us by metadata
 * leaves the proposal pending; a replica that may not join takes it back.
 */
export function settleIsr(partition: Partition, answer: IsrAnswer): void {
  const role = partition.role;
  if (role.type !== "leader" || role.pendingIsr === undefined) return;
  switch (answer.error) {
    case "NONE":
      if (answer.leaderEpoch !== partition.leaderEpoch) return;
      if (answer.partitionEpoch <= partition.partitionEpoch) return;
      partition.isr = answer.isr;
      partition.partitionEpoch = answer.partitionEpoch;
      role.pendingIsr = undefined;
      return;
    case "INELIGIBLE_REPLICA":
    case "OPERATION_NOT_ATTEMPTED":
      role.pendingIsr = undefined;
      return;
    case "UNKNOWN_TOPIC_OR_PARTITION":
    case "UNKNOWN_TOPIC_ID":
    case "FENCED_LEADER_EPOCH":
    case "INVALID_UPDATE_VERSION":
    case "INVALID_REQUEST":
    case "NEW_LEADER_ELECTED":
      return;
    default:
      role.pendingIsr.sent = false;
  }
}
