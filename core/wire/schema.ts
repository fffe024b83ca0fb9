/*
 * Messages, declared once for all versions. A struct is declared by the function that builds it:
 *
 *     const partition = struct((f) => ({ index: f.int32(), leaderEpoch: f.int32("9+ ignorable", -1) }));
 *
 * Called once with a `f` that takes notes, it says which fields there are, in which versions, of which type.
 * Called again with a `f` that reads, it builds what was decoded: each struct has an object literal of its
 * own, so that its objects have one shape and the engine need not look keys up. (Measured: ten fields stored
 * by computed keys in one shared function cost four times as much as the literal.)
 */
import { assert, InvariantError, must } from "../foundation/assert.ts";
import type { Codec, Compiled, Style } from "./codec.ts";
import { DecodeError } from "./decode-error.ts";
import { type FieldRead, FieldReader, own } from "./field-reader.ts";
import {
  type AnyField,
  type DeclaredField,
  type DecodedOf,
  Declarer,
  type Fields,
  type InputOf,
} from "./fields.ts";
import { Reader } from "./reader.ts";
import { uvarintSize, type Writer } from "./writer.ts";

/** What a struct, or any codec, decodes to. */
export type Decoded<C> = C extends Codec<infer Out, unknown> ? Out : never;
/** What encoding a struct takes. */
export type Encodable<C> = C extends Codec<unknown, infer In> ? In : never;

const nothing = new Uint8Array(0);

type Values = Readonly<Record<string, unknown>>;
type Build = (f: FieldReader) => Values;

interface NamedField extends DeclaredField {
  readonly name: string;
}

/** A field that one version has. */
interface Step {
  readonly name: string;
  readonly field: NamedField;
  readonly codec: Compiled;
  /** What is written of a field that is left out. */
  readonly absent: unknown;
}

/** What one version does with a struct. */
interface Plan {
  readonly build: Build;
  readonly names: readonly string[];
  /** In declared order, one for each call of the declaring function. */
  readonly reads: readonly FieldRead[];
  /** In the order of the wire; those whose size varies once more. */
  readonly steps: readonly Step[];
  readonly varying: readonly Step[];
  /** What the steps of fixed size take together. */
  readonly fixedSize: number;
  /** By tag, ascending. */
  readonly tagged: readonly (Step & { readonly tag: number })[];
  readonly flexible: boolean;
  /** Fields that this version lacks and that may not be dropped. */
  readonly refused: readonly NamedField[];
}

/** Declares a struct; see the head of this file. The function must call `f` once for each key, in order. */
export function struct<R extends Readonly<Record<string, AnyField>>>(
  declare: (f: Fields) => R,
): Codec<DecodedOf<R>, InputOf<R>> {
  const declarer = new Declarer();
  const names = Object.keys(declare(declarer as unknown as Fields));
  assert(names.length === declarer.declared.length, "a struct declares one field for each key");
  const fields = declarer.declared.map((field, i) => ({ ...field, name: names[i] ?? "" }));
  const build = declare as unknown as Build;
  const defaults = fields.map((field) => () => field.fallback());
  const unread = new Reader(nothing);
  const codec: Codec<Values, Values> = {
    compile: (style) => compileStruct(build, fields, style),
    fallback: () => {
      const from = new FieldReader(unread);
      from.reads = defaults;
      return build(from);
    },
    isFallback: (value) => fields.every((field) => isDefault(field, value[field.name])),
  };
  return codec as unknown as Codec<DecodedOf<R>, InputOf<R>>;
}

/** A field that is left out has its default. */
const isDefault = (field: DeclaredField, value: unknown): boolean =>
  value === undefined || field.isFallback(value);

function compileStruct(
  build: Build,
  fields: readonly NamedField[],
  style: Style,
): Compiled<Values, Values> {
  const plan = planOf(build, fields, style);
  const least =
    plan.steps.reduce((sum, step) => sum + step.codec.least, 0) + (plan.flexible ? 1 : 0);
  const isFixed =
    plan.varying.length === 0 && plan.tagged.length === 0 && plan.refused.length === 0;
  return {
    read: (from) => readStruct(plan, from),
    size: (value) => sizeOfStruct(plan, value),
    write: (writer, value) => writeStruct(plan, writer, value),
    least,
    fixed: isFixed ? least : undefined,
    primitive: undefined,
  };
}

function planOf(build: Build, fields: readonly NamedField[], style: Style): Plan {
  const { version, flexible } = style;
  const has = (field: NamedField): boolean => field.from <= version && version <= field.to;
  const stepOf = (field: NamedField): Step => {
    const nullable = field.nullable && version >= field.nullableFrom;
    const codec = field.codec.compile({ version, flexible, nullable });
    return { name: field.name, field, codec, absent: field.fallback() };
  };
  const present = fields.filter(has);
  const steps = present.filter((field) => field.tag === undefined).map(stepOf);
  const tagged = present
    .filter((field) => field.tag !== undefined)
    .map((field) => ({ ...stepOf(field), tag: must(field.tag, "a tag") }))
    .sort((a, b) => a.tag - b.tag);
  assert(flexible || tagged.length === 0, "tags stand in flexible versions only");
  return {
    build,
    names: fields.map((field) => field.name),
    reads: fields.map((field) => {
      const step = steps.find(({ name }) => name === field.name);
      if (step === undefined) return () => field.fallback();
      return step.codec.primitive === undefined ? step.codec.read : own;
    }),
    steps,
    varying: steps.filter(({ codec }) => codec.fixed === undefined),
    fixedSize: steps.reduce((sum, { codec }) => sum + (codec.fixed ?? 0), 0),
    tagged,
    flexible,
    refused: fields.filter((field) => !has(field) && !field.ignorable),
  };
}

/** A step that no field has: the tags are being read. */
export const tagSection = -1;

function readStruct(plan: Plan, from: FieldReader): Values {
  const { reads, names, step } = from;
  from.reads = plan.reads;
  from.names = plan.names;
  from.step = 0;
  try {
    const value = plan.build(from);
    // From here on no field of the struct's own list is being read.
    from.step = tagSection;
    if (plan.flexible) readTags(plan, from, value);
    from.reads = reads;
    from.names = names;
    from.step = step;
    return value;
  } catch (error) {
    const failed = from.step;
    from.reads = reads;
    from.names = names;
    from.step = step;
    if (!(error instanceof DecodeError)) throw error;
    // The failing field is the last that was begun; what failed among the tags has its name already, or none.
    if (failed !== tagSection) throw error.within(plan.names[failed - 1] ?? "");
    throw error.field === "" ? error.within("tags") : error;
  }
}

/** Tag, size and bytes of each, tags ascending; one that we do not know is passed over (KIP-482). */
function readTags(plan: Plan, from: FieldReader, value: Values): void {
  const { reader } = from;
  const count = reader.uvarint();
  let last = -1;
  for (let i = 0; i < count; i++) {
    const start = reader.at;
    const tag = reader.uvarint();
    if (tag <= last) throw new DecodeError("", start, `tag ${tag} after ${last}`);
    last = tag;
    const size = reader.uvarint();
    const known = plan.tagged.find((step) => step.tag === tag);
    if (known === undefined) reader.skip(size);
    else (value as Record<string, unknown>)[known.name] = readTagged(known, from, size);
  }
}

/** Reads a tagged field, which takes exactly the size that stands before it. */
function readTagged(step: Step, from: FieldReader, size: number): unknown {
  const { reader } = from;
  const { at, end } = reader;
  try {
    if (size > reader.left) {
      throw new DecodeError("", at, `needs ${size} bytes, ${reader.left} are left`);
    }
    reader.end = at + size;
    const value = from.tagged(step.name, step.codec);
    if (reader.left > 0) throw new DecodeError("", reader.at, `${reader.left} bytes too many`);
    return value;
  } catch (error) {
    throw error instanceof DecodeError ? error.within(step.name) : error;
  } finally {
    reader.end = end;
  }
}

/** What is to be written of a field: its value, or its default if it is left out. */
function valueOf(step: Step, value: Values): unknown {
  const own = value[step.name];
  return own === undefined ? step.absent : own;
}

function sizeOfStruct(plan: Plan, value: Values): number {
  for (const field of plan.refused) {
    if (isDefault(field, value[field.name])) continue;
    throw new InvariantError(`${field.name} is given in a version that lacks it`);
  }
  let total = plan.fixedSize;
  for (const step of plan.varying) total += step.codec.size(valueOf(step, value));
  return plan.flexible ? total + sizeOfTags(plan, value) : total;
}

function sizeOfTags(plan: Plan, value: Values): number {
  let count = 0;
  let total = 0;
  for (const step of plan.tagged) {
    const own = value[step.name];
    if (isDefault(step.field, own)) continue;
    const size = step.codec.size(own);
    total += uvarintSize(step.tag) + uvarintSize(size) + size;
    count++;
  }
  return total + uvarintSize(count);
}

function writeStruct(plan: Plan, writer: Writer, value: Values): void {
  for (const step of plan.steps) writeField(step.codec, writer, valueOf(step, value));
  if (plan.flexible) writeTags(plan, writer, value);
}

/** Primitives are named here, not called by way of their codec: most fields are some. (Measured: a tenth of encoding.) */
function writeField(codec: Compiled, writer: Writer, value: unknown): void {
  switch (codec.primitive) {
    case "int32":
      return writer.int32(value as number);
    case "int64":
      return writer.int64(value as number);
    case "int16":
      return writer.int16(value as number);
    default:
      return codec.write(writer, value);
  }
}

function writeTags(plan: Plan, writer: Writer, value: Values): void {
  let count = 0;
  for (const step of plan.tagged) if (!isDefault(step.field, value[step.name])) count++;
  writer.uvarint(count);
  if (count === 0) return;
  for (const step of plan.tagged) {
    const own = value[step.name];
    if (isDefault(step.field, own)) continue;
    writer.uvarint(step.tag);
    writer.uvarint(step.codec.size(own));
    step.codec.write(writer, own);
  }
}
