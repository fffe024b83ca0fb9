import { assert } from "../foundation/assert.ts";
import {
  type BrokerEpoch,
  type BrokerId,
  type Endpoint,
  type InputId,
  type LeaderEpoch,
  type Millis,
  type Offset,
  offset,
  type PartitionEpoch,
  partitionName,
  type Uuid,
} from "../foundation/ids.ts";
import { type Flawed, type FlawId, hasFlaw } from "../foundation/flaws.ts";
import { note, type Turn } from "../foundation/turn.ts";
import type { Log } from "../log/log.ts";

/** What a leader knows of one follower (Kafka's Replica). Offsets are log end offsets; -1 is unknown. */
export interface RemoteReplica {
  readonly id: BrokerId;
  end: Offset;
  /** Where its log begins, as it said in its last fetch. */
  start: Offset;
  /** The broker epoch in its last fetch; -1 before it registered. */
  brokerEpoch: BrokerEpoch;
  /** Last moment at which it held everything that the leader held (monotonic ms). */
  lastCaughtUp: Millis;
  /** The leader's log end offset, and the time, when it last fetched. */
  endAtLastFetch: Offset;
  lastFetch: Millis;
  /** The input that carried its last fetch of this epoch. */
  lastFetchInput: InputId | undefined;
}

/** An ISR that was asked of the controller and is not committed yet (KIP-497). At most one at a time. */
export interface PendingIsr {
  readonly change: "expand" | "shrink";
  readonly isr: readonly BrokerId[];
  /** By which life each member is known to be in sync: that of the fetch which showed it, also when asked again (KIP-903). */
  readonly brokerEpochs: readonly BrokerEpoch[];
  /** False until the request has left, and again when it must be sent anew. */
  sent: boolean;
}

export interface LeaderRole {
  readonly type: "leader";
  /** Log end offset at which this leader epoch began. */
  readonly epochStart: Offset;
  readonly remote: Map<BrokerId, RemoteReplica>;
  pendingIsr: PendingIsr | undefined;
}

export interface FollowerRole {
  readonly type: "follower";
  /** -1: nobody leads. */
  readonly leader: BrokerId;
  /** Fetches nothing before this moment (monotonic ms). */
  fetchAfter: Millis;
}

/** A replica is one or the other; before its first metadata it is `new`. */
export type Role = LeaderRole | FollowerRole | { readonly type: "new" };

/** One replica of one partition on this broker (Kafka's Partition). Plain data. */
export interface Partition extends Flawed {
  readonly name: string;
  readonly topic: string;
  readonly topicId: Uuid;
  readonly index: number;
  readonly log: Log;
  highWatermark: Offset;
  role: Role;
  leaderEpoch: LeaderEpoch;
  partitionEpoch: PartitionEpoch;
  replicas: readonly BrokerId[];
  /** As committed by the controller. */
  isr: readonly BrokerId[];
  /** min(min.insync.replicas, replication factor). */
  minIsr: number;
  /** Ids of parked requests that wait on this partition. */
  readonly parked: Set<number>;
}

/** How a broker stands with the controller, as this broker's metadata has it. */
export interface BrokerStanding {
  readonly endpoint: Endpoint;
  readonly epoch: BrokerEpoch;
  readonly fenced: boolean;
  readonly inControlledShutdown: boolean;
  readonly rack: string | null;
}

/** What replication reads of the broker that it runs in. */
export interface ReplicationView {
  readonly self: BrokerId;
  readonly brokers: ReadonlyMap<BrokerId, BrokerStanding>;
  /** replica.lag.time.max.ms */
  readonly lagMax: number;
}

export function newPartition(
  topic: string,
  topicId: Uuid,
  index: number,
  log: Log,
  highWatermark: Offset,
  flaws?: readonly FlawId[],
): Partition {
  assert(highWatermark <= log.end, "a replica opens with its high watermark inside the log");
  return {
    name: partitionName(topic, index),
    topic,
    topicId,
    index,
    log,
    highWatermark,
    role: { type: "new" },
    leaderEpoch: -1 as LeaderEpoch,
    partitionEpoch: -1 as PartitionEpoch,
    replicas: [],
    isr: [],
    minIsr: 1,
    parked: new Set(),
    ...(flaws === undefined ? {} : { flaws }),
  };
}

/** The committed ISR together with the proposed one: whom a leader must wait for (KIP-497). */
export function maximalIsr(partition: Partition): readonly BrokerId[] {
  const role = partition.role;
  if (role.type !== "leader" || role.pendingIsr === undefined) return partition.isr;
  // KIP-497: a shrunk ISR that is only wished for does not count, since the controller may elect whom it leaves out.
  const isCounted = role.pendingIsr.change === "expand" || hasFlaw(partition, "eager-isr");
  return isCounted ? role.pendingIsr.isr : partition.isr;
}

/** Sets what this replica believes the high watermark to be, and tells the trace if it changed. */
export function setHighWatermark(partition: Partition, to: Offset, turn: Turn): boolean {
  if (to === partition.highWatermark) return false;
  assert(to <= partition.log.end, "the high watermark is inside the log");
  assert(to >= partition.log.start, "the high watermark is not below the log start");
  partition.highWatermark = to;
  const role = partition.role.type === "leader" ? "leader" : "follower";
  note(turn, {
    type: "highWatermark",
    partition: partition.name,
    epoch: partition.leaderEpoch,
    offset: to,
    role,
  });
  return true;
}

export const unknownOffset = offset(-1);
