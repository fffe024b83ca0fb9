/*
 * One record of a batch v2 (Kafka's DefaultRecord): a length, then zigzag varints and bytes; timestamp and
 * offset are deltas to what the batch's header says.
 */
import type { RecordHeader } from "../foundation/calls.ts";
import { utf8Length } from "../foundation/utf8.ts";
import { DecodeError } from "./decode-error.ts";
import type { Reader } from "./reader.ts";
import { uvarintSize, varintSize, varlongSize, type Writer } from "./writer.ts";

/** A record as it stands in a batch; key and value are views. */
export interface WireRecord {
  readonly offset: number;
  readonly timestamp: number;
  readonly key: Uint8Array | null;
  readonly value: Uint8Array | null;
  readonly headers: readonly RecordHeader[];
}

/** A record to be put into a batch. */
export interface BatchRecord {
  /** Distance from the batch's base offset; absent: the record's place. */
  readonly offsetDelta?: number;
  readonly timestamp: number;
  readonly key: Uint8Array | null;
  readonly value: Uint8Array | null;
  readonly headers?: readonly RecordHeader[];
}

/** What records are counted from. */
export interface RecordBase {
  readonly baseOffset: number;
  readonly baseTimestamp: number;
  /** The broker's time, which all records have then in place of their own; undefined otherwise. */
  readonly appendTime: number | undefined;
}

/** The fewest bytes that a record takes, its length included. */
export const leastRecordSize = 7;

/** Reads the next record. @throws DecodeError if it does not end where its length says. */
export function readRecord(reader: Reader, base: RecordBase): WireRecord {
  const from = reader.at;
  const length = reader.varint();
  const end = reader.at + length;
  if (length < 0 || end > reader.end) throw new DecodeError("length", from, `${length} bytes`);
  reader.skip(1);
  const timestamp = base.baseTimestamp + reader.varlong();
  const offset = base.baseOffset + reader.varint();
  const key = readVarBytes(reader);
  const value = readVarBytes(reader);
  const headers = readHeaders(reader);
  if (reader.at !== end)
    throw new DecodeError("length", from, `${length} bytes, ${reader.at - from} read`);
  return { offset, timestamp: base.appendTime ?? timestamp, key, value, headers };
}

/** Bytes after a zigzag length; any negative one means null, as in Kafka. */
function readVarBytes(reader: Reader): Uint8Array | null {
  const length = reader.varint();
  return length < 0 ? null : reader.view(length);
}

const noHeaders: readonly RecordHeader[] = Object.freeze([]);

function readHeaders(reader: Reader): readonly RecordHeader[] {
  const from = reader.at;
  const count = reader.varint();
  if (count === 0) return noHeaders;
  if (count < 0 || count * 2 > reader.left) {
    throw new DecodeError("headers", from, `${count} headers in ${reader.left} bytes`);
  }
  const headers: RecordHeader[] = [];
  for (let i = 0; i < count; i++) {
    const key = reader.text(reader.varint());
    headers.push({ key, value: readVarBytes(reader) });
  }
  return headers;
}

/** Bytes of one record after its length. */
export function recordSize(
  record: BatchRecord,
  offsetDelta: number,
  timestampDelta: number,
): number {
  const { headers } = record;
  let size = 1 + varlongSize(timestampDelta) + varintSize(offsetDelta);
  size += varBytesSize(record.key) + varBytesSize(record.value);
  if (headers === undefined) return size + 1;
  size += varintSize(headers.length);
  for (const header of headers) {
    const key = utf8Length(header.key);
    size += varintSize(key) + key + varBytesSize(header.value);
  }
  return size;
}

const varBytesSize = (value: Uint8Array | null): number =>
  value === null ? 1 : uvarintSize(value.length * 2) + value.length;

/** Writes a record after its length. */
export function writeRecord(
  writer: Writer,
  record: BatchRecord,
  offsetDelta: number,
  timestampDelta: number,
): void {
  writer.int8(0);
  writer.varlong(timestampDelta);
  writer.varint(offsetDelta);
  writeVarBytes(writer, record.key);
  writeVarBytes(writer, record.value);
  const { headers } = record;
  writer.varint(headers === undefined ? 0 : headers.length);
  if (headers === undefined) return;
  for (const header of headers) {
    writer.varint(utf8Length(header.key));
    writer.text(header.key);
    writeVarBytes(writer, header.value);
  }
}

function writeVarBytes(writer: Writer, value: Uint8Array | null): void {
  if (value === null) {
    writer.varint(-1);
    return;
  }
  writer.varint(value.length);
  writer.raw(value);
}
