/*
 * Every message of a run from the event that sent it to the one that ended it, in the order of sending, so that those
 * in a stretch of time are found without walking the run. Only numbers are kept; the rest stands in the events.
 */
import type { Micros, TraceEvent } from "#sim";
import { placeIn } from "./ascending.ts";

export interface Flights {
  /** `seq` of each `sent`, ascending, and of what ended it (`received` or `lost`; -1: under way). */
  readonly sent: number[];
  readonly ended: number[];
  /** Places in `sent` of messages that took longer than `usual`, or are still under way, ascending. */
  readonly slow: number[];
  readonly open: Set<number>;
  /** When one that was held is to arrive now; null: not as long as it is held. */
  readonly arrivals: Map<number, Micros | null>;
  readonly apis: Set<string>;
}

export const newFlights = (): Flights => ({
  sent: [],
  ended: [],
  slow: [],
  open: new Set(),
  arrivals: new Map(),
  apis: new Set(),
});

/** Most messages are handled sooner than this after they were sent. */
export const usual: Micros = 5000;

/** `earlier` finds an event of this run that came before. */
export function learnFlight(
  flights: Flights,
  event: TraceEvent,
  earlier: (seq: number) => TraceEvent | undefined,
): void {
  switch (event.type) {
    case "sent":
      flights.open.add(flights.sent.length);
      flights.sent.push(event.seq);
      flights.ended.push(-1);
      flights.apis.add(event.api);
      return;
    case "delayed":
      flights.arrivals.set(event.message, event.arrival);
      return;
    case "received":
      for (const message of event.done) endFlight(flights, message, event, earlier);
      return;
    case "lost":
      return endFlight(flights, event.message, event, earlier);
    default:
      return;
  }
}

function endFlight(
  flights: Flights,
  message: number,
  end: TraceEvent,
  earlier: (seq: number) => TraceEvent | undefined,
): void {
  const place = placeIn(flights.sent, message);
  if (flights.sent[place] !== message || flights.ended[place] !== -1) return;
  flights.ended[place] = end.seq;
  flights.open.delete(place);
  flights.arrivals.delete(message);
  if (end.at - (earlier(message)?.at ?? end.at) > usual) insert(flights.slow, place);
}

function insert(ascending: number[], value: number): void {
  ascending.splice(placeIn(ascending, value), 0, value);
}
