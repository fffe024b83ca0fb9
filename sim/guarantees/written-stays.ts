import type { CoreEvent } from "#core";
import type { Down, TraceEvent } from "../trace/events.ts";
import type { Guarantee } from "./guarantee.ts";
import { judgePlain, newPlain, type Plain, plainVerdict } from "./plain.ts";

interface State extends Plain {
  /** By node and partition: where its log ended by its own words. */
  readonly ends: Map<string, number>;
  /** By node and partition: bytes of its log were lost, changed or never written since it was opened. */
  readonly hurt: Set<string>;
  /** By node and partition: a bit of its log changed, which recovery finds at whatever start looks there. */
  readonly rotten: Set<string>;
  /** By node and partition: it leads, and so it cuts nothing. */
  readonly leads: Set<string>;
  /** How each node went down last. */
  readonly downs: Map<string, Down["how"]>;
}

/**
 * The page cache outlives the process: where no byte of a log was lost, recovery finds all of it, and after a clean stop
 * nothing more.
 */
export const writtenStays: Guarantee<State> = {
  id: "written-stays",
  sentence: "A log of which no byte was lost holds after a restart all that it held before.",
  why: "A crash of a process costs no record; a recovery that cuts more turns it into a loss.",
  preconditions: [],
  begin: () => ({
    ...newPlain(),
    ends: new Map(),
    hurt: new Set(),
    rotten: new Set(),
    leads: new Set(),
    downs: new Map(),
  }),
  step,
  verdict: plainVerdict,
};

function step(state: State, event: TraceEvent): void {
  switch (event.type) {
    case "fileHurt":
      // Only what holds records: any other file can be made again from it.
      if (event.file.endsWith(".log")) {
        const key = `${event.node} ${event.file.slice(0, event.file.indexOf("/"))}`;
        (event.why === "rotten" ? state.rotten : state.hurt).add(key);
      }
      return;
    case "down":
      state.downs.set(event.node, event.how);
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
    case "roleTaken":
      if (what.role === "leader") state.leads.add(key);
      else state.leads.delete(key);
      return;
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
      state.rotten.delete(key);
      return;
    case "logOpened":
      return judgeOpened(state, event, key, what.end);
    default:
      return;
  }
}

function judgeOpened(state: State, event: TraceEvent, key: string, end: number): void {
  // A disk is empty at first.
  const before = state.ends.get(key) ?? 0;
  const isHurt = state.hurt.delete(key) || state.rotten.has(key);
  const isLeader = state.leads.delete(key);
  state.ends.set(key, end);
  const how = state.downs.get(event.node) ?? "stopped";
  if (isHurt || how === "halted" || how === "failed") return;
  const isOrderly = how === "stopped";
  // What was in hand when the process was killed may have come to pass untold: an append, or a follower's cut.
  if (!isOrderly && !isLeader) return;
  judgePlain(
    state,
    event,
    isOrderly ? end === before : end >= before,
    () => `${key} ended at ${before}, lost no byte, and was found up to ${end}.`,
  );
}
