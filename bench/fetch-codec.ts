/* Fetch responses of 100 records of 100 bytes, encoded and decoded, beside kafkajs. */
import {
  decodeRecords,
  decodeResponse,
  encodeBatch,
  encodeResponse,
  fetch,
  splitBatches,
} from "#core";
import { decodeWithKafkajs, encodeWithKafkajs } from "./kafkajs.ts";
import { perSecond, ratio } from "./measure.ts";

const recordsPerResponse = 100;
const recordBytes = 100;
/** The highest version that both speak. */
const version = 11;

const values = Array.from({ length: recordsPerResponse }, (_, i) =>
  new Uint8Array(recordBytes).fill(i + 1),
);
const records = values.map((value) => ({ timestamp: 1, key: null, value, headers: [] }));
const bytes = (length: number): Uint8Array => new Uint8Array(length);

function encode(): Uint8Array {
  const batch = encodeBatch(
    { baseOffset: 0, leaderEpoch: 0, producerId: -1, producerEpoch: -1, baseSequence: -1, records },
    bytes,
  );
  const partition = {
    partitionIndex: 0,
    errorCode: 0,
    highWatermark: 100,
    lastStableOffset: 100,
    logStartOffset: 0,
    abortedTransactions: [],
    records: batch,
  };
  const body = { throttleTimeMs: 0, responses: [{ topic: "orders", partitions: [partition] }] };
  return encodeResponse(fetch, version, 1, body, bytes);
}

function decode(frame: Uint8Array): number {
  let count = 0;
  for (const { partitions } of decodeResponse(fetch, version, frame.subarray(4)).body.responses) {
    for (const partition of partitions) {
      for (const batch of splitBatches(partition.records ?? new Uint8Array(0))) {
        for (const { value } of decodeRecords(batch))
          count += value !== null && value.length > 0 ? 1 : 0;
      }
    }
  }
  return count;
}

function check(count: number): void {
  if (count !== recordsPerResponse)
    throw new Error(`decoded ${count} of ${recordsPerResponse} records`);
}

/** Prints responses per second of both, and their ratio. */
export async function benchFetchCodec(): Promise<void> {
  const ours = encode();
  const theirs = await encodeWithKafkajs(values);
  console.log(
    `Fetch responses of ${recordsPerResponse} records of ${recordBytes} bytes (version ${version}); aim: 3 times kafkajs`,
  );
  await compare(
    "encoded",
    () => void encode(),
    async () => void (await encodeWithKafkajs(values)),
  );
  await compare(
    "decoded",
    () => check(decode(ours)),
    async () => check(await decodeWithKafkajs(theirs)),
  );
  await compare(
    "encoded and decoded",
    () => check(decode(encode())),
    async () => check(await decodeWithKafkajs(await encodeWithKafkajs(values))),
  );
}

async function compare(what: string, ours: () => void, theirs: () => Promise<void>): Promise<void> {
  const { a, b } = await perSecond(ours, theirs);
  console.log(
    `  ${what.padEnd(20)} Highwater ${a.toFixed(0)}/s, kafkajs ${b.toFixed(0)}/s: ${ratio(a, b)}`,
  );
}
