import { expect, test } from "vitest";
import { addEvents, newRecording } from "../../../viz/model/recording.ts";
import { summary } from "../../../viz/model/summary.ts";
import { leaderWith } from "../support/story.ts";

const story = leaderWith("ABC");
const calm = story.events.length;
[0, 1, 2].forEach((offset) => story.acknowledge("p1", offset, "orders-0", offset));
const struck = story.strike("crash", "b1");
story.acknowledge("p1", 9, "orders-0", 3);
const recording = newRecording();
addEvents(recording, story.events);

test("many are counted", () => {
  expect(summary(recording, 0, struck)).toMatch(/b1 leads|orders-0 lives|written|acknowledged/);
  expect(summary(recording, calm, struck)).toBe("3 acknowledged");
});

test("a turning point is told before all that is around it", () => {
  expect(summary(recording, calm, story.events.length)).toBe("b1 is struck");
});

test("one is told as itself, and nothing is told of nothing", () => {
  expect(summary(recording, calm, calm + 1)).toBe("p1 is told: stored at offset 0 of orders-0");
  expect(summary(recording, calm, calm)).toBe(undefined);
});
