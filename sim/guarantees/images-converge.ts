import type { Audit, ImageDigest } from "../audit/audit.ts";
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

interface Committed {
  readonly at: number;
  readonly next: number;
}

interface State extends Plain {
  readonly voters: VoterDisks;
  /** By offset of the metadata log: who was the first to hold the image there, and its fingerprint. */
  readonly images: Map<number, { readonly node: string; readonly digest: ImageDigest }>;
  /** What was committed, and when: the last that is old enough to be known by all, and what came after it. */
  committed: Committed[];
  /** When somebody began to lead the quorum last: nobody is told anything before. */
  ledSince: number;
  /** Everything was whole again before fresh readers began. */
  recovered: boolean;
}

/** How long a healed process may take to hear of what was committed, in microseconds. */
const knownAfter = 2_000_000;

/** KRaft's promise (KIP-500): metadata is a log, so whoever has read equally far knows the same. */
export const imagesConverge: Guarantee<State> = {
  id: "images-converge",
  sentence:
    "Brokers and controllers that have applied the metadata log equally far hold the same image, it is what the log says, and after the heal all have applied what was committed.",
  why: "A broker leads, follows and answers by its image alone: one that differs serves a cluster that is not there.",
  preconditions: [votersKeepDisks],
  begin: (scenario) => ({
    ...newPlain(),
    voters: newVoterDisks(scenario),
    images: new Map(),
    committed: [],
    ledSince: 0,
    recovered: false,
  }),
  step,
  audit,
  verdict: plainVerdict,
};

function step(state: State, event: TraceEvent): void {
  followVoterDisks(state.voters, event);
  if (event.type === "phase" && event.phase === "verify") state.recovered = event.complete;
  if (event.type !== "note") return;
  if (event.event.type === "controllerElected") state.ledSince = event.at;
  if (event.event.type !== "metadataCommitted") return;
  const { committed } = state;
  committed.push({ at: event.at, next: event.event.next });
  while ((committed[1]?.at ?? Infinity) <= event.at - knownAfter) committed.shift();
}

function audit(state: State, audit: Audit): void {
  switch (audit.type) {
    case "image": {
      const { node, next, digest } = audit;
      const before = state.images.get(next);
      if (before === undefined) return void state.images.set(next, { node, digest });
      const parts = (Object.keys(digest) as (keyof ImageDigest)[]).filter(
        (part) => digest[part] !== before.digest[part],
      );
      const what = parts.join(" and ");
      return judge(
        state,
        audit,
        parts.length === 0,
        `${node} and ${before.node} have applied the metadata log up to ${next}, and differ in ${what}.`,
      );
    }
    case "imageRebuilt": {
      const { node, next, healed, differences } = audit;
      const [first = ""] = differences;
      judge(state, audit, differences.length === 0, `${node}'s image at ${next}: ${first}.`);
      if (!healed || !state.recovered || state.ledSince > audit.at - knownAfter) return;
      const due = state.committed.findLast(({ at }) => at <= audit.at - knownAfter)?.next ?? 0;
      const late = `${node} has applied the metadata log up to ${next} in the end, and ${due} was committed long before.`;
      return judge(state, audit, next >= due, late);
    }
    default:
      return;
  }
}

const judge = (state: State, audit: Audit, holds: boolean, evidence: string): void =>
  judgePlain(state, audit, holds, () => evidence, offForVoters(state.voters));
