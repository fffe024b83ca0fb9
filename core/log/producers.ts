/*
 * What a log remembers of each idempotent producer (Kafka's ProducerStateManager and ProducerAppendInfo, KIP-98): its
 * epoch and its last five batches, enough to know a duplicate from a gap. It follows from the log's batches, so that a
 * follower knows the same; a restarted broker begins with a snapshot of it (producer-snapshots.ts).
 */
import { type Offset, offset, type ProducerId, producerId } from "../foundation/ids.ts";
import { type BatchHeader, isControl, nextOffset } from "../wire/batch.ts";
import type { ErrorName } from "../wire/errors.ts";

/** One remembered batch: sequences inclusive, offsets of its first and after its last record. */
interface RememberedBatch {
  readonly firstSequence: number;
  readonly lastSequence: number;
  readonly base: Offset;
  readonly next: Offset;
  readonly timestamp: number;
}

export interface ProducerEntry {
  readonly epoch: number;
  /** Newest last; at most five. */
  readonly batches: readonly RememberedBatch[];
  /** Of its last batch, the largest (ms, as its records say): expiry counts from it. */
  readonly lastTimestamp: number;
}

export type Producers = Map<ProducerId, ProducerEntry>;

const rememberedBatches = 5;
const sequences = 0x80000000;

/** What to do with a client's batch. */
export type ProducerVerdict =
  | { readonly type: "append" }
  | {
      readonly type: "duplicate";
      readonly base: Offset;
      readonly next: Offset;
      readonly timestamp: number;
    }
  | { readonly type: "error"; readonly error: ErrorName };

/** Sequences count up to 2^31 - 1 and begin again at 0. */
export const sequenceAfter = (sequence: number, count: number): number =>
  (sequence + count) % sequences;

/** The first sequence of a batch, by its last one. */
export const sequenceBefore = (sequence: number, count: number): number =>
  (sequence - count + sequences) % sequences;

const lastSequenceOf = (header: BatchHeader): number =>
  sequenceAfter(header.baseSequence, header.lastOffsetDelta);

/**
 * Judges a batch that a client wants appended (ProducerAppendInfo). A producer that is not known may begin anywhere:
 * its state may have expired (KIP-360).
 */
export function judge(
  producers: ReadonlyMap<ProducerId, ProducerEntry>,
  header: BatchHeader,
): ProducerVerdict {
  if (header.producerId < 0) return { type: "append" };
  if (header.baseSequence < 0) return { type: "error", error: "INVALID_RECORD" };
  const known = producers.get(producerId(header.producerId));
  if (known === undefined) return { type: "append" };
  const same = duplicateOf(known, header);
  if (same !== undefined) {
    return { type: "duplicate", base: same.base, next: same.next, timestamp: same.timestamp };
  }
  if (header.producerEpoch < known.epoch) return { type: "error", error: "INVALID_PRODUCER_EPOCH" };
  if (known.epoch === noEpoch || header.baseSequence === expectedSequence(known, header)) {
    return { type: "append" };
  }
  return { type: "error", error: "OUT_OF_ORDER_SEQUENCE_NUMBER" };
}

const noEpoch = -1;

/** The remembered batch of exactly these sequences, if there is one. */
function duplicateOf(known: ProducerEntry, header: BatchHeader): RememberedBatch | undefined {
  if (header.producerEpoch !== known.epoch) return undefined;
  const lastSequence = lastSequenceOf(header);
  return known.batches.find(
    (batch) => batch.firstSequence === header.baseSequence && batch.lastSequence === lastSequence,
  );
}

/** A new epoch begins at 0, also one that a transaction's marker began. */
function expectedSequence(known: ProducerEntry, header: BatchHeader): number {
  const last = known.batches.at(-1);
  if (header.producerEpoch !== known.epoch || last === undefined) return 0;
  return sequenceAfter(last.lastSequence, 1);
}

/** Remembers an appended batch, whoever appended it. */
export function remember(producers: Producers, header: BatchHeader): void {
  if (header.producerId < 0) return;
  const id = producerId(header.producerId);
  const known = producers.get(id);
  const before = known === undefined || known.epoch !== header.producerEpoch ? [] : known.batches;
  const batch = {
    firstSequence: header.baseSequence,
    lastSequence: lastSequenceOf(header),
    base: offset(header.baseOffset),
    next: offset(nextOffset(header)),
    timestamp: header.maxTimestamp,
  };
  const batches = isControl(header) ? before : withLast(before, batch);
  producers.set(id, { epoch: header.producerEpoch, batches, lastTimestamp: header.maxTimestamp });
}

/** With `batch` at the end; the oldest gives way. */
function withLast(before: readonly RememberedBatch[], batch: RememberedBatch): RememberedBatch[] {
  const kept = before.length < rememberedBatches ? before.slice() : before.slice(1);
  kept.push(batch);
  return kept;
}

/** Forgets producers whose last record is so old (producer.id.expiration.ms). */
export function expireProducers(producers: Producers, now: number, expirationMs: number): void {
  for (const [id, { lastTimestamp }] of producers) {
    if (now - lastTimestamp >= expirationMs) producers.delete(id);
  }
}
