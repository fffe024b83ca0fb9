// Whatever a crash made of the last bytes: the log is cut at the first bad batch, and knows what is left of it.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Files } from "#core";
import { epochText } from "../../core/log/epochs.ts";
import { closeTimes, writeEntries } from "../../core/log/segment.ts";
import type { Log } from "../../core/log/log.ts";
import {
  type BatchPlan,
  bytesOf,
  folder,
  knowledgeOf,
  newestKnowledgeOf,
  openUnclean,
  segmentFilesOf,
  segmentName,
  textOf,
  type WrittenLog,
  writtenLog,
} from "../support/logs.ts";

const epochPath = `${folder}/leader-epoch-checkpoint`;
const config = { segmentBytes: 400, indexIntervalBytes: 100 };

/** Batches of one producer, whose epochs rise. */
const plans = fc
  .array(
    fc.record({
      count: fc.integer({ min: 1, max: 3 }),
      size: fc.integer({ min: 8, max: 90 }),
      later: fc.constantFrom(0, 0, 0, 1),
      producer: fc.constantFrom(-1, 5),
    }),
    { minLength: 1, maxLength: 14, size: "max" },
  )
  .map((drawn) => {
    let at = 0;
    let sequence = 0;
    return drawn.map(({ later, ...plan }): BatchPlan => {
      at += later;
      sequence += 1;
      return { ...plan, epoch: at, sequence: plan.producer < 0 ? -1 : sequence };
    });
  });

const write = (drawn: readonly BatchPlan[]): WrittenLog => writtenLog(drawn, config);

/** Where the `n`th byte of the log is: its segment's file, and the position in it. */
function placeOf(log: Log, at: number): { name: string; position: number } {
  let left = at;
  for (const { base, size } of log.segments) {
    if (left < size) return { name: segmentName(base), position: left };
    left -= size;
  }
  throw new Error(`${at} is beyond the log`);
}

function put(files: Files, name: string, position: number, byte: number): void {
  files.writeAt(`${folder}/${name}`, position, Uint8Array.of(byte));
}

/** Opens after a crash and expects exactly what a log knows and holds to which only `kept` batches were appended. */
function expectKept(files: Files, drawn: readonly BatchPlan[], kept: number): void {
  const opened = openUnclean(files, config);
  const whole = write(drawn.slice(0, kept));
  expect(knowledgeOf(opened.log).end).toBe(whole.log.end);
  // A cut leaves the segment that it struck, if only as an empty file; a roll would begin it anew.
  const bare = opened.log.segments.at(-1)!;
  const added = new Map<string, string>();
  if (bare.size === 0 && bare.base > 0) {
    opened.log.segments.pop();
    const closed = whole.log.segments.at(-1)!;
    writeEntries(whole.files, folder, closed, () => closeTimes(closed));
    for (const kind of ["log", "index", "timeindex"] as const) {
      added.set(segmentName(bare.base, kind), "");
    }
  }
  expect(newestKnowledgeOf(opened.log)).toEqual(newestKnowledgeOf(whole.log));
  expect(segmentFilesOf(files)).toEqual(new Map([...segmentFilesOf(whole.files), ...added]));
  expect(textOf(files, epochPath) ?? epochText([])).toBe(epochText(whole.log.epochs));
}

/** Which batch holds the `n`th byte of the log. */
function batchWith(batches: readonly Uint8Array[], at: number): number {
  let left = at;
  return batches.findIndex(({ length }) => (left -= length) < 0);
}

describe("after a crash a log is cut at the first bad batch, and knows what its batches say", () => {
  test("when the tail is torn at any byte", () => {
    fc.assert(
      fc.property(plans, fc.nat(), (drawn, drawnAt) => {
        const { files, log, batches } = write(drawn);
        const last = log.segments.at(-1)!;
        const size = drawnAt % (last.size + 1);
        const path = `${folder}/${segmentName(last.base)}`;
        files.truncate(path, size);
        const before = log.segments.slice(0, -1).reduce((sum, segment) => sum + segment.size, 0);
        const first = batchWith(batches, before + size);
        expectKept(files, drawn, first === -1 ? drawn.length : first);
      }),
    );
  });

  test("when a bit is flipped in what the checksum covers, or in the checksum, length or magic", () => {
    fc.assert(
      fc.property(plans, fc.nat(), fc.nat(7), (drawn, drawnAt, bit) => {
        const { files, log, batches } = write(drawn);
        const whole = batches.reduce((sum, { length }) => sum + length, 0);
        const at = drawnAt % whole;
        const struck = batchWith(batches, at);
        const start = batches.slice(0, struck).reduce((sum, { length }) => sum + length, 0);
        const inBatch = at - start;
        // Base offset and epoch are stamped by the leader, outside the checksum.
        fc.pre((inBatch >= 8 && inBatch < 12) || inBatch >= 16);
        const { name, position } = placeOf(log, at);
        put(files, name, position, bytesOf(files, name)[position]! ^ (1 << bit));
        expectKept(files, drawn, struck);
      }),
      { numRuns: 200 },
    );
  });

  test("when pages of zeroes follow, as after an append that only its size survived", () => {
    fc.assert(
      fc.property(plans, fc.integer({ min: 1, max: 300 }), (drawn, zeroes) => {
        const { files, log } = write(drawn);
        files.append(`${folder}/${segmentName(log.segments.at(-1)!.base)}`, new Uint8Array(zeroes));
        expectKept(files, drawn, drawn.length);
      }),
    );
  });

  test("when its last bytes are zeroes, as after a page that never got down", () => {
    fc.assert(
      fc.property(plans, fc.integer({ min: 1, max: 300 }), (drawn, zeroes) => {
        const { files, log, batches } = write(drawn);
        const { base, size } = log.segments.at(-1)!;
        const first = Math.max(0, size - zeroes);
        // Zeroes that were zeroes hurt nobody.
        const changed = bytesOf(files, segmentName(base))
          .slice(first)
          .findIndex((byte) => byte > 0);
        const from = changed === -1 ? size : first + changed;
        files.writeAt(`${folder}/${segmentName(base)}`, first, new Uint8Array(size - first));
        const before = log.segments.slice(0, -1).reduce((sum, segment) => sum + segment.size, 0);
        const struck = batchWith(batches, before + from);
        expectKept(files, drawn, struck === -1 ? drawn.length : struck);
      }),
    );
  });

  test("whatever stands in offsets and epochs, which no checksum covers: both still rise", () => {
    const strike = fc.record({ at: fc.nat(), byte: fc.constantFrom(0, 1, 2, 7, 12, 13, 15) });
    fc.assert(
      fc.property(plans, fc.array(strike, { maxLength: 3 }), fc.nat(255), (drawn, strikes, xor) => {
        const { files, log, batches } = write(drawn);
        for (const { at, byte } of strikes) {
          const batch = at % batches.length;
          const start = batches.slice(0, batch).reduce((sum, { length }) => sum + length, 0);
          const { name, position } = placeOf(log, start + byte);
          put(files, name, position, bytesOf(files, name)[position]! ^ xor);
        }
        const opened = openUnclean(files, config).log;
        const epochs = opened.epochs.map((entry) => entry.epoch);
        expect(epochs).toEqual([...epochs].sort((a, b) => a - b));
        // What was kept is a log: opened again, nothing more is cut.
        const again = openUnclean(files, config);
        expect(again.cutFrom).toBeUndefined();
        expect(newestKnowledgeOf(again.log)).toEqual(newestKnowledgeOf(opened));
      }),
    );
  });
});
