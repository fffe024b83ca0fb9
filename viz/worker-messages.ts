/* What the page and the simulation's worker say to each other. Plain data, in order. */
import type { Answer, Question } from "./look/questions.ts";
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
    }
  /** A look into a run, made by replaying it; what is being run goes on after it. `ask` names the answer. */
  | {
      readonly type: "look";
      readonly run: number;
      readonly ask: number;
      readonly scenario: Scenario;
      readonly question: Question;
    };

/** How a guarantee stands after an event; said when it changes. */
export interface VerdictChange {
  readonly seq: number;
  readonly at: Micros;
  readonly id: string;
  /** `open`: there was nothing to judge yet. */
  readonly state: "open" | "holds" | "broken" | "notPromised" | "notPromisedBroken";
  readonly checked: number;
  readonly exempt: number;
  /** Ids of the preconditions that were off for what was exempt. */
  readonly off: readonly string[];
  /** What broke, and the event at which it showed. */
  readonly evidence: string | null;
  readonly event: number | null;
  /** The record that it is about, where it is about one. */
  readonly record: { readonly partition: string; readonly offset: number } | null;
}

export type FromWorker =
  | { readonly type: "events"; readonly run: number; readonly events: readonly TraceEvent[] }
  | { readonly type: "verdicts"; readonly run: number; readonly changes: readonly VerdictChange[] }
  /** The edit of a fork changes what was promised before it: all verdicts follow, from the start. */
  | { readonly type: "judgedAnew"; readonly run: number }
  | { readonly type: "done"; readonly run: number; readonly hash: string; readonly inputs: number }
  | {
      readonly type: "looked";
      readonly run: number;
      readonly ask: number;
      /** Or why there is none. */
      readonly answer: Answer | string;
    }
  | { readonly type: "failed"; readonly run: number; readonly message: string };
