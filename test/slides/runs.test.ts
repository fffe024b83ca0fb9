// Each press of a concept slide stands at a moment of a real run; here that moment tells what the slide says.
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { type TraceEvent, judge, runScenario } from "#sim";
import { partitionForKey } from "../../core/wire/murmur2.ts";
import { slideRuns } from "../../slides/runs/runs.ts";
import { type Picture, brokerName } from "../../viz/model/picture.ts";
import { addEvents, countAt, newRecording, pictureAt } from "../../viz/model/recording.ts";

const chapters = ["core-concepts", "guarantees"]
  .map((name) => readFileSync(new URL(`../../slides/chapters/${name}.html`, import.meta.url)))
  .join("\n");

/** The moments of the slide that shows a run, in milliseconds, the first picture first. */
function momentsOf(run: string): readonly number[] {
  const tag = new RegExp(`data-run="${run}"[^>]*>`).exec(chapters)?.[0] ?? "";
  const [, at = ""] = /data-at="([^"]+)"/.exec(tag) ?? [];
  const [, steps = ""] = /data-steps="([^"]+)"/.exec(tag) ?? [];
  return [at, ...steps.split(" ")].map(Number);
}

function picturesOf(run: string): readonly Picture[] {
  const scenario = slideRuns.get(run)?.();
  if (scenario === undefined) throw new RangeError(`the deck has no run ${run}`);
  const events: TraceEvent[] = [];
  runScenario(scenario, { listeners: [(event) => void events.push(event)] });
  const recording = newRecording();
  addEvents(recording, events);
  return momentsOf(run).map((ms) => pictureAt(recording, countAt(recording, ms * 1000)));
}

/** Where the logs of a partition end, by broker. */
function ends({ partitions }: Picture, name = "orders-0"): Readonly<Record<string, number>> {
  const strips = partitions.get(name)?.strips ?? new Map<string, { readonly end: number }>();
  return Object.fromEntries([...strips].map(([node, { end }]) => [node, end]));
}

const leader = ({ partitions }: Picture, name = "orders-0"): string =>
  brokerName(partitions.get(name)?.leader ?? -1);
const mark = (picture: Picture): number =>
  picture.partitions.get("orders-0")?.strips.get(leader(picture))?.highWatermark ?? -1;
const told = ({ partitions }: Picture): number => partitions.get("orders-0")?.told.size ?? 0;
const stateOf = ({ nodes }: Picture, node: string): string | undefined => nodes.get(node)?.state;
const inFlight = ({ messages }: Picture, at: number): readonly string[] =>
  [...messages.values()]
    .filter(({ arrival }) => (arrival ?? 0) > at * 1000)
    .map(({ from, to, api }) => `${from} ${to} ${api}`)
    .sort();

test("topic: nothing, a name, three partitions with a leader each, a record to one of them, its copies", () => {
  const [before, asked, made, written, fetched] = picturesOf("topic");
  const at = momentsOf("topic");
  expect(before?.partitions.size).toBe(0);
  expect(asked?.partitions.size).toBe(0);
  const leaders = ["orders-0", "orders-1", "orders-2"].map((name) => made && leader(made, name));
  expect(leaders).toEqual(["b1", "b2", "b3"]);
  expect(written && inFlight(written, at[3] ?? 0)).toEqual(["p1 b1 Produce"]);
  expect(fetched && inFlight(fetched, at[4] ?? 0)).toEqual(["b1 b2 Fetch", "b1 b3 Fetch"]);
});

test("partition: each press brings one record to the log that Kafka's hash gives its key", () => {
  const encode = (key: string): Uint8Array => new TextEncoder().encode(key);
  const lengths = [0, 0, 0];
  const [first, ...pressed] = picturesOf("partition");
  const now = (picture: Picture | undefined): readonly (number | undefined)[] =>
    [0, 1, 2].map((i) => picture && Math.max(0, ...Object.values(ends(picture, `orders-${i}`))));
  expect(now(first)).toEqual(lengths);
  for (const [step, key] of ["A", "D", "A", "F", "A"].entries()) {
    const partition = partitionForKey(encode(key), 3);
    lengths[partition] = (lengths[partition] ?? 0) + 1;
    expect(now(pressed[step])).toEqual(lengths);
  }
  expect(Math.min(...lengths)).toBeGreaterThan(0);
});

test("offset: two readers move their bookmarks, and the log stays as it is", () => {
  const bookmarks = picturesOf("offset").map((picture) => {
    expect(ends(picture)).toEqual({ b1: 8 });
    return ["k1", "k2"].map(
      (node) => picture.nodes.get(node)?.client?.positions.get("orders-0")?.offset ?? 0,
    );
  });
  expect(bookmarks).toEqual([
    [0, 0],
    [3, 0],
    [8, 2],
    [8, 4],
  ]);
});

test("replication: written, fetched, known to be safe, told; then the leader dies and a follower leads", () => {
  const pictures = picturesOf("replication");
  expect(pictures.map((picture) => ends(picture))).toEqual([
    { b1: 0, b2: 0, b3: 0 },
    { b1: 1, b2: 0, b3: 0 },
    { b1: 1, b2: 1, b3: 1 },
    { b1: 1, b2: 1, b3: 1 },
    { b1: 1, b2: 1, b3: 1 },
    { b1: 4, b2: 4, b3: 4 },
    { b1: 4, b2: 4, b3: 4 },
  ]);
  expect(pictures.map(mark)).toEqual([0, 0, 0, 1, 1, 3, 4]);
  expect(pictures.map(told)).toEqual([0, 0, 0, 0, 1, 3, 3]);
  expect(pictures.map((picture) => stateOf(picture, "b1")).slice(4)).toEqual([
    "up",
    "crashed",
    "crashed",
  ]);
  expect(pictures.map((picture) => leader(picture)).slice(4)).toEqual(["b1", "b1", "b2"]);
});

test("guarantees: two of three crash, what was acknowledged is kept, and writes stop", () => {
  const pictures = picturesOf("guarantees");
  expect(pictures.map(told)).toEqual([3, 3, 8, 8, 8]);
  expect(pictures.map((picture) => stateOf(picture, "b1"))).toEqual([
    "up",
    ...Array<string>(4).fill("crashed"),
  ]);
  expect(pictures.map((picture) => stateOf(picture, "b2")).slice(2)).toEqual([
    "up",
    "crashed",
    "crashed",
  ]);
  const last = pictures.at(-1);
  expect(last && leader(last)).toBe("b3");
  expect(last && ends(last)["b3"]).toBe(8);
  // Somebody tries all the time.
  expect(last?.partitions.get("orders-0")?.isr).toEqual([3]);
});

test("no run of the deck breaks a promise", () => {
  for (const [name, make] of slideRuns) {
    const broken = judge(make()).judgements.filter(({ holds }) => !holds);
    expect(broken, name).toEqual([]);
  }
});
