import { uncleanTopics } from "../scenario/operating.ts";
import type { TraceEvent } from "../trace/events.ts";
import { cleanElection, type Hazards, isrSurvivor, offForStretch } from "./committed.ts";
import { disksKeepBits, followCopies } from "./copies.ts";
import { newCopies } from "./copies-state.ts";
import type { Guarantee } from "./guarantee.ts";
import { judgePlain, newPlain, type Plain, plainVerdict } from "./plain.ts";

interface State extends Plain, Hazards {
  /** By client and partition: the largest end that it was told, or that it has read up to. */
  readonly known: Map<string, number>;
  /** By client and call: what it knew, by partition, when it asked for the ends. */
  readonly asked: Map<string, ReadonlyMap<string, number>>;
}

/** KIP-207: the end of a partition, as one client is told it, does not go back. */
export const endsOnlyRise: Guarantee<State> = {
  id: "ends-only-rise",
  sentence:
    "A client that asks where a partition ends is never told less than it was told, or has read, before.",
  why: "Whoever measures how far it lags behind, or begins at the end, would count records twice or see a lag below zero.",
  preconditions: [cleanElection, isrSurvivor, disksKeepBits],
  begin: (scenario, copies = newCopies(scenario)) => ({
    ...newPlain(),
    unclean: uncleanTopics(scenario),
    copies,
    known: new Map(),
    asked: new Map(),
  }),
  step,
  verdict: plainVerdict,
};

function step(state: State, event: TraceEvent): void {
  followCopies(state.copies, event);
  if (event.type === "started") forget(state, event.node);
  else if (event.type === "called" && event.request.type === "endOffsets") {
    state.asked.set(`${event.node} ${event.call}`, knownTo(state, event.node));
  } else if (event.type === "result" && event.outcome.type === "polled") {
    for (const { partition, offset } of event.outcome.records) {
      raise(state, event.node, partition, offset + 1);
    }
  } else if (event.type === "result" && event.outcome.type === "endOffsets") {
    const key = `${event.node} ${event.call}`;
    const before = state.asked.get(key);
    state.asked.delete(key);
    for (const { partition, offset } of event.outcome.offsets) {
      judge(state, event, partition, offset, before?.get(partition) ?? 0);
      raise(state, event.node, partition, offset);
    }
  }
}

/** A process that was started anew knows nothing of what its last life was told. */
function forget(state: State, node: string): void {
  const prefix = `${node} `;
  for (const map of [state.known, state.asked]) {
    for (const key of map.keys()) if (key.startsWith(prefix)) map.delete(key);
  }
}

function knownTo(state: State, node: string): ReadonlyMap<string, number> {
  const prefix = `${node} `;
  const own = [...state.known].filter(([key]) => key.startsWith(prefix));
  return new Map(own.map(([key, end]) => [key.slice(prefix.length), end]));
}

function raise(state: State, node: string, partition: string, end: number): void {
  const key = `${node} ${partition}`;
  if (end > (state.known.get(key) ?? -1)) state.known.set(key, end);
}

function judge(
  state: State,
  event: TraceEvent,
  partition: string,
  told: number,
  before: number,
): void {
  const evidence = (): string =>
    `${event.node} asked where ${partition} ends when it knew of ${before}, and was told ${told}.`;
  const [low, high] = told < before ? [told, before] : [before, told];
  judgePlain(state, event, told >= before, evidence, offForStretch(state, partition, low, high));
}
