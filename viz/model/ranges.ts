/* Byte ranges of a file: which bytes have reached the platter. */
import type { Ranges } from "./picture.ts";

/** The union with one more range. */
export function addRange(ranges: Ranges, from: number, to: number): Ranges {
  if (to <= from) return ranges;
  const merged: (readonly [number, number])[] = [];
  let start = from;
  let end = to;
  for (const range of ranges) {
    if (range[1] < start || range[0] > end) merged.push(range);
    else {
      start = Math.min(start, range[0]);
      end = Math.max(end, range[1]);
    }
  }
  merged.push([start, end]);
  return merged.sort((a, b) => a[0] - b[0]);
}

/** What is left when the file's bytes from `at` on are no longer what they were. */
export const cutRanges = (ranges: Ranges, at: number): Ranges =>
  ranges.filter(([from]) => from < at).map(([from, to]) => [from, Math.min(to, at)] as const);

export const coversRange = (ranges: Ranges, from: number, to: number): boolean =>
  ranges.some((range) => range[0] <= from && range[1] >= to);
