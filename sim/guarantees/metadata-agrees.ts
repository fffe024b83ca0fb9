import { type CoreEvent, metadataPartition } from "#core";
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

interface Batch {
  readonly base: number;
  readonly next: number;
  readonly crc: number;
}

interface State extends Plain {
  readonly voters: VoterDisks;
  /** By node: the batches of its copy, as far as the trace told. */
  readonly logs: Map<string, Batch[]>;
  /** By base offset: the checksum of a committed batch. */
  readonly committed: Map<number, number>;
}

/** KRaft's state machine safety: what is committed is committed, and is the same for everybody who applies it. */
export const metadataAgrees: Guarantee<State> = {
  id: "metadata-agrees",
  sentence:
    "What the quorum has committed to the metadata log is what every controller and broker applies there.",
  why: "Each process acts on its own copy: where two differ, two leaders may both be right.",
  preconditions: [votersKeepDisks],
  begin: (scenario) => ({
    ...newPlain(),
    voters: newVoterDisks(scenario),
    logs: new Map(),
    committed: new Map(),
  }),
  step,
  verdict: plainVerdict,
};

function step(state: State, event: TraceEvent): void {
  followVoterDisks(state.voters, event);
  if (event.type === "fault" && event.fault.type === "emptyDisk")
    for (const name of event.targets) state.logs.delete(name);
  if (event.type === "note") onNote(state, event, event.node, event.event);
}

function onNote(state: State, event: TraceEvent, node: string, what: CoreEvent): void {
  switch (what.type) {
    case "metadataAppended": {
      const log = logOf(state, node);
      // What stood there before was cut.
      while ((log.at(-1)?.next ?? 0) > what.base) log.pop();
      log.push({ base: what.base, next: what.next, crc: what.crc });
      return;
    }
    case "truncated":
      // A process may die before it tells what it has written in the place of what was cut.
      if (what.partition === metadataPartition) cut(state, node, what.to);
      return;
    case "logOpened":
      if (what.partition === metadataPartition) cut(state, node, what.end);
      return;
    case "metadataSnapshot":
      if (what.how === "fetched") state.logs.set(node, []);
      return;
    case "metadataCommitted":
      for (const { base, next, crc } of logOf(state, node)) {
        if (next > what.next) break;
        const before = state.committed.get(base);
        if (before === undefined) state.committed.set(base, crc);
        else agrees(state, event, before === crc, `${node} commits another batch at ${base}`);
      }
      return;
    case "metadataApplied":
      for (const { base, next, crc } of logOf(state, node)) {
        if (next > what.next) break;
        const committed = state.committed.get(base);
        if (committed !== undefined)
          agrees(state, event, committed === crc, `${node} applies another batch at ${base}`);
      }
      // What was compared once is not compared again.
      state.logs.set(
        node,
        logOf(state, node).filter(
          ({ base, next }) => next > what.next || !state.committed.has(base),
        ),
      );
      return;
    default:
      return;
  }
}

function cut(state: State, node: string, end: number): void {
  const log = logOf(state, node);
  while ((log.at(-1)?.next ?? 0) > end) log.pop();
}

function logOf({ logs }: State, node: string): Batch[] {
  const known = logs.get(node);
  if (known !== undefined) return known;
  const fresh: Batch[] = [];
  logs.set(node, fresh);
  return fresh;
}

const agrees = (state: State, event: TraceEvent, holds: boolean, what: string): void =>
  judgePlain(
    state,
    event,
    holds,
    () => `${what} of the metadata log than was committed there.`,
    offForVoters(state.voters),
  );
