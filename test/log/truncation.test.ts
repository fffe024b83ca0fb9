// A cut takes with it all that was known of the batches that go: rule by rule (log-model.test.ts draws them).
import { describe, expect, test } from "vitest";
import { offset, producerId } from "#core";
import {
  assignEpoch,
  endOffsetForEpoch,
  flushLog,
  lastEpoch,
  truncateLog,
} from "../../core/log/log.ts";
import {
  append,
  bytesOf,
  contentsOf,
  epoch,
  folder,
  newestKnowledgeOf,
  openClean,
  openUnclean,
  segmentFilesOf,
  segmentName,
  textOf,
  writtenLog,
} from "../support/logs.ts";
import { memoryFiles } from "../support/memory-files.ts";
import { watchedFiles } from "../support/watched-files.ts";

const small = { segmentBytes: 400, indexIntervalBytes: 0 };

describe("a truncation", () => {
  test("takes a batch that holds the offset whole", () => {
    const { files, log } = writtenLog([{ count: 3 }, { count: 3 }]);
    truncateLog(log, files, offset(4));
    expect(log.end).toBe(3);
    expect(openUnclean(files).log.end).toBe(3);
  });

  test("to the end or beyond cuts no record", () => {
    const { files, log } = writtenLog([{ count: 3 }, { count: 3 }]);
    const before = contentsOf(files);
    truncateLog(log, files, offset(6));
    truncateLog(log, files, offset(60));
    expect(log.end).toBe(6);
    expect(contentsOf(files)).toEqual(before);
  });

  test("leaves a log that knows and holds what one does to which no more was appended", () => {
    const plans = Array.from({ length: 12 }, (_, i) => ({
      size: 90,
      epoch: Math.floor(i / 3),
      producer: 5,
      sequence: i,
    }));
    for (let to = 0; to <= 12; to++) {
      const { files, log } = writtenLog(plans, small);
      truncateLog(log, files, offset(to));
      const expected = writtenLog(plans.slice(0, to), small);
      // Each segment holds two; where the cut falls between two, the later one stays, empty.
      if (to % 2 === 0 && to > 0 && to < 12) {
        expect(log.segments.pop()).toMatchObject({ base: to, size: 0 });
        expect(bytesOf(files, segmentName(to)).length).toBe(0);
        for (const kind of ["log", "index", "timeindex"] as const) {
          files.remove(`${folder}/${segmentName(to, kind)}`);
        }
      }
      expect(newestKnowledgeOf(log)).toEqual(newestKnowledgeOf(expected.log));
      expect(segmentFilesOf(files)).toEqual(segmentFilesOf(expected.files));
    }
  });

  test("cuts the epoch cache, so that a leader is not told of epochs whose records are gone", () => {
    const { files, log } = writtenLog([{ epoch: 1, count: 2 }, { epoch: 2 }, { epoch: 4 }]);
    truncateLog(log, files, offset(2));
    expect(lastEpoch(log)).toBe(1);
    expect(endOffsetForEpoch(log, epoch(4))).toEqual({ epoch: -1, end: -1 });
    expect(endOffsetForEpoch(log, epoch(1))).toEqual({ epoch: 1, end: 2 });
    append(log, files, { epoch: 3 });
    expect(log.epochs.map((entry) => entry.epoch)).toEqual([1, 3]);
  });

  test("forgets an epoch that this replica led without a record, also where no record goes", () => {
    const { files, log } = writtenLog([{ epoch: 1 }]);
    assignEpoch(log, files, epoch(6), log.end);
    truncateLog(log, files, offset(1));
    expect(log.epochs).toEqual([{ epoch: 1, start: 0 }]);
    expect(textOf(files, `${folder}/leader-epoch-checkpoint`)).toBe("0\n1\n1 0\n");
    // A leader of epoch 7 gives it records of epoch 5.
    append(log, files, { epoch: 5 });
    expect(log.end).toBe(2);
  });

  test("cuts the producers, so that a batch that is gone is no duplicate when it comes again", () => {
    const { files, log } = writtenLog([
      { producer: 5, sequence: 0 },
      { producer: 5, sequence: 1 },
      { producer: 6, sequence: 0 },
    ]);
    truncateLog(log, files, offset(1));
    expect([...log.producers.keys()]).toEqual([5]);
    expect(log.producers.get(producerId(5))?.batches).toMatchObject([{ firstSequence: 0 }]);
  });

  test("lowers the recovery point: what is written there next is not flushed", () => {
    const { files, log } = writtenLog([{}, {}, {}]);
    flushLog(log, files);
    truncateLog(log, files, offset(1));
    expect(log.recoveryPoint).toBe(1);
    append(log, files, { epoch: 1 });
    expect(log.recoveryPoint).toBe(1);
  });

  test("deletes from the last segment to the first, so that a crash in between leaves a beginning", () => {
    const { files, done } = watchedFiles(memoryFiles());
    const log = openClean(files, small);
    for (let i = 0; i < 8; i++) append(log, files, { size: 90 });
    done.length = 0;
    truncateLog(log, files, offset(3));
    expect(done.filter((what) => what.endsWith(".log"))).toEqual([
      `remove ${folder}/${segmentName(6)}`,
      `remove ${folder}/${segmentName(4)}`,
      `truncate ${folder}/${segmentName(2)}`,
    ]);
    // What was known of producers there goes for good first; what is known now is kept.
    expect(done.filter((what) => /fsync|snapshot/.test(what))).toEqual([
      `remove ${folder}/${segmentName(4, "snapshot")}`,
      `remove ${folder}/${segmentName(6, "snapshot")}`,
      `fsyncFolder ${folder}`,
      `remove ${folder}/${segmentName(3, "snapshot")}`,
      `append ${folder}/${segmentName(3, "snapshot")}`,
      `fsync ${folder}/${segmentName(3, "snapshot")}`,
    ]);
    expect(done.indexOf(`fsyncFolder ${folder}`)).toBeLessThan(
      done.indexOf(`remove ${folder}/${segmentName(6)}`),
    );
  });

  test("is on the platter before a new segment is begun: old tails must not meet new batches", () => {
    const { files, done } = watchedFiles(memoryFiles());
    const log = openClean(files, small);
    for (let i = 0; i < 8; i++) append(log, files, { size: 90 });
    truncateLog(log, files, offset(3));
    append(log, files, { size: 90, epoch: 1 });
    done.length = 0;
    append(log, files, { size: 90 });
    append(log, files, { size: 90 });
    append(log, files, { size: 90 });
    const begun = done.indexOf(`append ${folder}/${segmentName(4)}`);
    expect(done.slice(0, begun)).toEqual([
      `fsync ${folder}/${segmentName(2)}`,
      `fsyncFolder ${folder}`,
      `remove ${folder}/${segmentName(4, "snapshot")}`,
      `append ${folder}/${segmentName(4, "snapshot")}`,
      `remove ${folder}/${segmentName(4)}`,
    ]);
    // Once: a roll without a cut waits for no disk.
    expect(done.slice(begun).filter((what) => what.startsWith("fsync"))).toEqual([]);
  });
});
