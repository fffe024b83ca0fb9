/* A process's state, which is plain data, as a tree of names and texts. */
import type { StateNode } from "./questions.ts";

/** Of a list, a Map or a Set so many members are shown; then it says how many more there are. */
const mostParts = 200;
/** Of bytes, so many are written out. */
const mostBytes = 16;

/** Everything that a value is made of, in its own order. */
export function stateTree(name: string, value: unknown): StateNode {
  if (value === null || typeof value !== "object") return { name, text: textOf(value) };
  if (value instanceof Uint8Array) return { name, text: bytesText(value) };
  if (ArrayBuffer.isView(value)) return listNode(name, [...(value as Float64Array)], "number");
  if (Array.isArray(value)) return listNode(name, value, "item");
  if (value instanceof Set) return listNode(name, [...(value as ReadonlySet<unknown>)], "member");
  if (value instanceof Map) {
    return named(name, [...(value as ReadonlyMap<unknown, unknown>)], "entry", "entries");
  }
  return named(name, Object.entries(value), "field", "fields");
}

const textOf = (value: unknown): string => (value === undefined ? "none" : JSON.stringify(value));

function bytesText(bytes: Uint8Array): string {
  const shown = [...bytes.subarray(0, mostBytes)];
  const hex = shown.map((byte) => byte.toString(16).padStart(2, "0")).join(" ");
  const more = bytes.length > mostBytes ? " ..." : "";
  return bytes.length === 0
    ? "no bytes"
    : `${counted(bytes.length, "byte", "bytes")}: ${hex}${more}`;
}

function listNode(name: string, items: readonly unknown[], word: string): StateNode {
  if (items.length > 0 && items.every((item) => item === null || typeof item !== "object")) {
    const shown = items.slice(0, mostParts).map(textOf).join(", ");
    return { name, text: items.length > mostParts ? `${shown}, ...` : shown };
  }
  const entries = items.map((item, index) => [`[${index}]`, item] as const);
  return named(name, entries, word, `${word}s`);
}

function named(
  name: string,
  entries: readonly (readonly [unknown, unknown])[],
  one: string,
  many: string,
): StateNode {
  if (entries.length === 0) return { name, text: "empty" };
  const parts = entries
    .slice(0, mostParts)
    .map(([key, value]) => stateTree(typeof key === "string" ? key : textOf(key), value));
  const left = entries.length - parts.length;
  if (left > 0) parts.push({ name: "...", text: `${left} more` });
  return { name, text: counted(entries.length, one, many), parts };
}

const counted = (count: number, one: string, many: string): string =>
  `${count} ${count === 1 ? one : many}`;
