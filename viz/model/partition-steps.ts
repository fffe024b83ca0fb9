/*
 * Which partitions a step was about: a message names none that a trace could tell, but the step that handled it, or sent
 * it, noted what it did to which partition.
 */
import type { Micros, TraceEvent } from "#sim";
import { type Recording, countAt } from "./recording.ts";
import { usual } from "./flights.ts";

/** By the event that a step began with: the partitions noted in it. */
export type PartitionsByStep = ReadonlyMap<number, ReadonlySet<string>>;

/** Of all steps in a window, and a little around it. */
export function partitionsByStep(recording: Recording, from: Micros, to: Micros): PartitionsByStep {
  const steps = new Map<number, Set<string>>();
  const end = countAt(recording, to + usual);
  for (let index = countAt(recording, from - usual); index < end; index += 1) {
    const event = recording.events[index];
    const partition = event === undefined ? undefined : partitionOf(event);
    const step = event?.causes[0];
    if (partition === undefined || step === undefined) continue;
    const known = steps.get(step);
    if (known === undefined) steps.set(step, new Set([partition]));
    else known.add(partition);
  }
  return steps;
}

/** The partition that an event names. */
export function partitionOf(event: TraceEvent): string | undefined {
  if (event.type === "note") {
    return "partition" in event.event ? event.event.partition : undefined;
  }
  if (event.type !== "result") return undefined;
  const { outcome } = event;
  return "partition" in outcome ? outcome.partition : undefined;
}
