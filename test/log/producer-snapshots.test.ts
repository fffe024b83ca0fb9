// What a restart knows of producers, and what it reads to know it.
import { describe, expect, test } from "vitest";
import { DecodeError, type Files, offset, producerId } from "#core";
import { closeLog, type Log, restartLog, truncateLog } from "../../core/log/log.ts";
import { decodeProducers, encodeProducers } from "../../core/log/producer-snapshots.ts";
import { judge, type Producers } from "../../core/log/producers.ts";
import { readBatchHeader } from "../../core/wire/batch.ts";
import {
  append,
  batchAt,
  bytesOf,
  folder,
  hex,
  openClean,
  openUnclean,
  segmentName,
  writtenLog,
} from "../support/logs.ts";
import { watchedFiles } from "../support/watched-files.ts";

const five = producerId(5);
const sent = (count: number) =>
  Array.from({ length: count }, (_, sequence) => ({ producer: 5, sequence, size: 90 }));
const snapshots = (files: Files): string[] =>
  files.list(folder).filter((name) => name.endsWith(".snapshot"));
const named = (...at: number[]): string[] => at.map((one) => segmentName(one, "snapshot"));
const resend = (log: Log, sequence: number) =>
  judge(log.producers, readBatchHeader(batchAt(9, { producer: 5, sequence })));

describe("a snapshot of producers", () => {
  test("is version, checksum, and of each producer its newest batch, in Kafka's layout", () => {
    const { files, log } = writtenLog([
      { producer: 5, producerEpoch: 2, sequence: 7, count: 3, timestamp: 258 },
    ]);
    closeLog(log, files);
    expect(hex(bytesOf(files, segmentName(3, "snapshot")))).toMatch(
      new RegExp(
        "^0001[0-9a-f]{8}00000001" +
          // Producer, epoch, last sequence, last offset, offsets before it, time.
          "0000000000000005" +
          "0002" +
          "00000009" +
          "0000000000000002" +
          "00000002" +
          "0000000000000102" +
          // Coordinator epoch and open transaction: none.
          "ffffffff" +
          "ffffffffffffffff$",
      ),
    );
    expect(log.snapshots).toEqual([3]);
  });

  test("says the same when it is read, also across the end of the sequence numbers", () => {
    const batch = {
      firstSequence: 0x7ffffffe,
      lastSequence: 2,
      base: offset(10),
      next: offset(15),
    };
    const known: Producers = new Map([
      [five, { epoch: 1, batches: [{ ...batch, timestamp: 77 }], lastTimestamp: 77 }],
      [producerId(6), { epoch: 3, batches: [], lastTimestamp: 80 }],
    ]);
    expect(decodeProducers(encodeProducers(known))).toEqual(known);
  });

  test("that was changed in any byte, or cut, is refused", () => {
    const bytes = encodeProducers(new Map([[five, { epoch: 1, batches: [], lastTimestamp: 80 }]]));
    for (let at = 0; at < bytes.length; at++) {
      const wrong = bytes.slice();
      wrong[at] = (wrong[at] ?? 0) ^ 1;
      expect(() => decodeProducers(wrong), `byte ${at}`).toThrow(DecodeError);
      expect(() => decodeProducers(bytes.slice(0, at)), `cut at ${at}`).toThrow(DecodeError);
    }
  });
});

describe("a restart", () => {
  test("takes the newest batch of a producer for a duplicate, and an older one for out of order", () => {
    const { files, log } = writtenLog(sent(3));
    expect(resend(log, 1)).toMatchObject({ type: "duplicate", base: 1 });
    closeLog(log, files);
    const again = openClean(files);
    expect(resend(again, 2)).toMatchObject({ type: "duplicate", base: 2 });
    expect(resend(again, 1)).toEqual({ type: "error", error: "OUT_OF_ORDER_SEQUENCE_NUMBER" });
    expect(resend(again, 3)).toEqual({ type: "append" });
  });

  test("reads for it no batch before the last snapshot", () => {
    const { files, log } = writtenLog(sent(9), { segmentBytes: 400 });
    expect(snapshots(files)).toEqual(named(2, 4, 6, 8));
    // No checksum is looked at below the recovery point, so that nobody but the snapshots can know this.
    const path = `${folder}/${segmentName(2, "snapshot")}`;
    files.truncate(path, 0);
    files.append(
      path,
      encodeProducers(new Map([[producerId(77), { epoch: 0, batches: [], lastTimestamp: 0 }]])),
    );
    for (const at of [4, 6, 8]) files.remove(`${folder}/${segmentName(at, "snapshot")}`);
    const again = openUnclean(files, { segmentBytes: 400 }).log;
    expect([...again.producers.keys()]).toEqual([77, 5]);
    // Five of the seven behind it.
    expect(again.producers.get(five)).toEqual(log.producers.get(five));
    expect(snapshots(files)).toEqual(named(2, 9));
  });

  test("does without a damaged one, and begins with the one before, or with the log", () => {
    for (const damaged of [[8], [6, 8], [2, 4, 6, 8]]) {
      const { files, log } = writtenLog(sent(9), { segmentBytes: 400 });
      for (const at of damaged) {
        const path = `${folder}/${segmentName(at, "snapshot")}`;
        files.truncate(path, 40);
      }
      const again = openUnclean(files, { segmentBytes: 400 }).log;
      expect(resend(again, 8)).toEqual(resend(log, 8));
      expect(snapshots(files)).toEqual(
        named(...[2, 4, 6, 8].filter((at) => !damaged.includes(at)), 9),
      );
    }
  });

  test("believes none beyond the log's end, and removes it for good before it appends", () => {
    const { files: inner, log } = writtenLog(sent(9), { segmentBytes: 400 });
    closeLog(log, inner);
    inner.truncate(`${folder}/${segmentName(6)}`, 10);
    const { files, done } = watchedFiles(inner);
    const again = openUnclean(files, { segmentBytes: 400 }).log;
    expect(again.end).toBe(6);
    expect(resend(again, 6)).toEqual({ type: "append" });
    expect(snapshots(files)).toEqual(named(2, 4, 6));
    expect(done.lastIndexOf(`fsyncFolder ${folder}`)).toBeGreaterThan(
      done.indexOf(`remove ${folder}/${segmentName(9, "snapshot")}`),
    );
  });

  test("keeps those at which a segment begins, and the last one", () => {
    const { files, log } = writtenLog(sent(3), { segmentBytes: 400 });
    closeLog(log, files);
    const again = openClean(files, { segmentBytes: 400 });
    append(again, files, { producer: 5, sequence: 3, size: 90 });
    append(again, files, { producer: 5, sequence: 4, size: 90 });
    expect(snapshots(files)).toEqual(named(2, 3, 4));
    closeLog(again, files);
    openClean(files, { segmentBytes: 400 });
    expect(snapshots(files)).toEqual(named(2, 4, 5));
  });
});

test("a cut begins with the last snapshot before it", () => {
  const { files, log } = writtenLog(sent(9), { segmentBytes: 400 });
  truncateLog(log, files, offset(5));
  expect(snapshots(files)).toEqual(named(2, 4, 5));
  expect(resend(log, 4)).toMatchObject({ type: "duplicate", base: 4 });
  expect(resend(log, 5)).toEqual({ type: "append" });
  // Of what lies before the snapshot the newest is known.
  expect(log.producers.get(five)?.batches.map(({ base }) => base)).toEqual([3, 4]);
});

test("a log that is begun anew knows nobody", () => {
  const { files, log } = writtenLog(sent(9), { segmentBytes: 400 });
  restartLog(log, files, offset(50));
  expect(snapshots(files)).toEqual([]);
  expect(log.producers.size).toBe(0);
  expect(openClean(files).producers.size).toBe(0);
});
