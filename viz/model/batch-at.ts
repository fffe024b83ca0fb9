/* Finds the batches of a log by offset. */
import type { BatchPicture, StripPicture } from "./picture.ts";

/** Index of the first batch that reaches above an offset, by halving. */
export function indexAt(batches: readonly BatchPicture[], offset: number): number {
  let low = 0;
  let high = batches.length;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if ((batches[middle]?.next ?? Infinity) <= offset) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The batch that holds an offset. */
export function batchAt({ batches }: StripPicture, offset: number): BatchPicture | undefined {
  const batch = batches[indexAt(batches, offset)];
  return batch !== undefined && batch.base <= offset ? batch : undefined;
}

/** Those that reach into a window of offsets. */
export const batchesIn = (
  { batches }: StripPicture,
  from: number,
  to: number,
): readonly BatchPicture[] => batches.slice(indexAt(batches, from), indexAt(batches, to) + 1);
