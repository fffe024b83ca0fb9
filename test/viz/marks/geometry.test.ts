import fc from "fast-check";
import { expect, test } from "vitest";
import type { TraceEvent } from "#sim";
import { type Place, pathBetween, pointOn, stageLayout } from "../../../viz/marks/geometry.ts";
import { dotNear, dotsAt, heartbeatsIn } from "../../../viz/marks/messages.ts";
import { fitted, stripHeight, strips, stripWidth } from "../../../viz/marks/strip-layout.ts";
import { fold } from "../../../viz/model/fold.ts";
import { newPicture } from "../../../viz/model/picture.ts";
import { Story } from "../support/story.ts";

const some = (letter: string, kind: Place["kind"], max: number) =>
  fc
    .integer({ min: 1, max })
    .map((count): Place[] =>
      Array.from({ length: count }, (_, index) => ({ name: `${letter}${index + 1}`, kind })),
    );
const places = fc
  .tuple(some("c", "controller", 3), some("b", "broker", 3), some("p", "producer", 2))
  .map(([c, b, p]) => [...c, ...b, ...p, { name: "a1", kind: "admin" } as const]);

test("cards stay on the stage and apart from one another", () => {
  fc.assert(
    fc.property(places, fc.constantFrom("full", "compact"), (all, density) => {
      const { width, height, boxes } = stageLayout(all, density);
      const cards = [...boxes.values()];
      expect(cards.length).toBe(density === "full" ? all.length : all.length - 1);
      for (const [index, card] of cards.entries()) {
        expect(card.x).toBeGreaterThanOrEqual(0);
        expect(card.x + card.width).toBeLessThanOrEqual(width);
        expect(card.y + card.height).toBeLessThanOrEqual(height);
        for (const other of cards.slice(index + 1)) {
          const beside = card.x + card.width <= other.x || other.x + other.width <= card.x;
          const above = card.y + card.height <= other.y || other.y + other.height <= card.y;
          expect(beside || above).toBe(true);
        }
      }
    }),
  );
});

test("three brokers' columns are as wide as the design says, and three partitions fit", () => {
  expect(stripWidth(strips.lab)).toBe(772);
  expect(3 * stripHeight(strips.lab, 3)).toBeLessThanOrEqual(456 - 22);
});

const story = new Story();
for (const node of ["b1", "b2", "p1"]) story.start(node);
const message = story.send("p1", "b1", "Produce", 4);
const heartbeat = story.send("b1", "c1", "BrokerHeartbeat", 4);
const four: readonly Place[] = [
  { name: "b1", kind: "broker" },
  { name: "b2", kind: "broker" },
  { name: "c1", kind: "controller" },
  { name: "p1", kind: "producer" },
];
const layout = stageLayout(four, "full");

function picture() {
  const now = newPicture();
  for (const event of story.events) fold(now, event);
  return now;
}

test("a message stands where its own latency puts it", () => {
  const path = pathBetween(layout, "p1", "b1");
  if (path === undefined) throw new RangeError("no way from p1 to b1");
  for (const share of [0, 0.25, 0.5, 1]) {
    const [dot] = dotsAt(picture(), layout, 4000 * share, "paused");
    expect(dot).toMatchObject(pointOn(path, share));
    expect(dot?.message.event).toBe(message);
  }
});

test("heartbeats are not drawn; a message can be found near a pointer", () => {
  const dots = dotsAt(picture(), layout, 2000, "paused");
  expect(dots.some((dot) => dot.message.event === heartbeat)).toBe(false);
  const [dot] = dots;
  if (dot === undefined) throw new RangeError("no dot");
  expect(dotNear(dots, { x: dot.x + 9, y: dot.y }, 10)).toBe(dot);
  expect(dotNear(dots, { x: dot.x + 60, y: dot.y }, 10)).toBe(undefined);
});

test("what is too fast to follow is no dot; what must not move stands in the middle of its way", () => {
  expect(dotsAt(picture(), layout, 1000, 10)).toHaveLength(1);
  expect(dotsAt(picture(), layout, 1000, 1000)).toEqual([]);
  const [still] = dotsAt(picture(), layout, 1000, "still");
  const path = pathBetween(layout, "p1", "b1");
  if (path === undefined) throw new RangeError("no way from p1 to b1");
  expect(still).toMatchObject({ ...pointOn(path, 0.5), way: path });
});

test("heartbeats are drawn for who asks for them, and counted for who does not", () => {
  expect(heartbeatsIn(picture())).toBe(1);
  const dots = dotsAt(picture(), layout, 2000, "paused", true);
  expect(new Set(dots.map((dot) => dot.message.event))).toEqual(new Set([message, heartbeat]));
});

test("more than sixty messages on a link are one dot with their number, others stay as they are", () => {
  const crowd = new Story();
  for (const node of ["b1", "b2", "p1"]) crowd.start(node);
  const oldest = crowd.send("p1", "b1", "Produce", 4);
  for (let i = 1; i < 60; i += 1)
    crowd.send(i % 2 === 0 ? "p1" : "b1", i % 2 === 0 ? "b1" : "p1", "Produce", 4);
  const single = crowd.send("b2", "b1", "Fetch", 4);
  const now = newPicture();
  for (const event of crowd.events) fold(now, event);
  expect(dotsAt(now, layout, 1000, "paused")).toHaveLength(61);
  fold(now, { ...(crowd.events[oldest] as TraceEvent), seq: crowd.events.length });
  const dots = dotsAt(now, layout, 1000, "paused");
  expect(dots.map(({ count, message: { event } }) => [count, event])).toEqual([
    [61, oldest],
    [1, single],
  ]);
  const path = pathBetween(layout, "b1", "p1");
  if (path === undefined) throw new RangeError("no way from b1 to p1");
  expect(dots[0]).toMatchObject(pointOn(path, 0.5));
});

test("a message is held before the middle of its way where that way is cut, and nowhere else", () => {
  const cut = new Story();
  for (const node of ["b1", "p1"]) cut.start(node);
  const there = cut.send("p1", "b1", "Produce", 4);
  const back = cut.send("b1", "p1", "Produce", 4);
  const after = (oneWay: object) => {
    const now = newPicture();
    const told = [
      { type: "linkCut", peer: "b1", ...oneWay },
      { type: "delayed", message: there, arrival: null },
    ] as const;
    for (const event of cut.events) fold(now, event);
    for (const [at, body] of told.entries())
      fold(now, { seq: 90 + at, at: 0, node: "p1", causes: [], ...body });
    const dots = dotsAt(now, layout, 3000, "paused");
    const path = pathBetween(layout, "p1", "b1");
    if (path !== undefined) expect(dots[0]).toMatchObject(pointOn(path, 0.38));
    return dots.map(({ message, held }) => [message.event, held]);
  };
  // What goes the other way had no news of a cut: it is in its receiver's buffer by then.
  expect(after({})).toEqual([
    [there, true],
    [back, false],
  ]);
  expect(after({ oneWay: true })).toEqual([
    [there, true],
    [back, false],
  ]);
  const now = newPicture();
  for (const event of cut.events) fold(now, event);
  fold(now, { seq: 90, at: 0, node: "b1", causes: [], type: "linkCut", peer: "p1", oneWay: true });
  fold(now, {
    seq: 91,
    at: 0,
    node: "p1",
    causes: [],
    type: "delayed",
    message: there,
    arrival: null,
  });
  // It waits for room at its receiver; only the other direction is cut.
  expect(dotsAt(now, layout, 3000, "paused").map(({ held }) => held)).toEqual([false, false]);
});

test.each([
  // Gutter, cells and air are exactly as wide as the logs at 1280 x 720 and on a phone of 390.
  ["lab", 772, 24],
  ["teach", 772, 14],
  ["phone", 374, 12],
  ["phone", 344, 10],
  // Half the width, for two runs side by side: fewer records, none smaller.
  ["lab", 626, 18],
  // More than there is to show makes everything larger instead.
  ["teach", 1158, 14],
] as const)("a strip in %s of %i px shows %i records", (kind, width, columns) => {
  const layout = fitted(strips[kind], width);
  expect(layout.columns).toBe(columns);
  expect(stripWidth(layout)).toBeLessThanOrEqual(width);
});

test("no way leads off the stage", () => {
  fc.assert(
    fc.property(places, fc.constantFrom("full", "compact"), (all, density) => {
      const stage = stageLayout(all, density);
      for (const from of stage.boxes.keys())
        for (const to of stage.boxes.keys()) {
          const way = from === to ? undefined : pathBetween(stage, from, to);
          if (way === undefined) continue;
          for (const share of [0, 0.5, 1]) {
            const { x, y } = pointOn(way, share);
            expect(Math.min(x, y, stage.width - x, stage.height - y)).toBeGreaterThanOrEqual(0);
          }
        }
    }),
  );
});
