/*
 * What a schema is compiled to: for one version, four plain functions for each kind of field. Lengths and
 * counts are held against the bytes that are left before any memory is taken for them.
 */
import { assert } from "../foundation/assert.ts";
import { type Uuid, zeroUuid } from "../foundation/ids.ts";
import { utf8Length } from "../foundation/utf8.ts";
import { DecodeError } from "./decode-error.ts";
import type { FieldReader } from "./field-reader.ts";
import type { Reader } from "./reader.ts";
import { uvarintSize, type Writer } from "./writer.ts";

/** Kinds that have a method of their name on Reader, FieldReader and Writer. */
export type Primitive = "bool" | "int8" | "int16" | "uint16" | "int32" | "int64" | "uuid";

/** The codec of one kind of value in one version. */
export interface Compiled<Out = unknown, In = unknown> {
  /** @throws DecodeError */
  read(from: FieldReader): Out;
  /** Bytes that `write` will take. */
  size(value: In): number;
  /** @throws InvariantError if the value is none of its type. */
  write(writer: Writer, value: In): void;
  /** The fewest bytes that any value takes. */
  readonly least: number;
  /** What every value takes, if all take the same. */
  readonly fixed: number | undefined;
  /** Which method of reader and writer does all that there is to do. */
  readonly primitive: Primitive | undefined;
}

/** How a message version writes: compact and with tags, or as before KIP-482; and whether null may stand here. */
export interface Style {
  readonly version: number;
  readonly flexible: boolean;
  readonly nullable: boolean;
}

/** A kind of value in all its versions. */
export interface Codec<Out, In> {
  compile(style: Style): Compiled<Out, In>;
  /** The value of a field that a version does not have and that has no default of its own. */
  fallback(): Out;
  /** Whether a value is that. */
  isFallback(value: In): boolean;
}

function fixed<T>(
  primitive: Primitive,
  length: number,
  read: (reader: Reader) => T,
  write: (writer: Writer, value: T) => void,
  zero: T,
): Codec<T, T> {
  const compiled: Compiled<T, T> = {
    read: (from) => read(from.reader),
    size: () => length,
    write,
    least: length,
    fixed: length,
    primitive,
  };
  return { compile: () => compiled, fallback: () => zero, isFallback: (value) => value === zero };
}

export const bool = fixed<boolean>(
  "bool",
  1,
  (r) => r.bool(),
  (w, value) => w.bool(value),
  false,
);
export const int8 = fixed<number>(
  "int8",
  1,
  (r) => r.int8(),
  (w, value) => w.int8(value),
  0,
);
export const int16 = fixed<number>(
  "int16",
  2,
  (r) => r.int16(),
  (w, value) => w.int16(value),
  0,
);
export const uint16 = fixed<number>(
  "uint16",
  2,
  (r) => r.uint16(),
  (w, value) => w.uint16(value),
  0,
);
export const int32 = fixed<number>(
  "int32",
  4,
  (r) => r.int32(),
  (w, value) => w.int32(value),
  0,
);
/** An int64 that a number holds exactly. */
export const int64 = fixed<number>(
  "int64",
  8,
  (r) => r.int64(),
  (w, value) => w.int64(value),
  0,
);
export const uuid = fixed<Uuid>(
  "uuid",
  16,
  (r) => r.uuid(),
  (w, value) => w.uuid(value),
  zeroUuid,
);

/** How a length or a count stands before what it counts; -1 is null. */
interface Prefix {
  read(reader: Reader): number;
  size(length: number): number;
  write(writer: Writer, length: number): void;
  readonly least: number;
}

/** One more than the length, as an unsigned varint; 0 is null. */
const compact: Prefix = {
  read: (reader) => reader.uvarint() - 1,
  size: (length) => uvarintSize(length + 1),
  write: (writer, length) => writer.uvarint(length + 1),
  least: 1,
};
const short: Prefix = {
  read: (reader) => reader.int16(),
  size: () => 2,
  write: (writer, length) => writer.int16(length),
  least: 2,
};
const long: Prefix = {
  read: (reader) => reader.int32(),
  size: () => 4,
  write: (writer, length) => writer.int32(length),
  least: 4,
};

/** Reads a length; null (-1) only where it may stand. */
function readLength(reader: Reader, prefix: Prefix, nullable: boolean): number {
  const from = reader.at;
  const length = prefix.read(reader);
  if (length >= 0 || (length === -1 && nullable)) return length;
  throw new DecodeError("", from, length === -1 ? "null is not allowed" : `length ${length}`);
}

/** What is written as a length and that many bytes. */
function sized<T>(
  plain: Prefix,
  lengthOf: (value: T) => number,
  read: (reader: Reader, length: number) => T,
  write: (writer: Writer, value: T) => void,
  empty: T,
): Codec<T | null, T | null> {
  return {
    compile({ flexible, nullable }) {
      const prefix = flexible ? compact : plain;
      return {
        read: ({ reader }) => {
          const length = readLength(reader, prefix, nullable);
          return length === -1 ? null : read(reader, length);
        },
        size: (value) => {
          if (value === null) return prefix.least;
          const length = lengthOf(value);
          return prefix.size(length) + length;
        },
        write: (writer, value) => {
          if (value === null) {
            assert(nullable, "null stands only where the version allows it");
            prefix.write(writer, -1);
            return;
          }
          prefix.write(writer, lengthOf(value));
          write(writer, value);
        },
        least: prefix.least,
        fixed: undefined,
        primitive: undefined,
      };
    },
    fallback: () => empty,
    isFallback: (value) => value !== null && lengthOf(value) === 0,
  };
}

/** UTF-8 text. */
export const string = sized<string>(
  short,
  utf8Length,
  (reader, length) => reader.text(length),
  (writer, value) => writer.text(value),
  "",
);

/** Bytes, read as a view; Kafka's `records` are written the same way. */
export const bytes = sized<Uint8Array>(
  long,
  (value) => value.length,
  (reader, length) => reader.view(length),
  (writer, value) => writer.raw(value),
  new Uint8Array(0),
);

/** A count and that many items. */
export function arrayOf<Out, In>(
  item: Codec<Out, In>,
): Codec<readonly Out[] | null, readonly In[] | null> {
  return {
    compile: (style) => compileArray(item.compile({ ...style, nullable: false }), style),
    fallback: () => [],
    isFallback: (value) => value !== null && value.length === 0,
  };
}

function compileArray<Out, In>(
  item: Compiled<Out, In>,
  { flexible, nullable }: Style,
): Compiled<readonly Out[] | null, readonly In[] | null> {
  const prefix = flexible ? compact : long;
  assert(item.least > 0, "an item takes at least one byte, or counts could not be bounded");
  return {
    read: (from) => {
      const { reader } = from;
      const start = reader.at;
      const count = readLength(reader, prefix, nullable);
      if (count === -1) return null;
      if (count * item.least > reader.left) {
        throw new DecodeError("", start, `${count} items in ${reader.left} bytes`);
      }
      return from.items(item, count);
    },
    size: (value) => {
      if (value === null) return prefix.least;
      let total = prefix.size(value.length);
      if (item.fixed !== undefined) return total + item.fixed * value.length;
      for (let i = 0; i < value.length; i++) total += item.size(value[i]!);
      return total;
    },
    write: (writer, value) => {
      if (value === null) {
        assert(nullable, "null stands only where the version allows it");
        prefix.write(writer, -1);
        return;
      }
      prefix.write(writer, value.length);
      for (let i = 0; i < value.length; i++) item.write(writer, value[i]!);
    },
    least: prefix.least,
    fixed: undefined,
    primitive: undefined,
  };
}
