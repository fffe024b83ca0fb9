import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { equivalents } from "./equivalents.ts";
import { mechanicalMutants, mechanicalRooms, mistakesIn } from "./mechanical.ts";
import { mutants } from "./mutants.ts";

const root = join(import.meta.dirname, "..", "..");

/** The mistakes that a search must never miss. */
const named = [
  "high-watermark-too-far",
  "truncate-too-few",
  "serve-above-high-watermark",
  "no-isr-check-after-append",
  "acknowledge-at-append",
  "keep-followers-over-epochs",
  "forget-epoch-cache",
  "skip-fsync",
  "shrink-eagerly",
];

describe("the mistakes that are planted", () => {
  test.each(mutants.map((mutant) => [mutant.id, mutant] as const))(
    "%s changes one line that is there, once",
    (_, { file, from, to }) => {
      const text = readFileSync(join(root, file), "utf8");
      expect(text.split(from).length - 1).toBe(1);
      expect(from).not.toContain("\n");
      expect(to).not.toBe(from);
    },
  );

  test("are at least these and forty in all, and each stands once", () => {
    const ids = mutants.map(({ id }) => id);
    expect(ids.length).toBeGreaterThanOrEqual(40);
    expect(ids).toEqual(expect.arrayContaining(named));
    expect(new Set(ids).size).toBe(ids.length);
  });
});

describe("mechanical mistakes", () => {
  const sample = mechanicalMutants(root);

  test("are at least a hundred, twenty in each room, and the same each time", () => {
    expect(sample.length).toBeGreaterThanOrEqual(100);
    const rooms = [...new Set(sample.map(({ room }) => room))];
    expect(rooms.length).toBe(5);
    for (const room of rooms)
      expect(sample.filter((one) => one.room === room).length).toBeGreaterThanOrEqual(20);
    expect(mechanicalMutants(root)).toEqual(sample);
  });

  test("each change the text, and where they stand", () => {
    for (const { file, start, end, to, line } of sample) {
      const text = readFileSync(join(root, file), "utf8");
      expect(text.slice(start, end)).not.toBe(to);
      expect(text.slice(0, start).split("\n").length).toBeGreaterThan(0);
      expect(text).toContain(line);
    }
  });

  test("that nobody can notice stand with their reason, and are still there to be made", () => {
    const all = mechanicalRooms.flatMap((room) => mistakesIn(root, room));
    for (const { file, line, what, why } of equivalents) {
      expect(why.length).toBeGreaterThan(20);
      const same = all.filter((one) => one.file === file && one.line === line && one.what === what);
      expect(same.map(({ id }) => id)).not.toEqual([]);
    }
  });
});
