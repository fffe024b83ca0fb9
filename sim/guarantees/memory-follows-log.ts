import type { Audit } from "../audit/audit.ts";
import type { TraceEvent } from "../trace/events.ts";
import { disksKeepBits } from "./copies.ts";
import type { Guarantee } from "./guarantee.ts";
import { judgePlain, newPlain, type Plain, plainVerdict } from "./plain.ts";

interface State extends Plain {
  /** By node and partition: a bit of the log changed by itself, so that memory knows better than the disk. */
  readonly rotten: Set<string>;
}

/** What Kafka rebuilds when it loads a log (LogLoader, ProducerStateManager) is what it kept up to date until then. */
export const memoryFollowsLog: Guarantee<State> = {
  id: "memory-follows-log",
  sentence:
    "Leader epochs, indexes and producer state of a log are what its batches say, after every start and in the end.",
  why: "They decide where a follower cuts and what is a duplicate; nobody looks into the batches for it.",
  preconditions: [disksKeepBits],
  begin: () => ({ ...newPlain(), rotten: new Set() }),
  step: ({ rotten }, event: TraceEvent) => {
    if (event.type !== "fileHurt" || event.why !== "rotten") return;
    rotten.add(`${event.node} ${event.file.slice(0, event.file.indexOf("/"))}`);
  },
  audit,
  verdict: plainVerdict,
};

function audit(state: State, audit: Audit): void {
  if (audit.type !== "log") return;
  const { node, partition, when, differences } = audit;
  const off = state.rotten.has(`${node} ${partition}`) ? [disksKeepBits.id] : [];
  const asOf = when === "opened" ? "as it was opened" : "in the end";
  const [first = "", ...more] = differences;
  const besides = more.length === 0 ? "" : ` (and ${more.length} more)`;
  const evidence = () => `${node}'s log of ${partition}, ${asOf}: ${first}${besides}.`;
  judgePlain(state, audit, differences.length === 0, evidence, off);
}
