import type { TraceEvent } from "../trace/events.ts";
import type { Guarantee } from "./guarantee.ts";
import { judgePlain, newPlain, type Plain, plainVerdict } from "./plain.ts";

interface State extends Plain {
  /** By partition and epoch, or by epoch of the quorum: who led. */
  readonly leaders: Map<string, string>;
  /** By voter and epoch: for whom it voted. */
  readonly votes: Map<string, number>;
  /** A voter's disk has said that it had flushed what it had not. */
  lied: boolean;
}

/** At most one leader of a partition, and of the quorum, in an epoch; and one vote of each voter. */
export const oneLeaderPerEpoch: Guarantee<State> = {
  id: "one-leader-per-epoch",
  sentence: "In an epoch a partition, and the quorum, has one leader, and each voter votes once.",
  why: "Two leaders of one epoch would give the same name to two histories, and nobody could tell them apart.",
  preconditions: [
    {
      id: "voters-flush",
      sentence: "the disks of the controllers flush what they say that they have flushed",
    },
  ],
  begin: () => ({ ...newPlain(), leaders: new Map(), votes: new Map(), lied: false }),
  step,
  verdict: plainVerdict,
};

function step(state: State, event: TraceEvent): void {
  if (event.type === "fault" && event.fault.type === "lyingFsync") {
    if (event.targets.some((name) => name.startsWith("c"))) state.lied = true;
  }
  if (event.type !== "note") return;
  const what = event.event;
  if (what.type === "roleTaken" && what.role === "leader")
    led(state, event, `${what.partition} in epoch ${what.epoch}`, event.node);
  else if (what.type === "controllerElected")
    led(state, event, `the quorum in epoch ${what.epoch}`, event.node);
  else if (what.type === "voted" && !what.preVote && what.granted) {
    const key = `${event.node} in epoch ${what.epoch}`;
    const before = state.votes.get(key) ?? what.candidate;
    state.votes.set(key, before);
    judgePlain(
      state,
      event,
      before === what.candidate,
      () => `${key} voted for ${before}, and then for ${what.candidate}.`,
      offOf(state),
    );
  }
}

const offOf = ({ lied }: State): readonly string[] => (lied ? ["voters-flush"] : []);

function led(state: State, event: TraceEvent, what: string, node: string): void {
  const before = state.leaders.get(what) ?? node;
  state.leaders.set(what, before);
  const evidence = (): string => `${before} led ${what}, and ${node} leads it as well.`;
  judgePlain(state, event, before === node, evidence, offOf(state));
}
