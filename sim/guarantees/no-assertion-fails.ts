import type { Break, Guarantee } from "./guarantee.ts";

interface State {
  /** Lives that processes began. */
  lives: number;
  readonly breaks: Break[];
}

/** Highwater's own promise: no process finds itself in a state that cannot be. */
export const noAssertionFails: Guarantee<State> = {
  id: "no-assertion-fails",
  sentence: "No process of the cluster finds itself in a state that cannot be.",
  why: "An assertion that fails is a mistake in Highwater itself, whatever else the run shows.",
  preconditions: [],
  begin: () => ({ lives: 0, breaks: [] }),
  step: (state, event) => {
    if (event.type === "started") state.lives += 1;
    if (event.type !== "down" || event.how !== "failed") return;
    const evidence = `${event.node} failed at ${event.at / 1000} ms: ${event.reason ?? "an assertion"}.`;
    state.breaks.push({ evidence, off: [], seq: event.seq, at: event.at });
  },
  verdict: ({ lives, breaks }) => ({
    checked: Math.max(lives, breaks.length),
    exempt: 0,
    precondition: [],
    breaks,
  }),
};
