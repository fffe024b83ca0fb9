/*
 * Where two runs part: their first event that differs. Runs that share a past share its very events, so that looking
 * costs little; what has been found equal is not looked at again.
 */
import type { TraceEvent } from "#sim";
import type { Recording } from "./recording.ts";

/** The first event of each that the other does not have; undefined: it has come to its end. */
export interface Parting {
  readonly index: number;
  readonly here: TraceEvent | undefined;
  readonly there: TraceEvent | undefined;
}

/** Remembers how far two recordings are known to be equal. */
export interface PartingSearch {
  readonly here: Recording;
  readonly there: Recording;
  equal: number;
}

export const newPartingSearch = (here: Recording, there: Recording): PartingSearch => ({
  here,
  there,
  equal: 0,
});

/**
 * Goes on from what is equal. Undefined: nothing differs in what is known of both; `whole` says whether both are there to
 * their ends, so that one of them may end first.
 */
export function findParting(search: PartingSearch, whole: boolean): Parting | undefined {
  const [here, there] = [search.here.events, search.there.events];
  const known = Math.min(here.length, there.length);
  while (search.equal < known && isSame(here[search.equal], there[search.equal])) search.equal += 1;
  const { equal } = search;
  if (equal >= known && (!whole || here.length === there.length)) return undefined;
  return { index: equal, here: here[equal], there: there[equal] };
}

const isSame = (a: TraceEvent | undefined, b: TraceEvent | undefined): boolean =>
  a === b || JSON.stringify(a) === JSON.stringify(b);
