/*
 * What a partition has let go on purpose: an operator deleted it (KIP-107), or it has had its time. Nobody promises that
 * it stays. A replica that merely follows its leader's start excuses nothing.
 */
import type { CoreEvent } from "#core";
import type { TraceEvent } from "../trace/events.ts";
import type { Precondition } from "./guarantee.ts";

/** By partition: everything before was let go, by whoever may decide that. */
export type LetGo = Map<string, number>;

/** Takes in one event. */
export function followLetGo(letGo: LetGo, event: TraceEvent): void {
  if (event.type === "note") noteLetGo(letGo, event.event);
}

function noteLetGo(letGo: LetGo, event: CoreEvent): void {
  if (event.type !== "logStartRaised" || event.why === "leader") return;
  if (event.to > (letGo.get(event.partition) ?? 0)) letGo.set(event.partition, event.to);
}

/** Whether a record was let go; of -1 (nobody knows where it stands) whether it may have been. */
export function isLetGo(letGo: LetGo, partition: string, offset: number): boolean {
  const before = letGo.get(partition);
  return before !== undefined && offset < before;
}

export const recordsKept: Precondition = {
  id: "records-kept",
  sentence: "neither an operator (DeleteRecords) nor retention lets the record go",
};
