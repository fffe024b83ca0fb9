import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
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

  test("are at least these, and each stands once", () => {
    const ids = mutants.map(({ id }) => id);
    expect(ids).toEqual(expect.arrayContaining(named));
    expect(new Set(ids).size).toBe(ids.length);
  });
});
