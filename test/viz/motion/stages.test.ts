// How long each part of a change is shown: VISUAL's motion of structure.
import { expect, test } from "vitest";
import { type Stage, timesOf } from "../../../viz/motion/stages.ts";

const times = (present: readonly Stage[], untilNext: number) => {
  const spans = timesOf(new Set(present), untilNext);
  return spans === undefined ? undefined : Object.fromEntries(spans);
};

test("stages follow each other in one order, whichever way they were found", () => {
  expect(times(["settle", "drop", "mark", "move"], Infinity)).toEqual({
    mark: { delay: 0, duration: 240 },
    move: { delay: 240, duration: 240 },
    drop: { delay: 480, duration: 240 },
    settle: { delay: 720, duration: 240 },
  });
});

test("a stage that there is nothing for takes no time", () => {
  expect(times(["settle"], Infinity)).toEqual({ settle: { delay: 0, duration: 240 } });
});

test("all of them take at most half of the time to what is told next", () => {
  expect(times(["move", "settle"], 600)).toEqual({
    move: { delay: 0, duration: 150 },
    settle: { delay: 150, duration: 150 },
  });
  expect(times(["move"], 480)).toEqual({ move: { delay: 0, duration: 240 } });
});

test("what would take less than 80 ms does not move at all", () => {
  expect(times(["move"], 160)).toEqual({ move: { delay: 0, duration: 80 } });
  expect(times(["move"], 159)).toBeUndefined();
  expect(times(["move", "drop"], 300)).toBeUndefined();
});
