import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  type BatchInput,
  type BatchRecord,
  checkBatch,
  checkRecords,
  controlBit,
  crc32c,
  DecodeError,
  decodeRecords,
  encodeBatch,
  InvariantError,
  isControl,
  isTransactional,
  nextOffset,
  readBatchHeader,
  splitBatches,
  stampBatch,
} from "#core";

const memory = (length: number): Uint8Array => new Uint8Array(length);
const nullableBytes = fc.option(fc.uint8Array({ maxLength: 30 }));

const records: fc.Arbitrary<BatchRecord[]> = fc
  .array(
    fc.record({
      gap: fc.nat({ max: 5 }),
      timestamp: fc.oneof(fc.nat(), fc.integer({ min: -1, max: 2 ** 45 })),
      key: nullableBytes,
      value: nullableBytes,
      headers: fc.array(fc.record({ key: fc.string({ unit: "binary" }), value: nullableBytes }), {
        maxLength: 3,
      }),
    }),
    { minLength: 1, maxLength: 8 },
  )
  .map((drawn) => {
    let next = 0;
    return drawn.map(({ gap, ...record }) => {
      const offsetDelta = next + gap;
      next = offsetDelta + 1;
      return { ...record, offsetDelta };
    });
  });

const batches: fc.Arbitrary<BatchInput> = fc.record({
  baseOffset: fc.integer({ min: 0, max: 2 ** 50 }),
  leaderEpoch: fc.integer({ min: -1, max: 1000 }),
  producerId: fc.integer({ min: -1, max: 2 ** 40 }),
  producerEpoch: fc.integer({ min: -1, max: 32_767 }),
  baseSequence: fc.integer({ min: -1, max: 2 ** 31 - 1 }),
  attributes: fc.constantFrom(0, 0x10, controlBit, 0x30),
  records,
});

const plain: BatchInput = {
  baseOffset: 100,
  leaderEpoch: 4,
  producerId: -1,
  producerEpoch: -1,
  baseSequence: -1,
  records: [
    { timestamp: 50, key: null, value: Uint8Array.of(1, 2, 3) },
    { timestamp: 40, key: Uint8Array.of(9), value: null },
  ],
};

describe("a record batch", () => {
  test("gives back what was put in", () => {
    fc.assert(
      fc.property(batches, (input) => {
        const batch = encodeBatch(input, memory);
        checkBatch(batch);
        const header = readBatchHeader(batch);
        const last = input.records.at(-1)?.offsetDelta ?? 0;
        expect(header).toMatchObject({
          baseOffset: input.baseOffset,
          length: batch.length,
          leaderEpoch: input.leaderEpoch,
          magic: 2,
          attributes: input.attributes,
          lastOffsetDelta: last,
          baseTimestamp: input.records[0]?.timestamp,
          maxTimestamp: Math.max(...input.records.map((record) => record.timestamp)),
          producerId: input.producerId,
          producerEpoch: input.producerEpoch,
          baseSequence: input.baseSequence,
          count: input.records.length,
        });
        expect(nextOffset(header)).toBe(input.baseOffset + last + 1);
        expect(isControl(header)).toBe(((input.attributes ?? 0) & 0x20) !== 0);
        expect(isTransactional(header)).toBe(((input.attributes ?? 0) & 0x10) !== 0);
        expect(decodeRecords(batch)).toEqual(
          input.records.map(({ offsetDelta = 0, ...record }) => ({
            ...record,
            offset: input.baseOffset + offsetDelta,
          })),
        );
      }),
    );
  });

  test("is stamped with offset and leader epoch without touching its checksum", () => {
    const batch = encodeBatch(plain, memory);
    const { crc } = readBatchHeader(batch);
    stampBatch(batch, 2 ** 40 + 5, 9);
    checkBatch(batch);
    expect(readBatchHeader(batch)).toMatchObject({ baseOffset: 2 ** 40 + 5, leaderEpoch: 9, crc });
    expect(decodeRecords(batch)[1]?.offset).toBe(2 ** 40 + 6);
  });

  test("with any bit after the stamp flipped is refused", () => {
    const batch = encodeBatch(plain, memory);
    for (let at = 16; at < batch.length; at++) {
      for (let bit = 0; bit < 8; bit++) {
        const flipped = batch.with(at, (batch[at] ?? 0) ^ (1 << bit));
        expect(() => checkBatch(flipped)).toThrow(DecodeError);
      }
    }
  });

  test("whose count or whose records' lengths lie is refused although its checksum is right", () => {
    const lying = (at: number, byte: number): Uint8Array => {
      const batch = encodeBatch(plain, memory).with(at, byte);
      new DataView(batch.buffer).setUint32(17, crc32c(batch, 21));
      return batch;
    };
    expect(() => checkBatch(lying(60, 3))).toThrow(/^count at byte 57/);
    expect(() => checkBatch(lying(60, 1))).toThrow(/^records at byte \d+: \d+ bytes too many/);
    expect(() => checkBatch(lying(26, 0))).toThrow(/^count at byte 57/);
    expect(() => checkBatch(lying(61, 126))).toThrow(/^records.length at byte 62/);
    expect(() => decodeRecords(lying(60, 100))).toThrow(/^count at byte 57: 100 records/);
    expect(() => checkBatch(lying(22, 7))).toThrow(/^attributes at byte 21/);
  });

  test("of a client has its records at 0, 1, 2 and so on", () => {
    checkRecords(encodeBatch(plain, memory));
    const gap = plain.records.map((record, i) => ({ ...record, offsetDelta: 2 * i }));
    const batch = encodeBatch({ ...plain, records: gap }, memory);
    checkBatch(batch);
    expect(() => checkRecords(batch)).toThrow(/^records.offsetDelta at byte 71: 2 instead of 1$/);
    // The first record's key is longer than the record.
    expect(() => checkRecords(encodeBatch(plain, memory).with(65, 100))).toThrow(
      /^records at byte/,
    );
  });

  test("takes the broker's time for all records if its attributes say so", () => {
    const batch = encodeBatch({ ...plain, attributes: 0x08 }, memory);
    expect(decodeRecords(batch).map((record) => record.timestamp)).toEqual([50, 50]);
  });

  test("has at least one record, at rising offsets", () => {
    expect(() => encodeBatch({ ...plain, records: [] }, memory)).toThrow(InvariantError);
    const twice = plain.records.map((record) => ({ ...record, offsetDelta: 3 }));
    expect(() => encodeBatch({ ...plain, records: twice }, memory)).toThrow(InvariantError);
  });
});

describe("a row of batches", () => {
  const batch = encodeBatch(plain, memory);
  const other = encodeBatch({ ...plain, baseOffset: 102 }, memory);
  const row = Uint8Array.from([...batch, ...other]);

  test("is split into whole batches; a cut last one is left out", () => {
    for (let length = 0; length <= row.length; length++) {
      const whole = length < batch.length ? [] : length < row.length ? [batch] : [batch, other];
      expect(splitBatches(row.slice(0, length))).toEqual(whole);
    }
  });

  test("is read in place", () => {
    expect(splitBatches(row).every((one) => one.buffer === row.buffer)).toBe(true);
    expect(splitBatches(batch)[0]).toBe(batch);
    expect(readBatchHeader(row, batch.length).baseOffset).toBe(102);
    checkBatch(row, batch.length);
  });

  test("with a length that has no room for a header is refused", () => {
    expect(() => splitBatches(row.with(batch.length + 11, 48))).toThrow(DecodeError);
    expect(() => splitBatches(row.with(8, 255))).toThrow(DecodeError);
  });
});
