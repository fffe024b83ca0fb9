/* What most invariants have in common: a count of what was judged, what broke, and no preconditions. */
import type { TraceEvent } from "../trace/events.ts";
import type { Break, Verdict } from "./guarantee.ts";

export interface Plain {
  checked: number;
  readonly breaks: Break[];
}

export const newPlain = (): Plain => ({ checked: 0, breaks: [] });

/** Counts one thing that was judged at an event (or audit); without `holds` it is a break, told with `evidence`. */
export function judgePlain(
  state: Plain,
  event: Pick<TraceEvent, "seq" | "at">,
  holds: boolean,
  evidence: () => string,
  off: readonly string[] = [],
): void {
  state.checked += 1;
  if (!holds) state.breaks.push({ evidence: evidence(), off, seq: event.seq, at: event.at });
}

export const plainVerdict = ({ checked, breaks }: Plain): Verdict => ({
  checked,
  exempt: 0,
  precondition: [],
  breaks,
});
