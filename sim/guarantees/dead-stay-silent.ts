import type { TraceEvent } from "../trace/events.ts";
import type { Guarantee } from "./guarantee.ts";
import { judgePlain, newPlain, type Plain, plainVerdict } from "./plain.ts";
import {
  followVoterDisks,
  newVoterDisks,
  offForVoters,
  type VoterDisks,
  votersKeepDisks,
} from "./voter-disks.ts";

interface State extends Plain {
  readonly voters: VoterDisks;
  /** The registered epoch of each broker. */
  readonly epochs: Map<number, number>;
}

/** KIP-380: a broker's epoch tells its lives apart, and only the last one may act. */
export const deadStaySilent: Guarantee<State> = {
  id: "dead-stay-silent",
  sentence: "What a dead incarnation of a broker sent changes nothing.",
  why: "A late wish to leave would take the process away that has just come.",
  preconditions: [votersKeepDisks],
  begin: (scenario) => ({ ...newPlain(), voters: newVoterDisks(scenario), epochs: new Map() }),
  step,
  verdict: plainVerdict,
};

function step(state: State, event: TraceEvent): void {
  followVoterDisks(state.voters, event);
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
  const { broker, epoch } = what;
  const current = state.epochs.get(broker);
  const holds = current === undefined || current === epoch;
  const done = {
    brokerFenced: "fenced",
    brokerUnfenced: "let in",
    brokerLeaving: "taken to be leaving",
  };
  const evidence = (): string =>
    `Broker ${broker}, registered under epoch ${current}, was ${done[what.type]} because of its life of epoch ${epoch}.`;
  judgePlain(state, event, holds, evidence, offForVoters(state.voters));
}
