import fc from "fast-check";
import type { GenericField, GenericMessage, Message } from "./generic-codec.ts";

const uuid = fc.uint8Array({ minLength: 16, maxLength: 16 }).map((bytes) =>
  Buffer.from(bytes)
    .toString("hex")
    .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5"),
);

const text = fc.string({ unit: "binary", maxLength: 12 });
const bytes = fc.uint8Array({ maxLength: 40 });

function integers(kind: string): fc.Arbitrary<number> {
  if (kind === "int64") return fc.maxSafeInteger();
  const bits = Number(/\d+$/.exec(kind)?.[0]);
  return kind.startsWith("u")
    ? fc.integer({ min: 0, max: 2 ** bits - 1 })
    : fc.integer({ min: -(2 ** (bits - 1)), max: 2 ** (bits - 1) - 1 });
}

function itemOf(field: GenericField, version: number, everything: boolean): fc.Arbitrary<unknown> {
  switch (field.kind) {
    case "struct":
      return structOf(field.fields, version, everything);
    case "string":
      return text;
    case "bytes":
    case "records":
      return bytes;
    case "uuid":
      return uuid;
    case "bool":
      return fc.boolean();
    default:
      return integers(field.kind);
  }
}

function valueOf(field: GenericField, version: number, everything: boolean): fc.Arbitrary<unknown> {
  const here = field.in(version);
  const fallback = fc.constant(undefined).map(() => field.fallback());
  if (!here && !everything) return fallback;
  const item = itemOf(field, version, everything);
  const plain = field.isArray ? fc.array(item, { maxLength: 3 }) : item;
  const value = field.nullableIn(version) ? fc.option(plain, { freq: 4 }) : plain;
  // A field that the version lacks is rarely given, or hardly any drawn message could be encoded.
  const weight = here ? 3 : 1;
  return fc.oneof({ weight: here ? 1 : 40, arbitrary: fallback }, { weight, arbitrary: value });
}

const structOf = (
  fields: readonly GenericField[],
  version: number,
  everything: boolean,
): fc.Arbitrary<Message> =>
  fc.record(
    Object.fromEntries(fields.map((field) => [field.name, valueOf(field, version, everything)])),
    { noNullPrototype: true },
  );

/** Messages of a version. `everything`: now and then with values for fields that the version lacks. */
export const messages = (
  message: GenericMessage,
  version: number,
  everything = false,
): fc.Arbitrary<Message> => structOf(message.fields, version, everything);
