/*
 * Named streams of chance. A stream is Baagøe's alea, the generator that seedrandom calls `alea`: its four
 * numbers are plain data in the world and are stepped in place. One stream per name, so that a new draw in one
 * place shifts nothing elsewhere; alea's seeding (a hash of the whole name) keeps streams with like names apart.
 */

/** The state of one stream: three fractions and a carry. */
export interface Stream {
  a: number;
  b: number;
  c: number;
  carry: number;
}

const twoTo32 = 0x1_0000_0000;
/** 2^-32. */
const grain = 1 / twoTo32;

/** The stream `name` of a seed, before its first draw. */
export function newStream(seed: string, name: string): Stream {
  return seedStream(`${seed}/${name}`);
}

/** The stream that seedrandom's `alea(text)` would give. */
export function seedStream(text: string): Stream {
  let hash = 0xefc8249d;
  const mash = (part: string): number => {
    for (let i = 0; i < part.length; i++) {
      hash += part.charCodeAt(i);
      let spread = 0.02519603282416938 * hash;
      hash = spread >>> 0;
      spread -= hash;
      spread *= hash;
      hash = spread >>> 0;
      spread -= hash;
      hash += spread * twoTo32;
    }
    return (hash >>> 0) * grain;
  };
  const blanks = [mash(" "), mash(" "), mash(" ")];
  const [a = 0, b = 0, c = 0] = blanks.map((blank) => {
    const rest = blank - mash(text);
    return rest < 0 ? rest + 1 : rest;
  });
  return { a, b, c, carry: 1 };
}

/** The next draw: a multiple of 2^-32 in [0, 1). */
export function draw(stream: Stream): number {
  const next = 2091639 * stream.a + stream.carry * grain;
  stream.a = stream.b;
  stream.b = stream.c;
  stream.carry = next | 0;
  stream.c = next - stream.carry;
  return stream.c;
}

/** The next draw as an integer in [0, 2^32). */
export const drawUint32 = (stream: Stream): number => Math.floor(draw(stream) * twoTo32);

/** The next draw as an integer in [low, high]. */
export const between = (stream: Stream, low: number, high: number): number =>
  low + Math.floor(draw(stream) * (high - low + 1));
