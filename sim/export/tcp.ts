/* TCP segments over IPv4, with their checksums. */
import { type ByteWriter, big, raw } from "./byte-writer.ts";
import type { Address } from "./addresses.ts";

/** The bits of a segment's flags. */
export const flags = { fin: 1, syn: 2, reset: 4, push: 8, ack: 16 } as const;

/** One side of a connection. */
export interface Side {
  readonly address: Address;
  readonly port: number;
}

export interface Segment {
  readonly from: Side;
  readonly to: Side;
  readonly sequence: number;
  readonly acknowledged: number;
  readonly flags: number;
  readonly payload: Uint8Array;
}

const headerBytes = 20;
const timeToLive = 64;
const tcp = 6;
const window = 65_535;
const doNotFragment = 0x4000;

/** Bytes of an IP packet with that payload. */
export const packetBytes = (payload: number): number => 2 * headerBytes + payload;

/** Writes one IP packet; `id` tells it from its neighbours. */
export function writePacket(writer: ByteWriter, segment: Segment, id: number): void {
  const { from, to, sequence, acknowledged, payload } = segment;
  const total = packetBytes(payload.length);
  const ip = writer.length;
  big(writer, 1, 0x45);
  big(writer, 1, 0);
  big(writer, 2, total);
  big(writer, 2, id & 0xffff);
  big(writer, 2, doNotFragment);
  big(writer, 1, timeToLive);
  big(writer, 1, tcp);
  big(writer, 2, 0);
  big(writer, 4, from.address);
  big(writer, 4, to.address);
  put16(writer, ip + 10, checksum(sumOf(writer, ip, headerBytes)));
  const start = writer.length;
  big(writer, 2, from.port);
  big(writer, 2, to.port);
  big(writer, 4, sequence);
  big(writer, 4, acknowledged);
  big(writer, 1, (headerBytes / 4) << 4);
  big(writer, 1, segment.flags);
  big(writer, 2, window);
  big(writer, 2, 0);
  big(writer, 2, 0);
  raw(writer, payload);
  const length = headerBytes + payload.length;
  // TCP's checksum covers both addresses, the protocol and the length as well.
  const pseudo = sumOf(writer, ip + 12, 8) + tcp + length;
  put16(writer, start + 16, checksum(pseudo + sumOf(writer, start, length)));
}

function put16({ bytes }: ByteWriter, at: number, value: number): void {
  bytes[at] = value >>> 8;
  bytes[at + 1] = value & 0xff;
}

/** The sum of 16-bit words; an odd last byte is the upper half of one. */
function sumOf({ bytes }: ByteWriter, from: number, length: number): number {
  let sum = 0;
  for (let i = 0; i < length; i += 2)
    sum += ((bytes[from + i] ?? 0) << 8) | (i + 1 < length ? (bytes[from + i + 1] ?? 0) : 0);
  return sum;
}

function checksum(sum: number): number {
  let folded = sum;
  while (folded > 0xffff) folded = (folded & 0xffff) + Math.floor(folded / 0x1_0000);
  return ~folded & 0xffff;
}
