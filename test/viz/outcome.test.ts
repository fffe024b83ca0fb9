import { describe, expect, test } from "vitest";
import { compared } from "../../viz/outcome.ts";

const survives = "acknowledged-survives";
const order = "producer-order";
const outcome = (hash: string, ...broke: readonly string[]) => ({
  source: "link" as const,
  hash,
  broke,
});

describe("what a run came to, beside what its link says", () => {
  test("the same hash is the same run", () => {
    expect(compared(outcome("1", survives), outcome("1", survives)).same).toBe(true);
  });

  test("a trace does not say what broke", () => {
    expect(compared({ source: "trace", hash: "1" }, outcome("2", order))).toEqual({
      same: false,
      line: "This trace was made by another version of Highwater. The run has another hash now.",
    });
  });

  test.each([
    [[], [], "The same story: nothing breaks."],
    [[order], [order], "The same story, with a new hash: “Order as sent” breaks."],
    [[order], [], "Another story: “Order as sent” no longer breaks."],
    [[], [order], "Another story: “Order as sent” now breaks."],
    [
      [survives],
      [order],
      "Another story: “N−1 of N may fail” no longer breaks. “Order as sent” now breaks.",
    ],
    [
      [order, survives],
      [order, survives],
      "The same story, with a new hash: “Order as sent”, “N−1 of N may fail” break.",
    ],
  ])("another hash with %j before and %j now", (before, now, told) => {
    expect(compared(outcome("1", ...before), outcome("2", ...now))).toEqual({
      same: false,
      line: `This link was made by another version of Highwater. ${told}`,
    });
  });
});
