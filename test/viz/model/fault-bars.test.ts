import { expect, test } from "vitest";
import type { Fault } from "#sim";
import { faultBars, faultLabels } from "../../../viz/model/fault-bars.ts";
import { addEvents, newRecording } from "../../../viz/model/recording.ts";
import { Story } from "../support/story.ts";

const slow: Fault = { type: "slow", atMs: 0, forMs: 1, target: { node: "b1" }, stepMs: 5 };

type Times = readonly (readonly [from: number, to: number])[];

/** Bars of faults that strike and end at these times, in milliseconds. */
function drawnBars(times: Times, targets = ["b1"]) {
  const story = new Story();
  const turns = times.flatMap(([from, to], index) => [
    { at: from, index, type: "fault" as const },
    { at: to, index, type: "healed" as const },
  ]);
  const sentence = "It is slow.";
  for (const { at, index, type } of turns.toSorted((a, b) => a.at - b.at)) {
    story.wait(at - story.now / 1000);
    if (type === "healed") story.tell("world", { type, index, targets, sentence });
    else story.tell("world", { type, index, fault: slow, targets, sentence, met: true });
  }
  const recording = newRecording();
  addEvents(recording, story.events);
  return faultBars(recording);
}

const barsOf = (times: Times, targets = ["b1"]) =>
  drawnBars(times, targets).map(({ from, row, rows, name }) => [from / 1000, row, rows, name]);

test("faults one after the other have the whole lane, and a name", () => {
  expect(
    barsOf([
      [10, 20],
      [20, 30],
      [40, 50],
    ]),
  ).toEqual([
    [10, 0, 1, "slow b1"],
    [20, 0, 1, "slow b1"],
    [40, 0, 1, "slow b1"],
  ]);
  expect(barsOf([[10, 20]], ["b1", "b2"])).toEqual([[10, 0, 1, "slow"]]);
});

test("faults that overlap have rows of their own, and those that hang together have as many", () => {
  const rows = barsOf([
    [10, 30],
    [20, 40],
    [30, 35],
    [50, 60],
  ]).map(([from, row, count]) => [from, row, count]);
  expect(rows).toEqual([
    [10, 0, 2],
    [20, 1, 2],
    [30, 0, 2],
    [50, 0, 1],
  ]);
});

test("more than three at a time lie over each other in the last row", () => {
  const rows = barsOf([
    [10, 90],
    [20, 90],
    [30, 90],
    [40, 90],
  ]).map(([from, row, count]) => [from, row, count]);
  expect(rows).toEqual([
    [10, 0, 3],
    [20, 1, 3],
    [30, 2, 3],
    [40, 2, 3],
  ]);
});

test("faults that lie over each other share a name, with how many there are, and less of it where there is no room", () => {
  const labels = faultLabels(
    drawnBars([
      [10, 30],
      [20, 40],
      [50, 60],
      [70, 90],
      [70, 90],
      [75, 90],
      [80, 95],
    ]),
  );
  expect(labels.map(({ from, to, texts }) => [from / 1000, (to ?? 0) / 1000, ...texts])).toEqual([
    [10, 40, "slow b1, slow b1", "slow b1 +1", "2 faults", "×2"],
    [50, 60, "slow b1"],
    [70, 95, "slow b1 +3", "4 faults", "×4"],
  ]);
});
