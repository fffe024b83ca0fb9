/*
 * A leader's append of what a client sent (Kafka's ReplicaManager.appendToLocalLog, LogValidator and
 * UnifiedLog.appendAsLeader).
 */
import { leaderEpoch, type Offset, producerId } from "../foundation/ids.ts";
import { hasFlaw } from "../foundation/flaws.ts";
import { note, type Turn } from "../foundation/turn.ts";
import { appendBatches, type AppendedBatch, checkProducer } from "../log/log.ts";
import {
  type BatchHeader,
  checkBatch,
  checkRecords,
  isControl,
  isTransactional,
  splitBatches,
  stampBatch,
} from "../wire/batch.ts";
import { DecodeError } from "../wire/decode-error.ts";
import type { ErrorName } from "../wire/errors.ts";
import type { Partition } from "./partition.ts";

/** What became of a client's batch: where it stands (also when it stood there before), or why it was refused. */
export type AppendOutcome =
  | { readonly ok: true; readonly base: Offset; readonly next: Offset; readonly duplicate: boolean }
  | { readonly ok: false; readonly error: ErrorName };

/** Appends one batch that a client produced; stamps offset and leader epoch outside its checksum. */
export function appendFromClient(
  partition: Partition,
  records: Uint8Array | null,
  turn: Turn,
): AppendOutcome {
  const checked = checkClientBatch(partition, records);
  if (!checked.ok) return checked;
  const { header, batch } = checked;
  const { log } = partition;
  const verdict = checkProducer(log, header);
  if (beginsTooLate(partition, header)) return { ok: false, error: "OUT_OF_ORDER_SEQUENCE_NUMBER" };
  if (verdict.type === "error") return { ok: false, error: verdict.error };
  if (verdict.type === "duplicate") {
    note(turn, {
      type: "duplicateBatch",
      partition: partition.name,
      base: verdict.base,
      producer: producerId(header.producerId),
      sequence: header.baseSequence,
    });
    return { ok: true, base: verdict.base, next: verdict.next, duplicate: true };
  }
  const stamped = turn.ports.bytes(batch.length);
  stamped.set(batch);
  stampBatch(stamped, log.end, partition.leaderEpoch);
  const [appended] = appendBatches(log, turn.ports.files, turn.now, stamped);
  if (appended === undefined) return { ok: false, error: "UNKNOWN_SERVER_ERROR" };
  noteAppended(partition, appended, "leader", turn);
  return { ok: true, base: appended.base, next: appended.next, duplicate: false };
}

/** Where nothing was ever written, nothing has expired: whoever begins in the middle has lost what came first (KAFKA-15591). */
const beginsTooLate = (partition: Partition, { baseSequence }: BatchHeader): boolean =>
  partition.log.end === 0 && baseSequence > 0 && !hasFlaw(partition, "any-first-sequence");

type CheckedBatch =
  | { readonly ok: true; readonly header: BatchHeader; readonly batch: Uint8Array }
  | { readonly ok: false; readonly error: ErrorName };

/** One v2 batch, whole, sound, not larger than message.max.bytes, and of a kind that clients may write. */
function checkClientBatch(partition: Partition, records: Uint8Array | null): CheckedBatch {
  if (records === null || records.length === 0) return { ok: false, error: "INVALID_RECORD" };
  if (records.length > partition.log.config.maxBatchBytes) {
    return { ok: false, error: "MESSAGE_TOO_LARGE" };
  }
  try {
    const [batch, second] = splitBatches(records);
    if (batch === undefined || second !== undefined || batch.length !== records.length) {
      return { ok: false, error: "INVALID_RECORD" };
    }
    const header = checkBatch(batch);
    checkRecords(batch, header);
    if (isControl(header) || header.count < 1 || header.lastOffsetDelta !== header.count - 1) {
      return { ok: false, error: "INVALID_RECORD" };
    }
    if (isTransactional(header)) return { ok: false, error: "INVALID_TXN_STATE" };
    return { ok: true, header, batch };
  } catch (error) {
    if (error instanceof DecodeError) return { ok: false, error: "CORRUPT_MESSAGE" };
    throw error;
  }
}

/** Tells the trace of one appended batch, and of the segment that it began. */
export function noteAppended(
  partition: Partition,
  appended: AppendedBatch,
  role: "leader" | "follower",
  turn: Turn,
): void {
  const { header } = appended;
  if (appended.rolled) {
    note(turn, { type: "rolled", partition: partition.name, segment: appended.segment });
  }
  note(turn, {
    type: "appended",
    partition: partition.name,
    role,
    base: appended.base,
    next: appended.next,
    epoch: leaderEpoch(header.leaderEpoch),
    segment: appended.segment,
    position: appended.position,
    length: appended.length,
    crc: header.crc,
    producer: producerId(header.producerId),
    sequence: header.baseSequence,
  });
  if (appended.flushed) {
    note(turn, { type: "flushed", partition: partition.name, to: appended.next });
  }
}
