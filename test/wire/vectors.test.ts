import { expect, test } from "vitest";
import {
  type AnyApi,
  apiByKey,
  checkBatch,
  crc32c,
  DecodeError,
  decodeRecords,
  decodeRequest,
  decodeResponse,
  encodeBatch,
  encodeRequest,
  encodeResponse,
  isControl,
  isTransactional,
  murmur2,
  partitionForKey,
  readBatchHeader,
  splitBatches,
  utf8Bytes,
} from "#core";
import { Reader } from "../../core/wire/reader.ts";
import { uvarintSize, varintSize, varlongSize, Writer } from "../../core/wire/writer.ts";
import { describeShared } from "../support/shared.ts";
import {
  asVector,
  type BatchVector,
  fromHex,
  isBeyondNumbers,
  type PrimitiveVectors,
  readVectors,
  toHex,
  type Vector,
} from "../support/vectors.ts";

const memory = (length: number): Uint8Array => new Uint8Array(length);

/** The vectors of a file that we should understand: of our APIs, in versions that we serve. */
const served = (rows: readonly Vector[]): { readonly row: Vector; readonly api: AnyApi }[] =>
  rows.flatMap((row) => {
    const api = apiByKey(row.apiKey);
    if (api === undefined || row.body === undefined) return [];
    return row.version < api.minVersion || row.version > api.maxVersion ? [] : [{ row, api }];
  });

/** What a frame says, as a vector says it; and the frame written again from what was read. */
function readAgain(row: Vector, api: AnyApi, frame: Uint8Array) {
  const { version, direction } = row;
  if (direction === "request") {
    const { header, body } = decodeRequest(api, frame.subarray(4));
    const { correlationId, clientId } = header;
    const again = encodeRequest(api, version, header, body, memory);
    return { correlationId, clientId, body: asVector(body, row.body), hex: toHex(again) };
  }
  const { correlationId, body } = decodeResponse(api, version, frame.subarray(4));
  const again = encodeResponse(api, version, correlationId, body, memory);
  return { correlationId, clientId: null, body: asVector(body, row.body), hex: toHex(again) };
}

function agree(row: Vector, api: AnyApi, frame: Uint8Array): void {
  const { correlationId, clientId = null, body } = row;
  expect(readAgain(row, api, frame)).toEqual({ correlationId, clientId, body, hex: toHex(frame) });
}

describeShared("recorded frames", (shared) => {
  for (const file of ["requests", "responses", "captured-librdkafka", "captured-npm-clients"]) {
    const rows = served(readVectors<readonly Vector[]>(shared, file));
    test(`${rows.length} frames of ${file} are read as recorded and written again`, () => {
      expect(rows.length).toBeGreaterThan(0);
      for (const { row, api } of rows.filter((one) => !isBeyondNumbers(one.row.body))) {
        agree(row, api, fromHex(row.hex));
      }
      for (const { row, api } of rows.filter((one) => isBeyondNumbers(one.row.body))) {
        expect(() => readAgain(row, api, fromHex(row.hex))).toThrow(DecodeError);
      }
    });
  }

  const fixtures = served(readVectors<readonly Vector[]>(shared, "kafkajs-fixtures"));
  test(`${fixtures.length} bodies of real brokers that kafkajs keeps are read as recorded`, () => {
    expect(fixtures.length).toBeGreaterThan(0);
    for (const { row, api } of fixtures) {
      const { apiKey, version, direction } = row;
      const flexible = version >= api.flexibleFrom;
      const header =
        direction === "request" ? [0, apiKey, 0, version, 0, 0, 0, 9, 255, 255] : [0, 0, 0, 9];
      // Bodies of flexible versions stand here with the header's empty tag section in front.
      expect(flexible).toBe(false);
      const frame = Uint8Array.from([0, 0, 0, 0, ...header, ...fromHex(row.hex)]);
      frame[3] = (frame.length - 4) & 0xff;
      frame[2] = (frame.length - 4) >> 8;
      agree({ ...row, correlationId: 9 }, api, frame);
    }
  });
});

describeShared("recorded batches", (shared) => {
  const all = readVectors<readonly BatchVector[]>(shared, "batches");
  const rows = all.filter(({ batch }) => !isBeyondNumbers({ ...batch, records: [] }));

  test("offsets that no number holds exactly are decode errors", () => {
    const beyond = all.filter((row) => !rows.includes(row));
    expect(beyond.length).toBeGreaterThan(0);
    for (const { hex } of beyond) expect(() => readBatchHeader(fromHex(hex))).toThrow(DecodeError);
  });

  test("headers, checksums and lengths are read as recorded", () => {
    expect(rows.length).toBeGreaterThan(100);
    for (const { hex, batch } of rows) {
      const bytes = fromHex(hex);
      checkBatch(bytes);
      const header = readBatchHeader(bytes);
      expect(header).toEqual({
        baseOffset: Number(batch.baseOffset),
        length: batch.batchLength + 12,
        leaderEpoch: batch.partitionLeaderEpoch,
        magic: batch.magic,
        crc: batch.crc,
        attributes: batch.attributes,
        lastOffsetDelta: batch.lastOffsetDelta,
        baseTimestamp: Number(batch.baseTimestamp),
        maxTimestamp: Number(batch.maxTimestamp),
        producerId: Number(batch.producerId),
        producerEpoch: batch.producerEpoch,
        baseSequence: batch.baseSequence,
        count: batch.records.length,
      });
      expect(isControl(header)).toBe(batch.control);
      expect(isTransactional(header)).toBe(batch.transactional);
      expect(splitBatches(bytes)).toEqual([bytes]);
    }
  });

  test("uncompressed records are read as recorded and written again; others name their codec", () => {
    for (const { hex, batch } of rows.filter((row) => row.batch.compression !== "none")) {
      expect(() => decodeRecords(fromHex(hex))).toThrow(batch.compression);
    }
    for (const { hex, batch } of rows.filter((row) => row.batch.compression === "none")) {
      const bytes = fromHex(hex);
      const records = decodeRecords(bytes);
      expect(
        records.map(({ offset, timestamp, key, value, headers }) => ({
          offset,
          timestamp,
          key: key === null ? null : toHex(key),
          value: value === null ? null : toHex(value),
          headers: headers.map((one) => [toHex(utf8Bytes(one.key)), one.value && toHex(one.value)]),
        })),
      ).toEqual(
        batch.records.map(({ timestampDelta, offsetDelta, key, value, headers }) => ({
          offset: Number(batch.baseOffset) + offsetDelta,
          timestamp:
            batch.timestampType === "CreateTime"
              ? Number(batch.baseTimestamp) + Number(timestampDelta)
              : Number(batch.maxTimestamp),
          key,
          value,
          headers,
        })),
      );
      const header = readBatchHeader(bytes);
      const again = encodeBatch(
        {
          ...header,
          records: records.map((record) => ({
            ...record,
            offsetDelta: record.offset - header.baseOffset,
          })),
        },
        memory,
      );
      // Some batches have another base than the first record's timestamp, or end after their last record.
      const ordinary =
        header.baseTimestamp === records[0]?.timestamp &&
        header.baseOffset + header.lastOffsetDelta === records.at(-1)?.offset;
      expect(decodeRecords(again)).toEqual(records);
      expect(!ordinary || toHex(again) === hex).toBe(true);
    }
  });
});

describeShared("recorded primitives", (shared) => {
  const primitives = readVectors<PrimitiveVectors>(shared, "primitives");

  function written(size: number, write: (writer: Writer) => void): string {
    const writer = new Writer(new Uint8Array(size));
    write(writer);
    expect(writer.at).toBe(size);
    return toHex(writer.bytes);
  }

  test("varints of 32 bits", () => {
    for (const { value, hex } of primitives.varint32) {
      expect(new Reader(fromHex(hex)).varint()).toBe(value);
      expect(written(varintSize(value), (writer) => writer.varint(value))).toBe(hex);
      expect(written(varlongSize(value), (writer) => writer.varlong(value))).toBe(hex);
    }
    for (const { value, hex } of primitives.uvarint) {
      expect(new Reader(fromHex(hex)).uvarint()).toBe(value);
      expect(written(uvarintSize(value), (writer) => writer.uvarint(value))).toBe(hex);
    }
  });

  test("varints of 64 bits, as far as numbers reach", () => {
    const isSafe = ({ value }: { readonly value: string }): boolean =>
      Number.isSafeInteger(Number(value));
    for (const { value, hex } of primitives.varint64.filter(isSafe)) {
      const number = Number(value);
      expect(new Reader(fromHex(hex)).varlong()).toBe(number);
      expect(written(varlongSize(number), (writer) => writer.varlong(number))).toBe(hex);
    }
    for (const { hex } of primitives.varint64.filter((row) => !isSafe(row))) {
      expect(() => new Reader(fromHex(hex)).varlong()).toThrow(DecodeError);
    }
  });

  test("CRC-32C and murmur2", () => {
    for (const row of primitives.crc32c) expect(crc32c(fromHex(row.data))).toBe(row.crc32c);
    for (const { key, hash, partition } of primitives.murmur2) {
      expect(murmur2(fromHex(key))).toBe(hash);
      for (const [count, expected] of Object.entries(partition)) {
        expect(partitionForKey(fromHex(key), Number(count))).toBe(expected);
      }
    }
  });
});
