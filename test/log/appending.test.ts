// What an append refuses, and when it begins a segment (LogSegment.shouldRoll).
import { describe, expect, test } from "vitest";
import { DecodeError, type Files } from "#core";
import { appendBatches, type Log, type LogConfig } from "../../core/log/log.ts";
import {
  append,
  at,
  batchAt,
  bytesOf,
  hex,
  joined,
  openClean,
  segmentName,
  writtenLog,
} from "../support/logs.ts";
import { memoryFiles } from "../support/memory-files.ts";
import { watchedFiles } from "../support/watched-files.ts";

describe("an append", () => {
  test("says where each batch stands", () => {
    const files = memoryFiles();
    const log = openClean(files, { segmentBytes: 250 });
    const [a, b, c] = [batchAt(0, { count: 2 }), batchAt(2, { count: 3 }), batchAt(5)] as const;
    const appended = appendBatches(log, files, at(0), joined([a, b, c]));
    expect(appended).toMatchObject([
      { base: 0, next: 2, segment: 0, position: 0, length: a.length, rolled: false },
      { base: 2, next: 5, segment: 0, position: a.length, length: b.length, rolled: false },
      { base: 5, next: 6, segment: 5, position: 0, length: c.length, rolled: true },
    ]);
    expect(hex(bytesOf(files, segmentName(0)))).toBe(hex(a) + hex(b));
  });

  test("fsyncs nothing, unless an epoch begins", () => {
    const { files, done } = watchedFiles(memoryFiles());
    const log = openClean(files, { segmentBytes: 250 });
    append(log, files, { epoch: 1 });
    done.length = 0;
    for (let i = 0; i < 9; i++) append(log, files);
    expect(log.segments.length).toBeGreaterThan(2);
    expect(done.filter((what) => what.startsWith("fsync"))).toEqual([]);
  });

  test("fsyncs all that is not fsynced once it is flush.messages", () => {
    const { files, done } = watchedFiles(memoryFiles());
    const log = openClean(files, { flushMessages: 3 });
    const flushed: (boolean | undefined)[] = [];
    for (const count of [1, 1, 1, 2, 1, 4]) {
      const [appended] = appendBatches(log, files, at(0), batchAt(log.end, { count }));
      flushed.push(appended?.flushed);
      expect(log.recoveryPoint).toBe(appended?.flushed === true ? log.end : log.recoveryPoint);
    }
    expect(flushed).toEqual([false, false, true, false, true, true]);
    expect(log.recoveryPoint).toBe(10);
    expect(done.filter((what) => what.startsWith("fsync") && what.endsWith(".log"))).toHaveLength(
      3,
    );
  });

  test.each([
    ["overlaps the end", batchAt(1, { epoch: 4 }), /offset 1 where the log ends at 2/],
    ["is of an older epoch", batchAt(2, { epoch: 3 }), /leader epoch 3 after 4/],
    ["is not whole", batchAt(2, { epoch: 4 }).slice(0, -1), /no whole batch/],
  ])("refuses a batch that %s", (_, batch, problem) => {
    const { files, log } = writtenLog([{ epoch: 4, count: 2 }]);
    const before = hex(bytesOf(files, segmentName(0)));
    expect(() => appendBatches(log, files, at(0), batch)).toThrow(DecodeError);
    expect(() => appendBatches(log, files, at(0), batch)).toThrow(problem);
    expect(log.end).toBe(2);
    expect(hex(bytesOf(files, segmentName(0)))).toBe(before);
  });

  test("keeps the batches before one that it refuses", () => {
    const { files, log } = writtenLog([]);
    const good = batchAt(0);
    const both = joined([good, batchAt(0)]);
    expect(() => appendBatches(log, files, at(0), both)).toThrow(DecodeError);
    expect(log.end).toBe(1);
    expect(hex(bytesOf(files, segmentName(0)))).toBe(hex(good));
  });

  test("refuses a batch of an older epoch, also of epoch 0", () => {
    for (const older of [0, 1]) {
      const { files, log } = writtenLog([{ epoch: 2 }]);
      const batch = batchAt(1, { epoch: older });
      expect(() => appendBatches(log, files, at(0), batch)).toThrow(DecodeError);
      expect(log.end).toBe(1);
    }
  });

  test("takes a gap, as compaction leaves it", () => {
    const { files, log } = writtenLog([{}]);
    appendBatches(log, files, at(0), batchAt(5));
    expect(log.end).toBe(6);
  });
});

describe("a segment is begun", () => {
  const log = (config: Partial<LogConfig>): { files: Files; log: Log } => {
    const files = memoryFiles();
    return { files, log: openClean(files, config) };
  };
  const bases = (of: Log): number[] => of.segments.map(({ base }) => base);

  test("when a batch would make it larger than segment.bytes, and not when it just fits", () => {
    const { length } = batchAt(0);
    const fits = log({ segmentBytes: 2 * length });
    for (let i = 0; i < 3; i++) append(fits.log, fits.files);
    expect(bases(fits.log)).toEqual([0, 2]);
    const tight = log({ segmentBytes: 2 * length - 1 });
    for (let i = 0; i < 3; i++) append(tight.log, tight.files);
    expect(bases(tight.log)).toEqual([0, 1, 2]);
  });

  test("and holds one batch that is larger than segment.bytes", () => {
    const { files, log: one } = log({ segmentBytes: 20 });
    append(one, files);
    expect(bases(one)).toEqual([0]);
  });

  test("when records are later than its first batch by more than segment.ms, whatever the clock says", () => {
    const { files, log: timed } = log({ rollMs: 100 });
    append(timed, files, { timestamp: 1000 }, at(0));
    append(timed, files, { timestamp: 1100 }, at(90_000));
    expect(bases(timed)).toEqual([0]);
    append(timed, files, { timestamp: 1101 }, at(90_001));
    expect(bases(timed)).toEqual([0, 2]);
    append(timed, files, { timestamp: 900 }, at(900_000));
    expect(bases(timed)).toEqual([0, 2]);
  });

  test("by record time from the first millisecond of all on", () => {
    const { files, log: timed } = log({ rollMs: 100 });
    append(timed, files, { timestamp: 0 }, at(500));
    append(timed, files, { timestamp: 101 }, at(500));
    expect(bases(timed)).toEqual([0, 1]);
  });

  test("by the clock where batches bear no time", () => {
    const { files, log: timeless } = log({ rollMs: 100 });
    append(timeless, files, { timestamp: -1 }, at(50));
    append(timeless, files, { timestamp: -1 }, at(150));
    expect(bases(timeless)).toEqual([0]);
    append(timeless, files, { timestamp: -1 }, at(151));
    expect(bases(timeless)).toEqual([0, 2]);
  });

  test("when its index is full", () => {
    const { files, log: indexed } = log({ indexIntervalBytes: 0, indexMaxBytes: 36 });
    // The first batch needs no entry; four entries of 8 bytes fit into 36.
    for (let i = 0; i < 6; i++) append(indexed, files, { timestamp: -1 });
    expect(bases(indexed)).toEqual([0, 5]);
  });

  test("when its index by time is full but for the last entry", () => {
    const { files, log: timed } = log({ indexIntervalBytes: 0, indexMaxBytes: 40 });
    // Of three entries of 12 bytes one is kept; the times of the first and the fourth batch need none.
    for (const timestamp of [5, 6, 7, 7, 8]) append(timed, files, { timestamp });
    expect(bases(timed)).toEqual([0, 3]);
  });

  test("when int32 cannot tell offsets apart", () => {
    const { files, log: far } = log({});
    append(far, files);
    appendBatches(far, files, at(0), batchAt(2 ** 31 - 1));
    expect(bases(far)).toEqual([0]);
    appendBatches(far, files, at(0), batchAt(2 ** 31));
    expect(bases(far)).toEqual([0, 2 ** 31]);
    expect(files.list("orders-0")).toContain("00000000002147483648.log");
  });
});
