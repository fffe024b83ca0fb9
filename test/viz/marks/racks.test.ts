import fc from "fast-check";
import { expect, test } from "vitest";
import { type Box, type Place, stageLayout } from "../../../viz/marks/geometry.ts";

const cluster = (brokers: number, racks: number): Place[] =>
  Array.from({ length: brokers }, (_, index) => ({
    name: `b${index + 1}`,
    kind: "broker" as const,
    ...(racks === 0 ? {} : { rack: `rack-${index % racks}` }),
  }));

const around: readonly Place[] = [
  { name: "c1", kind: "controller" },
  { name: "p1", kind: "producer" },
  { name: "a1", kind: "admin" },
];

const isInside = (inner: Box, outer: Box): boolean =>
  inner.x >= outer.x - 0.01 &&
  inner.y >= outer.y - 0.01 &&
  inner.x + inner.width <= outer.x + outer.width + 0.01 &&
  inner.y + inner.height <= outer.y + outer.height + 0.01;

const overlap = (a: Box, b: Box): boolean =>
  a.x < b.x + b.width - 0.01 &&
  b.x < a.x + a.width - 0.01 &&
  a.y < b.y + b.height - 0.01 &&
  b.y < a.y + a.height - 0.01;

test("up to a hundred brokers stand in their racks, on the stage, apart from all others", () => {
  const counts = fc.tuple(fc.integer({ min: 1, max: 100 }), fc.integer({ min: 0, max: 12 }));
  fc.assert(
    fc.property(counts, fc.constantFrom("full", "compact"), ([brokers, racks], density) => {
      const places = [...cluster(brokers, racks), ...around];
      const { boxes, racks: frames, width, height } = stageLayout(places, density);
      const all = [...boxes.values()];
      expect(all.every((box) => isInside(box, { x: 0, y: 0, width, height }))).toBe(true);
      expect(all.some((box, at) => all.some((one, i) => i > at && overlap(box, one)))).toBe(false);
      for (const [index, frame] of frames.entries()) {
        for (const node of frame.nodes) {
          const box = boxes.get(node);
          expect(box !== undefined && isInside(box, frame)).toBe(true);
          expect(places.find(({ name }) => name === node)?.rack).toBe(frame.rack);
        }
        for (const other of frames.slice(index + 1)) expect(overlap(frame, other)).toBe(false);
      }
      if (racks > 1 && brokers > racks) {
        expect(frames.flatMap(({ nodes }) => nodes)).toHaveLength(brokers);
      }
    }),
    { numRuns: 60 },
  );
});

test("nine are cards, thirty are chips of 56 x 40 and a hundred are tiles of 16 px", () => {
  const sizes = [9, 30, 100].map((count) => {
    const layout = stageLayout([...cluster(count, 3), ...around], "full");
    const box = layout.boxes.get("b1");
    return [layout.size, layout.forms.get("b1"), box?.width, box?.height];
  });
  expect(sizes[0]?.slice(0, 2)).toEqual(["cards", undefined]);
  expect(sizes[1]).toEqual(["chips", "chip", 56, 40]);
  expect(sizes[2]).toEqual(["tiles", "tile", 16, 16]);
});

test("a rack is a column of cards", () => {
  const { boxes } = stageLayout([...cluster(6, 3), ...around], "full");
  const x = (name: string): number => boxes.get(name)?.x ?? NaN;
  expect(x("b4")).toBe(x("b1"));
  expect(x("b5")).toBe(x("b2"));
  expect(new Set([x("b1"), x("b2"), x("b3")]).size).toBe(3);
});

test("clients and controllers in crowds become smaller, and stay on the stage", () => {
  const crowd: readonly Place[] = [
    ...Array.from({ length: 7 }, (_, i): Place => ({ name: `c${i + 1}`, kind: "controller" })),
    ...cluster(3, 0),
    ...Array.from({ length: 16 }, (_, i): Place => ({ name: `p${i + 1}`, kind: "producer" })),
    ...Array.from({ length: 16 }, (_, i): Place => ({ name: `k${i + 1}`, kind: "consumer" })),
  ];
  const { boxes, forms, width, height } = stageLayout(crowd, "full");
  expect([forms.get("c1"), forms.get("b1"), forms.get("p1")]).toEqual(["chip", undefined, "tile"]);
  for (const box of boxes.values()) {
    expect(isInside(box, { x: 0, y: 0, width, height })).toBe(true);
  }
});
