import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { comparePlain } from "../../../sim/world/compare-worlds.ts";
import { copyPlain } from "../../../sim/world/copy-world.ts";
import { hashPlain } from "../../../sim/world/hash-world.ts";

const leaf = fc.oneof(
  fc.integer(),
  fc.double({ noNaN: true }),
  fc.constantFrom(-0, 2 ** 40, -1e15),
  fc.string(),
  fc.boolean(),
  fc.constantFrom(null, undefined),
  fc.uint8Array({ maxLength: 6 }),
  fc.float64Array({ maxLength: 4, noNaN: true }),
  fc.int8Array({ maxLength: 6 }),
);
const { plain } = fc.letrec<{ plain: unknown; list: unknown; map: unknown; object: unknown }>(
  (tie) => ({
    plain: fc.oneof({ depthSize: "small" }, leaf, tie("list"), tie("map"), tie("object")),
    list: fc.array(tie("plain"), { maxLength: 4 }),
    map: fc
      .uniqueArray(fc.tuple(fc.oneof(fc.integer(), fc.string()), tie("plain")), {
        maxLength: 4,
        selector: ([key]) => key,
      })
      .map((entries) => new Map(entries)),
    object: fc
      .uniqueArray(fc.tuple(fc.stringMatching(/^[a-z]{1,3}$/), tie("plain")), {
        maxLength: 4,
        selector: ([key]) => key,
      })
      .map((entries) => Object.fromEntries(entries)),
  }),
);

/** Every place that can be written to, with a write that changes it. */
function writes(value: unknown, found: (() => void)[] = []): (() => void)[] {
  if (Array.isArray(value)) {
    found.push(() => void value.push(0));
    for (const element of value) writes(element, found);
  } else if (value instanceof Map) {
    found.push(() => void value.set({}, 0));
    for (const member of value.values()) writes(member, found);
  } else if (value instanceof Float64Array || value instanceof Int8Array) {
    if (value.length > 0) found.push(() => void (value[0] = value[0] === 3 ? 4 : 3));
  } else if (typeof value === "object" && value !== null && !ArrayBuffer.isView(value)) {
    found.push(() => void ((value as Record<string, unknown>)["added"] = 0));
    for (const member of Object.values(value)) writes(member, found);
  }
  return found;
}

describe("plain data", () => {
  test("is copied to an equal value, whose every part can change alone", () => {
    fc.assert(
      fc.property(plain, fc.nat(), (value, pick) => {
        const copy = copyPlain(value);
        expect(copy).toEqual(value);
        expect(comparePlain(copy, value)).toBeUndefined();
        expect(hashPlain(copy)).toBe(hashPlain(value));
        const before = hashPlain(value);
        const possible = writes(copy);
        possible[pick % Math.max(1, possible.length)]?.();
        expect(hashPlain(value)).toBe(before);
        if (possible.length > 0) {
          expect(comparePlain(copy, value)).toBeDefined();
          expect(hashPlain(copy)).not.toBe(before);
        }
      }),
    );
  });

  test("shares sealed bytes and owns all other typed arrays", () => {
    const value = { sealed: new Uint8Array(3), own: new Int32Array(3) };
    const copy = copyPlain(value);
    expect(copy.sealed).toBe(value.sealed);
    expect(copy.own).not.toBe(value.own);
  });

  test("has one hash if, and only if, it is equal", () => {
    fc.assert(
      fc.property(plain, plain, (a, b) => {
        expect(hashPlain(a) === hashPlain(b)).toBe(comparePlain(a, b) === undefined);
      }),
      { numRuns: 1000 },
    );
  });

  test.each([
    ["0 and -0", 0, -0],
    ["a key that is undefined and none", { a: undefined }, {}],
    ["the order of keys", { a: 1, b: 2 }, { b: 2, a: 1 }],
    [
      "the order of a Map",
      new Map([
        [1, 1],
        [2, 2],
      ]),
      new Map([
        [2, 2],
        [1, 1],
      ]),
    ],
    ["a text and a number", "1", 1],
    ["a list and its elements apart", [[1], 2], [[1, 2]]],
    ["large integers", 2 ** 40, 2 ** 40 + 1],
  ])("differs in %s", (_, a, b) => {
    expect(comparePlain(a, b)).toBeDefined();
    expect(hashPlain(a)).not.toBe(hashPlain(b));
  });

  test("differs first where the path says", () => {
    const value = () => ({ nodes: [{ files: new Map([["log", { size: 1 }]]) }] });
    const other = value();
    other.nodes[0]!.files.get("log")!.size = 2;
    expect(comparePlain(value(), other)).toBe("nodes.0.files.log.size");
  });

  test.each([
    ["a function", { f: () => 1 }],
    ["an instance of a class", { d: new Date(0) }],
  ])("is not %s", (_, value) => {
    expect(() => copyPlain(value)).toThrow(/in the state/);
  });
});
