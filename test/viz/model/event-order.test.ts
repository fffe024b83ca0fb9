import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { eventOrder, placeOfTime, timeAtPlace } from "../../../viz/model/event-order.ts";
import { nearest, timeX, xTime } from "../../../viz/marks/space-time-layout.ts";

const order = eventOrder(1000, 11_000, [4000, 1500, 4000, 10_999, 900, 12_000, 11_000]);

describe("time as an order", () => {
  test("is made of what lies in the stretch, once each", () => {
    expect(order).toEqual([1000, 1500, 4000, 10_999, 11_000]);
  });

  test("gives neighbours equal room, whatever lies between them", () => {
    expect(order.map((at) => placeOfTime(order, at))).toEqual([1000, 3500, 6000, 8500, 11_000]);
    expect(placeOfTime(order, 2750)).toBe(4750);
  });

  test("leaves what is outside where it is", () => {
    for (const at of [0, 999, 11_001, Infinity]) expect(placeOfTime(order, at)).toBe(at);
  });

  test("is read back to the time that stands at a place, and never turns round", () => {
    const times = fc.array(fc.integer({ min: 0, max: 1_000_000 }), { maxLength: 40 });
    fc.assert(
      fc.property(times, fc.integer({ min: 0, max: 1_000_000 }), (all, at) => {
        const some = eventOrder(0, 1_000_000, all);
        const place = placeOfTime(some, at);
        expect(timeAtPlace(some, place)).toBeCloseTo(at, 3);
        expect(placeOfTime(some, at + 1)).toBeGreaterThan(place);
      }),
    );
  });

  test("is where the diagram draws, and what a pointer finds there", () => {
    const layout = { width: 524, height: 100, gutter: 100, from: 1000, to: 11_000, nodes: ["b1"] };
    const ordered = { ...layout, order };
    expect(order.map((at) => timeX(ordered, at))).toEqual([100, 200, 300, 400, 500]);
    expect(xTime(ordered, 350)).toBeCloseTo((4000 + 10_999) / 2, 6);
    const dots = [
      { event: 7, node: "b1", at: 10_999, count: 1, dark: true },
      { event: 8, node: "b1", at: 11_000, count: 1, dark: true },
    ];
    const drawn = { lines: [], dots, rows: [], chain: [], messages: 0, heartbeats: 0 };
    const view = { ...drawn, from: 1000, to: 11_000, way: undefined, order };
    expect(nearest(ordered, view, { x: 402, y: 45 }, 9)).toMatchObject({ event: 7 });
    expect(nearest(layout, { ...view, order: undefined }, { x: 402, y: 45 }, 9)).toBeUndefined();
  });
});
