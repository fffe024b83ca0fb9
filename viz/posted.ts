/*
 * What the simulation's worker posts. Events go as JSON, as they stand in an exported trace: a page reads text faster than
 * it takes over a copy, and events read from text are smaller, since equal short strings become one.
 */
import type { TraceEvent } from "#sim";
import type { FromWorker } from "./worker-messages.ts";

type Events = Extract<FromWorker, { readonly type: "events" }>;

/** A message of the worker, as it goes to the page. */
export type Posted =
  | Exclude<FromWorker, Events>
  | { readonly type: "eventsText"; readonly run: number; readonly text: string };

export const postedAs = (message: FromWorker): Posted =>
  message.type === "events"
    ? { type: "eventsText", run: message.run, text: JSON.stringify(message.events) }
    : message;

export const heardAs = (posted: Posted): FromWorker =>
  posted.type === "eventsText"
    ? { type: "events", run: posted.run, events: JSON.parse(posted.text) as readonly TraceEvent[] }
    : posted;
