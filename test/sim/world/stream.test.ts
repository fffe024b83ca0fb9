import fc from "fast-check";
import seedrandom from "seedrandom";
import { describe, expect, test } from "vitest";
import { between, draw, drawUint32, newStream, seedStream } from "../../../sim/world/stream.ts";

describe("a stream", () => {
  test("draws what seedrandom's alea draws", () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const theirs = seedrandom.alea(text);
        const ours = seedStream(text);
        for (let i = 0; i < 50; i++) expect(draw(ours)).toBe(theirs());
        for (let i = 0; i < 50; i++) expect(drawUint32(ours)).toBe(theirs.int32() >>> 0);
      }),
    );
  });

  test("goes on from its four numbers", () => {
    fc.assert(
      fc.property(fc.string(), fc.nat(100), (text, count) => {
        const stream = seedStream(text);
        for (let i = 0; i < count; i++) draw(stream);
        const copy = { ...stream };
        expect([draw(copy), draw(copy)]).toEqual([draw(stream), draw(stream)]);
      }),
    );
  });

  test("draws integers from the whole of a range, both ends included", () => {
    const stream = newStream("seed", "range");
    const seen = new Set(Array.from({ length: 2000 }, () => between(stream, -3, 12)));
    expect([...seen].sort((a, b) => a - b)).toEqual(Array.from({ length: 16 }, (_, i) => i - 3));
  });
});

/*
 * Independence, pair by pair: cells of an 8 x 8 table of two streams' draws. 63 degrees of freedom; a chi-square
 * above 140 has a chance below 1e-7, and there are fewer than 1,500 pairs.
 */
const names = [
  ...["1", "2", "3"].flatMap((a) => ["1", "2", "3"].map((b) => `network/b${a}-b${b}`)),
  ...["disk", "timers", "process", "writeBack", "loss"].flatMap((kind) => [
    `${kind}/b1`,
    `${kind}/b2`,
    `${kind}/b3`,
    `${kind}/c1`,
  ]),
  "process/p1",
  "application/p1",
  "application/p2",
];

const chiSquare = (counts: readonly number[]): number => {
  const expected = counts.reduce((sum, count) => sum + count, 0) / counts.length;
  return counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
};

describe("streams of one seed", () => {
  test.each(["1", "2", "3", "seed"])("are independent, every pair of names (seed %s)", (seed) => {
    const draws = names.map((name) => {
      const stream = newStream(seed, name);
      return Array.from({ length: 2000 }, () => between(stream, 0, 7));
    });
    for (const [i, one] of draws.entries()) {
      for (const other of draws.slice(i + 1)) {
        const counts = new Array<number>(64).fill(0);
        for (const [k, value] of one.entries()) counts[value * 8 + other[k]!]! += 1;
        expect(chiSquare(counts)).toBeLessThan(140);
      }
    }
  });

  test("are independent over seeds: first draws of like names, seeds 1 to 4,000", () => {
    const pairs = [
      ["network/b1-b2", "network/b2-b1"],
      ["network/b1-b2", "network/b1-b3"],
      ["disk/b1", "disk/b2"],
      ["timers/b1", "timers/b3"],
      ["process/p1", "application/p1"],
    ] as const;
    for (const [one, other] of pairs) {
      const counts = new Array<number>(64).fill(0);
      for (let seed = 1; seed <= 4000; seed++) {
        const a = between(newStream(String(seed), one), 0, 7);
        const b = between(newStream(String(seed), other), 0, 7);
        counts[a * 8 + b]! += 1;
      }
      expect(chiSquare(counts)).toBeLessThan(140);
    }
  });
});
