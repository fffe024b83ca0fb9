/*
 * Copies of a run that are kept on its way, so that a fork or a look goes on from the nearest one. A long run has no more
 * of them than a short one, only further apart.
 */
import type { Micros } from "#sim";

/** A copy, and the virtual time at which it was made. */
export interface KeptCopy<Copy> {
  readonly at: Micros;
  readonly copy: Copy;
}

/** The copies of one run, in ascending time. */
export interface Kept<Copy> {
  /** There are at most so many. */
  readonly most: number;
  /** How far apart they are at least. */
  readonly every: Micros;
  readonly copies: readonly KeptCopy<Copy>[];
}

/** The same with a copy of what is at `now`, if the last one is far enough behind; with every second one once they are too many. */
export function withCopy<Copy>(kept: Kept<Copy>, now: Micros, copy: () => Copy): Kept<Copy> {
  const last = kept.copies.at(-1)?.at ?? -Infinity;
  if (now - last < kept.every) return kept;
  const copies = [...kept.copies, { at: now, copy: copy() }];
  if (copies.length <= kept.most) return { ...kept, copies };
  const fewer = copies.filter((_, index) => index % 2 === 0);
  return { ...kept, every: kept.every * 2, copies: fewer };
}

/** Those that were made at `at` or before, each changed. */
export const keptUntil = <Copy>(
  kept: Kept<Copy>,
  at: Micros,
  change: (copy: Copy) => Copy,
): Kept<Copy> => ({
  ...kept,
  copies: kept.copies
    .filter((one) => one.at <= at)
    .map((one) => ({ at: one.at, copy: change(one.copy) })),
});

/** The last copy that was made at `at` or before. */
export const lastKept = <Copy>({ copies }: Kept<Copy>, at: Micros): Copy | undefined =>
  copies.findLast((one) => one.at <= at)?.copy;
