/*
 * What the core tells a trace beside the bytes it sends: the moments that a person who watches a Kafka wants
 * to see. Ids and primitives only, so that events can be hashed, stored and drawn by anyone.
 */
import type {
  BrokerEpoch,
  BrokerId,
  CallId,
  LeaderEpoch,
  Offset,
  PartitionEpoch,
  ProducerId,
  Uuid,
} from "./ids.ts";

/** `orders-0` (see partitionName). */
export type PartitionName = string;

/** A batch entered the log of one replica. `next` is the log end offset after it. */
export interface Appended {
  readonly type: "appended";
  readonly partition: PartitionName;
  readonly role: "leader" | "follower";
  readonly base: Offset;
  readonly next: Offset;
  readonly epoch: LeaderEpoch;
  /** Where the batch stands: base offset of its segment, position and length in bytes. */
  readonly segment: Offset;
  readonly position: number;
  readonly length: number;
  /** CRC-32C of the batch: the same batch has the same on every replica, and in the producer's `batched`. */
  readonly crc: number;
  readonly producer: ProducerId;
  readonly sequence: number;
}

/** A replica cut its log from `from` back to `to` (log end offsets). */
export interface Truncated {
  readonly type: "truncated";
  readonly partition: PartitionName;
  readonly from: Offset;
  readonly to: Offset;
  /** `highWatermark`: only with the flaw hw-truncate. */
  readonly reason: "divergence" | "recovery" | "highWatermark";
}

/** What a replica found when it opened its log. `end` is what recovery kept. */
export interface LogOpened {
  readonly type: "logOpened";
  readonly partition: PartitionName;
  readonly clean: boolean;
  readonly start: Offset;
  readonly end: Offset;
  readonly highWatermark: Offset;
  /** Bytes that recovery cut off behind the last good batch. */
  readonly cutBytes: number;
  /** An index file did not say what the batches do, and was written anew. */
  readonly mended?: boolean;
}

/**
 * A replica's log begins later: because an operator asked (KIP-107), because what lies before has had its time, or because
 * its leader's log begins there. Nobody reads what lies before `to` any more.
 */
export interface LogStartRaised {
  readonly type: "logStartRaised";
  readonly partition: PartitionName;
  readonly to: Offset;
  readonly why: "deleteRecords" | "retention" | "leader";
}

/** A follower whose log ended at `from`, before its leader's begins, threw it away and begins anew there. */
export interface LogRestarted {
  readonly type: "logRestarted";
  readonly partition: PartitionName;
  readonly from: Offset;
  readonly start: Offset;
}

/** A consumer is told by a leader to read from a nearer replica (KIP-392). */
export interface ReadReplica {
  readonly type: "readReplica";
  readonly partition: PartitionName;
  readonly replica: BrokerId;
}

/** A new segment was begun. */
export interface Rolled {
  readonly type: "rolled";
  readonly partition: PartitionName;
  readonly segment: Offset;
}

/** Everything below `to` was fsynced by the process itself. */
export interface Flushed {
  readonly type: "flushed";
  readonly partition: PartitionName;
  readonly to: Offset;
}

/** What one replica believes the high watermark to be. */
export interface HighWatermark {
  readonly type: "highWatermark";
  readonly partition: PartitionName;
  readonly epoch: LeaderEpoch;
  readonly offset: Offset;
  readonly role: "leader" | "follower";
}

/** A replica took up a role under a leader epoch. For a leader `start` is its epoch's first offset. */
export interface RoleTaken {
  readonly type: "roleTaken";
  readonly partition: PartitionName;
  readonly role: "leader" | "follower" | "offline";
  readonly epoch: LeaderEpoch;
  readonly leader: BrokerId;
  readonly isr: readonly BrokerId[];
  readonly start: Offset;
}

/** A leader asks the controller for another ISR (AlterPartition). */
export interface IsrProposed {
  readonly type: "isrProposed";
  readonly partition: PartitionName;
  readonly epoch: LeaderEpoch;
  readonly partitionEpoch: PartitionEpoch;
  readonly isr: readonly BrokerId[];
  readonly change: "shrink" | "expand";
}

/** A leader learned how far a follower has fetched: `end` is the follower's log end offset. */
export interface FollowerFetched {
  readonly type: "followerFetched";
  readonly partition: PartitionName;
  readonly epoch: LeaderEpoch;
  readonly replica: BrokerId;
  readonly end: Offset;
}

/** A request began to wait in a purgatory; `until` names the high watermark (exclusive) that a produce waits for, or the low one. */
export interface Parked {
  readonly type: "parked";
  readonly api: "Produce" | "Fetch" | "DeleteRecords";
  readonly partition: PartitionName;
  readonly until: Offset;
}

/** A replica was dropped, since its topic is gone: nothing of its log counts any more. */
export interface ReplicaDeleted {
  readonly type: "replicaDeleted";
  readonly partition: PartitionName;
}

/** A parked request is answered. */
export interface Completed {
  readonly type: "completed";
  readonly api: "Produce" | "Fetch" | "DeleteRecords";
  readonly partition: PartitionName;
  readonly why: "satisfied" | "expired" | "failed";
}

/** A duplicate of a batch that the log already holds was recognised (KIP-98). */
export interface DuplicateBatch {
  readonly type: "duplicateBatch";
  readonly partition: PartitionName;
  readonly base: Offset;
  readonly producer: ProducerId;
  readonly sequence: number;
}

/** A broker answered a client's request with an error. */
export interface Refused {
  readonly type: "refused";
  readonly api: string;
  readonly partition?: PartitionName;
  readonly error: string;
}

/** A replica of the metadata log (a controller or a broker) appended a batch to it. */
export interface MetadataAppended {
  readonly type: "metadataAppended";
  readonly role: "leader" | "follower";
  readonly base: Offset;
  readonly next: Offset;
  readonly epoch: LeaderEpoch;
  /** CRC-32C of the batch. */
  readonly crc: number;
  /** Bytes. */
  readonly length: number;
}

/** A replica of the metadata log wrote a snapshot of all below `end`, loaded one at its start, or fetched one. */
export interface MetadataSnapshot {
  readonly type: "metadataSnapshot";
  readonly how: "written" | "loaded" | "fetched";
  readonly end: Offset;
  readonly epoch: LeaderEpoch;
  readonly bytes: number;
}

/** A controller took up a role in its quorum (KIP-595, KIP-996). `leader` and `voted` are -1 where there is none. */
export interface QuorumRole {
  readonly type: "quorumRole";
  readonly role: "unattached" | "prospective" | "candidate" | "follower" | "leader" | "resigned";
  readonly epoch: LeaderEpoch;
  readonly leader: BrokerId;
  readonly voted: BrokerId;
}

/** A controller answered a candidate of its quorum. A pre-vote binds nobody. */
export interface Voted {
  readonly type: "voted";
  readonly epoch: LeaderEpoch;
  readonly candidate: BrokerId;
  readonly preVote: boolean;
  readonly granted: boolean;
}

/** A replica of the metadata log (a controller or a broker) applied it up to `next` (exclusive). */
export interface MetadataApplied {
  readonly type: "metadataApplied";
  readonly next: Offset;
}

/** A controller won an election of its quorum. */
export interface ControllerElected {
  readonly type: "controllerElected";
  readonly epoch: number;
}

/** The leader of the quorum knows the metadata log to be committed up to `next` (exclusive). */
export interface MetadataCommitted {
  readonly type: "metadataCommitted";
  readonly next: Offset;
}

/**
 * A record of the metadata log that is committed. A leader that takes over may tell again what the one before had told:
 * the offset says whether it is news.
 */
export interface Committed {
  readonly at: Offset;
}

/** Committed: a broker's process is registered, still fenced. */
export interface BrokerRegistered extends Committed {
  readonly type: "brokerRegistered";
  readonly broker: BrokerId;
  readonly epoch: BrokerEpoch;
  readonly incarnation: Uuid;
}

/** Committed: a broker may (not) lead and be in an ISR. `epoch`: of the life that asked for it, or was not heard. */
export interface BrokerFencing extends Committed {
  readonly type: "brokerFenced" | "brokerUnfenced" | "brokerLeaving";
  readonly broker: BrokerId;
  readonly epoch: BrokerEpoch;
}

/** Committed: a topic exists. */
export interface TopicCreated extends Committed {
  readonly type: "topicCreated";
  readonly topic: string;
  readonly id: Uuid;
  readonly partitions: number;
  readonly configs: Readonly<Record<string, string>>;
}

/** Committed: what the controller decided about one partition. `leader` -1: nobody. */
export interface PartitionChanged extends Committed {
  readonly type: "partitionChanged";
  readonly partition: PartitionName;
  readonly replicas: readonly BrokerId[];
  readonly leader: BrokerId;
  readonly epoch: LeaderEpoch;
  readonly partitionEpoch: PartitionEpoch;
  readonly isr: readonly BrokerId[];
  /** Eligible leader replicas: they left an ISR that was too small (KIP-966). */
  readonly elr: readonly BrokerId[];
  /** Who led last, while nobody leads. */
  readonly lastKnownElr: readonly BrokerId[];
  readonly why:
    | "created"
    | "elected"
    | "elrElected"
    | "lastKnownElected"
    | "uncleanElected"
    | "isr"
    | "offline";
}

/** A producer closed a batch: the calls whose records are in it, in their order. */
export interface Batched {
  readonly type: "batched";
  readonly partition: PartitionName;
  readonly calls: readonly CallId[];
  readonly producer: ProducerId;
  readonly producerEpoch: number;
  readonly sequence: number;
  readonly crc: number;
  readonly length: number;
  /** 0 for the first try. */
  readonly attempt: number;
}

/** A producer got its id, or another epoch of it. */
export interface ProducerIdTaken {
  readonly type: "producerId";
  readonly producer: ProducerId;
  readonly producerEpoch: number;
}

/** A fetch session was refused, or lost with its connection: the next fetch names everything again (KIP-227). */
export interface SessionRenewed {
  readonly type: "sessionRenewed";
  readonly with: BrokerId;
  /** A Kafka error, or what the answer had in it. */
  readonly reason: string;
}

/** A client waits and tries again. */
export interface Retried {
  readonly type: "retried";
  readonly api: string;
  readonly partition?: PartitionName;
  readonly reason: string;
}

/** A consumer moved its position other than by handing out records. */
export interface PositionReset {
  readonly type: "positionReset";
  readonly partition: PartitionName;
  readonly offset: Offset;
  /** Of the record before it, as far as the consumer knows; -1: it does not. */
  readonly epoch: LeaderEpoch | -1;
  readonly why: "start" | "outOfRange" | "seek" | "truncation";
}

/** The eligible leader replicas of a topic, or of all (""), are forgotten: min.insync.replicas is another one. */
export interface EligibleCleared extends Committed {
  readonly type: "eligibleCleared";
  readonly topic: string;
}

export type CoreEvent =
  | EligibleCleared
  | Appended
  | Truncated
  | LogOpened
  | LogStartRaised
  | LogRestarted
  | ReadReplica
  | ReplicaDeleted
  | Rolled
  | Flushed
  | HighWatermark
  | RoleTaken
  | IsrProposed
  | FollowerFetched
  | Parked
  | Completed
  | DuplicateBatch
  | Refused
  | MetadataAppended
  | MetadataSnapshot
  | QuorumRole
  | Voted
  | MetadataApplied
  | ControllerElected
  | MetadataCommitted
  | BrokerRegistered
  | BrokerFencing
  | TopicCreated
  | PartitionChanged
  | Batched
  | ProducerIdTaken
  | SessionRenewed
  | Retried
  | PositionReset;
