// How a difference between two runs of one seed is named.
import { expect, test } from "vitest";
import { differing, firstDifference } from "../../cli/twice.ts";

test("seeds that both sides ran and that came out differently", () => {
  const here = new Map([
    ["1", "a"],
    ["51", "b"],
  ]);
  const there = new Map([
    ["1", "a"],
    ["51", "c"],
    ["101", "d"],
  ]);
  expect(differing(here, there)).toEqual(["51"]);
});

test("the first event that differs, or that one side does not have", () => {
  expect(firstDifference(["a", "b", "c"], ["a", "x", "c"])).toEqual({
    event: 1,
    here: "b",
    there: "x",
  });
  expect(firstDifference(["a"], ["a", "b"])).toMatchObject({ event: 1, there: "b" });
  expect(firstDifference(["a", "b"], ["a"])).toMatchObject({ event: 1, here: "b" });
});
