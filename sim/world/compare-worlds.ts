import type { World } from "./state.ts";

/**
 * Where two worlds differ first, as a path (`nodes.2.process.epoch`), or undefined if they are equal. Exact about
 * order, as hashWorld is.
 */
export const compareWorlds = (a: World, b: World): string | undefined => comparePlain(a, b);

/** Where two pieces of plain data differ first; "" if they differ as a whole. */
export function comparePlain(a: unknown, b: unknown): string | undefined {
  const path = differs(a, b);
  return path === undefined ? undefined : path.reverse().join(".");
}

/** The path from the inside to the outside, or undefined for equal values. */
function differs(a: unknown, b: unknown): string[] | undefined {
  if (Object.is(a, b)) return undefined;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return [];
  if (Object.getPrototypeOf(a) !== Object.getPrototypeOf(b)) return [];
  if (Array.isArray(a)) return differsInList(a, b as unknown[]);
  if (a instanceof Map) return differsInMap(a, b as Map<unknown, unknown>);
  if (a instanceof Set) return differsInList([...a], [...(b as Set<unknown>)]);
  if (ArrayBuffer.isView(a)) {
    return differsInList(a as unknown as ArrayLike<unknown>, b as unknown as ArrayLike<unknown>);
  }
  return differsInObject(a as Record<string, unknown>, b as Record<string, unknown>);
}

function differsInList(a: ArrayLike<unknown>, b: ArrayLike<unknown>): string[] | undefined {
  const least = Math.min(a.length, b.length);
  for (let i = 0; i < least; i++) {
    const path = differs(a[i], b[i]);
    if (path !== undefined) return within(path, String(i));
  }
  return a.length === b.length ? undefined : ["length"];
}

function differsInMap(a: Map<unknown, unknown>, b: Map<unknown, unknown>): string[] | undefined {
  const others = b.entries();
  for (const [key, member] of a) {
    const { value: other, done } = others.next();
    if (done === true || !Object.is(other[0], key)) return [String(key)];
    const path = differs(member, other[1]);
    if (path !== undefined) return within(path, String(key));
  }
  return a.size === b.size ? undefined : ["size"];
}

function differsInObject(
  a: Record<string, unknown>,
  b: Record<string, unknown>,
): string[] | undefined {
  const keys = Object.keys(a);
  const others = Object.keys(b);
  for (const [i, key] of keys.entries()) {
    if (others[i] !== key) return [key];
    const path = differs(a[key], b[key]);
    if (path !== undefined) return within(path, key);
  }
  return keys.length === others.length ? undefined : [others[keys.length] ?? ""];
}

function within(path: string[], step: string): string[] {
  path.push(step);
  return path;
}
