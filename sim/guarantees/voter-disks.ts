/* Which controllers still are voters: with an empty disk one comes back as an observer (KIP-853). */
import type { Scenario } from "../scenario/schema.ts";
import type { TraceEvent } from "../trace/events.ts";
import type { Precondition } from "./guarantee.ts";

export interface VoterDisks {
  readonly controllers: number;
  /** Names of those whose disk is gone, or has lied: what they promised may be forgotten. */
  readonly wiped: Set<string>;
}

export const votersKeepDisks: Precondition = {
  id: "voters-keep-disks",
  sentence:
    "a majority of the controllers keeps its disks, and these flush what they say: with an empty one they are no voters any more",
};

export const newVoterDisks = ({ cluster }: Scenario): VoterDisks => ({
  controllers: cluster.controllers.length,
  wiped: new Set(),
});

/** Takes in one event. */
export function followVoterDisks({ wiped }: VoterDisks, event: TraceEvent): void {
  if (event.type !== "fault") return;
  const { type } = event.fault;
  if (type !== "emptyDisk" && type !== "lyingFsync") return;
  for (const name of event.targets) if (name.startsWith("c")) wiped.add(name);
}

/** Whether a majority still has the disk that it voted on. */
export const keepDisks = ({ controllers, wiped }: VoterDisks): boolean =>
  2 * wiped.size < controllers;
