// The speed that is reached, where a machine falls behind the one that is asked for.
import { expect, test } from "vitest";
import { newPlayer, type Player } from "../../../viz/player/player.ts";
import { speedMeter } from "../../../viz/player/reached.ts";

const playing: Player = { ...newPlayer(600), playing: true, pace: "even", speed: 10 };

/** Frames that each take `frameMs`, and move time on by `movesMs` of it. */
function told(frameMs: number, movesMs: number, frames = 10, player = playing) {
  const measure = speedMeter();
  return Array.from({ length: frames }, (_, frame) =>
    measure({ ...player, at: frame * movesMs * player.speed }, frame * frameMs),
  );
}

test("frames of 250 ms that move time on by 100 ms reach two fifths of what is asked", () => {
  expect(told(250, 100)).toEqual([undefined, undefined, undefined, 4, 4, 4, 4, 4, 4, 4]);
});

test("whoever keeps up is told nothing else than what was asked", () => {
  expect(told(50, 50, 40).every((one) => one === undefined)).toBe(true);
  expect(told(50, 46, 40).every((one) => one === undefined)).toBe(true);
});

test("another speed, and a stop, are measured anew", () => {
  const measure = speedMeter();
  for (let frame = 0; frame < 5; frame += 1) measure({ ...playing, at: frame * 1000 }, frame * 250);
  expect(measure({ ...playing, at: 4000, speed: 5 }, 1250)).toBeUndefined();
  expect(measure({ ...playing, at: 5000, speed: 5 }, 1500)).toBeUndefined();
  expect(measure({ ...playing, at: 6000, speed: 5, playing: false }, 9000)).toBeUndefined();
});

test("a leap over a quiet stretch is no speed", () => {
  const sweep = { from: 0, to: 9_000_000, elapsed: 0, duration: 400 };
  expect(told(250, 100, 10, { ...playing, sweep }).every((one) => one === undefined)).toBe(true);
});

test("what was reached before a leap is told until it is measured anew", () => {
  const measure = speedMeter();
  const sweep = { from: 0, to: 9_000_000, elapsed: 0, duration: 400 };
  for (let frame = 0; frame < 5; frame += 1) measure({ ...playing, at: frame * 1000 }, frame * 250);
  const leaping = [1250, 1500].map((ms) => measure({ ...playing, at: ms * 4000, sweep }, ms));
  expect(leaping).toEqual([4, 4]);
  expect(measure({ ...playing, at: 9_000_000 }, 1750)).toBe(4);
  expect(measure({ ...playing, at: 9_006_000 }, 2350)).toBeUndefined();
});

test("going back while time plays is no speed below nothing, nor one that is too slow", () => {
  const measure = speedMeter();
  const told = [0, 200, 400, 600, 800, 1000, 1200, 1400].map((ms) =>
    measure({ ...playing, at: (ms < 500 ? 90_000 : 0) + ms * 10 }, ms),
  );
  expect(told.every((one) => one === undefined)).toBe(true);
});
