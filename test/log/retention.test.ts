// Which segments go, and what a log that begins later says of itself.
import { describe, expect, test } from "vitest";
import { type Files, offset } from "#core";
import {
  deleteOldSegments,
  type Log,
  openLog,
  raiseLogStart,
  restartLog,
  truncateLog,
} from "../../core/log/log.ts";
import {
  append,
  at,
  folder,
  logConfig,
  openClean,
  openUnclean,
  segmentName,
  textOf,
  writtenLog,
} from "../support/logs.ts";
import { watchedFiles } from "../support/watched-files.ts";

const config = { segmentBytes: 400 };
/** Segments of two batches: 0, 2, 4, 6 and, of one, 8. Batch `i` is of time 100 + i. */
const write = (more = {}) =>
  writtenLog(
    Array.from({ length: 9 }, (_, i) => ({ size: 90, timestamp: 100 + i })),
    { ...config, ...more },
  );
const bases = (log: Log): number[] => log.segments.map(({ base }) => Number(base));
const clean = (log: Log, files: Files, now: number, highWatermark: number = log.end): boolean =>
  deleteOldSegments(log, files, at(now), offset(highWatermark));

describe("retention", () => {
  test("by time counts from a segment's newest record, to the millisecond", () => {
    const { files, log } = write({ retentionMs: 50 });
    expect(clean(log, files, 151)).toBe(false);
    expect(clean(log, files, 152)).toBe(true);
    expect(log.start).toBe(2);
    expect(bases(log)).toEqual([2, 4, 6, 8]);
    expect(files.list(folder).filter((name) => name.startsWith("0".repeat(20)))).toEqual([]);
  });

  test("by time stops at the first segment that is young, whatever comes behind it", () => {
    const { files, log } = writtenLog(
      [100, 100, 900, 100, 100, 100].map((timestamp) => ({ size: 90, timestamp })),
      { ...config, retentionMs: 50 },
    );
    clean(log, files, 500);
    expect(bases(log)).toEqual([2, 4]);
  });

  test("by size keeps at least as many bytes as it may", () => {
    const { files, log } = write();
    const { size } = log.segments[0]!;
    const whole = log.segments.reduce((sum, segment) => sum + segment.size, 0);
    log.config = { ...log.config, retentionBytes: whole - 2 * size + 1 };
    clean(log, files, 0);
    expect(bases(log)).toEqual([2, 4, 6, 8]);
    log.config = { ...log.config, retentionBytes: whole - 2 * size };
    clean(log, files, 0);
    expect(bases(log)).toEqual([4, 6, 8]);
  });

  test("takes no segment that is not committed to its end", () => {
    const { files, log } = write({ retentionBytes: 0 });
    clean(log, files, 0, 5);
    expect(bases(log)).toEqual([4, 6, 8]);
    expect(log.start).toBe(4);
  });

  test("of everything begins a new segment first", () => {
    const { files, log } = write({ retentionMs: 0 });
    expect(clean(log, files, 1000)).toBe(true);
    expect(bases(log)).toEqual([9]);
    expect(log).toMatchObject({ start: 9, end: 9 });
    expect(clean(log, files, 2000)).toBe(false);
    append(log, files, { size: 90 });
    expect(log.end).toBe(10);
  });

  test("is for ever where it is -1, and a record without time has none", () => {
    const { files, log } = write({ retentionMs: -1, retentionBytes: -1 });
    expect(clean(log, files, 1e12)).toBe(false);
    const timeless = writtenLog([{ timestamp: -1 }, { timestamp: -1 }], { retentionMs: 1 });
    expect(clean(timeless.log, timeless.files, 1e12)).toBe(false);
  });

  test("removes segments before the log's start, from the oldest on, with all their files", () => {
    const { files: inner, log } = write();
    const { files, done } = watchedFiles(inner);
    raiseLogStart(log, files, offset(5));
    expect(bases(log)).toEqual([0, 2, 4, 6, 8]);
    expect(clean(log, files, 0)).toBe(false);
    expect(bases(log)).toEqual([4, 6, 8]);
    const logs = done.filter((what) => what.startsWith("remove") && what.endsWith(".log"));
    expect(logs).toEqual([0, 2].map((base) => `remove ${folder}/${segmentName(base)}`));
    const left = new Set(files.list(folder).map((name) => name.split(".")[0]));
    left.delete("leader-epoch-checkpoint");
    expect([...left].map(Number)).toEqual([4, 6, 8]);
  });
});

describe("a cut before the log's start", () => {
  test("within its first segment begins the log where it ends then", () => {
    const { files, log } = write();
    raiseLogStart(log, files, offset(5));
    truncateLog(log, files, offset(1));
    expect(log).toMatchObject({ start: 1, end: 1 });
    expect(bases(log)).toEqual([0]);
  });

  test("before all that is there begins it anew at the cut", () => {
    const { files, log } = write({ retentionBytes: 0 });
    clean(log, files, 0, 5);
    truncateLog(log, files, offset(1));
    expect(log).toMatchObject({ start: 1, end: 1, epochs: [] });
    expect(bases(log)).toEqual([1]);
    append(log, files, { epoch: 2 });
    expect(openUnclean(files, config).log).toMatchObject({ start: 1, end: 2 });
  });
});

describe("a log's start", () => {
  test("takes with it the epochs that ended before it", () => {
    const { files, log } = writtenLog([{ epoch: 1 }, { epoch: 2 }, { epoch: 4 }, { epoch: 4 }]);
    expect(raiseLogStart(log, files, offset(2))).toBe(true);
    expect(log.epochs).toEqual([{ epoch: 4, start: 2 }]);
    expect(textOf(files, `${folder}/leader-epoch-checkpoint`)).toBe("0\n1\n4 2\n");
    expect(raiseLogStart(log, files, offset(2))).toBe(false);
  });

  test("is what the checkpoint says, if that lies within the log", () => {
    const open = (start: number) => {
      const { files } = write();
      const options = { clean: true, recoveryPoint: offset(0), start: offset(start) };
      return openLog(files, folder, { ...logConfig, ...config }, options).log;
    };
    expect(open(0).start).toBe(0);
    expect(open(3).start).toBe(3);
    expect(open(3).epochs).toEqual([{ epoch: 0, start: 3 }]);
    expect(open(9)).toMatchObject({ start: 9, end: 9 });
  });

  test("behind the end of what is left begins an empty log there", () => {
    const { files } = write();
    const options = { clean: false, recoveryPoint: offset(0), start: offset(20) };
    const { log } = openLog(files, folder, { ...logConfig, ...config }, options);
    expect(log).toMatchObject({ start: 20, end: 20, recoveryPoint: 20, epochs: [] });
    expect(bases(log)).toEqual([20]);
    append(log, files, { epoch: 3 });
    const again = openUnclean(files, config, 20);
    expect(again.cutFrom).toBeUndefined();
    expect(again.log).toMatchObject({ start: 20, end: 21 });
  });

  test("is begun anew with nothing of what was before", () => {
    const { files, log } = write();
    restartLog(log, files, offset(30));
    expect(new Set(files.list(folder).map((name) => name.split(".")[0]))).toEqual(
      new Set(["leader-epoch-checkpoint", segmentName(30).split(".")[0]]),
    );
    expect(openClean(files, config)).toMatchObject({ start: 30, end: 30 });
  });
});
