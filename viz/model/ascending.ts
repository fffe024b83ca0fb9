/* Lists of ascending numbers, searched by halving: they get long. */

/** Index of the first number that is not below `least`; so many are below it. */
export function placeIn(ascending: readonly number[], least: number): number {
  let low = 0;
  let high = ascending.length;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if ((ascending[middle] ?? Infinity) < least) low = middle + 1;
    else high = middle;
  }
  return low;
}
