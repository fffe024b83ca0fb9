import fc from "fast-check";
import { expect, test } from "vitest";
import { addEvents, countAt, endOf, newRecording } from "../../../viz/model/recording.ts";
import * as player from "../../../viz/player/player.ts";
import { leaderWith } from "../support/story.ts";

const story = leaderWith("ABCD".repeat(30));
story.wait(9000).strike("crash", "b1");
story.wait(1).elect("orders-0", 2, 1, [2, 3]);
const recording = newRecording();
addEvents(recording, story.events);
const whole = recording.events.length;
const start = player.newPlayer(900);

/** Frames of 16 ms until the player stands still. */
function playOut(from: player.Player, frames = 100_000): player.Player[] {
  const shown = [from];
  let now = from;
  while ((now.playing || now.sweep !== undefined) && shown.length < frames) {
    now = player.tick(recording, now, 16);
    shown.push(now);
  }
  return shown;
}

test("a step and a step back lead to the same moment", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: whole - 1 }), (count) => {
      const here = player.seekCount(recording, start, count);
      const there = player.step(recording, here, 1);
      expect(there.count).toBe(count + 1);
      expect(player.step(recording, there, -1)).toEqual(here);
    }),
  );
});

test("steps stop at both ends", () => {
  expect(player.step(recording, start, -1)).toMatchObject({ count: 0, at: 0 });
  const end = player.seekCount(recording, start, whole);
  expect(player.step(recording, end, 1)).toEqual(end);
});

test("seeking takes in every event of its microsecond", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: endOf(recording) }), (at) => {
      const there = player.seek(recording, start, at);
      expect(there).toMatchObject({ at, count: countAt(recording, at) });
    }),
  );
});

test("playing never goes back, shows every event, and stops at the end", () => {
  const shown = playOut(player.withSpeed(player.play(recording, start), 50));
  for (const [index, now] of shown.entries()) {
    const before = shown[index - 1];
    if (before === undefined) continue;
    expect(now.at).toBeGreaterThanOrEqual(before.at);
    expect(now.count).toBeGreaterThanOrEqual(before.count);
  }
  expect(shown.at(-1)).toMatchObject({ count: whole, playing: false });
});

test("with beats, a quiet stretch is leapt over and what follows is not", () => {
  const struck = recording.events.findIndex(({ type }) => type === "fault");
  const calm = player.seekCount(recording, start, struck);
  const shown = playOut({ ...player.play(recording, calm), speed: 2 });
  const arrival = shown.findIndex(({ count }) => count > struck);
  expect(arrival).toBeGreaterThan(5);
  expect(arrival * 16).toBeLessThan(2000);
  const [before] = shown.slice(arrival - 1);
  expect(before?.sweep).toBe(undefined);
  const even = playOut({ ...player.play(recording, calm), speed: 2, pace: "even" }, 2000);
  expect(even.at(-1)?.count).toBe(struck);
});

test("a watched jump ends exactly after its event, also inside a microsecond", () => {
  const target = recording.events.findIndex(({ type }) => type === "fault") + 1;
  expect(recording.events[target]?.at).toBe(recording.events[target - 1]?.at);
  const shown = playOut(player.sweepTo(recording, start, target, 700));
  expect(shown.at(-1)).toMatchObject({ count: target, playing: false });
  expect(shown.length).toBeGreaterThan(20);
});

test("jumps go to the next and the last of their kind", () => {
  const { beats } = recording;
  const [first = 0, second = 0] = beats;
  const one = player.stepIn(recording, start, beats, 1);
  expect(one.count).toBe(first + 1);
  const two = player.stepIn(recording, one, beats, 1);
  expect(two.count).toBe(second + 1);
  expect(player.stepIn(recording, two, beats, -1)).toEqual(one);
  expect(player.stepIn(recording, one, beats, -1).count).toBe(0);
  const end = player.seekCount(recording, start, whole);
  expect(player.stepIn(recording, end, beats, 1)).toEqual(end);
});

test("pressing play at the end begins anew", () => {
  const end = player.seekCount(recording, start, whole);
  expect(player.play(recording, end)).toMatchObject({ at: 0, playing: true });
});

test("for readers who asked for less motion, beats stand and nothing glides", () => {
  const still = { ...player.play(recording, start), pace: "still" } as const;
  const shown = playOut(still, 2000);
  const counts = [...new Set(shown.map(({ count }) => count))];
  expect(counts.length).toBeGreaterThan(8);
  expect(counts.slice(1).every((count) => recording.beats.includes(count - 1))).toBe(true);
  expect(player.sweepTo(recording, still, 100, 700)).toMatchObject({ count: 100 });
  expect(player.sweepTo(recording, still, 100, 700)).not.toHaveProperty("sweep");
});

test("how long it is to the next beat is what playing takes to it, leaps included", () => {
  const frameMs = 16;
  const crash = recording.beats.find((index) => recording.events[index]?.type === "fault") ?? -1;
  // From just before the crash, nine seconds after all else.
  const before = player.seekCount(recording, start, crash);
  for (const pace of ["beat", "even"] as const) {
    const from: player.Player = { ...before, playing: true, pace, speed: 1000 };
    const shown = playOut(from);
    const frames = shown.findIndex(({ count }) => count > crash);
    const expected = player.untilBeat(recording, from);
    expect(expected > 1000).toBe(pace === "even");
    expect(Math.abs(frames * frameMs - expected)).toBeLessThanOrEqual(3 * frameMs);
  }
  expect(player.untilBeat(recording, before)).toBe(Infinity);
});
