// Reads a capture (pcapng) in the simplest way: its packets, and what each side of each connection sent.

export interface Packet {
  readonly micros: number;
  /** `10.1.0.1:9092`. */
  readonly from: string;
  readonly to: string;
  readonly sequence: number;
  readonly flags: number;
  readonly payload: Uint8Array;
}

/** The types of all blocks, in order, and the packets among them. */
export function readCapture(bytes: Uint8Array): {
  readonly blocks: readonly number[];
  readonly packets: readonly Packet[];
} {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const blocks: number[] = [];
  const packets: Packet[] = [];
  for (let at = 0; at < bytes.length;) {
    const type = view.getUint32(at, true);
    const length = view.getUint32(at + 4, true);
    if (length % 4 !== 0 || view.getUint32(at + length - 4, true) !== length)
      throw new Error(`the block at ${at} does not say its length twice`);
    blocks.push(type);
    if (type === 6) packets.push(readPacket(view, at));
    at += length;
  }
  return { blocks, packets };
}

function readPacket(view: DataView, at: number): Packet {
  const micros = view.getUint32(at + 12, true) * 2 ** 32 + view.getUint32(at + 16, true);
  const ip = at + 28;
  const end = ip + view.getUint32(at + 20, true);
  const tcp = ip + 20;
  const address = (from: number): string =>
    [0, 1, 2, 3].map((i) => view.getUint8(from + i)).join(".");
  return {
    micros,
    from: `${address(ip + 12)}:${view.getUint16(tcp)}`,
    to: `${address(ip + 16)}:${view.getUint16(tcp + 2)}`,
    sequence: view.getUint32(tcp + 4),
    flags: view.getUint8(tcp + 13),
    payload: new Uint8Array(view.buffer, view.byteOffset + tcp + 20, end - tcp - 20),
  };
}

/** Every whole frame (its size included) that one side of a connection got, over all connections. */
export function framesOf(packets: readonly Packet[]): Uint8Array[] {
  const streams = new Map<string, number[]>();
  const frames: Uint8Array[] = [];
  for (const { from, to, payload } of packets) {
    const name = `${from} ${to}`;
    const stream = streams.get(name) ?? [];
    streams.set(name, stream);
    stream.push(...payload);
    for (;;) {
      const [a = 0, b = 0, c = 0, d = 0] = stream;
      const size = 4 + a * 2 ** 24 + b * 2 ** 16 + c * 2 ** 8 + d;
      if (stream.length < 4 || stream.length < size) break;
      frames.push(Uint8Array.from(stream.splice(0, size)));
    }
  }
  return frames;
}
