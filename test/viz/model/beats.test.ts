import { expect, test } from "vitest";
import { beatsAmong } from "../../../viz/model/beats.ts";

test("of beats at 2, 5 and 9, each counts as soon as its event has happened", () => {
  const counts = [0, 2, 3, 5, 6, 9, 10, 40].map((count) => beatsAmong([2, 5, 9], count));
  expect(counts).toEqual([0, 0, 1, 1, 2, 2, 3, 3]);
});
