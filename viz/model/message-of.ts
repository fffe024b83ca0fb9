/* Which message an event is about. */
import type { TraceEvent } from "#sim";
import { type Recording, eventOf } from "./recording.ts";

export type SentEvent = Extract<TraceEvent, { readonly type: "sent" }>;

/** The `sent` event of the message that an event is about: it left, was read, was delayed or lost. */
export function messageOf(recording: Recording, seq: number): SentEvent | undefined {
  const event = eventOf(recording, seq);
  if (event === undefined) return undefined;
  switch (event.type) {
    case "sent":
      return event;
    case "received":
      return sentAt(recording, event.done[0] ?? event.causes[0]);
    case "delayed":
    case "lost":
      return sentAt(recording, event.message);
    default:
      return undefined;
  }
}

function sentAt(recording: Recording, seq: number | undefined): SentEvent | undefined {
  const event = seq === undefined ? undefined : eventOf(recording, seq);
  return event?.type === "sent" ? event : undefined;
}

/** The last messages that left before the `count`th event, the latest first. */
export function lastMessages(recording: Recording, count: number, most: number): SentEvent[] {
  const found: SentEvent[] = [];
  for (let index = count - 1; index >= 0 && found.length < most; index -= 1) {
    const event = recording.events[index];
    if (event?.type === "sent") found.push(event);
  }
  return found;
}
