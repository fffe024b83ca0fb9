/*
 * A promise that a person would say, and how it is judged: a checker with plain state, moved by every event of a trace.
 * What checkers say stands beside the trace; to attach one changes nothing in it.
 */
import type { Audit } from "../audit/audit.ts";
import type { Copies } from "./copies-state.ts";
import type { Scenario } from "../scenario/schema.ts";
import type { Micros, TraceEvent } from "../trace/events.ts";

/** Something that must be so for a promise to be made. */
export interface Precondition {
  readonly id: string;
  readonly sentence: string;
}

/** One thing that was judged and found broken. */
export interface Break {
  /** What broke, with names, offsets and times. */
  readonly evidence: string;
  /** Preconditions that were off for it; empty: it was promised. */
  readonly off: readonly string[];
  /** The event at which it showed, and its time (µs). */
  readonly seq: number;
  readonly at: Micros;
  /** The record that it is about, where it is about one. */
  readonly record?: { readonly partition: string; readonly offset: number };
}

/** How a promise stands. */
export interface Verdict {
  /** How many things were judged. */
  readonly checked: number;
  /** Those of them that were not promised. */
  readonly exempt: number;
  /** What was off for the exempt ones, each once. */
  readonly precondition: readonly string[];
  /** Of the exempt ones those of which nobody can say how they stand, and why; absent: there are none. */
  readonly open?: { readonly count: number; readonly why: string };
  /** All that broke, promised or not, in the order in which it showed. */
  readonly breaks: readonly Break[];
}

/** A guarantee; its state is plain data, copied with the world. */
export interface Guarantee<State = unknown> {
  readonly id: string;
  /** The promise. */
  readonly sentence: string;
  /** Why it matters. */
  readonly why: string;
  readonly preconditions: readonly Precondition[];
  /** `copies`: the bookkeeping that it shares with others; absent: it keeps its own. */
  begin(scenario: Scenario, copies?: Copies): State;
  step(state: State, event: TraceEvent): void;
  /** Hears what looks into the processes show: for promises about what they remember, which no trace tells. */
  audit?(state: State, audit: Audit): void;
  verdict(state: State): Verdict;
}

/** A guarantee as everybody but its own file sees it. */
export type AnyGuarantee = Guarantee;

/** One of four: `held` and `broken` were promised (or claimed), the others were not. */
export type Standing = "held" | "broken" | "notPromised" | "notPromisedBroken";

/** How one guarantee stands in a run, for whoever prints or draws it. */
export interface Judgement {
  readonly id: string;
  /** At least one thing was promised, or the guarantee is claimed. */
  readonly promised: boolean;
  /** No promised thing broke; if none was promised, none broke. */
  readonly holds: boolean;
  readonly standing: Standing;
  readonly checked: number;
  readonly exempt: number;
  readonly precondition: readonly string[];
  /** A sentence: what was judged, or what broke first. */
  readonly evidence: string;
  /** The break that decides; undefined if it holds. */
  readonly broke: Break | undefined;
  /** The first break of each kind, a kind being what was off; `broke` among them. */
  readonly kinds: readonly Break[];
}

/** Judges as a person would: `claimed` treats everything as promised of which anything can be said. */
export function judgementOf(id: string, verdict: Verdict, isClaimed = false): Judgement {
  const { checked, exempt, precondition, breaks, open } = verdict;
  const claimed = isClaimed && (open === undefined || open.count < checked);
  // What broke while nothing was off was promised, whatever was off for the rest.
  const brokePromise = breaks.some(({ off }) => off.length === 0);
  const promised = claimed || brokePromise || checked > exempt;
  const counting = breaks.filter(({ off }) => claimed || !promised || off.length === 0);
  const [broke] = counting;
  const holds = broke === undefined;
  const standing = promised
    ? holds
      ? "held"
      : "broken"
    : holds
      ? "notPromised"
      : "notPromisedBroken";
  const judged = `${checked} judged, ${exempt} of them not promised.`;
  const left = open === undefined ? "" : ` How ${open.count} of them stand is open: ${open.why}.`;
  const evidence = broke?.evidence ?? `${judged}${left}`;
  return {
    id,
    promised,
    holds,
    standing,
    checked,
    exempt,
    precondition,
    evidence,
    broke,
    kinds: firstOfEach(counting),
  };
}

function firstOfEach(breaks: readonly Break[]): Break[] {
  const kinds = new Map<string, Break>();
  for (const one of breaks) {
    const kind = one.off.join(" ");
    if (!kinds.has(kind)) kinds.set(kind, one);
  }
  return [...kinds.values()];
}
