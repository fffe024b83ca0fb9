// What a restart believes, what it makes anew and what it deletes.
import { describe, expect, test } from "vitest";
import { type Files, offset } from "#core";
import { utf8Bytes } from "../../core/foundation/utf8.ts";
import { assignEpoch, flushLog, needsFlush } from "../../core/log/log.ts";
import {
  append,
  type BatchPlan,
  bytesOf,
  epoch,
  folder,
  hex,
  knowledgeOf,
  openClean,
  openUnclean,
  segmentFilesOf,
  segmentName,
  textOf,
  type WrittenLog,
  writtenLog,
} from "../support/logs.ts";
import { memoryFiles } from "../support/memory-files.ts";
import { watchedFiles } from "../support/watched-files.ts";

const config = { segmentBytes: 400, indexIntervalBytes: 100 };
const write = (plans: readonly BatchPlan[]): WrittenLog => writtenLog(plans, config);

function put(files: Files, name: string, position: number, byte: number): void {
  files.writeAt(`${folder}/${name}`, position, Uint8Array.of(byte));
}

describe("a cut", () => {
  const three = [{ count: 2 }, { count: 2 }, { count: 2 }];

  test("says where it struck and why, and how much is gone in all segments", () => {
    const { files, log, batches } = write(Array.from({ length: 9 }, () => ({ size: 90 })));
    expect(log.segments.map(({ base }) => base)).toEqual([0, 2, 4, 6, 8]);
    put(files, segmentName(2), 70, 0);
    const { cutBytes, cutFrom, log: opened } = openUnclean(files, config);
    expect(cutFrom).toMatchObject({ segment: 2, position: 0, offset: 2 });
    expect(cutFrom?.reason).toMatch(/crc/);
    expect(cutBytes).toBe(7 * batches[0]!.length);
    expect(files.list(folder)).toEqual([
      segmentName(0, "index"),
      segmentName(0),
      segmentName(0, "timeindex"),
      segmentName(2, "index"),
      segmentName(2),
      segmentName(2, "snapshot"),
      segmentName(2, "timeindex"),
      "leader-epoch-checkpoint",
    ]);
    expect(opened.end).toBe(2);
  });

  test("says how much of a torn batch is there", () => {
    const { files, batches } = write(three);
    const length = batches[0]!.length;
    files.truncate(`${folder}/${segmentName(0)}`, length * 3 - 7);
    const { cutBytes, cutFrom } = openUnclean(files, config);
    expect(cutBytes).toBe(length - 7);
    expect(cutFrom).toEqual({
      segment: 0,
      position: length * 2,
      offset: 4,
      reason: `a batch of ${length} bytes, of which ${length - 7} are there`,
    });
  });

  test("is found again if a crash came before the later segments were deleted", () => {
    const { files } = write(Array.from({ length: 9 }, () => ({ size: 90 })));
    // The segment of offset 2 was cut to nothing; those of 4, 6 and 8 are still there.
    files.truncate(`${folder}/${segmentName(2)}`, 0);
    const { log, cutFrom } = openUnclean(files, config);
    expect(log.end).toBe(2);
    expect(cutFrom).toMatchObject({ segment: 4, position: 0, offset: 2 });
    expect(files.list(folder)).not.toContain(segmentName(4));
    expect(files.list(folder)).not.toContain(segmentName(8, "index"));
  });

  test("keeps no batch of an epoch that is older than the one before it", () => {
    const { files } = write([{ epoch: 4, size: 20 }]);
    const other = write([{ epoch: 4, size: 20 }, { epoch: 4 }]).files;
    const stale = bytesOf(other, segmentName(0)).slice(bytesOf(files, segmentName(0)).length);
    stale[15] = 3;
    files.append(`${folder}/${segmentName(0)}`, stale);
    const { log, cutFrom } = openUnclean(files, config);
    expect(log.end).toBe(1);
    expect(cutFrom?.reason).toBe("leader epoch 3 after 4");
  });

  test("is not undone by a second crash: appends go on from it", () => {
    const { files } = write(three);
    files.truncate(`${folder}/${segmentName(0)}`, 100);
    const { log } = openUnclean(files, config);
    append(log, files, { epoch: 1, count: 5 });
    const again = openUnclean(files, config);
    expect(again.cutFrom).toBeUndefined();
    expect(knowledgeOf(again.log)).toMatchObject(knowledgeOf(log));
  });
});

describe("an index", () => {
  const small = { ...config, indexIntervalBytes: 0 };

  test.each([
    ["is missing", (files: Files, path: string) => files.remove(path)],
    ["is cut in an entry", (files: Files, path: string) => files.truncate(path, 13)],
    ["ends in zeroes", (files: Files, path: string) => files.truncate(path, 80)],
    ["is of other bytes", (files: Files, path: string) => files.writeAt(path, 3, utf8Bytes("?"))],
  ])("is made anew where it %s, also after a clean stop", (_, harm) => {
    for (const clean of [true, false]) {
      const files = memoryFiles();
      const log = openClean(files, small);
      for (let i = 0; i < 9; i++) append(log, files, { size: 40, timestamp: i });
      flushLog(log, files);
      const before = segmentFilesOf(files);
      for (const kind of ["index", "timeindex"] as const) {
        harm(files, `${folder}/${segmentName(0, kind)}`);
        const again = clean ? openClean(files, small) : openUnclean(files, small, 9).log;
        expect(knowledgeOf(again)).toEqual(knowledgeOf(log));
        expect(segmentFilesOf(files)).toEqual(before);
      }
    }
  });

  test("is left alone where it is right, and made anew where no byte of it is", () => {
    const { files: inner } = write(Array.from({ length: 6 }, () => ({ size: 90 })));
    const index = segmentName(2, "index");
    const right = hex(bytesOf(inner, index));
    const { files, done } = watchedFiles(inner);
    expect(openUnclean(files, config).mended).toBe(false);
    expect(done.filter((what) => what.includes(index))).toEqual([]);
    const wrong = bytesOf(inner, index).map((byte) => byte ^ 0xff);
    expect(wrong.length).toBeGreaterThan(0);
    inner.writeAt(`${folder}/${index}`, 0, wrong);
    expect(openUnclean(files, config).mended).toBe(true);
    expect(hex(bytesOf(inner, index))).toBe(right);
  });

  test("of a segment that is not there is removed", () => {
    const { files } = write([{}]);
    const before = files.list(folder);
    files.append(`${folder}/${segmentName(70, "index")}`, new Uint8Array(8));
    files.append(`${folder}/${segmentName(70, "timeindex")}`, new Uint8Array(12));
    openUnclean(files, config);
    expect(files.list(folder)).toEqual([
      ...before.slice(0, -1),
      segmentName(1, "snapshot"),
      "leader-epoch-checkpoint",
    ]);
  });
});

describe("leader epochs", () => {
  const path = `${folder}/leader-epoch-checkpoint`;

  test.each([
    ["says too much, as when a truncation of it was forgotten", "0\n3\n0 0\n1 2\n6 4\n"],
    ["says too little", "0\n1\n0 0\n"],
    ["is no checkpoint at all", "?"],
  ])("are read from the batches where the file %s", (_, text) => {
    const { files, log } = write([{ epoch: 0, count: 2 }, { epoch: 1 }]);
    files.remove(path);
    files.append(path, utf8Bytes(text));
    expect(openUnclean(files, config).log.epochs).toEqual(log.epochs);
    expect(textOf(files, path)).toBe("0\n2\n0 0\n1 2\n");
  });

  test("that wrote nothing are forgotten by a restart, as in Kafka", () => {
    const { files, log } = write([{ epoch: 0 }]);
    assignEpoch(log, files, epoch(4), log.end);
    expect(textOf(files, path)).toBe("0\n2\n0 0\n4 1\n");
    expect(openUnclean(files, config).log.epochs).toEqual([{ epoch: 0, start: 0 }]);
    expect(textOf(files, path)).toBe("0\n1\n0 0\n");
  });
});

describe("what was flushed is believed", () => {
  const batches = Array.from({ length: 9 }, () => ({ size: 90 }));
  const struck = (): Files => {
    const { files } = write(batches);
    put(files, segmentName(2), 70, 0);
    return files;
  };

  test("after a clean stop nothing is checked, and all of it counts as flushed", () => {
    const files = struck();
    const before = hex(bytesOf(files, segmentName(2)));
    const log = openClean(files, config);
    expect(log.end).toBe(9);
    expect(log.recoveryPoint).toBe(9);
    expect(hex(bytesOf(files, segmentName(2)))).toBe(before);
  });

  test("after a crash nothing is checked in segments that end at or below the recovery point", () => {
    const files = struck();
    expect(openUnclean(files, config, 4)).toMatchObject({ cutFrom: undefined, log: { end: 9 } });
    expect(openUnclean(files, config, 3)).toMatchObject({
      cutFrom: { segment: 2 },
      log: { end: 2 },
    });
  });

  test("a recovery point beyond the end is lowered to it", () => {
    const { files } = write(batches);
    expect(openUnclean(files, config, 50).log.recoveryPoint).toBe(9);
    expect(openUnclean(files, config, 5).log.recoveryPoint).toBe(5);
  });

  test("and flushed is what was fsynced, index and names with it, and nothing twice", () => {
    const { files, done } = watchedFiles(memoryFiles());
    const log = openClean(files, config);
    for (const plan of batches) append(log, files, plan);
    done.length = 0;
    const flushed = (bases: number[], snapshots: number[]): string[] => [
      ...bases.flatMap((base) =>
        (["log", "index", "timeindex"] as const).map(
          (kind) => `fsync ${folder}/${segmentName(base, kind)}`,
        ),
      ),
      ...snapshots.map((at) => `fsync ${folder}/${segmentName(at, "snapshot")}`),
      `fsyncFolder ${folder}`,
    ];
    expect(needsFlush(log)).toBe(true);
    expect(flushLog(log, files, offset(4))).toBe(4);
    expect(done.splice(0)).toEqual(flushed([0, 2], [2, 4]));
    expect(flushLog(log, files, offset(4))).toBe(4);
    expect(done.splice(0)).toEqual([]);
    expect(flushLog(log, files, offset(8))).toBe(8);
    expect(done.splice(0)).toEqual(flushed([4, 6], [6, 8]));
    expect(needsFlush(log)).toBe(false);
    expect(flushLog(log, files)).toBe(9);
    expect(done.splice(0)).toEqual(flushed([8], []));
    expect(log.recoveryPoint).toBe(9);
  });
});
