/*
 * The readers of the wire, watched: whoever decodes with them learns which bytes each field stands in. They read with the
 * very schemas and methods that brokers and clients read with; only what is noted beside it is theirs.
 */
import { DecodeError } from "./decode-error.ts";
import type { Compiled } from "./codec.ts";
import { FieldReader } from "./field-reader.ts";
import { Reader } from "./reader.ts";
import { tagSection } from "./schema.ts";

/** What was read at a stroke, or what is made of parts. */
export type FieldKind =
  | "bool"
  | "int8"
  | "int16"
  | "uint16"
  | "int32"
  | "uint32"
  | "int64"
  | "uvarint"
  | "varint"
  | "varlong"
  | "uuid"
  | "text"
  | "bytes"
  | "array"
  | "struct"
  | "unread";

/** A field and the bytes [from, to) that it stands in. Bytes of a field that has parts are all bytes of its parts. */
export interface ReadField {
  name: string;
  kind: FieldKind;
  readonly from: number;
  to: number;
  value: unknown;
  parts: ReadField[];
  /** What is wrong with it. */
  problem?: string;
}

/** A part whose name is still to be found, by what it is. */
type Expected = readonly [name: string, kind: FieldKind];

/** Takes notes of what is read, field in field. */
export class Watch {
  readonly root: ReadField;
  private readonly open: ReadField[];
  private expected: readonly Expected[] = [];
  private again: readonly Expected[] = [];
  /** Parts that no declaration names: they are called what they are, or what is expected next. */
  private readonly unnamed = new Set<ReadField>();
  /** Of structs whose tags are being read: how many numbers were. */
  private readonly tagNumbers = new Map<ReadField, number>();
  /** Whether the tags of a struct are being read. */
  inTags = (): boolean => false;

  constructor(name: string, from: number) {
    this.root = newField(name, "struct", from, from, undefined);
    this.open = [this.root];
  }

  private get last(): ReadField {
    return this.open.at(-1) ?? this.root;
  }

  /**
   * The next parts that are read at a stroke are these, then `again` and again. One that is passed over (a null has no
   * bytes) is known by being of another kind than what is read.
   */
  expect(expected: readonly Expected[], again: readonly Expected[] = []): void {
    this.expected = expected;
    this.again = again;
  }

  /** Reads a field with all its parts. What did not stand in the bytes leaves no trace. */
  inside<T>(name: string, reader: Reader, read: () => T): T {
    const outer = this.last;
    const field = newField(name, "struct", reader.at, reader.at, undefined);
    outer.parts.push(field);
    this.open.push(field);
    let done = false;
    try {
      const value = read();
      field.value = value;
      done = true;
      return value;
    } finally {
      field.to = reader.at;
      this.open.pop();
      this.tagNumbers.delete(field);
      if (done) this.simplify(field);
      if (field.from === field.to && field.parts.length === 0) outer.parts.pop();
    }
  }

  /** Notes a part that was read at a stroke. */
  note(kind: FieldKind, from: number, to: number, value: unknown): void {
    const part = newField(this.nameOf(kind), kind, from, to, value);
    this.unnamed.add(part);
    this.last.parts.push(part);
  }

  private nameOf(kind: FieldKind): string {
    const ahead = [...this.expected, ...this.again];
    const found = ahead.findIndex((one) => one[1] === kind);
    const next = ahead[found];
    if (next !== undefined) {
      const rest = ahead.slice(found + 1);
      const isAgain = found >= this.expected.length;
      this.expected = isAgain ? rest : this.expected.slice(found + 1);
      return next[0];
    }
    this.expected = [];
    if (this.inTags()) return this.tagName(kind);
    return kind === "text" || kind === "bytes" ? kind : "length";
  }

  /** First how many there are, then of each its tag and its size; the bytes of one that has a name are that field's. */
  private tagName(kind: FieldKind): string {
    if (kind !== "uvarint") return "unknown field";
    const numbers = this.tagNumbers.get(this.last) ?? 0;
    this.tagNumbers.set(this.last, numbers + 1);
    return numbers === 0 ? "tagged fields" : numbers % 2 === 1 ? "tag" : "size";
  }

  /** A field that is nothing but one number is that number; the length of a list is its count. */
  private simplify(field: ReadField): void {
    const { value, parts } = field;
    if (Array.isArray(value)) field.kind = "array";
    else if (parts.at(-1)?.kind === "text") field.kind = "text";
    else if (value instanceof Uint8Array) field.kind = "bytes";
    const [only] = parts;
    if (only === undefined || !this.unnamed.has(only)) return;
    if (parts.length === 1) {
      if (field.kind === "struct") field.kind = only.kind;
      field.parts = [];
    } else if (field.kind === "array") only.name = "count";
  }
}

/** A field as it was found, without parts. */
export const newField = (
  name: string,
  kind: FieldKind,
  from: number,
  to: number,
  value: unknown,
): ReadField => ({ name, kind, from, to, value, parts: [] });

/** A reader that tells a watch what it reads. Where a read fails, it stands where that read began. */
export class WatchedReader extends Reader {
  private readonly watch: Watch;
  private within = false;

  constructor(watch: Watch, bytes: Uint8Array, at = 0, end = bytes.length) {
    super(bytes, at, end);
    this.watch = watch;
  }

  /** A read may be made of others; only the outermost is told. */
  private stroke<T>(kind: FieldKind, read: () => T): T {
    if (this.within) return read();
    const from = this.at;
    this.within = true;
    try {
      const value = read();
      this.watch.note(kind, from, this.at, value);
      return value;
    } catch (error) {
      if (error instanceof DecodeError) this.at = from;
      throw error;
    } finally {
      this.within = false;
    }
  }

  override skip(length: number): number {
    if (this.within) return super.skip(length);
    const from = this.at;
    this.stroke("bytes", () => this.bytes.subarray(super.skip(length), from + length));
    return from;
  }
  override bool(): boolean {
    return this.stroke("bool", () => super.bool());
  }
  override int8(): number {
    return this.stroke("int8", () => super.int8());
  }
  override int16(): number {
    return this.stroke("int16", () => super.int16());
  }
  override uint16(): number {
    return this.stroke("uint16", () => super.uint16());
  }
  override int32(): number {
    return this.stroke("int32", () => super.int32());
  }
  override int64(): number {
    return this.stroke("int64", () => super.int64());
  }
  override uvarint(): number {
    return this.stroke("uvarint", () => super.uvarint());
  }
  override varint(): number {
    return this.stroke("varint", () => super.varint());
  }
  override varlong(): number {
    return this.stroke("varlong", () => super.varlong());
  }
  override uuid() {
    return this.stroke("uuid", () => super.uuid());
  }
  override text(length: number): string {
    return this.stroke("text", () => super.text(length));
  }
  override view(length: number): Uint8Array {
    return this.stroke("bytes", () => super.view(length));
  }
}

/** Hands fields to the functions that declared them, and tells a watch their names. */
export class WatchedFields extends FieldReader {
  private readonly watch: Watch;

  constructor(watch: Watch, reader: WatchedReader) {
    super(reader);
    this.watch = watch;
    watch.inTags = () => this.step === tagSection;
  }

  private field(read: () => unknown): unknown {
    return this.watch.inside(this.names[this.step] ?? "", this.reader, read);
  }

  override items<Out>(item: Compiled<Out, never>, count: number): Out[] {
    const items: Out[] = [];
    for (let i = 0; i < count; i++) {
      items.push(this.watch.inside(`[${i}]`, this.reader, () => item.read(this)));
    }
    return items;
  }

  override tagged(name: string, codec: Compiled<unknown, never>): unknown {
    const { step } = this;
    // The numbers of its own are no tags.
    this.step = 0;
    try {
      return this.watch.inside(name, this.reader, () => codec.read(this));
    } finally {
      this.step = step;
    }
  }

  override next(): unknown {
    return this.field(() => super.next());
  }
  override bool(): unknown {
    return this.field(() => super.bool());
  }
  override int8(): unknown {
    return this.field(() => super.int8());
  }
  override int16(): unknown {
    return this.field(() => super.int16());
  }
  override uint16(): unknown {
    return this.field(() => super.uint16());
  }
  override int32(): unknown {
    return this.field(() => super.int32());
  }
  override int64(): unknown {
    return this.field(() => super.int64());
  }
  override uuid(): unknown {
    return this.field(() => super.uuid());
  }
}

/**
 * Reads as far as the bytes go. What no field has, from where it failed up to `end`, becomes a part of its own that says
 * what is wrong.
 */
export function readWatched(watch: Watch, reader: WatchedReader, read: () => void): ReadField {
  const { root } = watch;
  let problem: string | undefined;
  try {
    read();
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    problem = `${error.field === "" ? "it" : error.field} could not be read: ${error.problem}`;
  }
  if (reader.left > 0) {
    const { at, end, bytes } = reader;
    const left = newField("unread", "unread", at, end, bytes.subarray(at, end));
    left.problem = problem ?? `${end - at} bytes too many`;
    root.parts.push(left);
  } else if (problem !== undefined) root.problem = problem;
  root.to = reader.end;
  return root;
}
