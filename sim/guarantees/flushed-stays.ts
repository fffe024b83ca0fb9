import type { TraceEvent } from "../trace/events.ts";
import type { Guarantee } from "./guarantee.ts";
import { judgePlain, newPlain, type Plain, plainVerdict } from "./plain.ts";

interface State extends Plain {
  /** By node and partition: everything below was flushed. */
  readonly flushed: Map<string, number>;
  /** Nodes whose disk does not do what it says, or is another one now. */
  readonly doubtful: Set<string>;
}

/** fsync means what it says: recovery finds all that was flushed. */
export const flushedStays: Guarantee<State> = {
  id: "flushed-stays",
  sentence: "What a broker has flushed is in its log when it starts again, however it ended.",
  why: "It is all that is left where every replica loses its power at once.",
  preconditions: [],
  begin: () => ({ ...newPlain(), flushed: new Map(), doubtful: new Set() }),
  step,
  verdict: plainVerdict,
};

function step(state: State, event: TraceEvent): void {
  if (event.type === "fault") {
    const { type } = event.fault;
    if (type === "lyingFsync" || type === "emptyDisk" || type === "bitRot")
      for (const name of event.targets) state.doubtful.add(name);
  }
  if (event.type !== "note") return;
  const what = event.event;
  if (!("partition" in what)) return;
  const key = `${event.node} ${what.partition}`;
  const flushed = state.flushed.get(key) ?? 0;
  switch (what.type) {
    case "flushed":
      state.flushed.set(key, what.to);
      return;
    case "truncated":
      if (what.to < flushed) state.flushed.set(key, what.to);
      return;
    case "logRestarted":
      state.flushed.set(key, what.start);
      return;
    case "replicaDeleted":
      state.flushed.delete(key);
      return;
    case "logOpened":
      if (state.doubtful.has(event.node)) return;
      judgePlain(
        state,
        event,
        what.end >= flushed,
        () => `${key} had been flushed up to ${flushed}, and was found up to ${what.end}.`,
      );
      return;
    default:
      return;
  }
}
