/* A run that has been recorded whole: what most exports are made of. */
import type { Judgement } from "../guarantees/guarantee.ts";
import type { Scenario } from "../scenario/schema.ts";
import { judge } from "../search/judge.ts";
import type { TraceEvent } from "../trace/events.ts";

export interface Recorded {
  readonly scenario: Scenario;
  /** All of them, in order. */
  readonly events: readonly TraceEvent[];
  readonly hash: string;
  readonly judgements: readonly Judgement[];
}

/** Runs a scenario and keeps everything that happens. */
export function recorded(scenario: Scenario): Recorded {
  const events: TraceEvent[] = [];
  const { result, judgements } = judge(scenario, { listener: (event) => void events.push(event) });
  return { scenario, events, hash: result.hash, judgements };
}

/** What broke: what was promised, or, if nothing was, what was not promised either. */
export function brokenOf(judgements: readonly Judgement[]): readonly Judgement[] {
  const broken = judgements.filter(({ standing }) => standing === "broken");
  return broken.length > 0
    ? broken
    : judgements.filter(({ standing }) => standing === "notPromisedBroken");
}
