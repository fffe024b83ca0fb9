/*
 * Which events are beats: what a person would tell of a run. Beats have sentences (narration.ts), are what
 * Shift+arrow steps over, and keep the clock slow while they follow one another. Turning points are the few
 * that change who leads, who is in sync, or what is lost.
 */
import type { TraceEvent } from "#sim";
import { placeIn } from "./ascending.ts";

export type Turn = "fault" | "heal" | "election" | "isr" | "truncation" | "loss" | "phase";

/** What an event turns, if it is a turning point. */
export function turnOf(event: TraceEvent): Turn | undefined {
  switch (event.type) {
    case "fault":
      return "fault";
    case "healed":
      return "heal";
    case "phase":
      return "phase";
    case "fileHurt":
      return event.file.endsWith(".log") && event.after < event.before ? "loss" : undefined;
    case "note":
      return turnOfNote(event.event);
    default:
      return undefined;
  }
}

function turnOfNote(
  note: Extract<TraceEvent, { readonly type: "note" }>["event"],
): Turn | undefined {
  switch (note.type) {
    case "partitionChanged":
      if (isInternal(note.partition)) return undefined;
      if (note.why === "isr") return "isr";
      return note.why === "created" ? undefined : "election";
    case "truncated":
      return isInternal(note.partition) ? undefined : "truncation";
    default:
      return undefined;
  }
}

const isInternal = (partition: string): boolean => partition.startsWith("__");

/** How many beats are among the first `count` events; `beats`: their indices, ascending. */
export const beatsAmong = (beats: readonly number[], count: number): number =>
  placeIn(beats, count);

/** Whether an event has a sentence of its own. */
export function isBeat(event: TraceEvent): boolean {
  switch (event.type) {
    case "fault":
    case "healed":
    case "down":
    case "paused":
    case "resumed":
    case "linkCut":
    case "linkHealed":
    case "phase":
      return true;
    case "started":
      return event.life > 1 || event.kind === "verifier";
    case "called":
      return event.request.type === "send" || isOperators(event.request.type);
    case "result":
      return isTelling(event.outcome);
    case "fileHurt":
      return turnOf(event) !== undefined;
    case "note":
      return isNotedBeat(event.event);
    default:
      return false;
  }
}

/** What changes the cluster has a sentence, what only asks has none. */
const isOperators = (type: string): boolean =>
  type === "createTopics" ||
  type === "deleteTopics" ||
  type === "createPartitions" ||
  type === "alterConfigs" ||
  type === "electLeaders";

function isTelling(outcome: Extract<TraceEvent, { readonly type: "result" }>["outcome"]): boolean {
  if (outcome.type === "polled") return outcome.records.length > 0;
  return outcome.type === "acknowledged" || outcome.type === "unknown" || outcome.type === "failed";
}

function isNotedBeat(note: Extract<TraceEvent, { readonly type: "note" }>["event"]): boolean {
  switch (note.type) {
    case "appended":
    case "truncated":
    case "logStartRaised":
    case "logRestarted":
    case "replicaDeleted":
    case "partitionChanged":
      return !isInternal(note.partition);
    case "highWatermark":
      return !isInternal(note.partition) && note.role === "leader";
    case "controllerElected":
    case "brokerFenced":
    case "brokerUnfenced":
    case "duplicateBatch":
    case "topicCreated":
      return true;
    case "batched":
      return note.attempt > 0;
    default:
      return false;
  }
}
