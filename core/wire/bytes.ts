/*
 * Big-endian integers at a position, by shifts: no DataView and no ArrayBuffer per message. The caller has
 * checked that the bytes are there.
 */

/** 2^32: the weight of the upper half of an int64. */
const upper = 4_294_967_296;

export const readInt8 = (bytes: Uint8Array, at: number): number => (bytes[at]! << 24) >> 24;

export const readUint16 = (bytes: Uint8Array, at: number): number =>
  (bytes[at]! << 8) | bytes[at + 1]!;

export const readInt16 = (bytes: Uint8Array, at: number): number =>
  ((bytes[at]! << 24) >> 16) | bytes[at + 1]!;

export const readInt32 = (bytes: Uint8Array, at: number): number =>
  (bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!;

export const readUint32 = (bytes: Uint8Array, at: number): number => readInt32(bytes, at) >>> 0;

/** An int64 as a number; beyond 2^53 it is rounded, which `Number.isSafeInteger` tells. */
export const readInt64 = (bytes: Uint8Array, at: number): number =>
  readInt32(bytes, at) * upper + readUint32(bytes, at + 4);

export function writeInt16(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = value >>> 8;
  bytes[at + 1] = value;
}

export function writeInt32(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = value >>> 24;
  bytes[at + 1] = value >>> 16;
  bytes[at + 2] = value >>> 8;
  bytes[at + 3] = value;
}

/** Writes a safe integer as int64. */
export function writeInt64(bytes: Uint8Array, at: number, value: number): void {
  const high = Math.floor(value / upper);
  writeInt32(bytes, at, high);
  writeInt32(bytes, at + 4, value - high * upper);
}
