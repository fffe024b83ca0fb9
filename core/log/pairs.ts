/*
 * How both indexes of a segment keep their entries: as pairs of numbers in one typed array that grows by doubling, so that
 * a world with many of them is copied fast.
 */

/** Entries hold offsets and positions as int32; what does not fit gets none. */
export const mostInt32 = 0x7fffffff;

const leastRoom = 8;

/** The pairs with room for one more behind the first `count`: the same array, or a larger one (`make`) that begins alike. */
export function withRoom<Pairs extends Int32Array | Float64Array>(
  pairs: Pairs,
  count: number,
  make: (length: number) => Pairs,
): Pairs {
  const used = count * 2;
  if (used < pairs.length) return pairs;
  const larger = make(Math.max(leastRoom, used * 2));
  larger.set(pairs);
  return larger;
}
