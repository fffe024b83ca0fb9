/*
 * What a member of the metadata quorum knows and is (Kafka's QuorumState and its EpochState classes, KIP-595, KIP-996).
 */
import type {
  BrokerId,
  Endpoint,
  InputId,
  LeaderEpoch,
  Millis,
  Offset,
  Uuid,
} from "../../foundation/ids.ts";
import type { Active } from "../active.ts";

/** A replica of the metadata log: its node and the disk that holds the log (KIP-853). */
export interface ReplicaKey {
  readonly id: BrokerId;
  readonly directory: Uuid;
}

/** One voter of the quorum. */
export interface VoterConfig extends ReplicaKey {
  readonly endpoint: Endpoint;
}

/** Knows an epoch, but nobody to follow in it. */
export interface Unattached {
  readonly type: "unattached";
  /** When it asks whether it would be elected (monotonic ms); undefined: it is no voter. */
  readonly electionAt: Millis | undefined;
}

/** Asks the others for their votes: `prospective` only whether they would give them (KIP-996). */
export interface Nominee {
  readonly type: "prospective" | "candidate";
  readonly electionAt: Millis;
  readonly granted: Set<BrokerId>;
  readonly rejected: Set<BrokerId>;
}

/** Fetches from the leader of its epoch. */
export interface Following {
  readonly type: "follower";
  /** When it gives its leader up (monotonic ms); undefined: it is no voter and never does so by itself. */
  fetchBy: Millis | undefined;
  /** Whether it has fetched in this epoch: from then on it refuses pre-votes. */
  fetched: boolean;
}

/** How far another voter has fetched. */
export interface Remote {
  /** Its log end offset; -1: not known in this epoch. */
  end: Offset;
  /** It fetched since the last round of BeginQuorumEpoch, or answered it. */
  acknowledged: boolean;
  /** The input that brought its last fetch. */
  heard: InputId | undefined;
}

/** Leads its epoch. */
export interface Leading {
  readonly type: "leader";
  /** The offset of the LeaderChange record: nothing is committed before that is. */
  readonly start: Offset;
  readonly remotes: Map<BrokerId, Remote>;
  /** Who fetched since `checkBy` was set: without a majority by then it resigns. */
  readonly fetched: Set<BrokerId>;
  /** Monotonic ms; undefined: it is the only voter. */
  checkBy: Millis | undefined;
  /** When voters that are not heard are told again who leads (monotonic ms). */
  beginAt: Millis | undefined;
  /** What each replica was last told of the high watermark: an answer waits only while there is nothing new. */
  readonly told: Map<number, Offset>;
  /** The controller's own work; undefined until the LeaderChange record is committed. */
  active: Active | undefined;
}

/** Led this epoch, and will not write in it again. */
export interface Resigned {
  readonly type: "resigned";
  readonly electionAt: Millis;
  /** The other voters, the one that is furthest first; those who have been told are taken out. */
  readonly toTell: Set<BrokerId>;
  readonly successors: readonly BrokerId[];
}

export type Role = Unattached | Nominee | Following | Leading | Resigned;

/** What a replica of the metadata log knows of its quorum. Epoch, leader and vote are on its disk before it acts on them. */
export interface Quorum {
  epoch: LeaderEpoch;
  /** The leader of this epoch; -1: not known. */
  leader: BrokerId;
  /** For whom it voted in this epoch. */
  voted: ReplicaKey | undefined;
  role: Role;
}
