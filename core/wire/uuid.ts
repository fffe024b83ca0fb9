/*
 * Uuids are 16 bytes on the wire and text everywhere else. (Measured: one call that makes all 36 characters
 * takes a fifth of the time of joining pairs of digits.)
 */
import { assert } from "../foundation/assert.ts";
import { type Uuid, uuid, zeroUuid } from "../foundation/ids.ts";
import { utf8Bytes } from "../foundation/utf8.ts";

const dash = 0x2d;
const digits: Uint8Array = utf8Bytes("0123456789abcdef");

const high = (bytes: Uint8Array, at: number): number => digits[bytes[at]! >> 4]!;
const low = (bytes: Uint8Array, at: number): number => digits[bytes[at]! & 15]!;

/** The uuid in the 16 bytes from `at` on. */
export function readUuid(b: Uint8Array, at: number): Uuid {
  let any = 0;
  for (let i = at; i < at + 16; i++) any |= b[i]!;
  if (any === 0) return zeroUuid;
  // prettier-ignore
  return uuid(String.fromCharCode(
    high(b, at), low(b, at), high(b, at + 1), low(b, at + 1),
    high(b, at + 2), low(b, at + 2), high(b, at + 3), low(b, at + 3), dash,
    high(b, at + 4), low(b, at + 4), high(b, at + 5), low(b, at + 5), dash,
    high(b, at + 6), low(b, at + 6), high(b, at + 7), low(b, at + 7), dash,
    high(b, at + 8), low(b, at + 8), high(b, at + 9), low(b, at + 9), dash,
    high(b, at + 10), low(b, at + 10), high(b, at + 11), low(b, at + 11),
    high(b, at + 12), low(b, at + 12), high(b, at + 13), low(b, at + 13),
    high(b, at + 14), low(b, at + 14), high(b, at + 15), low(b, at + 15),
  ));
}

/** Writes a uuid's 16 bytes. @throws InvariantError if the text is none. */
export function writeUuid(value: Uuid, bytes: Uint8Array, at: number): void {
  assert(value.length === 36, "a uuid has 36 characters");
  let digit = 0;
  for (let i = 0; i < 16; i++) {
    // Dashes stand after 4, 6, 8 and 10 bytes.
    if (i === 4 || i === 6 || i === 8 || i === 10) digit++;
    const upper = digitOf(value.charCodeAt(digit));
    bytes[at + i] = (upper << 4) | digitOf(value.charCodeAt(digit + 1));
    digit += 2;
  }
}

/** The value of a lower-case hexadecimal digit. */
function digitOf(unit: number): number {
  if (unit >= 0x30 && unit <= 0x39) return unit - 0x30;
  assert(unit >= 0x61 && unit <= 0x66, "a uuid is made of lower-case hexadecimal digits");
  return unit - 0x57;
}
