import fc from "fast-check";
import { expect, test } from "vitest";
import { advance, createWorld, newRuntime, stepWorld, type World } from "#sim";
import { faults, seed } from "./arbitraries.ts";
import { toys, toyScenario } from "./toy.ts";

/** Everything that is reachable by two paths, sealed bytes apart. */
function shared(world: World): Set<object> {
  const seen = new Set<object>();
  const twice = new Set<object>();
  const visit = (value: unknown): void => {
    if (typeof value !== "object" || value === null || value instanceof Uint8Array) return;
    if (seen.has(value)) {
      twice.add(value);
      return;
    }
    seen.add(value);
    if (value instanceof Map) for (const member of value.values()) visit(member);
    else if (Array.isArray(value)) for (const element of value) visit(element);
    else if (!ArrayBuffer.isView(value)) for (const member of Object.values(value)) visit(member);
  };
  visit(world);
  return twice;
}

test("the world is a tree: what is reachable by two paths never changes", () => {
  fc.assert(
    fc.property(seed, faults, fc.array(fc.nat(400), { maxLength: 5 }), (text, plan, counts) => {
      const world = createWorld(toyScenario(text, plan));
      const runtime = newRuntime(toys);
      for (const count of counts) {
        for (let i = 0; i < count; i++) stepWorld(world, runtime, undefined, Infinity);
        for (const value of shared(world)) {
          // A frozen object would throw when written; Maps, Sets and typed arrays cannot be frozen.
          expect(value instanceof Map || value instanceof Set || ArrayBuffer.isView(value)).toBe(
            false,
          );
          Object.freeze(value);
        }
      }
      advance(world, runtime, undefined, Infinity);
      expect(runtime.thrown).toEqual([]);
      expect(world.phase).toBe("end");
    }),
    { numRuns: 25 },
  );
});
