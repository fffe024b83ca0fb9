import type { AdminCall } from "../../foundation/calls.ts";
import type {
  BrokerId,
  CallId,
  ConnectionId,
  Endpoint,
  InputId,
  Millis,
} from "../../foundation/ids.ts";
import type { FrameBuffer } from "../../wire/frame-buffer.ts";

/** What a request was for: enough to go on when its answer comes, or does not. */
export type Purpose =
  | { readonly type: "metadata" }
  | { readonly type: "initProducerId" }
  /** Ids of the batches in it. */
  | { readonly type: "produce"; readonly batches: readonly number[]; readonly to: BrokerId }
  | { readonly type: "fetch"; readonly from: BrokerId }
  | { readonly type: "offsets"; readonly from: BrokerId; readonly queries: readonly number[] }
  | { readonly type: "admin"; readonly call: CallId; readonly operation: AdminCall["type"] };

/** A question that is out. */
export interface Pending {
  readonly correlation: number;
  readonly api: number;
  readonly version: number;
  /** Monotonic ms. */
  readonly deadline: Millis;
  /** undefined: the handshake. */
  readonly purpose: Purpose | undefined;
}

/** One broker as this client reaches it (Kafka's NetworkClient and ClusterConnectionStates). */
export interface Peer {
  /** -1, -2, ... for bootstrap servers, whose ids are not known yet. */
  readonly id: BrokerId;
  endpoint: Endpoint;
  phase: "idle" | "connecting" | "handshake" | "ready";
  connection: ConnectionId | undefined;
  frames: FrameBuffer;
  pending: Pending[];
  /** Version ranges by api key, once the handshake told them. */
  versions: ReadonlyMap<number, readonly [number, number]>;
  /** The last input that came from there. */
  heard: InputId | undefined;
  /** Failed attempts in a row, and when the next may begin (monotonic ms). */
  failures: number;
  retryAt: Millis;
  /** When the attempt to connect is given up. */
  connectBy: Millis;
  /** The send buffer is full. */
  full: boolean;
  /** ApiVersions is asked in version 0: the broker did not know ours. */
  oldHandshake: boolean;
}

export interface Network {
  nextConnection: ConnectionId;
  nextCorrelation: number;
  readonly peers: Map<BrokerId, Peer>;
  /** Where the search for any broker goes on. */
  turnOf: number;
}
