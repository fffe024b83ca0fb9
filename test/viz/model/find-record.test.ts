import { expect, test } from "vitest";
import { findRecord } from "../../../viz/model/find-record.ts";
import { addEvents, newRecording, pictureAt } from "../../../viz/model/recording.ts";
import { leaderWith } from "../support/story.ts";

const story = leaderWith("ABAC");
const recording = newRecording();
addEvents(recording, story.events);
const picture = pictureAt(recording, story.events.length);
const find = (wanted: string, partition = "orders-0") =>
  findRecord(picture, recording.facts, partition, wanted);

test("a whole number is an offset", () => {
  expect(find("17")).toEqual({ partition: "orders-0", offset: 17 });
});

test("a key finds its newest record", () => {
  expect(find("A")).toEqual({ partition: "orders-0", offset: 2 });
  expect(find("B")).toEqual({ partition: "orders-0", offset: 1 });
});

test("a key is looked for in other partitions where the chosen one does not have it", () => {
  expect(find("A", "orders-9")).toEqual({ partition: "orders-0", offset: 2 });
  expect(find("17", "orders-9")).toEqual({ partition: "orders-9", offset: 17 });
});

test("a key that no log holds finds nothing", () => {
  expect(find("Z")).toBeUndefined();
});
