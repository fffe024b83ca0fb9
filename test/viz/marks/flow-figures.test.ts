import fc from "fast-check";
import { expect, test } from "vitest";
import { type Box, type Place, stageLayout } from "../../../viz/marks/geometry.ts";
import {
  boxOf,
  figuresFinder,
  flowFigures,
  heartbeatsBox,
} from "../../../viz/marks/flow-figures.ts";
import { drawnFlows } from "../../../viz/marks/messages.ts";

const many = (letter: string, kind: Place["kind"], count: number): readonly Place[] =>
  Array.from({ length: count }, (_, index) => ({ name: `${letter}${index + 1}`, kind }));

/** Everybody with every broker, and controllers with one another. */
function flowsOf(places: readonly Place[], perSecond: (index: number) => number) {
  const pairs = places.flatMap((a, at) =>
    places
      .slice(at + 1)
      .filter((b) => a.kind === "broker" || b.kind === "broker" || a.kind === b.kind)
      .map((b): readonly [string, string] =>
        a.name < b.name ? [a.name, b.name] : [b.name, a.name],
      ),
  );
  return pairs.map((ends, index) => ({
    link: ends.join("|"),
    ends,
    perSecond: perSecond(index),
  }));
}

const apart = (a: Box, b: Box): boolean =>
  a.x + a.width <= b.x || b.x + b.width <= a.x || a.y + a.height <= b.y || b.y + b.height <= a.y;

const clusters = fc
  .tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 12 }))
  .map(([controllers, brokers]) => [
    ...many("c", "controller", controllers),
    ...many("b", "broker", brokers),
    ...many("p", "producer", 1),
    ...many("k", "consumer", 1),
  ]);

test("figures cover neither one another, nor a node, nor the count of heartbeats", () => {
  fc.assert(
    fc.property(
      clusters,
      fc.array(fc.nat(2000), { minLength: 90, maxLength: 90 }),
      (all, counts) => {
        const layout = stageLayout(all, "full");
        const flows = drawnFlows(
          flowsOf(all, (index) => 1 + (counts[index] ?? 0)),
          layout,
        );
        const { figures, sum } = flowFigures(flows, layout, 12);
        const boxes = [...figures, ...(sum === undefined ? [] : [sum])].map((one) =>
          boxOf(one, 12),
        );
        const taken = [heartbeatsBox, ...layout.boxes.values()];
        for (const [at, box] of boxes.entries()) {
          const isSum = at === figures.length;
          for (const other of [...boxes.slice(at + 1), ...(isSum ? [heartbeatsBox] : taken)])
            expect(apart(box, other)).toBe(true);
        }
      },
    ),
  );
});

test("the default cluster's fourteen links have figures on the busiest, and what all carry is told once", () => {
  const places = [
    ...many("c", "controller", 3),
    ...many("b", "broker", 3),
    ...many("p", "producer", 1),
    ...many("k", "consumer", 1),
  ];
  const layout = stageLayout(places, "full");
  const flows = flowsOf(places, (index) => 10 + index);
  const { figures, sum } = flowFigures(drawnFlows(flows, layout), layout, 12);
  expect(flows.length).toBeGreaterThan(12);
  expect(figures.length).toBeGreaterThanOrEqual(8);
  const busiest = flows.at(-1);
  expect(figures[0]).toMatchObject({ link: busiest?.link, text: `${busiest?.perSecond}/s` });
  const all = flows.reduce((total, { perSecond }) => total + perSecond, 0);
  expect(sum?.text).toBe(`${all}/s on ${flows.length} links`);
});

test("few links have a figure each, and nothing else is told", () => {
  const places = many("b", "broker", 3);
  const layout = stageLayout(places, "full");
  const flows = drawnFlows(
    flowsOf(places, () => 312),
    layout,
  );
  const { figures, sum } = flowFigures(flows, layout, 12);
  expect(figures.map(({ link, text }) => `${link} ${text}`)).toEqual([
    "b1|b2 312/s",
    "b1|b3 312/s",
    "b2|b3 312/s",
  ]);
  expect(sum).toBe(undefined);
  const find = figuresFinder();
  const once = find(flows, layout, 12);
  expect(find([...flows], layout, 12)).toBe(once);
  expect(find(flows.slice(1), layout, 12)).not.toBe(once);
});
