/*
 * Copies of a run that are kept on its way, so that a fork or a look goes on from the nearest one. A long run has no more
 * of them than a short one, only further apart: each holds all that the guarantees know by then.
 */
import type { Micros } from "#sim";

/** Whatever can be copied at a time. */
export interface Copied {
  readonly world: { readonly now: Micros };
}

/** The copies of one run, in ascending time. */
export interface Kept<Copy extends Copied> {
  readonly id: number;
  /** How far apart they are at least. */
  readonly every: Micros;
  readonly copies: readonly Copy[];
}

/** At most so many. */
export const mostCopies = 48;

/** The same with a copy of what is at `now`, if the last one is far enough behind; with every second one once they are too many. */
export function withCopy<Copy extends Copied>(
  kept: Kept<Copy>,
  now: Micros,
  copy: () => Copy,
): Kept<Copy> {
  const last = kept.copies.at(-1)?.world.now ?? -Infinity;
  if (now - last < kept.every) return kept;
  const copies = [...kept.copies, copy()];
  if (copies.length <= mostCopies) return { ...kept, copies };
  const fewer = copies.filter((_, index) => index % 2 === 0);
  return { ...kept, every: kept.every * 2, copies: fewer };
}
