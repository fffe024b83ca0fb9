/* What happened, in a few words: for tools that show a name for each event and have no picture beside it. */
import type { CoreEvent } from "#core";
import type { TraceEvent } from "../trace/events.ts";

/** An event in a few words; the node that it happened to is told elsewhere. */
export function shortSentence(event: TraceEvent): string {
  switch (event.type) {
    case "sent": {
      const what = event.response ? "answer" : "request";
      return `sends ${event.api} v${event.version} ${what} to ${event.to} (${event.bytes} bytes)`;
    }
    case "received":
      return `receives ${event.bytes} bytes from ${event.from}`;
    case "timer":
      return `timer ${event.timer}`;
    case "started":
      return `starts (life ${event.life})`;
    case "called":
      return `call ${event.call}: ${callSentence(event.request)}`;
    case "result":
      return `call ${event.call} comes to: ${outcomeSentence(event.outcome)}`;
    case "note":
      return noteSentence(event.event);
    case "fault":
    case "healed":
      return event.sentence;
    case "down":
      return event.reason === undefined ? `down: ${event.how}` : `down: ${event.reason}`;
    case "phase":
      return `phase ${event.phase}`;
    default:
      return fields(event.type, event);
  }
}

type Call = Extract<TraceEvent, { type: "called" }>["request"];
type Outcome = Extract<TraceEvent, { type: "result" }>["outcome"];

const callSentence = (request: Call): string =>
  request.type === "send" ? `send ${request.value} to ${request.topic}` : request.type;

function outcomeSentence(outcome: Outcome): string {
  switch (outcome.type) {
    case "acknowledged":
      return `acknowledged at ${outcome.partition}, offset ${outcome.offset}`;
    case "failed":
      return `failed, ${outcome.error}`;
    case "unknown":
      return `unknown, ${outcome.reason}`;
    case "polled":
      return `${outcome.records.length} records`;
    default:
      return outcome.type;
  }
}

/** A note by its kind and its fields, as the trace has them. */
export const noteSentence = (event: CoreEvent): string => fields(event.type, event);

/** What says nothing that its place does not say. */
const known: ReadonlySet<string> = new Set(["type", "seq", "at", "node", "causes", "silences"]);

const fields = (kind: string, event: object): string =>
  [
    kind,
    ...Object.entries(event)
      .filter(([key, value]) => !known.has(key) && value !== undefined)
      .map(([key, value]) => `${key}=${textOf(value)}`),
  ].join(" ");

const textOf = (value: unknown): string =>
  typeof value === "string" ? value : JSON.stringify(value);
