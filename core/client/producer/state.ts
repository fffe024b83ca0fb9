import type { ProducerRecord } from "../../foundation/calls.ts";
import type { CallId, Millis } from "../../foundation/ids.ts";
import type { BatchRecord } from "../../wire/record.ts";

/** Records that travel together (Kafka's ProducerBatch). */
export interface Batch {
  readonly id: number;
  readonly topic: string;
  readonly partition: number;
  /** The calls whose records are in it, in their order. */
  readonly calls: CallId[];
  readonly records: BatchRecord[];
  /** Bytes, as an upper bound before it is encoded. */
  size: number;
  /** Monotonic ms. */
  readonly created: Millis;
  /** No record is added any more. */
  closed: boolean;
  /** Tries begun so far. */
  attempts: number;
  retryAt: Millis;
  /** -1 until it is first sent. */
  sequence: number;
  producerEpoch: number;
  /** As it is sent; undefined until it is first sent under these sequences. */
  bytes: Uint8Array | undefined;
  /** A try has ended without telling whether the batch stands in the log, and no leader has told since that it does not. */
  maybeAppended: boolean;
  /** Some try has, whatever a leader has told since: one that started anew knows a producer's last batch alone. */
  isUncertain: boolean;
}

/** What is to be sent to one partition, in order (Kafka's RecordAccumulator and TxnPartitionEntry). */
export interface PartitionQueue {
  readonly topic: string;
  readonly partition: number;
  /** Not in flight, in the order in which they are to be appended. */
  readonly waiting: Batch[];
  readonly inFlight: Batch[];
  /** The epoch whose sequences this partition counts, and the next one. */
  producerEpoch: number;
  nextSequence: number;
  /** The last sequence that was acknowledged; -1 for none. */
  lastAcked: number;
  /** A batch that may stand in the log, or a sequence that never will, lies behind: nothing new may follow yet. */
  unresolved: boolean;
}

/** A send that has no partition yet, or no room. */
export interface Unplaced {
  readonly call: CallId;
  readonly record: ProducerRecord;
  readonly since: Millis;
}

export interface Flush {
  readonly call: CallId;
  /** Sends of before that are not resolved. */
  readonly open: Set<CallId>;
}

export interface Producer {
  readonly type: "producer";
  /** Acks=all with enable.idempotence. */
  readonly idempotent: boolean;
  producerId: number;
  producerEpoch: number;
  askingId: boolean;
  idFailures: number;
  askIdAfter: Millis;
  nextBatch: number;
  /** By partition name, in the order of first use. */
  readonly queues: Map<string, PartitionQueue>;
  readonly unplaced: Unplaced[];
  /** Where records without a key go for now (KIP-480, KIP-794). */
  readonly sticky: Map<string, { readonly partition: number; bytes: number }>;
  /** Bytes in all batches. */
  buffered: number;
  readonly open: Set<CallId>;
  readonly flushes: Flush[];
}
