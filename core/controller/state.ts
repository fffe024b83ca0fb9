import type {
  BrokerId,
  ConnectionId,
  Endpoint,
  LeaderEpoch,
  Millis,
  Offset,
  Uuid,
} from "../foundation/ids.ts";
import type { BrokerSettings } from "../foundation/settings.ts";
import type { Log } from "../log/log.ts";
import type { Channel } from "../wire/channel.ts";
import type { Caller, Session } from "../wire/sessions.ts";
import type { MetadataImage } from "./metadata/image.ts";
import type { Snapshots } from "./quorum/snapshots.ts";
import type { Quorum, VoterConfig } from "./quorum/state.ts";

/** Who a controller is and who votes with it. */
export interface ControllerConfig {
  readonly nodeId: BrokerId;
  readonly clusterId: string;
  readonly endpoint: Endpoint;
  /** All voters with the disks that they were set up with, this one among them (unless it lost its disk). */
  readonly voters: readonly VoterConfig[];
  /** What an empty disk is named (kafka-storage format); undefined: a new name is drawn, and it is no voter's. */
  readonly directory: Uuid | undefined;
  readonly settings: BrokerSettings;
}

/** A fetch of the metadata log that waits for more. */
export interface ParkedMetadataFetch {
  readonly caller: Caller;
  readonly replica: number;
  /** Monotonic ms. */
  readonly deadline: Millis;
  readonly offset: Offset;
}

/** What a request to another controller was for; an answer that comes in another epoch or role is dropped. */
export interface QuorumPurpose {
  readonly type: "prospective" | "candidate" | "begin" | "end" | "fetch" | "snapshot";
  readonly epoch: LeaderEpoch;
}

/** Another controller, and when it may be asked again after it did not answer (monotonic ms). */
export interface Peer {
  readonly id: BrokerId;
  readonly channel: Channel<QuorumPurpose>;
  retryAt: Millis | undefined;
}

/** A controller: plain data, moved by stepController. */
export interface Controller {
  readonly config: ControllerConfig;
  /** Which disk it runs on (directory.id of meta.properties). */
  directory: Uuid;
  readonly quorum: Quorum;
  log: Log | undefined;
  /** The high watermark of the metadata log, as far as it is known here. */
  committed: Offset;
  /** Everything below is in the image; it is all committed. */
  applied: Offset;
  image: MetadataImage;
  snapshots: Snapshots;
  nextConnection: ConnectionId;
  /** Names of the peers behind outgoing connections. */
  readonly channels: Map<ConnectionId, string>;
  readonly peers: Map<BrokerId, Peer>;
  readonly sessions: Map<ConnectionId, Session>;
  readonly ready: ConnectionId[];
  readonly parked: ParkedMetadataFetch[];
  /** When its timers fire (monotonic ms); absent if they are not set. */
  readonly timers: Map<ControllerTimer, Millis>;
  /** When a clean stop waits no longer (monotonic ms); undefined: none was asked for. */
  stopBy: Millis | undefined;
}

export type ControllerTimer = "quorum" | "append" | "sessions" | "fetches" | "balance";
