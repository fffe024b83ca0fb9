/*
 * What of a run concerns one record: the steps of its life, and the messages by which it went on. A message concerns it
 * if it carried the record to a broker or a reader, if it let the high watermark pass the record, or if it was to tell
 * the client what became of it.
 */
import type { TraceEvent } from "#sim";
import { type LifeStep, type RecordLife, type RecordPlace, lifeOf } from "./record-life.ts";
import { type Recording, eventOf } from "./recording.ts";

export interface RecordWay {
  /** Undefined: the run has no such record. */
  readonly life: RecordLife | undefined;
  /** Of the whole run, in order. */
  readonly steps: readonly LifeStep[];
  /** The `sent` events of the messages. */
  readonly messages: ReadonlySet<number>;
}

export function wayOf(recording: Recording, place: RecordPlace): RecordWay {
  const life = lifeOf(recording, recording.events.length, place);
  const steps = life?.steps ?? [];
  const messages = new Set<number>();
  for (const step of steps) {
    if (step.event.type === "sent") messages.add(step.event.seq);
    const brought = bringerOf(recording, step);
    if (brought?.type === "received") for (const message of brought.done) messages.add(message);
  }
  for (const answer of answersTo(recording, steps)) messages.add(answer.seq);
  return { life, steps, messages };
}

/** The reading of a message that made a step possible; what the leader got stands as steps of their own. */
function bringerOf(recording: Recording, { kind, event }: LifeStep): TraceEvent | undefined {
  if (kind === "fetched") return event;
  if (kind !== "safe" && kind !== "told" && kind !== "read") return undefined;
  return eventOf(recording, event.causes[0] ?? -1);
}

type Sent = Extract<TraceEvent, { readonly type: "sent" }>;

/** What leaders answered to the messages that carried it, be it that it came or not: it follows from their reading. */
function answersTo({ events }: Recording, steps: readonly LifeStep[]): readonly Sent[] {
  const asked = new Set<number>();
  const readings = new Set<number>();
  for (const { kind, event } of steps) {
    if (event.type === "sent") asked.add(event.correlation);
    else if (kind === "received") readings.add(event.seq);
  }
  const isAnswer = (event: TraceEvent): event is Sent =>
    event.type === "sent" &&
    event.response &&
    asked.has(event.correlation) &&
    event.causes.some((cause) => readings.has(cause));
  return readings.size === 0 ? [] : events.filter(isAnswer);
}

/** Steps that a line of the diagram draws: the ends of messages. */
export const isMessageStep = ({ kind }: LifeStep): boolean =>
  kind === "sent" || kind === "received" || kind === "fetched" || kind === "messageLost";

/** The steps before and after an event; undefined where there is none. */
export function stepsAround(
  steps: readonly LifeStep[],
  seq: number,
): { readonly before: LifeStep | undefined; readonly after: LifeStep | undefined } {
  return {
    before: steps.findLast(({ event }) => event.seq < seq),
    after: steps.find(({ event }) => event.seq > seq),
  };
}
