/*
 * Uuids as Kafka prints them and its files hold them: 16 bytes in base64url without padding, 22 digits.
 */
import type { Uuid } from "../foundation/ids.ts";
import { readUuid, writeUuid } from "../wire/uuid.ts";

const digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

export function uuidText(uuid: Uuid): string {
  const bytes = new Uint8Array(18);
  writeUuid(uuid, bytes, 0);
  let text = "";
  for (let i = 0; i < 18; i += 3) {
    const word = ((bytes[i] ?? 0) << 16) | ((bytes[i + 1] ?? 0) << 8) | (bytes[i + 2] ?? 0);
    for (let shift = 18; shift >= 0; shift -= 6) text += digits.charAt((word >> shift) & 63);
  }
  return text.slice(0, 22);
}

/** The uuid that a text of 22 digits says; undefined for any other text. */
export function uuidOf(text: string): Uuid | undefined {
  if (!/^[A-Za-z0-9_-]{22}$/.test(text)) return undefined;
  const bytes = new Uint8Array(18);
  for (let i = 0; i < 24; i++) {
    const bit = i * 6;
    const value = Math.max(0, digits.indexOf(text.charAt(i) || "A")) << (10 - (bit % 8));
    const at = Math.floor(bit / 8);
    bytes[at] = (bytes[at] ?? 0) | (value >> 8);
    bytes[at + 1] = (bytes[at + 1] ?? 0) | (value & 0xff);
  }
  return readUuid(bytes, 0);
}
