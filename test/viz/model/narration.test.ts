import { expect, test } from "vitest";
import { sentence } from "../../../viz/model/narration.ts";
import { addEvents, newRecording } from "../../../viz/model/recording.ts";
import { leaderWith } from "../support/story.ts";

const story = leaderWith("ABCDEFGH");
const batch = story.pack("p1", "orders-0", "XYZ");
story.append("b1", "orders-0", 0, batch, 8, 3);
story.strike("powerLoss", "b1");
story.elect("orders-0", 2, 1, [2, 3]);
story.elect("orders-0", 3, 2, [3], { why: "uncleanElected" });
story.elect("orders-0", -1, 3, [3], { why: "offline" });
const hurt = { type: "fileHurt", file: "orders-0/00000000000000000000.log", from: 500 } as const;
story.tell("b1", { ...hurt, why: "unsynced", before: 900, after: 500 });
const recording = newRecording();
addEvents(recording, story.events);

const told = recording.events.map((event) => sentence(event, recording.facts));

test("every event has a sentence of its own words", () => {
  expect(told.filter((text) => /undefined|\[object|NaN/.test(text) || text === "")).toEqual([]);
});

test("what is told by itself fits on one line", () => {
  const beats = told.filter((_, index) => recording.beats.includes(index));
  expect(beats.length).toBeGreaterThan(30);
  expect(beats.filter((text) => text.length > 100)).toEqual([]);
});

test("an election names the new leader, the partition and the epoch", () => {
  expect(told).toContain("b2 now leads orders-0, in epoch 1");
  expect(told).toContain("b3 now leads orders-0 in epoch 2, though it was not in sync");
  expect(told).toContain("orders-0 has no leader: no in-sync replica is up");
});

test("a power loss tells what is gone, by the partition's name", () => {
  expect(told).toContain("b1 lost 400 bytes of orders-0: they were not on its disk yet");
});

test("a batch is told by the records in it", () => {
  const names = recording.facts.batches.get(batch)?.records.map(({ value }) => value) ?? [];
  expect(told).toContain(`b1 copies ${names[0]}, ${names[1]} and 1 more to orders-0, offsets 8–10`);
});

test("what is asked of a disk is told in words, with the file", () => {
  const asked = (op: "append" | "fsync" | "fsyncFolder" | "rename" | "truncate", file: string) => {
    const event = { type: "disk", op, file, position: 48, length: 16, until: 0 } as const;
    const own = { ...event, seq: 0, at: 0, node: "b1", causes: [] };
    return sentence(own, recording.facts);
  };
  expect(asked("append", "o-0/1.log")).toBe("b1 appends 16 bytes to o-0/1.log at 48");
  expect(asked("truncate", "o-0/1.log")).toBe("b1 cuts o-0/1.log off at 48");
  expect(asked("fsync", "o-0/1.log")).toBe("b1 flushes o-0/1.log to its disk");
  expect(asked("rename", "log-start")).toBe("b1 renames a file to log-start");
  expect(asked("fsyncFolder", "")).toBe("b1 flushes the names in its data folder to its disk");
});
