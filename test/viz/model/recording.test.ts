import fc from "fast-check";
import { expect, test } from "vitest";
import type { TraceEvent } from "#sim";
import { fold } from "../../../viz/model/fold.ts";
import { newPicture } from "../../../viz/model/picture.ts";
import {
  addEvents,
  advanceTo,
  checkpointEvery,
  countAt,
  indexOf,
  mostCheckpoints,
  newRecording,
  pictureAt,
  prefix,
} from "../../../viz/model/recording.ts";
import { leaderWith } from "../support/story.ts";

const story = leaderWith("ABCD".repeat(120));
const recording = newRecording();
addEvents(recording, story.events);
const moment = fc.integer({ min: 0, max: story.events.length });

/** From nothing, event by event, with no kept copy in between. */
function foldAll(count: number) {
  const picture = newPicture();
  for (const event of story.events.slice(0, count)) fold(picture, event);
  return picture;
}

test("the story is long enough to need kept copies", () => {
  expect(story.events.length).toBeGreaterThan(2 * checkpointEvery);
  expect(recording.checkpoints.length).toBeGreaterThan(2);
});

test("the picture at any moment is the fold of the events before it", () => {
  fc.assert(
    fc.property(moment, (count) => {
      expect(pictureAt(recording, count)).toEqual(foldAll(count));
    }),
    { numRuns: 40 },
  );
});

test("going on from a picture leaves the kept ones alone", () => {
  fc.assert(
    fc.property(moment, moment, (a, b) => {
      const [from, to] = [Math.min(a, b), Math.max(a, b)];
      const picture = advanceTo(recording, pictureAt(recording, from), to);
      expect(picture).toEqual(foldAll(to));
      expect(pictureAt(recording, from)).toEqual(foldAll(from));
    }),
    { numRuns: 40 },
  );
});

test("a long run keeps few pictures, evenly, and still finds every moment", () => {
  const long = newRecording();
  const length = Math.ceil(2.2 * mostCheckpoints * checkpointEvery);
  const tick = (seq: number): TraceEvent =>
    ({ seq, at: seq, node: "b1", causes: [], type: "timer", timer: "wake" }) as const;
  addEvents(
    long,
    Array.from({ length }, (_, seq) => tick(seq)),
  );
  const { checkpoints } = long;
  expect(checkpoints.length).toBeLessThanOrEqual(mostCheckpoints);
  expect(checkpoints.length).toBeGreaterThan(mostCheckpoints / 2 - 2);
  const every = checkpoints[1]?.events ?? 0;
  expect(every).toBeGreaterThan(checkpointEvery);
  expect(checkpoints.map(({ events }) => events)).toEqual(checkpoints.map((_, i) => i * every));
  for (const count of [0, 1, every - 1, every, 7 * every + 3, long.events.length]) {
    expect(pictureAt(long, count).events).toBe(count);
  }
  expect(pictureAt(long, long.events.length)).toEqual(long.latest);
});

test("events of one microsecond belong to one moment", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: story.now + 5 }), (at) => {
      const count = countAt(recording, at);
      expect(story.events.slice(0, count).every((event) => event.at <= at)).toBe(true);
      expect(story.events.slice(count).every((event) => event.at > at)).toBe(true);
    }),
  );
});

test("a prefix is the recording of its events, however the rest went", () => {
  const cut = prefix(recording, 1234);
  expect(cut.events).toEqual(story.events.slice(0, 1234));
  expect(cut.latest).toEqual(foldAll(1234));
  expect(indexOf(cut, 1233)).toBe(1233);
  expect(indexOf(cut, 1234)).toBe(-1);
});

test("chunks make the same recording as the whole trace", () => {
  const chunked = newRecording();
  for (let at = 0; at < story.events.length; at += 77) {
    addEvents(chunked, story.events.slice(at, at + 77));
  }
  expect(chunked).toEqual(recording);
});
