import type { CoreEvent } from "#core";
import type { TraceEvent } from "../trace/events.ts";
import type { Guarantee } from "./guarantee.ts";
import { judgePlain, newPlain, type Plain, plainVerdict } from "./plain.ts";

interface State extends Plain {
  /** By node and partition: where its log ended by its own words. */
  readonly ends: Map<string, number>;
  /** By node and partition: bytes of its log were lost, changed or never written since it was opened. */
  readonly hurt: Set<string>;
  /** Nodes that gave up because of their disk: what they told of last may not have been done. */
  readonly halted: Set<string>;
}

/** The page cache outlives the process: where no byte of a log was lost, recovery finds all of it, and nothing more. */
export const writtenStays: Guarantee<State> = {
  id: "written-stays",
  sentence: "A log of which no byte was lost ends after a restart where it ended before.",
  why: "A crash of a process costs no record; a recovery that cuts more turns it into a loss.",
  preconditions: [],
  begin: () => ({ ...newPlain(), ends: new Map(), hurt: new Set(), halted: new Set() }),
  step,
  verdict: plainVerdict,
};

function step(state: State, event: TraceEvent): void {
  switch (event.type) {
    case "fileHurt":
      // Only what holds records: any other file can be made again from it.
      if (event.file.endsWith(".log"))
        state.hurt.add(`${event.node} ${event.file.slice(0, event.file.indexOf("/"))}`);
      return;
    case "down":
      if (event.how === "halted" || event.how === "failed") state.halted.add(event.node);
      return;
    case "note":
      return onNote(state, event, event.event);
    default:
      return;
  }
}

function onNote(state: State, event: TraceEvent, what: CoreEvent): void {
  // The metadata log tells of what it appends in other words.
  if (!("partition" in what) || what.partition.startsWith("__cluster_metadata")) return;
  const key = `${event.node} ${what.partition}`;
  switch (what.type) {
    case "appended":
      state.ends.set(key, what.next);
      return;
    case "truncated":
      state.ends.set(key, what.to);
      return;
    case "logRestarted":
      state.ends.set(key, what.start);
      return;
    case "replicaDeleted":
      state.ends.delete(key);
      state.hurt.delete(key);
      return;
    case "logOpened": {
      // A disk is empty at first.
      const end = state.ends.get(key) ?? 0;
      const isWhole = !state.hurt.delete(key) && !state.halted.has(event.node);
      state.ends.set(key, what.end);
      if (!isWhole) return;
      judgePlain(
        state,
        event,
        what.end === end,
        () => `${key} ended at ${end}, lost no byte, and was found up to ${what.end}.`,
      );
      return;
    }
    default:
      return;
  }
}
