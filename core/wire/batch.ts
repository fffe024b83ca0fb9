/*
 * Record batch v2 (Kafka's DefaultRecordBatch and DefaultRecord): a header of 61 bytes, then records whose
 * timestamps and offsets are deltas to the header's. The checksum begins at the attributes, so a leader
 * stamps offset and leader epoch without touching it.
 */
import { assert } from "../foundation/assert.ts";
import { readInt16, readInt32, readInt64, readUint32, writeInt32, writeInt64 } from "./bytes.ts";
import { crc32c } from "./crc32c.ts";
import { DecodeError } from "./decode-error.ts";
import { Reader } from "./reader.ts";
import {
  type BatchRecord,
  leastRecordSize,
  readRecord,
  type RecordBase,
  recordSize,
  type WireRecord,
  writeRecord,
} from "./record.ts";
import { varintSize, Writer } from "./writer.ts";

/** Bytes before the first record. */
export const batchHeaderSize = 61;
/** Bytes before `leaderEpoch`, which the length field does not count. */
export const logOverhead = 12;
const leaderEpochAt = 12;
const crcAt = 17;
const attributesAt = 21;

/** Bits of `attributes`; the lowest three name the compression codec. */
const codecBits = 0x07;
const logAppendTimeBit = 0x08;
const transactionalBit = 0x10;
/** The attribute of a batch of control records. */
export const controlBit = 0x20;
const codecs = ["none", "gzip", "snappy", "lz4", "zstd"] as const;

/** What stands before a batch's records. Timestamps in ms; -1 where there is none. */
export interface BatchHeader {
  readonly baseOffset: number;
  /** Of the whole batch in bytes, the first twelve included. */
  readonly length: number;
  readonly leaderEpoch: number;
  readonly magic: number;
  readonly crc: number;
  readonly attributes: number;
  readonly lastOffsetDelta: number;
  readonly baseTimestamp: number;
  readonly maxTimestamp: number;
  readonly producerId: number;
  readonly producerEpoch: number;
  readonly baseSequence: number;
  readonly count: number;
}

/** Whether the batch holds control records: transaction markers, or what the quorum writes about itself. */
export const isControl = (header: BatchHeader): boolean => (header.attributes & controlBit) !== 0;
export const isTransactional = (header: BatchHeader): boolean =>
  (header.attributes & transactionalBit) !== 0;
/** The offset after the batch's last. */
export const nextOffset = (header: BatchHeader): number =>
  header.baseOffset + header.lastOffsetDelta + 1;
/** What the records of a batch are counted from. */
export const recordBase = (header: BatchHeader): RecordBase => ({
  baseOffset: header.baseOffset,
  baseTimestamp: header.baseTimestamp,
  appendTime: (header.attributes & logAppendTimeBit) === 0 ? undefined : header.maxTimestamp,
});
/** Name of the codec, or undefined for a number that names none. */
export const codecOf = (header: BatchHeader): (typeof codecs)[number] | undefined =>
  codecs[header.attributes & codecBits];

/** Bytes of the whole batch that begins at `at`; at least twelve bytes must be there. */
function lengthAt(bytes: Uint8Array, at: number): number {
  const length = logOverhead + readInt32(bytes, at + 8);
  if (length < batchHeaderSize) {
    throw new DecodeError(
      "length",
      at + 8,
      `a batch of ${length} bytes has no room for its header`,
    );
  }
  return length;
}

/**
 * Reads the header of the batch that begins at `at`. The records behind it may be missing.
 * @throws DecodeError if the header is cut, not of magic 2, or beyond what numbers hold.
 */
export function readBatchHeader(bytes: Uint8Array, at = 0): BatchHeader {
  if (bytes.length - at < batchHeaderSize) {
    throw new DecodeError(
      "batch",
      at,
      `needs ${batchHeaderSize} bytes, ${bytes.length - at} are left`,
    );
  }
  const magic = bytes[at + 16]!;
  if (magic !== 2) throw new DecodeError("magic", at + 16, `${magic} instead of 2`);
  return {
    baseOffset: safeInt64(bytes, at, "baseOffset"),
    length: lengthAt(bytes, at),
    leaderEpoch: readInt32(bytes, at + leaderEpochAt),
    magic,
    crc: readUint32(bytes, at + crcAt),
    attributes: readInt16(bytes, at + attributesAt),
    lastOffsetDelta: readInt32(bytes, at + 23),
    baseTimestamp: safeInt64(bytes, at + 27, "baseTimestamp"),
    maxTimestamp: safeInt64(bytes, at + 35, "maxTimestamp"),
    producerId: safeInt64(bytes, at + 43, "producerId"),
    producerEpoch: readInt16(bytes, at + 51),
    baseSequence: readInt32(bytes, at + 53),
    count: readInt32(bytes, at + 57),
  };
}

function safeInt64(bytes: Uint8Array, at: number, field: string): number {
  const value = readInt64(bytes, at);
  if (!Number.isSafeInteger(value)) throw new DecodeError(field, at, "int64 beyond 2^53");
  return value;
}

/**
 * Checks that a whole, undamaged batch begins at `at`: its length, its checksum and what its header counts.
 * Of uncompressed records it checks where each begins and ends, not what is in them (see `decodeRecords`).
 * @returns the header that it has read
 * @throws DecodeError
 */
export function checkBatch(bytes: Uint8Array, at = 0): BatchHeader {
  const header = readBatchHeader(bytes, at);
  const end = at + header.length;
  if (end > bytes.length) {
    throw new DecodeError(
      "length",
      at + 8,
      `${header.length} bytes, ${bytes.length - at} are left`,
    );
  }
  const crc = crc32c(bytes, at + attributesAt, end);
  if (crc !== header.crc)
    throw new DecodeError("crc", at + crcAt, `${header.crc} instead of ${crc}`);
  const codec = codecOf(header);
  if (codec === undefined) throw new DecodeError("attributes", at + attributesAt, "unknown codec");
  if (header.count < 0 || header.lastOffsetDelta < header.count - 1) {
    const problem = `${header.count} records up to offset delta ${header.lastOffsetDelta}`;
    throw new DecodeError("count", at + 57, problem);
  }
  if (codec === "none")
    checkRecordBounds(new Reader(bytes, at + batchHeaderSize, end), header.count);
  return header;
}

function checkRecordBounds(reader: Reader, count: number): void {
  try {
    for (let i = 0; i < count; i++) reader.skip(reader.varint());
  } catch (error) {
    throw named("records.length", error);
  }
  if (reader.left > 0) throw new DecodeError("records", reader.at, `${reader.left} bytes too many`);
}

/**
 * Checks what a leader demands of a batch that a client sends (LogValidator): every record is whole, and
 * their offset deltas are 0, 1, 2 and so on. `checkBatch` has passed. Of a compressed batch nothing is read.
 * @throws DecodeError
 */
export function checkRecords(batch: Uint8Array, header = readBatchHeader(batch)): void {
  if (codecOf(header) !== "none") return;
  const base = recordBase(header);
  const reader = new Reader(batch, batchHeaderSize, header.length);
  try {
    for (let i = 0; i < header.count; i++) {
      const from = reader.at;
      const delta = readRecord(reader, base).offset - header.baseOffset;
      if (delta !== i) throw new DecodeError("offsetDelta", from, `${delta} instead of ${i}`);
    }
  } catch (error) {
    throw named("records", error);
  }
}

/** A failure with the name of what was read. */
const named = (field: string, error: unknown): unknown =>
  error instanceof DecodeError ? error.within(field) : error;

/**
 * Reads all records of one whole batch. Keys and values are views of it.
 * @throws DecodeError also for a compressed batch: no codec is built in.
 */
export function decodeRecords(batch: Uint8Array, header = readBatchHeader(batch)): WireRecord[] {
  const codec = codecOf(header);
  if (codec !== "none") {
    throw new DecodeError("attributes", attributesAt, `cannot read ${codec ?? "an unknown codec"}`);
  }
  if (header.length > batch.length) {
    throw new DecodeError("length", 8, `${header.length} bytes, ${batch.length} are there`);
  }
  const base = recordBase(header);
  const reader = new Reader(batch, batchHeaderSize, header.length);
  // A count that the bytes cannot hold is refused before memory is taken for it.
  if (header.count < 0 || header.count * leastRecordSize > reader.left) {
    throw new DecodeError("count", 57, `${header.count} records in ${reader.left} bytes`);
  }
  const records: WireRecord[] = [];
  try {
    for (let i = 0; i < header.count; i++) records.push(readRecord(reader, base));
  } catch (error) {
    throw named("records", error);
  }
  if (reader.left > 0) throw new DecodeError("records", reader.at, `${reader.left} bytes too many`);
  return records;
}

/** A batch to be written, uncompressed. */
export interface BatchInput {
  readonly baseOffset: number;
  readonly leaderEpoch: number;
  /** -1, with epoch and sequence, for a producer that is not idempotent. */
  readonly producerId: number;
  readonly producerEpoch: number;
  readonly baseSequence: number;
  /** Transactional and control bits; absent: 0. */
  readonly attributes?: number;
  /** At least one; offset deltas rise. */
  readonly records: readonly BatchRecord[];
}

/** Encodes a batch into memory that `bytes` gives. The first record's timestamp is the base of all. */
export function encodeBatch(input: BatchInput, bytes: (length: number) => Uint8Array): Uint8Array {
  const { records } = input;
  const [first] = records;
  assert(first !== undefined, "a batch has at least one record");
  const baseTimestamp = first.timestamp;
  let maxTimestamp = baseTimestamp;
  let lastOffsetDelta = -1;
  let length = batchHeaderSize;
  const sizes: number[] = [];
  for (let i = 0; i < records.length; i++) {
    const record = records[i]!;
    const offsetDelta = record.offsetDelta ?? i;
    assert(offsetDelta > lastOffsetDelta, "offset deltas rise");
    lastOffsetDelta = offsetDelta;
    if (record.timestamp > maxTimestamp) maxTimestamp = record.timestamp;
    const size = recordSize(record, offsetDelta, record.timestamp - baseTimestamp);
    sizes.push(size);
    length += varintSize(size) + size;
  }
  const batch = bytes(length);
  const writer = new Writer(batch);
  writer.int64(input.baseOffset);
  writer.int32(length - logOverhead);
  writer.int32(input.leaderEpoch);
  writer.int8(2);
  writer.at = attributesAt;
  writer.int16(input.attributes ?? 0);
  writer.int32(lastOffsetDelta);
  writer.int64(baseTimestamp);
  writer.int64(maxTimestamp);
  writer.int64(input.producerId);
  writer.int16(input.producerEpoch);
  writer.int32(input.baseSequence);
  writer.int32(records.length);
  for (let i = 0; i < records.length; i++) {
    const record = records[i]!;
    writer.varint(sizes[i]!);
    writeRecord(writer, record, record.offsetDelta ?? i, record.timestamp - baseTimestamp);
  }
  assert(writer.at === length, "a batch has the size that was reckoned");
  writeInt32(batch, crcAt, crc32c(batch, attributesAt, length));
  return batch;
}

/** Gives a batch its place in a log. In place: only on memory that is still being filled. */
export function stampBatch(batch: Uint8Array, baseOffset: number, leaderEpoch: number): void {
  writeInt64(batch, 0, baseOffset);
  writeInt32(batch, leaderEpochAt, leaderEpoch);
}

/**
 * The whole batches in `bytes`, as views; a last one that is cut (Fetch may cut it) is left out.
 * @throws DecodeError where a length has no room for a header.
 */
export function splitBatches(bytes: Uint8Array): Uint8Array[] {
  const batches: Uint8Array[] = [];
  let at = 0;
  while (bytes.length - at >= logOverhead) {
    const end = at + lengthAt(bytes, at);
    if (end > bytes.length) break;
    batches.push(at === 0 && end === bytes.length ? bytes : bytes.subarray(at, end));
    at = end;
  }
  return batches;
}
