import type { CoreEvent } from "#core";
import type { TraceEvent } from "../trace/events.ts";
import type { Guarantee } from "./guarantee.ts";
import { judgePlain, newPlain, type Plain, plainVerdict } from "./plain.ts";

interface State extends Plain {
  /** replica.lag.time.max.ms, in microseconds. */
  readonly lag: number;
  /** By leader and partition: its log end offset. */
  readonly ends: Map<string, number>;
  /** By leader, partition and replica: how far it has fetched, and when it last had all there was (µs). */
  readonly fetched: Map<string, { readonly end: number; readonly caughtUpAt: number }>;
  /** By leader and partition: its epoch, and the ISR that was committed last under it. */
  readonly isr: Map<string, { readonly epoch: number; readonly isr: readonly number[] }>;
}

/** A leader lets nobody go who was level with it a moment ago: an ISR that is too small protects too little. */
export const isrShrinksLate: Guarantee<State> = {
  id: "isr-shrinks-late",
  sentence:
    "A leader asks to leave a replica out only if that has not been level with it for replica.lag.time.max.ms.",
  why: "Each replica that leaves the in-sync ones without need is one failure less that a record survives.",
  preconditions: [],
  begin: ({ cluster }) => ({
    ...newPlain(),
    lag: 1000 * (cluster.config["replica.lag.time.max.ms"] ?? 30_000),
    ends: new Map(),
    fetched: new Map(),
    isr: new Map(),
  }),
  step: (state, event) => {
    // The leader reckons with when its steps begin, and tells when they are over.
    if (event.type === "note")
      onNote(state, { ...event, at: event.began ?? event.at }, event.node, event.event);
  },
  verdict: plainVerdict,
};

/** The core reckons in whole milliseconds. */
const grain = 1000;

function onNote(state: State, event: TraceEvent, node: string, what: CoreEvent): void {
  switch (what.type) {
    case "logOpened":
      state.ends.set(`${node} ${what.partition}`, what.end);
      return;
    case "appended":
      state.ends.set(`${node} ${what.partition}`, what.next);
      return;
    case "truncated":
      state.ends.set(`${node} ${what.partition}`, what.to);
      return;
    case "roleTaken":
      // Another epoch counts anew.
      for (const key of state.fetched.keys())
        if (key.startsWith(`${node} ${what.partition} `)) state.fetched.delete(key);
      state.isr.set(`${node} ${what.partition}`, { epoch: what.epoch, isr: what.isr });
      // A leadership is watched, whether or not it ever lets anybody go.
      if (what.role !== "leader") return;
      judgePlain(state, event, true, () => "");
      // Whoever is in sync is taken to be level as an epoch begins (Replica.resetReplicaState).
      for (const id of what.isr)
        state.fetched.set(`${node} ${what.partition} ${id}`, { end: -1, caughtUpAt: event.at });
      return;
    case "partitionChanged":
      // Who leads under an earlier epoch does not know of it yet.
      for (const [key, { epoch }] of state.isr)
        if (epoch === what.epoch && key.endsWith(` ${what.partition}`))
          state.isr.set(key, { epoch, isr: what.isr });
      return;
    case "followerFetched": {
      const isLevel = what.end >= (state.ends.get(`${node} ${what.partition}`) ?? 0);
      const key = `${node} ${what.partition} ${what.replica}`;
      const before = state.fetched.get(key)?.caughtUpAt ?? -Infinity;
      state.fetched.set(key, { end: what.end, caughtUpAt: isLevel ? event.at : before });
      return;
    }
    case "isrProposed":
      if (what.change === "shrink") onShrink(state, event, node, what);
      return;
    default:
      return;
  }
}

function onShrink(
  state: State,
  event: TraceEvent,
  node: string,
  { partition, isr }: Extract<CoreEvent, { type: "isrProposed" }>,
): void {
  const end = state.ends.get(`${node} ${partition}`) ?? 0;
  const members: readonly number[] = isr;
  for (const id of state.isr.get(`${node} ${partition}`)?.isr ?? []) {
    if (members.includes(id)) continue;
    const known = state.fetched.get(`${node} ${partition} ${id}`);
    const since = event.at - (known?.caughtUpAt ?? -Infinity);
    const isLevel = known !== undefined && known.end >= end;
    judgePlain(state, event, !isLevel && since > state.lag - grain, () =>
      isLevel
        ? `${node} leaves broker ${id} out of ${partition}, though that has fetched all ${end} records.`
        : `${node} leaves broker ${id} out of ${partition} ${since / 1000} ms after that was level with it.`,
    );
  }
}
