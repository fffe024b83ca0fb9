/* What the page and the simulation's worker say to each other. Plain data, in order. */
import type { Fault, Micros, Scenario, TraceEvent } from "#sim";

export type ToWorker =
  | { readonly type: "run"; readonly run: number; readonly scenario: Scenario }
  /**
   * Go on from `at` of the run `from` with more faults, which the edited scenario has as well. Events up to and
   * with `after` are known and not sent again.
   */
  | {
      readonly type: "fork";
      readonly run: number;
      readonly from: number;
      readonly at: Micros;
      readonly after: number;
      readonly scenario: Scenario;
      readonly faults: readonly Fault[];
    };

/** How a guarantee stands after an event; said when it changes. */
export interface VerdictChange {
  readonly seq: number;
  readonly at: Micros;
  readonly id: string;
  readonly state: "open" | "holds" | "broken" | "notPromised";
  readonly checked: number;
  readonly exempt: number;
  /** What was off, where something was not promised. */
  readonly precondition: string | null;
  /** One sentence on what broke it, and the events that say so. */
  readonly evidence: string | null;
  readonly events: readonly number[];
}

/** A guarantee as the page names it. */
export interface GuaranteeName {
  readonly id: string;
  readonly sentence: string;
}

export type FromWorker =
  | {
      readonly type: "guarantees";
      readonly run: number;
      readonly guarantees: readonly GuaranteeName[];
    }
  | { readonly type: "events"; readonly run: number; readonly events: readonly TraceEvent[] }
  | { readonly type: "verdicts"; readonly run: number; readonly changes: readonly VerdictChange[] }
  | { readonly type: "done"; readonly run: number; readonly hash: string; readonly inputs: number }
  | { readonly type: "failed"; readonly run: number; readonly message: string };
