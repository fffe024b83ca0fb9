/*
 * Idempotence (Kafka's TransactionManager without transactions, KIP-98 and KIP-360): every batch of a partition has
 * the next sequences; a batch that is tried again keeps its own. Once a sequence will never be filled, the epoch is
 * raised and the partition counts from 0 again, but not before it is certain of every sequenced batch whether it
 * stands in the log: else a record could come twice.
 */
import { type Flawed, hasFlaw } from "../../foundation/flaws.ts";
import type { Turn } from "../../foundation/turn.ts";
import { note } from "../../foundation/turn.ts";
import type { Batch, PartitionQueue, Producer } from "./state.ts";

/** Sequences count up to 2^31 - 1 and begin again at 0 (KIP-98). */
export const sequences = 0x80000000;
const maxProducerEpoch = 32_767;

const lastSequence = (batch: Batch): number =>
  (batch.sequence + batch.records.length - 1) % sequences;

const outstanding = (queue: PartitionQueue): Batch[] => [
  ...queue.inFlight,
  ...queue.waiting.filter(({ sequence }) => sequence !== -1),
];

/**
 * Whether a batch that has no sequence yet may get the next one now. The first of an epoch goes alone: a broker that does
 * not know a producer takes any sequence from it, so that a second batch on the way could overtake one that was refused.
 * (Kafka's producer sends on; KAFKA-15591 closes that gap for partitions that were never written to.)
 */
export function mayBegin(producer: Producer, queue: PartitionQueue, settings: Flawed): boolean {
  if (!producer.idempotent) return true;
  if (producer.producerId === -1 || queue.unresolved) return false;
  const isFirstOut = queue.lastAcked === -1 && outstanding(queue).length > 0;
  if (isFirstOut && !hasFlaw(settings, "any-first-sequence")) return false;
  // Another partition raised the epoch: this one follows once nothing of the old epoch is out.
  return queue.producerEpoch === producer.producerEpoch || outstanding(queue).length === 0;
}

/** Gives a batch its sequences. */
export function sequence(producer: Producer, queue: PartitionQueue, batch: Batch): void {
  if (!producer.idempotent || batch.sequence !== -1) return;
  if (queue.producerEpoch !== producer.producerEpoch) {
    queue.producerEpoch = producer.producerEpoch;
    queue.nextSequence = 0;
    queue.lastAcked = -1;
  }
  batch.sequence = queue.nextSequence;
  batch.producerEpoch = queue.producerEpoch;
  queue.nextSequence = (queue.nextSequence + batch.records.length) % sequences;
}

/** Whether an earlier batch of the partition is still out: a retry waits for it. */
export const mustWait = (queue: PartitionQueue, batch: Batch): boolean =>
  batch.sequence !== -1 && queue.inFlight.some((other) => other.id < batch.id);

/** A batch was acknowledged. */
export function acked(queue: PartitionQueue, batch: Batch): void {
  if (batch.sequence !== -1 && batch.producerEpoch === queue.producerEpoch) {
    queue.lastAcked = lastSequence(batch);
  }
}

/**
 * A sequenced batch was given up, or the broker found a gap: nothing new begins until it is settled. If what came
 * after was acknowledged there is no gap; else the epoch is raised once every batch is either acknowledged or
 * certainly not in the log.
 */
export function resolveSequences(producer: Producer, queue: PartitionQueue, turn: Turn): void {
  if (!producer.idempotent || !queue.unresolved || queue.inFlight.length > 0) return;
  const open = outstanding(queue);
  if (open.some(({ maybeAppended }) => maybeAppended)) return;
  queue.unresolved = false;
  if (open.length === 0 && (queue.lastAcked + 1) % sequences === queue.nextSequence) return;
  if (queue.producerEpoch === producer.producerEpoch) raiseEpoch(producer, turn);
  for (const batch of open) {
    batch.sequence = -1;
    batch.producerEpoch = -1;
    batch.bytes = undefined;
  }
}

function raiseEpoch(producer: Producer, turn: Turn): void {
  if (producer.producerEpoch >= maxProducerEpoch) {
    // The last epoch is used up: another id is asked for.
    producer.producerId = -1;
    producer.producerEpoch = -1;
    return;
  }
  producer.producerEpoch += 1;
  note(turn, {
    type: "producerId",
    producer: producer.producerId as never,
    producerEpoch: producer.producerEpoch,
  });
}
