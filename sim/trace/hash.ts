/*
 * The rolling hash of a trace: two lanes of 32 bits, moved by integers in the order of events. It is the
 * fingerprint of a run, so it may depend on nothing but what happened.
 */

/** Where a trace stands: the number of its next event, and the hash of all before. Lives in the world. */
export interface Tape {
  seq: number;
  readonly lanes: Int32Array;
}

export const newTape = (): Tape => ({ seq: 0, lanes: Int32Array.of(0x243f6a88, 0x13198a2e) });

const twoTo32 = 0x1_0000_0000;

/** Moves both lanes by 32 bits. Each step is a bijection of the lane for a given word, so words are never lost. */
export function mixWord(lanes: Int32Array, word: number): void {
  let a = Math.imul(lanes[0]! ^ word, 0x85ebca6b);
  a ^= a >>> 15;
  let b = Math.imul(((lanes[1]! << 7) | (lanes[1]! >>> 25)) ^ word ^ a, 0xc2b2ae35);
  b ^= b >>> 13;
  lanes[0] = a;
  lanes[1] = b;
}

/** Mixes an integer; beyond 32 bits in two words, marked. */
export function mixInteger(lanes: Int32Array, value: number): void {
  const low = value | 0;
  if (low === value) return mixWord(lanes, low);
  mixWord(lanes, 0x5bd1e995);
  mixWord(lanes, low);
  mixWord(lanes, Math.floor(value / twoTo32) | 0);
}

/** Mixes a text by its length and code units. */
export function mixText(lanes: Int32Array, text: string): void {
  mixWord(lanes, text.length);
  // As mixWord, with the lanes in hand: texts are most of what is mixed.
  let a = lanes[0]!;
  let b = lanes[1]!;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    a = Math.imul(a ^ unit, 0x85ebca6b);
    a ^= a >>> 15;
    b = Math.imul(((b << 7) | (b >>> 25)) ^ unit ^ a, 0xc2b2ae35);
    b ^= b >>> 13;
  }
  lanes[0] = a;
  lanes[1] = b;
}

/** Mixes JSON-like data: kinds, lengths and leaves, in the order in which they stand; keys by their number only. */
export function mixData(lanes: Int32Array, value: unknown): void {
  if (typeof value === "number") {
    if (Number.isInteger(value)) return mixInteger(lanes, value);
    return mixText(lanes, String(value));
  }
  if (typeof value === "string") return mixText(lanes, value);
  if (typeof value === "boolean") return mixWord(lanes, value ? 0x7f4a7c15 : 0x1ce4e5b9);
  if (value === null || value === undefined) return mixWord(lanes, 0x3c6ef372);
  if (typeof value !== "object") return;
  if (Array.isArray(value)) {
    mixWord(lanes, value.length ^ 0x510e527f);
    for (const element of value as readonly unknown[]) mixData(lanes, element);
    return;
  }
  let members = 0x1f83d9ab;
  const record = value as Record<string, unknown>;
  for (const key in record) {
    members++;
    mixData(lanes, record[key]);
  }
  mixWord(lanes, members);
}

/** The hash so far, as 16 lower-case hexadecimal digits. */
export const printHash = (tape: Tape): string => hex(tape.lanes[0]!) + hex(tape.lanes[1]!);

const hex = (lane: number): string => (lane >>> 0).toString(16).padStart(8, "0");
