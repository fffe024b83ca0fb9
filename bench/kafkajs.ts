/*
 * The peer of the wire benchmark: kafkajs, which ships no types for its protocol modules. What it has is used as it
 * is; a response's frame around its own record batch is written with its own encoder.
 */
import { createRequire } from "node:module";

const load = createRequire(import.meta.url);

interface Encoder {
  readonly buffer: Buffer;
  writeInt8(value: number): Encoder;
  writeInt16(value: number): Encoder;
  writeInt32(value: number): Encoder;
  writeInt64(value: unknown): Encoder;
  writeString(value: string): Encoder;
  writeBytes(value: Buffer): Encoder;
}
type EncoderClass = new () => Encoder;
interface Message {
  readonly offset: string;
  readonly value: Buffer;
}
interface FetchModule {
  decode(raw: Buffer): Promise<{
    readonly responses: readonly {
      readonly partitions: readonly { readonly messages: readonly Message[] }[];
    }[];
  }>;
}
interface BatchModule {
  RecordBatch(batch: object): Promise<Encoder>;
}
type RecordModule = (record: object) => unknown;

const EncoderOf = load("kafkajs/src/protocol/encoder.js") as EncoderClass;
const { RecordBatch } = load("kafkajs/src/protocol/recordBatch/v0/index.js") as BatchModule;
const recordOf = load("kafkajs/src/protocol/recordBatch/record/v0/index.js") as RecordModule;
const fetchResponse = load("kafkajs/src/protocol/requests/fetch/v11/response.js") as FetchModule;

/** Encodes a Fetch response (version 11, one partition, one batch) without its frame header. */
export async function encodeWithKafkajs(values: readonly Uint8Array[]): Promise<Buffer> {
  const records = values.map((value, offsetDelta) =>
    recordOf({
      offsetDelta,
      timestampDelta: 0,
      key: null,
      value: Buffer.from(value.buffer, value.byteOffset, value.length),
      headers: {},
    }),
  );
  const batch = await RecordBatch({
    firstTimestamp: 1,
    maxTimestamp: 1,
    lastOffsetDelta: values.length - 1,
    records,
  });
  const partition = (encoder: Encoder): Encoder =>
    encoder
      .writeInt32(0)
      .writeInt16(0)
      .writeInt64(100)
      .writeInt64(100)
      .writeInt64(0)
      .writeInt32(0)
      .writeInt32(-1)
      .writeBytes(batch.buffer);
  const head = new EncoderOf().writeInt32(0).writeInt16(0).writeInt32(0).writeInt32(1);
  return partition(head.writeString("orders").writeInt32(1)).buffer;
}

/** Decodes what encodeWithKafkajs made; returns how many records it found. */
export async function decodeWithKafkajs(frame: Buffer): Promise<number> {
  const { responses } = await fetchResponse.decode(frame);
  let count = 0;
  for (const { partitions } of responses) {
    for (const { messages } of partitions) {
      // Values are read, not only counted, so that nobody saves work by leaving them for later.
      for (const { value } of messages) count += value.length > 0 ? 1 : 0;
    }
  }
  return count;
}
