// The sparse index of a segment: what it finds, and when its file is written.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  addEntry,
  emptyIndex,
  type OffsetIndex,
  positionBelow,
  positionWithin,
} from "../../core/log/offset-index.ts";
import { append, bytesOf, folder, hex, openClean, segmentName } from "../support/logs.ts";
import { memoryFiles } from "../support/memory-files.ts";
import { watchedFiles } from "../support/watched-files.ts";

type Entry = readonly [relative: number, position: number];

const indexOf = (entries: readonly Entry[]): OffsetIndex => {
  const index = emptyIndex();
  for (const [relative, position] of entries) addEntry(index, relative, position);
  return index;
};

/** Entries whose offsets and positions rise. */
const drawn = fc
  .array(fc.tuple(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 9 })), {
    maxLength: 20,
  })
  .map((steps) => {
    let [relative, position] = [0, 0];
    return steps.map(([a, b]): Entry => [(relative += a), (position += b)]);
  });

describe("an index", () => {
  test("finds the last of its entries that lies within the bounds, and no earlier one", () => {
    fc.assert(
      fc.property(drawn, fc.nat(200), fc.nat(200), (entries, relative, position) => {
        const index = indexOf(entries);
        const last = (fits: (entry: Entry) => boolean): number => entries.findLast(fits)?.[1] ?? 0;
        expect(positionBelow(index, relative)).toBe(last(([at]) => at <= relative));
        expect(positionWithin(index, relative, position)).toBe(
          last(([at, begins]) => at <= relative && begins <= position),
        );
      }),
    );
  });
});

describe("an index file", () => {
  const written = () => {
    const { files, done } = watchedFiles(memoryFiles());
    const log = openClean(files, { indexIntervalBytes: 0 });
    for (let i = 0; i < 5; i++) append(log, files);
    done.length = 0;
    return { files, done };
  };
  const name = segmentName(0, "index");
  const touched = (done: readonly string[]): readonly string[] =>
    done.filter((what) => what.endsWith(name));

  test("that says what the log says is not written again", () => {
    const { files, done } = written();
    openClean(files, { indexIntervalBytes: 0 });
    expect(touched(done)).toEqual([]);
  });

  test.each([
    ["in every byte", () => 0xff],
    ["in one byte", (byte: number, i: number) => (i === 3 ? byte ^ 1 : byte)],
  ])("that says something else %s is written anew", (_, change) => {
    const { files, done } = written();
    const right = bytesOf(files, name).slice();
    files.truncate(`${folder}/${name}`, 0);
    files.append(`${folder}/${name}`, right.map(change));
    done.length = 0;
    openClean(files, { indexIntervalBytes: 0 });
    expect(hex(bytesOf(files, name))).toBe(hex(right));
    expect(touched(done)).not.toEqual([]);
  });
});
