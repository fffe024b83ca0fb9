/* Which controllers still are voters: with an empty disk one comes back as an observer (KIP-853). */
import type { Scenario } from "../scenario/schema.ts";
import type { TraceEvent } from "../trace/events.ts";
import type { Precondition } from "./guarantee.ts";

export interface VoterDisks {
  readonly controllers: number;
  /** Names of those whose disk is gone: they come back as observers, and vote no more. */
  readonly wiped: Set<string>;
  /** Names of those whose disk said that it had flushed what it had not. */
  readonly liars: Set<string>;
  /** Some voter has forgotten what it had promised, and votes on: the one member that two majorities share may be it. */
  forgot: boolean;
}

export const votersKeepDisks: Precondition = {
  id: "voters-keep-disks",
  sentence:
    "a majority of the controllers keeps its disks (with an empty one they are no voters any more), and no voter forgets in a power loss what its disk said it had flushed",
};

export const newVoterDisks = ({ cluster }: Scenario): VoterDisks => ({
  controllers: cluster.controllers.length,
  wiped: new Set(),
  liars: new Set(),
  forgot: false,
});

/** Takes in one event. */
export function followVoterDisks(voters: VoterDisks, event: TraceEvent): void {
  if (event.type === "fileHurt") {
    if (event.why === "unsynced" && voters.liars.has(event.node)) voters.forgot = true;
    return;
  }
  if (event.type !== "fault") return;
  const { type } = event.fault;
  if (type !== "emptyDisk" && type !== "lyingFsync") return;
  for (const name of event.targets) {
    if (name.startsWith("c")) (type === "emptyDisk" ? voters.wiped : voters.liars).add(name);
  }
}

/** What is off, by what was seen until now, for a promise that needs them. */
export const offForVoters = (voters: VoterDisks): readonly string[] =>
  keepDisks(voters) ? [] : [votersKeepDisks.id];

/** Whether a majority still has the disk that it voted on, and nobody forgot. */
export const keepDisks = ({ controllers, wiped, forgot }: VoterDisks): boolean =>
  !forgot && 2 * wiped.size < controllers;
