import type { TraceEvent } from "../trace/events.ts";
import type { Break, Guarantee } from "./guarantee.ts";

interface State {
  /** The registered epoch of each broker. */
  readonly epochs: Map<number, number>;
  checked: number;
  readonly breaks: Break[];
}

/** KIP-380: a broker's epoch tells its lives apart, and only the last one may act. */
export const deadStaySilent: Guarantee<State> = {
  id: "dead-stay-silent",
  sentence: "What a dead incarnation of a broker sent changes nothing.",
  why: "A late wish to leave would take the process away that has just come.",
  preconditions: [],
  begin: () => ({ epochs: new Map(), checked: 0, breaks: [] }),
  step,
  verdict: ({ checked, breaks }) => ({ checked, exempt: 0, precondition: [], breaks }),
};

function step(state: State, event: TraceEvent): void {
  if (event.type !== "note") return;
  const what = event.event;
  if (what.type === "brokerRegistered") {
    state.epochs.set(what.broker, what.epoch);
    return;
  }
  if (
    what.type !== "brokerFenced" &&
    what.type !== "brokerUnfenced" &&
    what.type !== "brokerLeaving"
  ) {
    return;
  }
  state.checked += 1;
  const { broker, epoch } = what;
  const current = state.epochs.get(broker);
  if (current === undefined || current === epoch) return;
  const done = {
    brokerFenced: "fenced",
    brokerUnfenced: "let in",
    brokerLeaving: "taken to be leaving",
  };
  const evidence = `Broker ${broker}, registered under epoch ${current}, was ${done[what.type]} because of its life of epoch ${epoch}.`;
  state.breaks.push({ evidence, off: [], seq: event.seq, at: event.at });
}
