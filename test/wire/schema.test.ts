import { describe, expect, test } from "vitest";
import { DecodeError, InvariantError } from "#core";
import type { Codec } from "../../core/wire/codec.ts";
import { FieldReader } from "../../core/wire/field-reader.ts";
import { Reader } from "../../core/wire/reader.ts";
import { struct } from "../../core/wire/schema.ts";
import { Writer } from "../../core/wire/writer.ts";

const inner = struct((f) => ({ a: f.int32("0+", -1), b: f.nullableString("0+", null) }));
const message = struct((f) => ({
  always: f.int8(),
  since: f.int16("1+", 7),
  until: f.string("0-1 ignorable"),
  strict: f.bool("2+"),
  tagged: f.struct(inner, "2+ tag 3"),
  numbers: f.nullableArray(inner, "0+ nullable 1+"),
  early: f.int32("2+ tag 0", 5),
}));

/** Version 2 is flexible. */
function compiled<Out, In>(codec: Codec<Out, In>, version: number) {
  const one = codec.compile({ version, flexible: version >= 2, nullable: false });
  return {
    encode(value: In): number[] {
      const writer = new Writer(new Uint8Array(one.size(value)));
      one.write(writer, value);
      expect(writer.at).toBe(writer.bytes.length);
      return Array.from(writer.bytes);
    },
    decode: (bytes: readonly number[]): Out =>
      one.read(new FieldReader(new Reader(Uint8Array.from(bytes)))),
  };
}

const fallbacks = {
  since: 7,
  until: "",
  strict: false,
  tagged: { a: -1, b: null },
  numbers: [],
  early: 5,
};

describe("a declared struct", () => {
  test("has every field in every version", () => {
    expect(compiled(message, 0).decode([1, 0, 1, 120, 0, 0, 0, 0])).toEqual({
      always: 1,
      ...fallbacks,
      until: "x",
    });
    expect(compiled(message, 2).decode([1, 0, 9, 1, 1, 0])).toEqual({
      always: 1,
      ...fallbacks,
      since: 9,
      strict: true,
    });
  });

  test("lets fields be left out that some version lacks or that have a default", () => {
    expect(compiled(message, 0).encode({ always: 1, numbers: [] })).toEqual([1, 0, 0, 0, 0, 0, 0]);
    expect(compiled(message, 1).encode({ always: 1, numbers: null })).toEqual([
      1, 0, 7, 0, 0, 255, 255, 255, 255,
    ]);
  });

  test("writes tagged fields by tag, and only those that are not at their default", () => {
    const { encode, decode } = compiled(message, 2);
    const value = { always: 1, numbers: [], early: 6, tagged: { a: 2 } };
    const bytes = encode(value);
    expect(bytes).toEqual([1, 0, 7, 0, 1, 2, 0, 4, 0, 0, 0, 6, 3, 6, 0, 0, 0, 2, 0, 0]);
    expect(decode(bytes)).toEqual({ always: 1, ...fallbacks, early: 6, tagged: { a: 2, b: null } });
    expect(encode({ ...value, early: 5, tagged: { a: -1, b: null } })).toEqual([1, 0, 7, 0, 1, 0]);
  });

  test("drops what a version lacks if that is said, and refuses it otherwise", () => {
    const { encode } = compiled(message, 0);
    expect(compiled(message, 2).encode({ always: 1, until: "x", numbers: [] })).toEqual([
      1, 0, 7, 0, 1, 0,
    ]);
    expect(() => encode({ always: 1, numbers: [], since: 8 })).toThrow(InvariantError);
    expect(() => encode({ always: 1, numbers: [], strict: true })).toThrow("strict is given");
    expect(() => encode({ always: 1, numbers: [], tagged: { a: 0 } })).toThrow("tagged is given");
    expect(() => encode({ always: 1, numbers: null })).toThrow("null stands only");
  });

  test("gives each message its own default objects", () => {
    const { decode } = compiled(message, 2);
    const [one, two] = [decode([1, 0, 9, 1, 1, 0]), decode([1, 0, 9, 1, 1, 0])];
    expect(one.tagged).not.toBe(two.tagged);
    expect(one.numbers).not.toBe(two.numbers);
  });

  test("passes over tags that it does not know", () => {
    const { decode } = compiled(message, 2);
    const known = [1, 0, 7, 0, 1];
    expect(decode([...known, 3, 0, 4, 0, 0, 0, 6, 1, 2, 9, 9, 99, 0])).toEqual({
      always: 1,
      ...fallbacks,
      early: 6,
    });
  });

  test.each([
    ["tags out of order", [2, 5, 0, 4, 0], /^tags at byte 8: tag 4 after 5$/],
    ["a tag twice", [2, 5, 0, 5, 0], /^tags at byte 8: tag 5 after 5$/],
    [
      "a tag that is longer than the bytes",
      [1, 9, 4, 0],
      /^tags at byte 8: needs 4 bytes, 1 are left$/,
    ],
    [
      "a tagged field that takes less than its size",
      [1, 0, 5, 0, 0, 0, 6, 0],
      /^early at byte 12: 1 bytes too many$/,
    ],
    [
      "a tagged field that takes more than its size",
      [1, 0, 3, 0, 0, 0, 6],
      /^early at byte 8: needs 4 bytes, 3 are left$/,
    ],
    [
      "a failure deep in a tagged struct",
      [1, 3, 5, 0, 0, 0, 2, 9, 0, 0],
      /^tagged.b at byte 13: needs 8 bytes, 0 are left$/,
    ],
    ["a cut list of tags", [3], /^tags at byte 6: needs 1 bytes, 0 are left$/],
  ])("refuses %s", (_, tags, message_) => {
    const decode = (): unknown => compiled(message, 2).decode([1, 0, 7, 0, 1, ...tags]);
    expect(decode).toThrow(DecodeError);
    expect(decode).toThrow(message_);
  });

  test("refuses a null that the version does not allow", () => {
    expect(() => compiled(message, 0).decode([1, 0, 0, 255, 255, 255, 255])).toThrow(
      /^numbers at byte 3: null is not allowed$/,
    );
  });

  test("is declared with one field for each key", () => {
    expect(() =>
      struct((f) => {
        f.int32();
        return { only: f.int8() };
      }),
    ).toThrow(InvariantError);
  });
});
