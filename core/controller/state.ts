import type {
  BrokerId,
  ConnectionId,
  Endpoint,
  InputId,
  LeaderEpoch,
  Millis,
  Offset,
} from "../foundation/ids.ts";
import type { BrokerSettings } from "../foundation/settings.ts";
import type { Log } from "../log/log.ts";
import type { Caller, Session } from "../wire/sessions.ts";
import type { MetadataImage } from "./metadata/image.ts";

/** Who a controller is and who votes with it. */
export interface ControllerConfig {
  readonly nodeId: BrokerId;
  readonly clusterId: string;
  readonly endpoint: Endpoint;
  /** All voters, this one among them. */
  readonly voters: readonly { readonly id: BrokerId; readonly endpoint: Endpoint }[];
  readonly settings: BrokerSettings;
}

/** When a broker was last heard (Kafka's BrokerHeartbeatManager); not in the log, so a new leader starts it anew. */
export interface Heartbeat {
  /** Monotonic ms. */
  readonly last: Millis;
  /** The input that carried it; undefined: none since this controller began to lead. */
  readonly input: InputId | undefined;
  /** The last metadata offset that the broker has applied. */
  readonly applied: number;
  /** Of the record that began its controlled shutdown; others must have applied it before it may go. */
  readonly shutdownOffset: number | undefined;
}

/** A fetch of the metadata log that waits for more. */
export interface ParkedMetadataFetch {
  readonly caller: Caller;
  /** Monotonic ms. */
  readonly deadline: Millis;
  readonly offset: Offset;
}

/** A controller: plain data, moved by stepController. */
export interface Controller {
  readonly config: ControllerConfig;
  /** The quorum's epoch that this controller leads; -1 before. */
  epoch: LeaderEpoch;
  log: Log | undefined;
  /** Everything below is committed and in the image. */
  committed: Offset;
  image: MetadataImage;
  readonly heartbeats: Map<BrokerId, Heartbeat>;
  readonly sessions: Map<ConnectionId, Session>;
  readonly ready: ConnectionId[];
  readonly parked: ParkedMetadataFetch[];
  /** When the timers fire (monotonic ms); undefined if they are not set. */
  sessionTimer: Millis | undefined;
  fetchTimer: Millis | undefined;
}
