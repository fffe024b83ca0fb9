/*
 * Where playing stops by itself: at the first event that somebody waits for. Plain data, asked of every event that is
 * passed.
 */
import type { NodeName, TraceEvent } from "#sim";
import { type Turn, turnOf } from "./beats.ts";

/** One thing that is waited for; all that is given has to fit. */
export interface Stop {
  readonly kind: Turn | "violation" | "appended" | "highWatermark" | "acknowledged" | "any";
  /** With `violation`: the guarantee; absent: any. */
  readonly guarantee?: string;
  readonly node?: NodeName;
  readonly partition?: string;
  /** The first event that concerns this offset or one behind it. */
  readonly offset?: number;
}

/** Whether an event is what somebody waits for. Violations are looked up elsewhere: no event tells them. */
export function stopsAt(stop: Stop, event: TraceEvent): boolean {
  if (stop.kind === "violation") return false;
  if (stop.node !== undefined && !nodesOf(event).includes(stop.node)) return false;
  const about = placeOf(event);
  if (stop.partition !== undefined && about?.partition !== stop.partition) return false;
  if (stop.offset !== undefined && !((about?.offset ?? -1) >= stop.offset)) return false;
  return stop.kind === "any" || kindOf(event) === stop.kind;
}

function kindOf(event: TraceEvent): Stop["kind"] | undefined {
  const turn = turnOf(event);
  if (turn !== undefined) return turn;
  if (event.type === "result" && event.outcome.type === "acknowledged") return "acknowledged";
  if (event.type !== "note") return undefined;
  if (event.event.type === "appended") return "appended";
  return event.event.type === "highWatermark" ? "highWatermark" : undefined;
}

/** A fault happens to its targets. */
const nodesOf = (event: TraceEvent): readonly NodeName[] =>
  event.type === "fault" || event.type === "healed" ? event.targets : [event.node];

/** The partition that an event is about, and the last offset that it reaches. */
function placeOf(
  event: TraceEvent,
): { readonly partition: string; readonly offset: number } | undefined {
  if (event.type === "result" && event.outcome.type === "acknowledged") return event.outcome;
  if (event.type !== "note") return undefined;
  const note = event.event;
  switch (note.type) {
    case "appended":
      return { partition: note.partition, offset: note.next - 1 };
    case "highWatermark":
      return { partition: note.partition, offset: note.offset };
    case "truncated":
      return { partition: note.partition, offset: note.to };
    case "partitionChanged":
      return { partition: note.partition, offset: -1 };
    default:
      return undefined;
  }
}

const kindWords: Readonly<Record<Stop["kind"], string>> = {
  fault: "a fault",
  heal: "a heal",
  election: "an election",
  isr: "a change of the ISR",
  truncation: "a truncation",
  loss: "bytes lost with the power",
  phase: "the end of the workload",
  violation: "a broken promise",
  appended: "a batch is written",
  highWatermark: "a high watermark moves",
  acknowledged: "an acknowledgement",
  any: "anything",
};

/** The kinds in the order in which they are offered. */
export const stopKinds = Object.keys(kindWords) as readonly Stop["kind"][];

export const kindWord = (kind: Stop["kind"]): string => kindWords[kind];

/** What is waited for, in words. */
export function stopText({ kind, guarantee, node, partition, offset }: Stop): string {
  const parts = [kindWords[kind]];
  if (guarantee !== undefined) parts.push(guarantee);
  if (node !== undefined) parts.push(`on ${node}`);
  if (partition !== undefined) parts.push(`in ${partition}`);
  if (offset !== undefined) parts.push(`from offset ${offset} on`);
  return parts.join(" ");
}
