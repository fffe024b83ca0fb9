import type { ConsumerRecord } from "../../foundation/calls.ts";
import type { BrokerId, CallId, LeaderEpoch, Millis, Offset } from "../../foundation/ids.ts";
import type { FetchSessionHandler } from "../../wire/fetch-session.ts";

/** One assigned partition (Kafka's SubscriptionState.TopicPartitionState). */
export interface AssignedPartition {
  readonly name: string;
  readonly topic: string;
  readonly partition: number;
  /** The next offset that is handed out; undefined until it is known. */
  position: Offset | undefined;
  /** Epoch of the last record before the position; -1 if unknown. */
  lastEpoch: LeaderEpoch;
  /** Fetched and not handed out, and the offset after them. */
  buffered: ConsumerRecord[];
  fetchedTo: Offset;
  /** A fetch or a look-up of the offset is out. */
  fetching: boolean;
  /** The replica that the leader would have it read from, and until when (monotonic ms); undefined: the leader (KIP-392). */
  preferred: { readonly replica: BrokerId; readonly until: Millis } | undefined;
  /** Nothing is asked before this moment (monotonic ms). */
  retryAt: Millis;
  failures: number;
  /** There is nothing at its position and no auto.offset.reset: it is fetched again only after a seek. */
  lost: boolean;
}

/** The question where a partition begins, ends, or was at (Kafka's ListOffsets). */
export interface OffsetQuery {
  readonly id: number;
  readonly name: string;
  readonly topic: string;
  readonly partition: number;
  /** -1: latest, -2: earliest. */
  readonly timestamp: number;
  /** undefined: to set the position. */
  readonly call: CallId | undefined;
  readonly why: "start" | "outOfRange" | "seek";
  asking: boolean;
  retryAt: Millis;
  failures: number;
}

export interface Poll {
  readonly call: CallId;
  readonly deadline: Millis;
}

export interface EndOffsets {
  readonly call: CallId;
  readonly found: Map<string, Offset>;
  /** How many partitions it asks about. */
  readonly wanted: number;
}

export interface Consumer {
  readonly type: "consumer";
  /** Topics whose partitions are to be assigned once they are known, and the calls that asked. */
  readonly assigning: Map<CallId, string>;
  readonly assigned: Map<string, AssignedPartition>;
  readonly queries: Map<number, OffsetQuery>;
  nextQuery: number;
  readonly polls: Poll[];
  readonly ends: Map<CallId, EndOffsets>;
  /** Fetch sessions with those that were fetched from (KIP-227). */
  readonly sessions: Map<BrokerId, FetchSessionHandler>;
  /** Leaders that a fetch is out to. */
  readonly fetchingFrom: Set<BrokerId>;
  /** Where the next poll begins among the partitions, so that none starves. */
  turnOf: number;
}
