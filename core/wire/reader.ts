import type { Uuid } from "../foundation/ids.ts";
import { readUtf8 } from "../foundation/utf8.ts";
import { readInt16, readInt32, readInt64, readInt8, readUint16 } from "./bytes.ts";
import { DecodeError } from "./decode-error.ts";
import { readUuid } from "./uuid.ts";

/** 2^27: the weight, in a zigzag varint's magnitude, of the fifth byte's lowest bit. */
const fifthByte = 134_217_728;

/**
 * Reads Kafka's primitives from bytes[at, end). Made per message and dropped. Every method checks that its
 * bytes are there and throws a DecodeError (without a field name: whoever knows it adds it) if they are not.
 * Byte arrays come out as views.
 */
export class Reader {
  readonly bytes: Uint8Array;
  at: number;
  end: number;

  constructor(bytes: Uint8Array, at = 0, end = bytes.length) {
    this.bytes = bytes;
    this.at = at;
    this.end = end;
  }

  get left(): number {
    return this.end - this.at;
  }

  /** Takes `length` bytes and returns where they begin. */
  skip(length: number): number {
    const from = this.at;
    if (length < 0 || this.end - from < length) cutShort(this, length);
    this.at = from + length;
    return from;
  }

  bool(): boolean {
    return this.bytes[this.skip(1)] !== 0;
  }

  int8(): number {
    return readInt8(this.bytes, this.skip(1));
  }

  int16(): number {
    return readInt16(this.bytes, this.skip(2));
  }

  uint16(): number {
    return readUint16(this.bytes, this.skip(2));
  }

  int32(): number {
    return readInt32(this.bytes, this.skip(4));
  }

  /** An int64 that a number holds exactly; any other is an error. */
  int64(): number {
    const from = this.skip(8);
    const value = readInt64(this.bytes, from);
    if (!Number.isSafeInteger(value)) throw new DecodeError("", from, "int64 beyond 2^53");
    return value;
  }

  /** Up to five bytes, seven bits each, lowest first; below 2^32. */
  uvarint(): number {
    const from = this.at;
    const first = this.bytes[this.skip(1)]!;
    if (first < 0x80) return first;
    let value = first & 0x7f;
    for (let shift = 7; shift < 28; shift += 7) {
      const byte = this.bytes[this.skip(1)]!;
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
    const last = this.bytes[this.skip(1)]!;
    if (last > 0x0f) throw new DecodeError("", from, "varint beyond 32 bits");
    return (value | (last << 28)) >>> 0;
  }

  /** A zigzag varint of 32 bits. */
  varint(): number {
    const value = this.uvarint();
    return (value >>> 1) ^ -(value & 1);
  }

  /** A zigzag varint of 64 bits that a number holds exactly. */
  varlong(): number {
    const from = this.at;
    let low = 0;
    for (let shift = 0; shift < 28; shift += 7) {
      const byte = this.bytes[this.skip(1)]!;
      low |= (byte & 0x7f) << shift;
      if (byte < 0x80) return (low >>> 1) ^ -(low & 1);
    }
    let magnitude = low >>> 1;
    let weight = fifthByte;
    for (let count = 5; count <= 10; count++, weight *= 128) {
      const byte = this.bytes[this.skip(1)]!;
      magnitude += (byte & 0x7f) * weight;
      if (byte >= 0x80) continue;
      if (!Number.isSafeInteger(magnitude)) break;
      return (low & 1) === 0 ? magnitude : -magnitude - 1;
    }
    throw new DecodeError("", from, "varint beyond 2^53");
  }

  uuid(): Uuid {
    return readUuid(this.bytes, this.skip(16));
  }

  /** UTF-8 of the given length. */
  text(length: number): string {
    const from = this.skip(length);
    return readUtf8(this.bytes, from, this.at);
  }

  /** A view of the given length. */
  view(length: number): Uint8Array {
    const from = this.skip(length);
    return this.bytes.subarray(from, this.at);
  }
}

/** A function, not a private method: those make every object of the class dearer. */
function cutShort({ at, left }: Reader, length: number): never {
  if (length < 0) throw new DecodeError("", at, `length ${length} is negative`);
  throw new DecodeError("", at, `needs ${length} bytes, ${left} are left`);
}
