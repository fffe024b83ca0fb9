// What is written beside messages lies on nothing else.
import fc from "fast-check";
import { expect, test } from "vitest";
import { boxOf, flowFigures, heartbeatsBox, noFigures } from "../../../viz/marks/flow-figures.ts";
import { type Box, type Place, stageLayout } from "../../../viz/marks/geometry.ts";
import { labelBox, markBox, messageLabels } from "../../../viz/marks/message-labels.ts";
import { type Dot, drawnFlows } from "../../../viz/marks/messages.ts";
import type { MessagePicture } from "../../../viz/model/picture.ts";

const places: readonly Place[] = [
  ...["c1", "c2", "c3"].map((name) => ({ name, kind: "controller" }) as const),
  ...["b1", "b2", "b3"].map((name) => ({ name, kind: "broker" }) as const),
  { name: "p1", kind: "producer" },
  { name: "k1", kind: "consumer" },
];
const layout = stageLayout(places, "full");

function dotAt(
  x: number,
  y: number,
  rest: Partial<Dot> = {},
  api = "Fetch",
  response = false,
): Dot {
  const message = { from: "b2", to: "b1", api, response } as unknown as MessagePicture;
  return { x, y, message, count: 1, held: false, radius: 6, way: undefined, ...rest };
}

const apart = (a: Box, b: Box): boolean =>
  a.x + a.width <= b.x || b.x + b.width <= a.x || a.y + a.height <= b.y || b.y + b.height <= a.y;

const someDots = fc.array(
  fc
    .record({
      x: fc.integer({ min: 20, max: 470 }),
      y: fc.integer({ min: 66, max: 336 }),
      count: fc.constantFrom(1, 1, 1, 61),
      held: fc.boolean(),
      radius: fc.constantFrom(4, 6, 8),
      api: fc.constantFrom("Fetch", "Produce", "BrokerRegistration", "Metadata"),
      response: fc.boolean(),
    })
    .map(({ x, y, api, response, ...rest }) => dotAt(x, y, rest, api, response)),
  { maxLength: 9 },
);

test("a label covers neither a node, nor another message, nor anything else that is written", () => {
  const ends = ["b1", "p1"] as const;
  const lines = drawnFlows([{ link: "b1|p1", ends, perSecond: 312 }], layout);
  const figures = flowFigures(lines, layout, 12);
  fc.assert(
    fc.property(someDots, (dots) => {
      const labels = messageLabels(dots, layout, figures, 12).map((one) => labelBox(one, 12));
      const written = figures.figures.map((one) => boxOf(one, 12));
      const others = [heartbeatsBox, ...layout.boxes.values(), ...written];
      for (const [at, box] of labels.entries()) {
        for (const other of [...others, ...labels.slice(at + 1)])
          expect(apart(box, other)).toBe(true);
        // It stands beside one mark and on none.
        expect(dots.every((dot) => apart(box, markBox(dot)))).toBe(true);
        expect(box.x >= 0 && box.x + box.width <= layout.width).toBe(true);
      }
    }),
  );
});

const texts = (dots: readonly Dot[]): readonly string[] =>
  messageLabels(dots, layout, noFigures, 12).map(({ text }) => text);

test("few messages have a name each, the usual place first", () => {
  const far = [
    dotAt(250, 95),
    dotAt(100, 310, {}, "Produce"),
    dotAt(300, 310, {}, "Produce", true),
  ];
  expect([...texts(far)].sort()).toEqual(["Fetch", "Produce", "Produce answer"]);
  const [first] = messageLabels(far, layout, noFigures, 12);
  expect(first).toEqual({ text: "Fetch", at: { x: 261, y: 95 } });
});

test("two at nearly one place do not write over each other", () => {
  const boxes = messageLabels(
    [dotAt(240, 310), dotAt(240, 322, {}, "Produce")],
    layout,
    noFigures,
    12,
  ).map((one) => labelBox(one, 12));
  expect(boxes.length).toBe(2);
  const [a, b] = boxes;
  expect(a !== undefined && b !== undefined && apart(a, b)).toBe(true);
});

test("where there is no room for all, a sum comes before what is held, and that before an answer", () => {
  // A knot of messages at one point.
  const knot = [
    dotAt(240, 300, {}, "Metadata", true),
    dotAt(241, 300, {}, "Fetch"),
    dotAt(242, 300, { held: true }, "Produce"),
    dotAt(243, 300, { count: 61, radius: 9 }),
  ];
  const all = texts(knot);
  expect(all[0]).toBe("×61");
  const order = ["×61", "Produce", "Fetch", "Metadata answer"];
  expect(all).toEqual(order.filter((text) => all.includes(text)));
});

test("a crowd has no names, but its sums have their number", () => {
  const crowd = Array.from({ length: 7 }, (_, index) => dotAt(40 + 60 * index, 310));
  expect(texts(crowd)).toEqual([]);
  expect(texts([...crowd, dotAt(250, 95, { count: 70, radius: 9 })])).toEqual(["×70"]);
});
