/*
 * What most invariants have in common: a count of what was judged and of what was not promised, and what broke. What is off
 * is asked when something is judged: what held or broke before that was promised.
 */
import type { TraceEvent } from "../trace/events.ts";
import type { Break, Verdict } from "./guarantee.ts";

export interface Plain {
  checked: number;
  exempt: number;
  /** Ids of the preconditions that were off for what was exempt. */
  readonly precondition: Set<string>;
  readonly breaks: Break[];
}

export const newPlain = (): Plain => ({
  checked: 0,
  exempt: 0,
  precondition: new Set(),
  breaks: [],
});

/**
 * Counts one thing that was judged at an event (or audit); without `holds` it is a break, told with `evidence`. `off`:
 * ids of the preconditions that are off for it.
 */
export function judgePlain(
  state: Plain,
  event: Pick<TraceEvent, "seq" | "at">,
  holds: boolean,
  evidence: () => string,
  off: readonly string[] = [],
): void {
  state.checked += 1;
  if (off.length > 0) state.exempt += 1;
  for (const id of off) state.precondition.add(id);
  if (!holds) state.breaks.push({ evidence: evidence(), off, seq: event.seq, at: event.at });
}

export const plainVerdict = ({ checked, exempt, precondition, breaks }: Plain): Verdict => ({
  checked,
  exempt,
  precondition: [...precondition],
  breaks,
});
