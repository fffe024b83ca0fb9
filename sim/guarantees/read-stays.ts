import { deletedTopics, topicOf, uncleanTopics } from "../scenario/operating.ts";
import type { TraceEvent } from "../trace/events.ts";
import { cleanElection, type Hazards, isrSurvivor, offForStretch, topicKept } from "./committed.ts";
import { disksKeepBits, followCopies } from "./copies.ts";
import { newCopies } from "./copies-state.ts";
import { followLetGo, isLetGo, type LetGo, recordsKept } from "./let-go.ts";
import type { Break, Guarantee, Verdict } from "./guarantee.ts";

interface State extends Hazards {
  readonly deleted: ReadonlySet<string>;
  readonly letGo: LetGo;
  /** By partition and offset: what a reader of the run was given, and under which epoch it had been appended. */
  readonly read: Map<string, { readonly value: string; readonly epoch: number }>;
  /** What the fresh reader found. */
  readonly log: Map<string, string>;
  verifying: boolean;
  end: { readonly seq: number; readonly at: number } | undefined;
}

/** What was read is committed: it is there when all is over. */
export const readStays: Guarantee<State> = {
  id: "read-stays",
  sentence: "What a consumer has read is still there after the heal, at the same offset.",
  why: "Whoever has acted on a record must not find out later that it never was.",
  preconditions: [cleanElection, topicKept, recordsKept, isrSurvivor, disksKeepBits],
  begin: (scenario, copies = newCopies(scenario)) => ({
    unclean: uncleanTopics(scenario),
    deleted: deletedTopics(scenario),
    copies,
    letGo: new Map(),
    read: new Map(),
    log: new Map(),
    verifying: false,
    end: undefined,
  }),
  step,
  verdict,
};

function step(state: State, event: TraceEvent): void {
  followCopies(state.copies, event);
  followLetGo(state.letGo, event);
  if (event.type === "phase") {
    if (event.phase === "verify") state.verifying = true;
    if (event.phase === "end" && event.complete) state.end = { seq: event.seq, at: event.at };
  }
  if (event.type !== "result" || event.outcome.type !== "polled") return;
  for (const { partition, offset, value, epoch } of event.outcome.records) {
    if (event.node !== "v1") state.read.set(`${partition} ${offset}`, { value, epoch });
    else if (state.verifying) state.log.set(`${partition} ${offset}`, value);
  }
}

/** Judged at the end, and only where fresh readers came to it: else makes-progress has broken. */
function verdict(state: State): Verdict {
  const breaks: Break[] = [];
  const precondition = new Set<string>();
  let exempt = 0;
  if (state.end === undefined) return { checked: 0, exempt, precondition: [], breaks };
  for (const [place, { value, epoch }] of state.read) {
    const [partition = "", text = ""] = place.split(" ");
    const offset = Number(text);
    const off = offForStretch(state, partition, offset, offset + 1, epoch);
    if (state.deleted.has(topicOf(partition))) off.push(topicKept.id);
    if (isLetGo(state.letGo, partition, offset)) off.push(recordsKept.id);
    if (off.length > 0) exempt += 1;
    for (const id of off) precondition.add(id);
    const there = state.log.get(place);
    if (there === value) continue;
    const evidence = `${value} was read at offset ${offset} of ${partition}; after the heal ${there ?? "nothing"} stands there.`;
    const record = { partition, offset };
    breaks.push({ evidence, off, ...state.end, record });
  }
  return { checked: state.read.size, exempt, precondition: [...precondition], breaks };
}
