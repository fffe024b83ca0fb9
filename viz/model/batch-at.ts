/* Finds the batches of a log by what rises along it: offset, epoch, place on the disk. By halving: logs get long. */
import type { BatchPicture, StripPicture } from "./picture.ts";

/** Index of the first batch from `from` on for which something is so, which is so for all that follow as well. */
export function firstIndex(
  batches: readonly BatchPicture[],
  isSo: (batch: BatchPicture) => boolean,
  from = 0,
): number {
  let low = from;
  let high = batches.length;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    const batch = batches[middle];
    if (batch === undefined || isSo(batch)) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Index of the first batch that reaches above an offset. */
export const indexAt = (batches: readonly BatchPicture[], offset: number): number =>
  firstIndex(batches, ({ next }) => next > offset);

/** How many batches lie wholly in what a power loss cannot take. */
export function countSynced({ batches, synced }: StripPicture): number {
  let count = 0;
  for (const [segment, ranges] of synced) {
    for (const [from, to] of ranges) {
      const begin = firstIndex(batches, (batch) => isFrom(batch, segment, from));
      const end = firstIndex(batches, (batch) => reachesPast(batch, segment, to), begin);
      count += end - begin;
    }
  }
  return count;
}

const isFrom = (batch: BatchPicture, segment: number, from: number): boolean =>
  batch.segment > segment || (batch.segment === segment && batch.position >= from);

const reachesPast = (
  { segment, position, length }: BatchPicture,
  of: number,
  to: number,
): boolean => segment > of || (segment === of && position + length > to);

/** The batch that holds an offset. */
export function batchAt({ batches }: StripPicture, offset: number): BatchPicture | undefined {
  const batch = batches[indexAt(batches, offset)];
  return batch !== undefined && batch.base <= offset ? batch : undefined;
}

/** Finds the batches that hold offsets; where the offsets rise one by one it needs no search. */
export function batchFinder({
  batches,
}: StripPicture): (offset: number) => BatchPicture | undefined {
  let place = 0;
  const holds = (offset: number): boolean => {
    const batch = batches[place];
    return batch !== undefined && batch.base <= offset && offset < batch.next;
  };
  return (offset) => {
    if (holds(offset)) return batches[place];
    place += 1;
    if (holds(offset)) return batches[place];
    place = indexAt(batches, offset);
    return holds(offset) ? batches[place] : undefined;
  };
}

/** Those that reach into a window of offsets. */
export const batchesIn = (
  { batches }: StripPicture,
  from: number,
  to: number,
): readonly BatchPicture[] => batches.slice(indexAt(batches, from), indexAt(batches, to) + 1);
