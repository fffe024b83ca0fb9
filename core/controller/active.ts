/*
 * The active controller (Kafka's QuorumController): decides on what is committed plus what it has decided since, which
 * is not committed yet; answers leave when it is.
 */
import type { BrokerId, InputId, Millis, Offset } from "../foundation/ids.ts";
import type { Because } from "../foundation/turn.ts";
import type { MetadataRecord } from "../wire/metadata-records.ts";
import type { Caller } from "../wire/sessions.ts";
import type { MetadataImage } from "./metadata/image.ts";

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

/** An answer that leaves when what it says is committed; if it never will be, `failed` leaves instead. */
export interface HeldAnswer {
  readonly caller: Caller;
  /** Kafka's api key. */
  readonly api: number;
  readonly frame: Uint8Array;
  readonly failed: Uint8Array;
}

/** Something that was decided and is not committed. */
export interface Uncommitted {
  /** It is committed when the log is, up to here (exclusive). */
  readonly end: Offset;
  /** Whether it has records of its own; an answer without waits for what it was read from. */
  readonly changes: boolean;
  /** The input that brought it about. */
  readonly input: InputId;
  readonly silences: Because["silences"];
  readonly answer: HeldAnswer | undefined;
}

/** What a controller keeps while it is the active one. */
export interface Active {
  /** Committed metadata and the overlay of what is not committed yet: decisions are made on it. */
  readonly image: MetadataImage;
  /** The offset that the next record will have. */
  next: Offset;
  /** Encoded batches that wait for the end of the linger time, oldest first. */
  readonly unwritten: Uint8Array[];
  /** Oldest first. */
  readonly waiting: Uncommitted[];
  readonly heartbeats: Map<BrokerId, Heartbeat>;
}

/** What a request came to: records (none: nothing changes) and the answer, which is true once they are committed. */
export interface Decision<Body> {
  readonly records: readonly MetadataRecord[];
  readonly body: Body;
}
