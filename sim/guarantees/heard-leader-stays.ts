import type { Scenario } from "../scenario/schema.ts";
import type { Micros, TraceEvent } from "../trace/events.ts";
import type { Break, Guarantee } from "./guarantee.ts";

interface State {
  voters: readonly string[];
  /** How many there were: a majority is one of all, whoever lost its disk. */
  readonly count: number;
  /** How long a voter must have been able to hear a leader before it counts, in µs. */
  readonly patience: Micros;
  /** Since when each voter has been at work without a break (µs); absent: it is not. */
  readonly upSince: Map<string, Micros>;
  /** By two names: since when nothing cuts the second off from the first (µs); -1: something does. */
  readonly linkedSince: Map<string, Micros>;
  /** Those whose process runs. */
  readonly up: Set<string>;
  /** Those that faults make slow now, with the places of these faults. */
  readonly slow: Map<string, Set<number>>;
  leader: { readonly name: string; readonly epoch: number; readonly at: Micros } | undefined;
  checked: number;
  readonly breaks: Break[];
}

/** KIP-996: a voter that comes back asks first whether anybody would vote for it. */
export const heardLeaderStays: Guarantee<State> = {
  id: "heard-leader-stays",
  sentence: "A voter that returns does not depose an active controller that a majority hears.",
  why: "Each change of the active controller stops elections and in-sync changes for a while; one machine with a bad cable must not do that to all.",
  preconditions: [],
  begin: (scenario) => ({
    voters: scenario.cluster.controllers.map((_, i) => `c${i + 1}`),
    count: scenario.cluster.controllers.length,
    patience: patienceOf(scenario),
    upSince: new Map(),
    linkedSince: new Map(),
    up: new Set(),
    slow: new Map(),
    leader: undefined,
    checked: 0,
    breaks: [],
  }),
  step,
  verdict: ({ checked, breaks }) => ({ checked, exempt: 0, precondition: [], breaks }),
};

/** Twice the time after which a voter that hears nothing looks for another leader. */
const patienceOf = ({ cluster }: Scenario): Micros =>
  2000 * (cluster.config["controller.quorum.fetch.timeout.ms"] ?? 2000);

function step(state: State, event: TraceEvent): void {
  switch (event.type) {
    case "started":
    case "resumed":
      state.up.add(event.node);
      if (!state.slow.has(event.node)) state.upSince.set(event.node, event.at);
      return;
    case "down":
    case "paused":
    case "stopAsked":
      state.up.delete(event.node);
      state.upSince.delete(event.node);
      return;
    case "linkCut":
      return onLink(state, event, -1);
    case "linkHealed":
      return onLink(state, event, event.at);
    case "fault":
      return onFault(state, event);
    case "healed":
      // What was merely slow is as fast as before, and has to hear its leader for a while first.
      for (const name of event.targets) {
        const by = state.slow.get(name);
        by?.delete(event.index);
        if (by === undefined || (by.size > 0 && event.index !== -1)) continue;
        state.slow.delete(name);
        if (state.up.has(name)) state.upSince.set(name, event.at);
      }
      return;
    case "note":
      if (event.event.type === "controllerElected") onElected(state, event, event.event.epoch);
      return;
    default:
      return;
  }
}

const way = (from: string, to: string): string => `${from} ${to}`;

function onLink(
  { linkedSince }: State,
  { node, peer, oneWay }: Extract<TraceEvent, { type: "linkCut" | "linkHealed" }>,
  at: Micros,
): void {
  linkedSince.set(way(node, peer), at);
  if (oneWay !== true) linkedSince.set(way(peer, node), at);
}

/** Whoever is slowed down, or loses its connections without being told, does not count as hearing anybody meanwhile. */
function onFault(
  state: State,
  { fault, targets, at, index }: Extract<TraceEvent, { type: "fault" }>,
): void {
  switch (fault.type) {
    case "emptyDisk":
    case "lyingFsync":
      // It comes back as an observer, or may have forgotten what it promised.
      state.voters = state.voters.filter((name) => !targets.includes(name));
      return;
    // The question to its leader that a voter had waiting is gone, and with it the answer that it would have heard.
    case "reset":
    case "blackHole":
      for (const name of targets) if (state.upSince.has(name)) state.upSince.set(name, at);
      return;
    case "slow":
    case "delay":
    case "slowLink":
    case "diskLatency":
      for (const name of targets) {
        state.upSince.delete(name);
        state.slow.set(name, (state.slow.get(name) ?? new Set<number>()).add(index));
      }
      return;
    default:
      return;
  }
}

function onElected(state: State, event: TraceEvent, epoch: number): void {
  const before = state.leader;
  state.leader = { name: event.node, epoch, at: event.at };
  state.checked += 1;
  if (before === undefined || epoch <= before.epoch) return;
  const hearing = state.voters.filter((voter) => hears(state, voter, before, event.at));
  if (hearing.length <= state.count / 2) return;
  const evidence = `${before.name} led epoch ${before.epoch}, and ${hearing.join(", ")} heard it all the time; ${event.node} deposed it with epoch ${epoch}.`;
  state.breaks.push({ evidence, off: [], seq: event.seq, at: event.at });
}

/** Whether a voter, the leader itself included, was at work and in touch with the leader for long enough. */
function hears(
  { upSince, linkedSince, patience }: State,
  voter: string,
  leader: { readonly name: string; readonly at: Micros },
  now: Micros,
): boolean {
  const from = now - patience;
  const ways = [way(voter, leader.name), way(leader.name, voter)];
  const linked = ways.map((one) => linkedSince.get(one) ?? 0);
  return (
    leader.at <= from &&
    (upSince.get(voter) ?? Infinity) <= from &&
    (upSince.get(leader.name) ?? Infinity) <= from &&
    linked.every((since) => since >= 0 && since <= from)
  );
}
