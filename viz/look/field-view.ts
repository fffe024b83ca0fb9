/* A field as it is shown: its value as text. */
import { apiName, type BatchHeader, codecOf, errorName, type ReadField } from "#core";

/** A field with its bytes [from, to); `parts` are absent where it has none. */
export interface FieldView {
  readonly name: string;
  /** `int32`, `text`, ...; what a reader may want to know of how it is written. */
  readonly kind: string;
  readonly text: string;
  readonly from: number;
  readonly to: number;
  readonly problem?: string;
  readonly parts?: readonly FieldView[];
}

export function fieldView(field: ReadField): FieldView {
  const { name, kind, from, to, problem, parts } = field;
  return {
    name,
    kind,
    text: textOf(field),
    from,
    to,
    ...(problem === undefined ? {} : { problem }),
    ...(parts.length === 0 ? {} : { parts: parts.map(fieldView) }),
  };
}

/** The problems of a field and of all that is in it, in the order of the bytes. */
export const problemsOf = (field: FieldView): readonly string[] => [
  ...(field.problem === undefined ? [] : [field.problem]),
  ...(field.parts ?? []).flatMap(problemsOf),
];

function textOf(field: ReadField): string {
  const { name, kind, value, parts } = field;
  if (value === null) return "null";
  if (name.startsWith("batch ")) return batchText(value as BatchHeader);
  if (name.startsWith("record ") && parts.length > 0) return recordText(field);
  if (kind === "array") return arrayText(parts);
  if (value instanceof Uint8Array) {
    const isDeep = parts.some((part) => part.parts.length > 0);
    return isDeep ? `${value.length} bytes` : bytesText(value, name);
  }
  if (typeof value === "number") return numberText(name, value, field);
  if (typeof value === "string") return kind === "text" ? JSON.stringify(value) : value;
  if (typeof value === "boolean") return String(value);
  return "";
}

const arrayText = (parts: readonly ReadField[]): string => {
  const count = parts.filter(({ name }) => name !== "count" && name !== "length").length;
  return count === 1 ? "1 item" : `${count} items`;
};

function numberText(name: string, value: number, { kind }: ReadField): string {
  if (name === "errorCode" && kind === "int16")
    return `${value} ${value === 0 ? "NONE" : errorName(value)}`;
  // A compact count is written one higher, so that 0 can say that there is nothing to count.
  if (kind === "uvarint" && (name === "count" || name === "length")) {
    return value === 0 ? "0 (null)" : `${value} (for ${value - 1})`;
  }
  if (name === "apiKey" && kind === "int16") return `${value} ${apiName(value)}`;
  return String(value);
}

function batchText(header: BatchHeader): string {
  const { baseOffset, lastOffsetDelta, leaderEpoch } = header;
  const last = baseOffset + lastOffsetDelta;
  const offsets = last === baseOffset ? `offset ${baseOffset}` : `offsets ${baseOffset}–${last}`;
  const codec = codecOf(header) ?? "unknown";
  return `${offsets}, epoch ${leaderEpoch}${codec === "none" ? "" : `, ${codec}`}`;
}

function recordText({ parts }: ReadField): string {
  const part = (name: string): string => {
    const found = parts.find((one) => one.name === name);
    if (found === undefined) return "null";
    return found.parts.length > 0 ? (found.parts[1] === undefined ? "" : "...") : textOf(found);
  };
  return `key ${part("key")}, value ${part("value")}`;
}

/** So many bytes are written out; the others are seen beside it. */
const mostBytes = 12;
const mostText = 40;

/** Text where all of it can be read as such; else hexadecimal. */
function bytesText(bytes: Uint8Array, name: string): string {
  if (bytes.length === 0) return "no bytes";
  const isOpaque = name === "unread" || name === "unknown field" || name === "attributes";
  const text = isOpaque ? undefined : printable(bytes);
  if (text !== undefined) {
    return JSON.stringify(text.length > mostText ? `${text.slice(0, mostText)}...` : text);
  }
  const shown = [...bytes.subarray(0, mostBytes)];
  const hex = shown.map((byte) => byte.toString(16).padStart(2, "0")).join(" ");
  return bytes.length > mostBytes ? `${hex} ... (${bytes.length} bytes)` : hex;
}

function printable(bytes: Uint8Array): string | undefined {
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    return /^[^\p{Cc}\p{Cn}]*$/u.test(text) ? text : undefined;
  } catch {
    // Not UTF-8.
    return undefined;
  }
}
