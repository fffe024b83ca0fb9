import { InvariantError } from "#core";
import { mixInteger, mixText, mixWord, newTape, printHash } from "../trace/hash.ts";
import type { World } from "./state.ts";

/** Hashes of sealed bytes that were met before; lives outside the world. */
export type SealedHashes = WeakMap<Uint8Array, number>;

/**
 * The fingerprint of a whole world, 16 hexadecimal digits: equal for equal worlds. It is exact about order: a
 * Map or Set counts in the order of its insertions and an object in that of its keys, since what iterates over
 * them would see that order too. Pass `sealed` to remember the hashes of sealed bytes from call to call.
 */
export const hashWorld = (world: World, sealed?: SealedHashes): string => hashPlain(world, sealed);

/** The fingerprint of plain data; see hashWorld. @throws InvariantError for what is not plain data. */
export function hashPlain(value: unknown, sealed: SealedHashes = new WeakMap()): string {
  const tape = newTape();
  mixAny({ lanes: tape.lanes, sealed, double: new Float64Array(1) }, value);
  return printHash(tape);
}

interface Hashing {
  readonly lanes: Int32Array;
  readonly sealed: SealedHashes;
  readonly double: Float64Array;
}

const marks = {
  undefined: 2,
  null: 3,
  true: 5,
  false: 7,
  array: 11,
  map: 13,
  set: 17,
  object: 19,
  sealed: 23,
  own: 29,
  text: 31,
  double: 37,
} as const;

function mixAny(to: Hashing, value: unknown): void {
  const { lanes } = to;
  switch (typeof value) {
    case "number":
      return mixNumber(to, value);
    case "string":
      mixWord(lanes, marks.text);
      return mixText(lanes, value);
    case "boolean":
      return mixWord(lanes, value ? marks.true : marks.false);
    case "undefined":
      return mixWord(lanes, marks.undefined);
    case "object":
      return value === null ? mixWord(lanes, marks.null) : mixObject(to, value);
    default:
      throw new InvariantError(`a ${typeof value} stands in the state`);
  }
}

function mixNumber(to: Hashing, value: number): void {
  if (Number.isInteger(value) && !Object.is(value, -0)) return mixInteger(to.lanes, value);
  to.double[0] = value;
  const words = new Int32Array(to.double.buffer);
  mixWord(to.lanes, marks.double);
  for (const word of words) mixWord(to.lanes, word);
}

function mixObject(to: Hashing, value: object): void {
  const { lanes } = to;
  if (Array.isArray(value)) {
    mixWord(lanes, marks.array);
    mixWord(lanes, value.length);
    for (const element of value as readonly unknown[]) mixAny(to, element);
  } else if (value instanceof Uint8Array) {
    mixWord(lanes, marks.sealed);
    mixWord(lanes, value.length);
    mixWord(lanes, sealedHash(to, value));
  } else if (value instanceof Map) {
    mixWord(lanes, marks.map);
    mixWord(lanes, value.size);
    for (const [key, member] of value as ReadonlyMap<unknown, unknown>) {
      mixAny(to, key);
      mixAny(to, member);
    }
  } else if (value instanceof Set) {
    mixWord(lanes, marks.set);
    mixWord(lanes, value.size);
    for (const member of value as ReadonlySet<unknown>) mixAny(to, member);
  } else if (ArrayBuffer.isView(value)) {
    const own = value as unknown as ArrayLike<number>;
    mixWord(lanes, marks.own);
    mixWord(lanes, own.length);
    for (let i = 0; i < own.length; i++) mixNumber(to, own[i] as number);
  } else {
    mixWord(lanes, marks.object);
    const record = value as Record<string, unknown>;
    for (const key of Object.keys(record)) {
      mixText(lanes, key);
      mixAny(to, record[key]);
    }
  }
}

/** A view's hash is remembered by the view, and its bytes never change. */
function sealedHash(to: Hashing, bytes: Uint8Array): number {
  const known = to.sealed.get(bytes);
  if (known !== undefined) return known;
  let hash = 0x811c9dc5;
  for (const byte of bytes) {
    hash = Math.imul(hash ^ byte, 0x01000193);
    hash ^= hash >>> 15;
  }
  to.sealed.set(bytes, hash);
  return hash;
}
