import { InvariantError } from "#core";
import type { World } from "./state.ts";

/** The same world once more: whatever happens to one does not happen to the other. Sealed bytes are shared. */
export const copyWorld = (world: World): World => copyPlain(world);

/**
 * Copies plain data, which must be a tree. A `Uint8Array` is sealed and shared; other typed arrays, Maps, Sets,
 * arrays and objects are copied, in the order in which they stand.
 * @throws InvariantError for anything else (a class's instance, a function).
 */
export function copyPlain<T>(value: T): T {
  return copyAny(value) as T;
}

function copyAny(value: unknown): unknown {
  if (typeof value !== "object" || value === null) {
    if (typeof value === "function") throw new InvariantError("a function stands in the state");
    return value;
  }
  if (Array.isArray(value)) return copyArray(value as readonly unknown[]);
  if (value instanceof Uint8Array) return value;
  if (value instanceof Map) {
    const copy = new Map<unknown, unknown>();
    for (const [key, member] of value as ReadonlyMap<unknown, unknown>) {
      copy.set(key, typeof member === "object" ? copyAny(member) : member);
    }
    return copy;
  }
  if (value instanceof Set) return new Set(value as ReadonlySet<unknown>);
  if (ArrayBuffer.isView(value)) return (value as unknown as { slice(): unknown }).slice();
  return copyObject(value);
}

function copyArray(array: readonly unknown[]): unknown[] {
  const copy = array.slice();
  for (let i = 0; i < copy.length; i++) {
    const element = copy[i];
    if (typeof element === "object" && element !== null) copy[i] = copyAny(element);
  }
  return copy;
}

function copyObject(value: object): object {
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) {
    throw new InvariantError("an instance of a class stands in the state");
  }
  // A spread keeps the shape that the engine knows the original by; keys set one by one would lose it.
  const copy = { ...value } as Record<string, unknown>;
  for (const key in copy) {
    const member = copy[key];
    if (typeof member === "object" ? member !== null : typeof member === "function") {
      copy[key] = copyAny(member);
    }
  }
  return copy;
}
