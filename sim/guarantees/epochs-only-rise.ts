import type { CoreEvent } from "#core";
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
  /** The last value of each thing that only rises, by its name. */
  readonly last: Map<string, number>;
}

/** What only rises: epochs of leaders, partitions and brokers, the metadata log as applied, a leader's high watermark. */
export const epochsOnlyRise: Guarantee<State> = {
  id: "epochs-only-rise",
  sentence:
    "Epochs of leaders, partitions and brokers only rise, and so do the high watermark of one leader in one epoch and what a process has applied of the metadata log.",
  why: "Everybody who fences somebody else compares such numbers: one that falls lets the past speak again.",
  preconditions: [votersKeepDisks],
  begin: (scenario) => ({ ...newPlain(), voters: newVoterDisks(scenario), last: new Map() }),
  step,
  verdict: plainVerdict,
};

function step(state: State, event: TraceEvent): void {
  followVoterDisks(state.voters, event);
  if (event.type === "started") state.last.delete(`${event.node} metadata`);
  if (event.type === "note") onNote(state, event, event.node, event.event);
}

function onNote(state: State, event: TraceEvent, node: string, what: CoreEvent): void {
  switch (what.type) {
    case "partitionChanged": {
      const { partition } = what;
      // A topic that is made again under a name is another one.
      if (what.why === "created") {
        state.last.delete(`leader epoch of ${partition}`);
        state.last.delete(`partition epoch of ${partition}`);
      }
      rises(state, event, `leader epoch of ${partition}`, what.epoch, true);
      return rises(state, event, `partition epoch of ${partition}`, what.partitionEpoch, false);
    }
    case "brokerRegistered":
      return rises(state, event, `broker epoch of ${what.broker}`, what.epoch, false);
    case "metadataApplied":
      return rises(state, event, `${node} metadata`, what.next, true);
    case "controllerElected":
      return rises(state, event, `epoch of the quorum as led by ${node}`, what.epoch, false);
    case "replicaDeleted":
      for (const key of state.last.keys())
        if (key.startsWith(`${node}'s high watermark of ${what.partition} `))
          state.last.delete(key);
      return;
    case "roleTaken":
      // Whoever leads an epoch begins with the high watermark that it had as a follower.
      return;
    case "highWatermark":
      if (what.role !== "leader") return;
      return rises(
        state,
        event,
        `${node}'s high watermark of ${what.partition} in epoch ${what.epoch}`,
        what.offset,
        true,
      );
    default:
      return;
  }
}

function rises(
  state: State,
  event: TraceEvent,
  what: string,
  value: number,
  mayStay: boolean,
): void {
  const before = state.last.get(what);
  state.last.set(what, value);
  const holds = before === undefined || value > before || (mayStay && value === before);
  const evidence = (): string => `The ${what} went from ${before} to ${value}.`;
  judgePlain(state, event, holds, evidence, offForVoters(state.voters));
}
