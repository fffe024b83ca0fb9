/*
 * Record batches and their records, with the bytes that each field stands in: read as brokers read them, by the readers of
 * batch.ts and record.ts.
 */
import {
  batchHeaderSize,
  type BatchHeader,
  checkBatch,
  codecOf,
  isControl,
  logOverhead,
  readBatchHeader,
  recordBase,
} from "./batch.ts";
import { readInt16 } from "./bytes.ts";
import { readControlValue } from "./control-records.ts";
import { DecodeError } from "./decode-error.ts";
import type { FieldReader } from "./field-reader.ts";
import { readMetadataRecord } from "./metadata-records.ts";
import {
  type FieldKind,
  newField,
  type ReadField,
  Watch,
  WatchedFields,
  WatchedReader,
  readWatched,
} from "./watched.ts";
import type { Reader } from "./reader.ts";
import { readRecord } from "./record.ts";

/** What values of records are: whatever an application wrote, or records of the metadata log. */
export type RecordContent = "records" | "metadata";

/** Where each field of a batch's header begins, and what it is. `batchLength` does not count what stands before it. */
export const batchFields: readonly (readonly [
  name: keyof BatchHeader,
  kind: FieldKind,
  at: number,
])[] = [
  ["baseOffset", "int64", 0],
  ["length", "int32", 8],
  ["leaderEpoch", "int32", 12],
  ["magic", "int8", 16],
  ["crc", "uint32", 17],
  ["attributes", "int16", 21],
  ["lastOffsetDelta", "int32", 23],
  ["baseTimestamp", "int64", 27],
  ["maxTimestamp", "int64", 35],
  ["producerId", "int64", 43],
  ["producerEpoch", "int16", 51],
  ["baseSequence", "int32", 53],
  ["count", "int32", 57],
];

/** All of bytes [from, to) as batches; the last one may be cut, and what is none says so. */
export function watchBatches(
  bytes: Uint8Array,
  from: number,
  to: number,
  content: RecordContent,
): ReadField[] {
  const batches: ReadField[] = [];
  let at = from;
  while (at < to) {
    const batch = watchBatch(bytes, at, to, content, `batch ${batches.length}`);
    batches.push(batch);
    at = batch.to;
  }
  return batches;
}

/** The batch that begins at `from`, which may be cut at `to`. */
function watchBatch(
  bytes: Uint8Array,
  from: number,
  to: number,
  content: RecordContent,
  name: string,
): ReadField {
  const there = bytes.subarray(0, to);
  let header: BatchHeader;
  try {
    header = readBatchHeader(there, from);
  } catch (error) {
    return unread(bytes, from, to, error);
  }
  const end = Math.min(to, from + header.length);
  const batch = newField(name, "struct", from, end, header);
  batch.parts.push(...headerFields(header, from));
  if (from + header.length > to) {
    batch.problem = `it is cut off: ${header.length} bytes, of which ${to - from} are there`;
  } else markDamage(batch, there);
  const records = newField("records", "array", from + batchHeaderSize, end, undefined);
  batch.parts.push(records);
  const codec = codecOf(header);
  if (codec === "none") readRecords(bytes, header, records, content);
  else {
    Object.assign(records, { kind: "bytes", value: bytes.subarray(records.from, end) });
    records.problem = `compressed (${codec ?? "an unknown codec"}): not read any further`;
  }
  return batch;
}

function headerFields(header: BatchHeader, from: number): ReadField[] {
  return batchFields.map(([name, kind, at], i) => {
    const end = batchFields[i + 1]?.[2] ?? batchHeaderSize;
    const value = name === "length" ? header.length - logOverhead : header[name];
    return newField(name, kind, from + at, from + end, value);
  });
}

/** Says of a whole batch what a broker would complain of, beside the field that is wrong. */
function markDamage(batch: ReadField, bytes: Uint8Array): void {
  try {
    checkBatch(bytes, batch.from);
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    const field = batch.parts.find(({ name }) => name === error.field) ?? batch;
    field.problem = error.problem;
  }
}

function unread(bytes: Uint8Array, from: number, to: number, error: unknown): ReadField {
  if (!(error instanceof DecodeError)) throw error;
  const field = newField("unread", "unread", from, to, bytes.subarray(from, to));
  field.problem = `no batch begins here: ${error.field}: ${error.problem}`;
  return field;
}

/** In the order in which `readRecord` reads; a key or a value that is null has a length and no bytes. */
const recordParts: readonly (readonly [string, FieldKind])[] = [
  ["length", "varint"],
  ["attributes", "bytes"],
  ["timestampDelta", "varlong"],
  ["offsetDelta", "varint"],
  ["keyLength", "varint"],
  ["key", "bytes"],
  ["valueLength", "varint"],
  ["value", "bytes"],
  ["headerCount", "varint"],
];
const headerParts: readonly (readonly [string, FieldKind])[] = [
  ["headerKeyLength", "varint"],
  ["headerKey", "text"],
  ["headerValueLength", "varint"],
  ["headerValue", "bytes"],
];

function readRecords(
  bytes: Uint8Array,
  header: BatchHeader,
  records: ReadField,
  content: RecordContent,
): void {
  const { from, to } = records;
  const watch = new Watch("records", from);
  const reader = new WatchedReader(watch, bytes, from, to);
  const base = recordBase(header);
  const read = readWatched(watch, reader, () => {
    for (let i = 0; i < header.count && reader.left > 0; i++) {
      watch.expect(recordParts, headerParts);
      watch.inside(`record ${i}`, reader, () => readRecord(reader, base));
    }
  });
  for (const record of read.parts) {
    if (isControl(header)) openControl(bytes, record);
    else if (content === "metadata") openValue(bytes, record, metadataParts, readMetadataRecord);
  }
  Object.assign(records, { parts: read.parts, value: read.parts });
  if (read.problem !== undefined) records.problem = read.problem;
}

type ReadValue = (reader: Reader, fields: FieldReader) => unknown;

const metadataParts: readonly (readonly [string, FieldKind])[] = [
  ["frameVersion", "uvarint"],
  ["apiKey", "uvarint"],
  ["version", "uvarint"],
];

const partOf = (record: ReadField, name: string): ReadField | undefined =>
  record.parts.find((part) => part.name === name);

/** Looks into the value of a record. `expected`: what no declaration names. */
function openValue(
  bytes: Uint8Array,
  record: ReadField,
  expected: typeof metadataParts,
  read: ReadValue,
): void {
  const field = partOf(record, "value");
  if (field === undefined || field.from === field.to) return;
  const watch = new Watch(field.name, field.from);
  const reader = new WatchedReader(watch, bytes, field.from, field.to);
  const fields = new WatchedFields(watch, reader);
  const { parts, problem } = readWatched(watch, reader, () => {
    watch.expect(expected);
    read(reader, fields);
  });
  field.parts = parts;
  if (problem !== undefined) field.problem = problem;
}

/** The key of a control record: a version and a type, both int16. */
function openControl(bytes: Uint8Array, record: ReadField): void {
  const key = partOf(record, "key");
  if (key === undefined || key.to - key.from < 4) return;
  const type = readInt16(bytes, key.from + 2);
  const version = readInt16(bytes, key.from);
  key.parts = [
    newField("version", "int16", key.from, key.from + 2, version),
    newField("type", "int16", key.from + 2, key.from + 4, type),
  ];
  if (key.to > key.from + 4) {
    key.parts.push(
      newField("more", "bytes", key.from + 4, key.to, bytes.subarray(key.from + 4, key.to)),
    );
  }
  openValue(bytes, record, [], (reader, fields) => readControlValue(type, reader, fields));
}
