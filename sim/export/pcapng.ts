/*
 * A run as a capture for Wireshark: every frame that crossed a connection, as TCP segments between made-up addresses, in
 * the moment in which it arrived. The bytes are those that the processes exchanged; they come from running the scenario
 * again. What was lost on the way is not there, as in a capture at its receiver.
 */
import { utf8Bytes } from "#core";
import { runScenario } from "../run.ts";
import type { Scenario } from "../scenario/schema.ts";
import type { Micros, NodeName } from "../trace/events.ts";
import { brokerPort, wallStart } from "../world/create.ts";
import type { Crossing } from "../world/network/crossing.ts";
import { type Address, addressesOf } from "./addresses.ts";
import { type ByteWriter, big, little, newWriter, pad, raw, written } from "./byte-writer.ts";
import { type Side, flags, packetBytes, writePacket } from "./tcp.ts";

/** The bytes of a pcapng file (draft-ietf-opsawg-pcapng). */
export function captureOf(scenario: Scenario): Uint8Array {
  const capture = beginCapture(scenario);
  runScenario(scenario, { wire: (crossing) => take(capture, crossing) });
  return written(capture.writer);
}

/** A capture that is being taken, of a network with the nodes of a scenario. */
export interface Capture {
  readonly writer: ByteWriter;
  readonly addresses: ReadonlyMap<NodeName, Address>;
  readonly streams: Map<number, Stream>;
  packets: number;
}

/** A capture in which nothing has crossed the network yet. */
export function beginCapture(scenario: Scenario): Capture {
  const addresses = addressesOf(scenario);
  const writer = newWriter();
  writeSection(writer, `${scenario.name}, seed ${scenario.seed}`);
  writeInterface(writer);
  writeNames(writer, addresses);
  return { writer, addresses, streams: new Map(), packets: 0 };
}

/** A connection: its two sides, and the sequence number that each of them sends next. */
interface Stream {
  readonly sides: readonly [Side, Side];
  readonly next: [number, number];
}

/** Ports that a machine gives to connections which it opens. */
const firstEphemeralPort = 32_768;
const ephemeralPorts = 28_232;
/** What fits into one segment where a packet has 1,500 bytes. */
const segmentBytes = 1460;
const nothing: Uint8Array = new Uint8Array(0);

/** Takes down what crossed the network, as the segments that it would be. */
export function take(taken: Capture, crossing: Crossing): void {
  const { at, type, way, bytes } = crossing;
  const stream = streamOf(taken, crossing);
  const back = way === 0 ? 1 : 0;
  const send = (from: 0 | 1, flag: number, payload = nothing): void =>
    put(taken, at, stream, from, flag, payload);
  switch (type) {
    case "syn":
      return send(way, flags.syn);
    case "accepted":
      send(way, flags.syn | flags.ack);
      // The opener's machine answers by itself.
      return send(back, flags.ack);
    case "refused":
    case "reset":
      return send(way, flags.reset | flags.ack);
    case "fin":
      send(way, flags.fin | flags.ack);
      return send(back, flags.ack);
    case "data":
      for (let from = 0; from < bytes.length; from += segmentBytes) {
        const payload = bytes.subarray(from, from + segmentBytes);
        const isLast = crossing.last && from + segmentBytes >= bytes.length;
        send(way, isLast ? flags.push | flags.ack : flags.ack, payload);
      }
  }
}

function streamOf({ streams, addresses }: Capture, crossing: Crossing): Stream {
  const { connection, way, from, to } = crossing;
  const known = streams.get(connection);
  if (known !== undefined) return known;
  const [opener, acceptor] = way === 0 ? [from, to] : [to, from];
  const stream: Stream = {
    sides: [
      { address: addresses.get(opener) ?? 0, port: ephemeralPort(connection) },
      // Controllers listen elsewhere; here all have the port by which Wireshark knows Kafka.
      { address: addresses.get(acceptor) ?? 0, port: brokerPort },
    ],
    next: [0, 0],
  };
  streams.set(connection, stream);
  return stream;
}

const ephemeralPort = (connection: number): number =>
  firstEphemeralPort + (connection % ephemeralPorts);

function put(
  taken: Capture,
  at: Micros,
  { sides, next }: Stream,
  way: 0 | 1,
  flag: number,
  payload: Uint8Array,
): void {
  const back = way === 0 ? 1 : 0;
  const acknowledged = (flag & flags.ack) === 0 ? 0 : next[back];
  const packet = {
    from: sides[way],
    to: sides[back],
    sequence: next[way],
    acknowledged,
    flags: flag,
    payload,
  };
  next[way] += payload.length + ((flag & (flags.syn | flags.fin)) === 0 ? 0 : 1);
  const { writer } = taken;
  const length = packetBytes(payload.length);
  block(writer, blocks.packet, () => {
    little(writer, 4, 0);
    const micros = wallStart * 1000 + at;
    little(writer, 4, Math.floor(micros / 0x1_0000_0000));
    little(writer, 4, micros % 0x1_0000_0000);
    little(writer, 4, length);
    little(writer, 4, length);
    writePacket(writer, packet, taken.packets);
    pad(writer);
  });
  taken.packets += 1;
}

const blocks = { section: 0x0a0d0d0a, interface: 1, names: 4, packet: 6 } as const;
const byteOrder = 0x1a2b3c4d;
/** LINKTYPE_IPV4: a packet begins with its IP header. */
const linkType = 228;

/** Writes a block: its type, its length before and after. */
function block(writer: ByteWriter, type: number, body: () => void): void {
  const start = writer.length;
  little(writer, 4, type);
  little(writer, 4, 0);
  body();
  const length = writer.length - start + 4;
  little(writer, 4, length);
  const { bytes } = writer;
  for (let i = 0; i < 4; i++) bytes[start + 4 + i] = (length >>> (8 * i)) & 0xff;
}

function option(writer: ByteWriter, code: number, text: string): void {
  const bytes = utf8Bytes(text);
  little(writer, 2, code);
  little(writer, 2, bytes.length);
  raw(writer, bytes);
  pad(writer);
}

const endOfOptions = (writer: ByteWriter): void => little(writer, 4, 0);

function writeSection(writer: ByteWriter, comment: string): void {
  block(writer, blocks.section, () => {
    little(writer, 4, byteOrder);
    little(writer, 2, 1);
    little(writer, 2, 0);
    // How long the section is stays open.
    little(writer, 4, 0xffff_ffff);
    little(writer, 4, 0xffff_ffff);
    option(writer, 1, comment);
    option(writer, 4, "Highwater");
    endOfOptions(writer);
  });
}

/** Times are microseconds, and packets whole, unless an interface says otherwise. */
function writeInterface(writer: ByteWriter): void {
  block(writer, blocks.interface, () => {
    little(writer, 2, linkType);
    little(writer, 2, 0);
    little(writer, 4, 0);
  });
}

/** Names for the addresses, so that a tool shows b1 and not 10.1.0.1. */
function writeNames(writer: ByteWriter, addresses: ReadonlyMap<NodeName, Address>): void {
  block(writer, blocks.names, () => {
    for (const [name, address] of addresses) {
      little(writer, 2, 1);
      little(writer, 2, 4 + name.length + 1);
      big(writer, 4, address);
      raw(writer, utf8Bytes(`${name}\0`));
      pad(writer);
    }
    little(writer, 4, 0);
  });
}
