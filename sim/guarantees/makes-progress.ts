import { deletedTopics, needsInSync } from "../scenario/operating.ts";
import type { Scenario } from "../scenario/schema.ts";
import type { TraceEvent } from "../trace/events.ts";
import {
  followVoterDisks,
  keepDisks,
  newVoterDisks,
  type VoterDisks,
  votersKeepDisks,
} from "./voter-disks.ts";
import { disksKeepBits } from "./copies.ts";
import type { Break, Guarantee } from "./guarantee.ts";

interface Standing {
  readonly leader: number;
  readonly isr: readonly number[];
}

/** A topic that is there in the end, and how many replicas of a partition have to be in sync for it to serve. */
interface Needed {
  readonly topic: string;
  readonly partitions: number;
  readonly inSync: number;
}

interface State {
  /** Where no eligible replica survived, nobody may lead. */
  readonly mayStandStill: boolean;
  readonly needed: readonly Needed[];
  /** By partition, as the controller committed it last. */
  readonly partitions: Map<string, Standing>;
  readonly voters: VoterDisks;
  /** Who might have led a partition was forgotten while nobody did. */
  forgotten: boolean;
  /** A bit of a record changed by itself somewhere: what cannot be read stops who follows, and who reads. */
  rotten: boolean;
  /** The run came to where progress is judged. */
  checked: number;
  readonly breaks: Break[];
}

/** Liveness: once what the cluster needs is healed, it serves again, in bounded virtual time. */
export const makesProgress: Guarantee<State> = {
  id: "makes-progress",
  sentence:
    "Once a majority of controllers and, for each partition, min.insync.replicas replicas with one that may lead are healed, everything can be written and read again.",
  why: "A cluster that keeps every record but never serves one again has lost them all the same.",
  preconditions: [
    {
      id: "last-known-leader",
      sentence:
        "where no eligible replica survived, the last leader may lead again (last.known.leader.enable=true)",
    },
    disksKeepBits,
    votersKeepDisks,
    {
      id: "min-isr-kept",
      sentence:
        "the operator does not change min.insync.replicas while nobody leads: that forgets who may (KIP-966)",
    },
  ],
  begin: (scenario) => ({
    mayStandStill: mayStandStill(scenario),
    needed: neededOf(scenario),
    partitions: new Map(),
    voters: newVoterDisks(scenario),
    forgotten: false,
    rotten: false,
    checked: 0,
    breaks: [],
  }),
  step,
  verdict: (state) => {
    const off = offIn(state);
    return {
      checked: state.checked,
      exempt: off.length > 0 ? state.checked : 0,
      precondition: off,
      breaks: state.breaks,
    };
  },
};

const mayStandStill = ({ cluster: { config } }: Scenario): boolean =>
  config["last.known.leader.enable"] === false && config["eligible.leader.replicas.version"] !== 0;

function neededOf(scenario: Scenario): readonly Needed[] {
  const deleted = deletedTopics(scenario);
  return scenario.topics
    .filter(({ name }) => !deleted.has(name))
    .map(({ name, partitions, replicationFactor }) => {
      const inSync = needsInSync(scenario, name);
      const most = inSync < replicationFactor ? inSync : replicationFactor;
      return { topic: name, partitions, inSync: most };
    });
}

function offIn({ mayStandStill, rotten, voters, forgotten }: State): readonly string[] {
  const off: string[] = [];
  if (mayStandStill) off.push("last-known-leader");
  if (rotten) off.push(disksKeepBits.id);
  if (!keepDisks(voters)) off.push(votersKeepDisks.id);
  if (forgotten) off.push("min-isr-kept");
  return off;
}

function step(state: State, event: TraceEvent): void {
  if (event.type === "note" && event.event.type === "eligibleCleared") {
    const { topic } = event.event;
    for (const [name, { leader }] of state.partitions)
      if (leader < 0 && (topic === "" || name.startsWith(`${topic}-`))) state.forgotten = true;
  }
  if (event.type === "note" && event.event.type === "partitionChanged") {
    const { partition, leader, isr } = event.event;
    state.partitions.set(partition, { leader, isr });
  }
  followVoterDisks(state.voters, event);
  if (event.type === "fileHurt" && event.why === "rotten") state.rotten = true;
  if (event.type !== "phase" || event.phase === "heal") return;
  if (event.phase === "verify") state.checked += 1;
  if (event.complete || state.breaks.length > 0) return;
  const evidence =
    event.phase === "verify"
      ? `Two minutes after the heal ${whatIsMissing(state)}.`
      : "Four minutes after the heal fresh readers have not read every partition to its end.";
  state.breaks.push({ evidence, off: offIn(state), seq: event.seq, at: event.at });
}

function whatIsMissing({ needed, partitions }: State): string {
  const missing: string[] = [];
  for (const { topic, partitions: count, inSync } of needed) {
    for (let index = 0; index < count; index++) {
      const name = `${topic}-${index}`;
      const standing = partitions.get(name);
      if (standing === undefined) missing.push(`${name} has not been made`);
      else if (standing.leader < 0) missing.push(`nobody leads ${name}`);
      else if (standing.isr.length < inSync)
        missing.push(`only ${standing.isr.length} of ${inSync} replicas of ${name} are in sync`);
    }
  }
  return missing.length > 0
    ? missing.join(", ")
    : "the partitions have not been whole for long, or a producer still waits";
}
