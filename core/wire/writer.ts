import { assert } from "../foundation/assert.ts";
import type { Uuid } from "../foundation/ids.ts";
import { writeUtf8 } from "../foundation/utf8.ts";
import { writeInt16, writeInt32, writeInt64 } from "./bytes.ts";
import { writeUuid } from "./uuid.ts";

/** How many bytes a number below 2^32 takes as an unsigned varint. */
export function uvarintSize(value: number): number {
  if (value < 0x80) return 1;
  if (value < 0x4000) return 2;
  if (value < 0x200000) return 3;
  return value < 0x10000000 ? 4 : 5;
}

/** How many bytes an int32 takes as a zigzag varint. */
export const varintSize = (value: number): number =>
  uvarintSize(((value << 1) ^ (value >> 31)) >>> 0);

/** How many bytes a safe integer takes as a zigzag varint. */
export function varlongSize(value: number): number {
  if (value === (value | 0)) return varintSize(value);
  let size = 1;
  for (let rest = Math.floor(magnitudeOf(value) / 64); rest > 0; rest = Math.floor(rest / 128))
    size++;
  return size;
}

/** A zigzag number without its sign bit: 0, -1, 1, -2 have 0, 0, 1, 1. */
const magnitudeOf = (value: number): number => (value < 0 ? -(value + 1) : value);

/**
 * Writes Kafka's primitives into memory that was sized before. Made per message and dropped. A value that its
 * type cannot hold is a bug of ours.
 * @throws InvariantError
 */
export class Writer {
  readonly bytes: Uint8Array;
  at: number;

  constructor(bytes: Uint8Array, at = 0) {
    this.bytes = bytes;
    this.at = at;
  }

  bool(value: boolean): void {
    this.bytes[this.at++] = value ? 1 : 0;
  }

  int8(value: number): void {
    assert(value === (value << 24) >> 24, "the value is an int8");
    this.bytes[this.at++] = value;
  }

  int16(value: number): void {
    assert(value === (value << 16) >> 16, "the value is an int16");
    writeInt16(this.bytes, this.at, value);
    this.at += 2;
  }

  uint16(value: number): void {
    assert(value === (value & 0xffff), "the value is a uint16");
    writeInt16(this.bytes, this.at, value);
    this.at += 2;
  }

  int32(value: number): void {
    assert(value === (value | 0), "the value is an int32");
    writeInt32(this.bytes, this.at, value);
    this.at += 4;
  }

  int64(value: number): void {
    assert(Number.isSafeInteger(value), "an int64 is a safe integer");
    writeInt64(this.bytes, this.at, value);
    this.at += 8;
  }

  uvarint(value: number): void {
    let rest = value;
    while (rest >= 0x80) {
      this.bytes[this.at++] = (rest & 0x7f) | 0x80;
      rest >>>= 7;
    }
    this.bytes[this.at++] = rest;
  }

  varint(value: number): void {
    this.uvarint(((value << 1) ^ (value >> 31)) >>> 0);
  }

  varlong(value: number): void {
    if (value === (value | 0)) {
      this.varint(value);
      return;
    }
    assert(Number.isSafeInteger(value), "a varint of 64 bits is a safe integer");
    const magnitude = magnitudeOf(value);
    let rest = Math.floor(magnitude / 64);
    let byte = (magnitude - rest * 64) * 2 + (value < 0 ? 1 : 0);
    while (rest > 0) {
      this.bytes[this.at++] = byte | 0x80;
      const next = Math.floor(rest / 128);
      byte = rest - next * 128;
      rest = next;
    }
    this.bytes[this.at++] = byte;
  }

  uuid(value: Uuid): void {
    writeUuid(value, this.bytes, this.at);
    this.at += 16;
  }

  /** UTF-8 without a length. */
  text(value: string): void {
    this.at = writeUtf8(value, this.bytes, this.at);
  }

  /** Bytes without a length. */
  raw(value: Uint8Array): void {
    this.bytes.set(value, this.at);
    this.at += value.length;
  }
}
