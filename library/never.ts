import type { AnyGuarantee, Break, Scenario, TraceEvent } from "#sim";

interface State {
  readonly look: (event: TraceEvent) => string | undefined;
  seen: number;
  readonly breaks: Break[];
}

/**
 * A guarantee of your own: something that must never happen. `begin` is called for each run and returns what looks at
 * every event of the trace: undefined where all is well, or a sentence that says what has happened.
 */
export const never = (
  id: string,
  sentence: string,
  begin: (scenario: Scenario) => (event: TraceEvent) => string | undefined,
): AnyGuarantee => ({
  id,
  sentence,
  why: "",
  preconditions: [],
  begin: (scenario): State => ({ look: begin(scenario), seen: 0, breaks: [] }),
  step: (state, event) => {
    const own = state as State;
    own.seen += 1;
    const evidence = own.look(event);
    if (evidence !== undefined)
      own.breaks.push({ evidence, off: [], seq: event.seq, at: event.at });
  },
  verdict: (state) => {
    const { seen, breaks } = state as State;
    return { checked: seen, exempt: 0, precondition: [], breaks };
  },
});
