import fc from "fast-check";
import { expect, test } from "vitest";
import { dropFirst, firstAt, firstField, newQueue, pushEntry } from "../../../sim/world/queue.ts";

test("entries leave by time, then by the order in which they were planned", () => {
  const action = fc.oneof(fc.nat(20), fc.constant("drop" as const));
  fc.assert(
    fc.property(fc.array(action, { maxLength: 400 }), (actions) => {
      const queue = newQueue();
      const model: [number, number][] = [];
      let order = 0;
      const first = () => model.sort(([a, i], [b, j]) => a - b || i - j)[0];
      for (const act of actions) {
        if (act === "drop") {
          if (model.length === 0) continue;
          expect([firstAt(queue), firstField(queue, 1)]).toEqual(first());
          expect(firstField(queue, 4)).toBe(firstField(queue, 1) * 3);
          model.shift();
          dropFirst(queue);
        } else {
          pushEntry(queue, act, order, 2, 7, order * 3, 0);
          model.push([act, order++]);
        }
      }
      expect(firstAt(queue)).toBe(first()?.[0] ?? Infinity);
      expect(queue.length).toBe(model.length);
    }),
  );
});
