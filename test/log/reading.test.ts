// Reads are views of the files, cost no more than the index interval, and find offsets and times.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decodeRecords, offset, readBatchHeader, splitBatches } from "#core";
import {
  largestTimestamp,
  offsetForTimestamp,
  raiseLogStart,
  readLog,
} from "../../core/log/log.ts";
import {
  append,
  bytesOf,
  folder,
  hex,
  openClean,
  segmentName,
  writtenLog,
} from "../support/logs.ts";
import { memoryFiles } from "../support/memory-files.ts";
import { watchedFiles } from "../support/watched-files.ts";

const all = { maxBytes: 1 << 20, upTo: offset(1e9), minOneBatch: true };

describe("a read", () => {
  test("is a view of the file's bytes, not a copy", () => {
    const contents = new Map<string, Uint8Array>();
    const files = memoryFiles(contents);
    const log = openClean(files);
    const batches = [0, 1, 2].map(() => append(log, files, { count: 2 }));
    const read = readLog(log, files, offset(2), all);
    const file = contents.get(`${folder}/${segmentName(0)}`)!;
    expect(read.buffer).toBe(file.buffer);
    expect(read.byteOffset).toBe(file.byteOffset + batches[0]!.length);
    expect(hex(read)).toBe(hex(batches[1]!) + hex(batches[2]!));
  });

  test("gives whole batches: the first may begin below the asked offset", () => {
    const { files, log, batches } = writtenLog([{ count: 5 }, { count: 5 }]);
    const read = readLog(log, files, offset(3), { ...all, maxBytes: batches[0]!.length + 30 });
    expect(hex(read)).toBe(hex(batches[0]!));
    expect(readBatchHeader(read).baseOffset).toBe(0);
  });

  test("gives the first batch though it is larger than the limit, if one is wanted (KIP-74)", () => {
    const { files, log, batches } = writtenLog([{ size: 500 }, {}]);
    const tight = { ...all, maxBytes: 10 };
    expect(hex(readLog(log, files, offset(0), tight))).toBe(hex(batches[0]!));
    const exact = { ...all, maxBytes: batches[0]!.length, minOneBatch: false };
    expect(hex(readLog(log, files, offset(0), exact))).toBe(hex(batches[0]!));
    expect(readLog(log, files, offset(0), { ...tight, minOneBatch: false }).length).toBe(0);
  });

  test("gives nothing at or behind the bound, and nothing at the end", () => {
    const { files, log, batches } = writtenLog([{ count: 2 }, { count: 2 }]);
    const bound = (upTo: number) => ({ ...all, upTo: offset(upTo) });
    expect(hex(readLog(log, files, offset(0), bound(2)))).toBe(hex(batches[0]!));
    expect(readLog(log, files, offset(2), bound(2)).length).toBe(0);
    expect(readLog(log, files, offset(4), all).length).toBe(0);
    expect(readLog(log, files, offset(9), all).length).toBe(0);
  });

  test("ends at its bounds wherever the index has entries", () => {
    const plans = [1, 2, 1, 1, 3, 1, 1, 2].map((count) => ({ count }));
    const bases = [0, 1, 3, 4, 5, 8, 9, 10, 12];
    for (const indexIntervalBytes of [0, 150, 4096]) {
      const { files, log, batches } = writtenLog(plans, { indexIntervalBytes });
      for (let upTo = 1; upTo <= 12; upTo++) {
        for (let from = 0; from < upTo; from++) {
          for (const most of [1, 2, 5, 99]) {
            const first = bases.findLastIndex((base) => base <= from);
            const expected = batches.slice(first, first + most);
            const maxBytes = expected.reduce((sum, { length }) => sum + length, 0) + 1;
            const within = expected.filter((_, i) => bases[first + i]! < upTo);
            const read = readLog(log, files, offset(from), {
              ...all,
              maxBytes,
              upTo: offset(upTo),
            });
            expect(hex(read)).toBe(within.map(hex).join(""));
          }
        }
      }
    }
  });

  test("begins in the next segment where the one before ends", () => {
    const { files, log, batches } = writtenLog([{ size: 90 }, { size: 90 }, { size: 90 }], {
      segmentBytes: 200,
    });
    expect(log.segments.length).toBe(3);
    for (const [i, batch] of batches.entries()) {
      expect(hex(readLog(log, files, offset(i), all))).toBe(hex(batch));
    }
  });

  test("looks at no more headers than lie between two entries of the index", () => {
    const { files, read } = watchedFiles(memoryFiles());
    const log = openClean(files, { indexIntervalBytes: 500 });
    let length = 0;
    for (let i = 0; i < 400; i++) ({ length } = append(log, files, { size: 40 }));
    const between = Math.ceil(500 / length) + 1;
    for (const from of [0, 7, 200, 333, 399]) {
      for (const upTo of [from + 1, 350, 400]) {
        read.count = 0;
        readLog(log, files, offset(from), { ...all, upTo: offset(upTo) });
        // To find the first, to find the last, and the read itself.
        expect(read.count).toBeLessThanOrEqual(2 * between + 1);
      }
    }
    read.count = 0;
    readLog(log, files, offset(399), all);
    expect(read.count).toBe(2);
  });
});

describe("a search by time", () => {
  test("finds the first record that is not older, in whatever order the times stand", () => {
    const times = fc.array(fc.nat(20), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(times, fc.nat(22), fc.constantFrom(400, 2000), (drawn, asked, segmentBytes) => {
        const plans = drawn.map((timestamp, i) => ({ timestamp, epoch: i, count: 2, size: 90 }));
        // One batch a segment, or several.
        const { files, log } = writtenLog(plans, { segmentBytes });
        const first = drawn.findIndex((timestamp) => timestamp >= asked);
        const expected = { offset: first * 2, timestamp: drawn[first], leaderEpoch: first };
        const found = offsetForTimestamp(log, files, asked);
        expect(found).toEqual(first === -1 ? undefined : expected);
        expect(largestTimestamp(log)).toBe(Math.max(...drawn));
      }),
    );
  });

  test("looks at no more headers than lie between two entries of the indexes", () => {
    const { files, read } = watchedFiles(memoryFiles());
    const log = openClean(files, { indexIntervalBytes: 500 });
    let length = 0;
    for (let i = 0; i < 400; i++) {
      ({ length } = append(log, files, { size: 40, timestamp: 1000 + i }));
    }
    const between = Math.ceil(500 / length) + 1;
    for (const asked of [1000, 1007, 1200, 1333, 1399]) {
      read.count = 0;
      expect(offsetForTimestamp(log, files, asked)?.offset).toBe(asked - 1000);
      // The headers, and the batch itself.
      expect(read.count).toBeLessThanOrEqual(between + 1);
    }
  });

  test("finds nothing before the log's start, though its batch is there", () => {
    const { files, log } = writtenLog([
      { count: 4, timestamp: 9 },
      { count: 2, timestamp: 5 },
    ]);
    raiseLogStart(log, files, offset(2));
    expect(offsetForTimestamp(log, files, 6)?.offset).toBe(2);
    raiseLogStart(log, files, offset(4));
    expect(offsetForTimestamp(log, files, 6)).toBeUndefined();
    expect(offsetForTimestamp(log, files, 5)?.offset).toBe(4);
  });

  test("finds nothing in an empty log", () => {
    const { files, log } = writtenLog([]);
    expect(offsetForTimestamp(log, files, 0)).toBeUndefined();
    expect(largestTimestamp(log)).toBe(-1);
  });
});

test("what was appended is what its records say", () => {
  const { files, log } = writtenLog([{ count: 2 }, { count: 1, epoch: 3 }]);
  const records = splitBatches(readLog(log, files, offset(0), all)).flatMap((batch) =>
    decodeRecords(batch),
  );
  const values = records.map(({ value }) => new TextDecoder().decode(value!));
  expect(records.map((record) => record.offset)).toEqual([0, 1, 2]);
  expect(values).toEqual(["0/0.......", "1/0.......", "2/3......."]);
  expect(bytesOf(files, segmentName(0)).length).toBe(log.segments[0]!.size);
});
