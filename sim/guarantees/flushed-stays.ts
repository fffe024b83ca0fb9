import type { CoreEvent } from "#core";
import type { TraceEvent } from "../trace/events.ts";
import type { Guarantee } from "./guarantee.ts";
import { judgePlain, newPlain, type Plain, plainVerdict } from "./plain.ts";

interface State extends Plain {
  /** By node and partition: everything below was flushed. */
  readonly flushed: Map<string, number>;
  /** Nodes whose disk does not do what it says. */
  readonly liars: Set<string>;
  /** By node and partition: a bit changed by itself, and recovery cuts there. */
  readonly rotten: Set<string>;
}

/** fsync means what it says: recovery finds all that was flushed. */
export const flushedStays: Guarantee<State> = {
  id: "flushed-stays",
  sentence: "What a broker has flushed is in its log when it starts again, however it ended.",
  why: "It is all that is left where every replica loses its power at once.",
  preconditions: [],
  begin: () => ({ ...newPlain(), flushed: new Map(), liars: new Set(), rotten: new Set() }),
  step,
  verdict: plainVerdict,
};

function step(state: State, event: TraceEvent): void {
  switch (event.type) {
    case "fault":
      return onFault(state, event);
    case "fileHurt":
      if (event.why === "rotten")
        state.rotten.add(`${event.node} ${event.file.slice(0, event.file.indexOf("/"))}`);
      return;
    case "note":
      return onNote(state, event, event.event);
    default:
      return;
  }
}

function onFault(state: State, { fault, targets }: Extract<TraceEvent, { type: "fault" }>): void {
  if (fault.type === "lyingFsync") for (const name of targets) state.liars.add(name);
  if (fault.type !== "emptyDisk") return;
  // What the next life flushes is on another disk.
  for (const name of targets)
    for (const key of state.flushed.keys())
      if (key.startsWith(`${name} `)) state.flushed.delete(key);
}

function onNote(state: State, event: TraceEvent, what: CoreEvent): void {
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
    // Nothing of what begins anew was flushed yet: the files of before may come back with the power.
    case "logRestarted":
    case "replicaDeleted":
      state.flushed.delete(key);
      return;
    case "logOpened":
      if (state.liars.has(event.node) || state.rotten.has(key)) return;
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
