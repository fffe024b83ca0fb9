/* What must hold of every tree of fields: each byte is in exactly one leaf, and a leaf's bytes say its value. */
import { expect } from "vitest";
import type { ReadField } from "#core";
import { Writer } from "../../core/wire/writer.ts";
import { toHex } from "./vectors.ts";

/** The fields that have no parts, in the order of their bytes. */
export const leavesOf = (field: ReadField): readonly ReadField[] =>
  field.parts.length === 0 ? [field] : field.parts.flatMap(leavesOf);

/** Every field below, itself among them. */
export const allOf = (field: ReadField): readonly ReadField[] => [
  field,
  ...field.parts.flatMap(allOf),
];

/** The fields of that name, wherever they stand. */
export const named = (field: ReadField, name: string): readonly ReadField[] =>
  allOf(field).filter((one) => one.name === name);

/** Says where a byte has no leaf, or two. */
export function gapsIn(field: ReadField): readonly string[] {
  const gaps: string[] = [];
  let at = field.from;
  for (const leaf of leavesOf(field)) {
    if (leaf.from !== at) gaps.push(`${leaf.name} begins at ${leaf.from}, not at ${at}`);
    at = leaf.to;
  }
  if (at !== field.to) gaps.push(`the leaves end at ${at}, not at ${field.to}`);
  for (const { name, from, to, parts } of allOf(field)) {
    const [first, last] = [parts[0], parts.at(-1)];
    if (first === undefined || last === undefined) continue;
    if (first.from !== from || last.to !== to) gaps.push(`${name} is not what its parts are`);
  }
  return gaps;
}

/** Holds every number, text and id against the bytes that it is said to stand in. */
export function expectSameBytes(field: ReadField, bytes: Uint8Array): void {
  for (const leaf of leavesOf(field)) {
    const written = writtenAgain(leaf);
    if (written !== undefined) {
      expect(`${leaf.name} ${written}`).toBe(
        `${leaf.name} ${toHex(bytes.subarray(leaf.from, leaf.to))}`,
      );
    }
  }
}

function writtenAgain({ kind, value, from, to }: ReadField): string | undefined {
  const writer = new Writer(new Uint8Array(to - from));
  if (kind === "text" && typeof value === "string") writer.text(value);
  else if (kind === "bytes" && value instanceof Uint8Array) writer.raw(value);
  else if (kind === "uuid") writer.uuid(value as never);
  else if (kind === "bool") writer.bool(value === true);
  else if (typeof value !== "number") return undefined;
  else if (kind === "uint32") writer.int32(value | 0);
  else writer[kind as "int32"](value);
  return toHex(writer.bytes);
}
