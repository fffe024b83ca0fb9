import type { VoterConfig } from "../controller/quorum/state.ts";
import type { Snapshots } from "../controller/quorum/snapshots.ts";
import type { MetadataImage } from "../controller/metadata/image.ts";
import type {
  BrokerEpoch,
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
import type { FetchSessions } from "../replication/fetch-sessions.ts";
import type { Partition } from "../replication/partition.ts";
import type { Purgatory } from "../replication/purgatory.ts";
import type { FetchSessionHandler } from "../wire/fetch-session.ts";
import type { LogEdge } from "./out-of-range.ts";
import type { Channel } from "./purpose.ts";
import type { Caller, Session } from "../wire/sessions.ts";

/** Who a broker is and whom it knows from the start. */
export interface BrokerConfig {
  readonly nodeId: BrokerId;
  readonly rack: string | null;
  readonly clusterId: string;
  /** Where it listens and what it tells clients to connect to. */
  readonly endpoint: Endpoint;
  readonly controllers: readonly VoterConfig[];
  readonly settings: BrokerSettings;
}

/** Where a broker stands with the controller (Kafka's BrokerLifecycleManager). */
export interface Lifecycle {
  phase: "starting" | "registering" | "catchingUp" | "running" | "stopping";
  incarnation: Uuid;
  /** Given by the registration; -1 before. */
  epoch: BrokerEpoch;
  /** From the clean-shutdown marker of the last life; -1 if that ended otherwise. */
  previousEpoch: BrokerEpoch;
  /** A controller was asked for a registration, and has not said that there is none. */
  mayBeRegistered: boolean;
  directory: Uuid;
  /** When a controlled shutdown gives up waiting for the controller (monotonic ms). */
  stopBy: Millis | undefined;
  /** How many times in a row the controller did not answer, or refused. */
  failures: number;
}

/** This broker's copy of the metadata log, and how far it has applied it. */
export interface MetadataFollower {
  readonly log: Log;
  readonly snapshots: Snapshots;
  committed: Offset;
  applied: Offset;
  /** The latest epoch of the quorum that this broker heard of. */
  epoch: LeaderEpoch;
  /** Who leads that epoch; -1: not known. */
  leader: BrokerId;
  /** It has heard of another leader, and has not turned to it with all its questions yet. */
  turned: boolean;
  /** How many fetches in a row brought nothing. */
  failures: number;
}

/** The fetch loop from one leader: one connection, at most one request in flight. */
export interface Fetcher {
  readonly leader: BrokerId;
  readonly channel: Channel;
  readonly partitions: Set<string>;
  /** What the leader's session holds, and what is out. */
  readonly session: FetchSessionHandler;
  /** Partitions that the next fetch may have to tell something new of. */
  readonly changed: Set<string>;
  /** Those that wait after a failure. */
  readonly delayed: Set<string>;
  /** Those that stand outside the leader's log, and which edge of it is to be asked for. */
  readonly lost: Map<string, LogEdge>;
  inFlight: boolean;
}

/** Producer ids of the block in use, and who waits for the next block (KIP-730). */
export interface ProducerIds {
  next: number;
  end: number;
  asking: boolean;
  readonly waiting: Caller[];
}

/** A broker: plain data, moved by stepBroker. */
export interface Broker {
  readonly config: BrokerConfig;
  readonly lifecycle: Lifecycle;
  /** The next even connection number. */
  nextConnection: ConnectionId;
  readonly sessions: Map<ConnectionId, Session>;
  /** Names of the channels behind outgoing connections. */
  readonly channels: Map<ConnectionId, string>;
  /** Which of the configured controllers was asked last by a broker that knows no leader. */
  controller: number;
  readonly toController: {
    readonly lifecycle: Channel;
    readonly requests: Channel;
    readonly metadata: Channel;
  };
  image: MetadataImage;
  metadata: MetadataFollower | undefined;
  /** Logs found on disk that metadata has not assigned yet, by partition name. */
  readonly orphans: Map<string, { readonly log: Log; readonly highWatermark: Offset }>;
  readonly partitions: Map<string, Partition>;
  /** Folders of logs that are to be removed, and when (monotonic ms), the first to go first. */
  readonly deletions: Map<string, Millis>;
  /** Partitions whose metadata changed since this broker last acted on it (it acts once it is caught up). */
  readonly changed: Set<string>;
  readonly fetchers: Map<BrokerId, Fetcher>;
  readonly purgatory: Purgatory;
  readonly fetchSessions: FetchSessions;
  readonly producerIds: ProducerIds;
  /** Whether clients' and followers' requests are answered yet. */
  serving: boolean;
  /**
   * Partitions that changed in this step (log, high watermark, role, ISR): whoever changes one says so here, or those who
   * wait for it and fetch sessions in which it rests hear nothing. And connections that may go on. Both are empty
   * between steps.
   */
  readonly dirty: Set<string>;
  readonly ready: ConnectionId[];
  /** Partitions whose proposed ISR is to be sent; one request is in flight at a time. */
  readonly isrToAsk: Set<string>;
  isrAsking: boolean;
  /** Timers that are set, so that each is set once. */
  readonly timers: Set<string>;
}
