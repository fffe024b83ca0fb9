import type { Audit } from "../audit/audit.ts";
import type { TraceEvent } from "../trace/events.ts";
import type { Guarantee } from "./guarantee.ts";
import { judgePlain, newPlain, type Plain, plainVerdict } from "./plain.ts";

interface State extends Plain {
  /** By partition: what the controllers committed last. */
  readonly decided: Map<string, Decided>;
}

interface Decided {
  readonly leader: number;
  readonly epoch: number;
  readonly isr: readonly number[];
}

/**
 * KIP-497's maximal ISR holds whatever ISR the controllers have: a leader that does not know yet whether its wish was
 * granted counts with the larger set.
 */
export const waitsForInSync: Guarantee<State> = {
  id: "waits-for-in-sync",
  sentence:
    "Where a leader moves its high watermark, it waits for all whom the controllers have in sync under its epoch.",
  why: "Whoever is in sync may be elected, and must hold what was called safe.",
  preconditions: [],
  begin: () => ({ ...newPlain(), decided: new Map() }),
  step,
  audit,
  verdict: plainVerdict,
};

function step(state: State, event: TraceEvent): void {
  if (event.type !== "note" || event.event.type !== "partitionChanged") return;
  const { partition, leader, epoch, isr } = event.event;
  state.decided.set(partition, { leader, epoch, isr });
}

function audit(state: State, audit: Audit): void {
  if (audit.type !== "inSync") return;
  const { node, partition, epoch, waitsFor } = audit;
  const decided = state.decided.get(partition);
  // A leader that was replaced knows no better; what it calls safe, nobody who is in sync needs to have.
  if (decided === undefined || decided.epoch !== epoch || `b${decided.leader}` !== node) return;
  const missing = decided.isr.filter((id) => !waitsFor.includes(id));
  judgePlain(
    state,
    audit,
    missing.length === 0,
    () =>
      `${node} waits for ${waitsFor.join(", ")} in ${partition}, and the controllers have ${missing.join(", ")} in sync as well.`,
  );
}
