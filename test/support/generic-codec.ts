/*
 * A codec that knows nothing of ours: it interprets Kafka's message definitions as they are (JSON with
 * comments), field by field, with big integers and a growing list of bytes. Slow and plain, to compare with.
 */
import { readFileSync } from "node:fs";

interface FieldDefinition {
  readonly name: string;
  readonly type: string;
  readonly versions: string;
  readonly nullableVersions?: string;
  readonly taggedVersions?: string;
  readonly tag?: number | string;
  readonly default?: string | number | boolean;
  readonly ignorable?: boolean;
  readonly fields?: readonly FieldDefinition[];
}

interface Definition {
  readonly name: string;
  readonly apiKey?: number;
  readonly validVersions: string;
  readonly flexibleVersions: string;
  readonly fields: readonly FieldDefinition[];
  readonly commonStructs?: readonly {
    readonly name: string;
    readonly fields: readonly FieldDefinition[];
  }[];
}

/** A message in memory: every field under its name with a small first letter. */
export type Message = Record<string, unknown>;

/** A field of a loaded definition. */
export interface GenericField {
  readonly name: string;
  /** `int32`, `string`, ..., or `struct`. */
  readonly kind: string;
  readonly isArray: boolean;
  readonly fields: readonly GenericField[];
  readonly tag: number | undefined;
  readonly ignorable: boolean;
  /** Whether the definition names a default. */
  readonly hasDefault: boolean;
  readonly in: (version: number) => boolean;
  readonly nullableIn: (version: number) => boolean;
  readonly taggedIn: (version: number) => boolean;
  readonly fallback: () => unknown;
}

/** A loaded definition. */
export interface GenericMessage {
  readonly name: string;
  readonly apiKey: number;
  readonly highest: number;
  readonly fields: readonly GenericField[];
  readonly flexibleIn: (version: number) => boolean;
}

/** Kafka 4.0 asks for pre-votes in version 2 of Vote (KIP-996), which the stored definition does not have yet. */
function newest(definition: Definition): Definition {
  if (definition.name === "VoteRequest") {
    const preVote = { name: "PreVote", type: "bool", versions: "2+" };
    const topics = definition.fields.find(({ name }) => name === "Topics");
    const partition = topics?.fields?.[1]?.fields as FieldDefinition[];
    partition.push(preVote);
  } else if (definition.name !== "VoteResponse") return definition;
  return { ...definition, validVersions: "0-2" };
}

/** The definition in a file. */
export function loadDefinition(path: string): GenericMessage {
  const text = readFileSync(path, "utf8").replace(/("(?:[^"\\]|\\.)*")|\/\/.*$/gm, "$1");
  const definition = newest(JSON.parse(text) as Definition);
  const common = new Map(definition.commonStructs?.map((one) => [one.name, one.fields]));
  return {
    name: definition.name,
    apiKey: definition.apiKey ?? -1,
    highest: Number(definition.validVersions.split("-").at(-1)),
    fields: definition.fields.map((field) => loadField(field, common)),
    flexibleIn: versions(definition.flexibleVersions),
  };
}

function versions(range: string | undefined): (version: number) => boolean {
  if (range === undefined || range === "none") return () => false;
  if (range.endsWith("+")) return (version) => version >= Number(range.slice(0, -1));
  const [from, to] = range.split("-").map(Number);
  return (version) => version >= (from ?? 0) && version <= (to ?? from ?? 0);
}

function loadField(
  field: FieldDefinition,
  common: ReadonlyMap<string, readonly FieldDefinition[]>,
): GenericField {
  const isArray = field.type.startsWith("[]");
  const type = isArray ? field.type.slice(2) : field.type;
  const inner = field.fields ?? common.get(type) ?? [];
  const fields = inner.map((one) => loadField(one, common));
  const kind = /^[A-Z]/.test(type) ? "struct" : type;
  return {
    name: field.name.charAt(0).toLowerCase() + field.name.slice(1),
    kind,
    isArray,
    fields,
    tag: field.tag === undefined ? undefined : Number(field.tag),
    ignorable: field.ignorable ?? false,
    hasDefault: field.default !== undefined,
    in: versions(field.versions),
    nullableIn: versions(field.nullableVersions),
    taggedIn: versions(field.taggedVersions),
    fallback: () => fallbackOf(field.default, kind, isArray, fields),
  };
}

const zeroUuid = "00000000-0000-0000-0000-000000000000";

function fallbackOf(
  stated: string | number | boolean | undefined,
  kind: string,
  isArray: boolean,
  fields: readonly GenericField[],
): unknown {
  if (stated === "null") return null;
  if (isArray) return [];
  if (kind === "struct") {
    return Object.fromEntries(fields.map((field) => [field.name, field.fallback()]));
  }
  if (kind === "string") return stated ?? "";
  if (kind === "bool") return stated === "true" || stated === true;
  if (kind === "uuid") return zeroUuid;
  if (kind === "bytes" || kind === "records") return new Uint8Array(0);
  return Number(stated ?? 0);
}

/** The definition without the fields that no version from `lowest` to `highest` has. */
export function servedFrom(
  message: GenericMessage,
  lowest: number,
  highest: number,
): GenericMessage {
  const versionsServed = Array.from({ length: highest - lowest + 1 }, (_, i) => lowest + i);
  const kept = (fields: readonly GenericField[]): GenericField[] =>
    fields
      .filter((field) => versionsServed.some((version) => field.in(version)))
      .map((field) => ({ ...field, fields: kept(field.fields) }));
  return { ...message, fields: kept(message.fields) };
}

/** Whether two messages, or parts of them, are the same. */
export const same = (a: unknown, b: unknown): boolean =>
  JSON.stringify(plain(a)) === JSON.stringify(plain(b));

function plain(value: unknown): unknown {
  if (value instanceof Uint8Array) return { hex: Buffer.from(value).toString("hex") };
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, one]) => [key, plain(one)]));
}

/** A value that a version lacks and that may not be dropped. */
export class NotInThisVersion extends Error {}

/** Encodes a message of a version. @throws NotInThisVersion */
export function encodeGeneric(message: GenericMessage, version: number, value: Message): Buffer {
  const out: number[] = [];
  encodeStruct(out, message.fields, version, message.flexibleIn(version), value);
  return Buffer.from(out);
}

function encodeStruct(
  out: number[],
  fields: readonly GenericField[],
  version: number,
  flexible: boolean,
  value: Message,
): void {
  const tagged: [number, number[]][] = [];
  for (const field of fields) {
    const own = value[field.name];
    if (!field.in(version)) {
      if (!field.ignorable && !same(own, field.fallback())) throw new NotInThisVersion(field.name);
    } else if (field.taggedIn(version)) {
      if (same(own, field.fallback())) continue;
      const bytes: number[] = [];
      encodeField(bytes, field, version, flexible, own);
      tagged.push([field.tag ?? -1, bytes]);
    } else encodeField(out, field, version, flexible, own);
  }
  if (!flexible) return;
  tagged.sort(([a], [b]) => a - b);
  uvarint(out, tagged.length);
  for (const [tag, bytes] of tagged) {
    uvarint(out, tag);
    uvarint(out, bytes.length);
    out.push(...bytes);
  }
}

function encodeField(
  out: number[],
  field: GenericField,
  version: number,
  flexible: boolean,
  value: unknown,
): void {
  if (!field.isArray) return encodeOne(out, field, version, flexible, value);
  const items = value as readonly unknown[] | null;
  length(out, flexible, 4, items === null ? -1 : items.length);
  for (const item of items ?? []) encodeOne(out, field, version, flexible, item);
}

function encodeOne(
  out: number[],
  field: GenericField,
  version: number,
  flexible: boolean,
  value: unknown,
): void {
  if (field.kind === "struct") {
    encodeStruct(out, field.fields, version, flexible, value as Message);
  } else if (field.kind === "string") {
    const bytes = value === null ? undefined : Buffer.from(value as string, "utf8");
    length(out, flexible, 2, bytes?.length ?? -1);
    out.push(...(bytes ?? []));
  } else if (field.kind === "bytes" || field.kind === "records") {
    const bytes = value as Uint8Array | null;
    length(out, flexible, 4, bytes?.length ?? -1);
    out.push(...(bytes ?? []));
  } else if (field.kind === "uuid") {
    out.push(...Buffer.from((value as string).replaceAll("-", ""), "hex"));
  } else if (field.kind === "bool") out.push(value === true ? 1 : 0);
  else integer(out, bits(field.kind) / 8, BigInt(value as number));
}

const bits = (kind: string): number => Number(/\d+$/.exec(kind)?.[0] ?? Number.NaN);

function length(out: number[], flexible: boolean, size: number, count: number): void {
  if (flexible) uvarint(out, count + 1);
  else integer(out, size, BigInt(count));
}

function integer(out: number[], size: number, value: bigint): void {
  for (let byte = size - 1; byte >= 0; byte--)
    out.push(Number((value >> BigInt(byte * 8)) & 0xffn));
}

function uvarint(out: number[], value: number): void {
  let rest = BigInt(value);
  for (; rest > 127n; rest >>= 7n) out.push(Number(rest & 0x7fn) | 0x80);
  out.push(Number(rest));
}

/** Decodes a message of a version, to its last byte; fields that the version lacks get their defaults. */
export function decodeGeneric(
  message: GenericMessage,
  version: number,
  bytes: Uint8Array,
): Message {
  const from = { bytes: Buffer.from(bytes), at: 0 };
  const value = decodeStruct(from, message.fields, version, message.flexibleIn(version));
  if (from.at !== bytes.length) throw new Error(`${bytes.length - from.at} bytes are left`);
  return value;
}

interface Cursor {
  readonly bytes: Buffer;
  at: number;
}

function decodeStruct(
  from: Cursor,
  fields: readonly GenericField[],
  version: number,
  flexible: boolean,
): Message {
  const value: Message = {};
  for (const field of fields) {
    const here = field.in(version) && !field.taggedIn(version);
    value[field.name] = here ? decodeField(from, field, version, flexible) : field.fallback();
  }
  if (!flexible) return value;
  for (let count = takeUvarint(from); count > 0; count--) {
    const tag = takeUvarint(from);
    const size = takeUvarint(from);
    const field = fields.find((one) => one.tag === tag && one.taggedIn(version));
    if (field === undefined) from.at += size;
    else value[field.name] = decodeField(from, field, version, flexible);
  }
  return value;
}

function decodeField(
  from: Cursor,
  field: GenericField,
  version: number,
  flexible: boolean,
): unknown {
  if (!field.isArray) return decodeOne(from, field, version, flexible);
  const count = takeLength(from, flexible, 4);
  if (count === -1) return null;
  return Array.from({ length: count }, () => decodeOne(from, field, version, flexible));
}

function decodeOne(from: Cursor, field: GenericField, version: number, flexible: boolean): unknown {
  switch (field.kind) {
    case "struct":
      return decodeStruct(from, field.fields, version, flexible);
    case "string": {
      const size = takeLength(from, flexible, 2);
      return size === -1 ? null : take(from, size).toString("utf8");
    }
    case "bytes":
    case "records": {
      const size = takeLength(from, flexible, 4);
      return size === -1 ? null : new Uint8Array(take(from, size));
    }
    case "uuid":
      return take(from, 16)
        .toString("hex")
        .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
    case "bool":
      return takeInteger(from, 1) !== 0n;
    default: {
      const value = takeInteger(from, bits(field.kind) / 8);
      return Number(field.kind.startsWith("u") ? BigInt.asUintN(bits(field.kind), value) : value);
    }
  }
}

function take(from: Cursor, size: number): Buffer {
  from.at += size;
  if (from.at > from.bytes.length) throw new Error("cut");
  return from.bytes.subarray(from.at - size, from.at);
}

function takeInteger(from: Cursor, size: number): bigint {
  let value = 0n;
  for (const byte of take(from, size)) value = (value << 8n) | BigInt(byte);
  return BigInt.asIntN(size * 8, value);
}

function takeUvarint(from: Cursor): number {
  let value = 0n;
  for (let shift = 0n; ; shift += 7n) {
    const byte = BigInt(take(from, 1)[0] ?? 0);
    value |= (byte & 0x7fn) << shift;
    if (byte < 0x80n) return Number(value);
  }
}

const takeLength = (from: Cursor, flexible: boolean, size: number): number =>
  flexible ? takeUvarint(from) - 1 : Number(takeInteger(from, size));
