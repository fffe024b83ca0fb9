/* Which messages were under way in a stretch of a run. */
import type { Micros, NodeName } from "#sim";
import { placeIn } from "./ascending.ts";
import { usual } from "./flights.ts";
import { type Recording, countAt, eventOf } from "./recording.ts";

/** A message on its way, or at its end. */
export interface Flight {
  /** Its `sent` event. */
  readonly event: number;
  readonly from: NodeName;
  readonly to: NodeName;
  readonly api: string;
  readonly response: boolean;
  readonly sentAt: Micros;
  /** The event that ended it; -1: it is under way at the end of what is known. */
  readonly endEvent: number;
  /** When it ended, else when it is to arrive; null: not as long as its link is cut. */
  readonly endAt: Micros | null;
  readonly lost: boolean;
}

/** All messages that were under way at any time from `from` to `to`, in the order of sending. */
export function flightsIn(recording: Recording, from: Micros, to: Micros): readonly Flight[] {
  const { flights } = recording;
  const first = placeIn(flights.sent, seqAt(recording, from - usual));
  const last = placeIn(flights.sent, seqAt(recording, to + 1));
  const before = [...flights.slow, ...flights.open].filter((place) => place < first);
  const places = before.sort((a, b) => a - b);
  for (let place = first; place < last; place += 1) places.push(place);
  return places
    .map((place) => flightOf(recording, place))
    .filter((flight) => flight !== undefined)
    .filter(({ endAt }) => endAt === null || endAt >= from);
}

/** The message that an event sent, or ended. */
export function flightBy(recording: Recording, seq: number): Flight | undefined {
  const place = placeIn(recording.flights.sent, seq);
  return recording.flights.sent[place] === seq ? flightOf(recording, place) : undefined;
}

/** `seq` of the first event at `at` or later. */
function seqAt(recording: Recording, at: Micros): number {
  const { events } = recording;
  return events[countAt(recording, at - 1)]?.seq ?? (events.at(-1)?.seq ?? -1) + 1;
}

function flightOf(recording: Recording, place: number): Flight | undefined {
  const { sent, ended, arrivals } = recording.flights;
  const left = eventOf(recording, sent[place] ?? -1);
  if (left?.type !== "sent") return undefined;
  const endEvent = ended[place] ?? -1;
  const end = endEvent === -1 ? undefined : eventOf(recording, endEvent);
  const planned = arrivals.get(left.seq);
  return {
    event: left.seq,
    from: left.node,
    to: left.to,
    api: left.api,
    response: left.response,
    sentAt: left.at,
    endEvent,
    endAt: end?.at ?? (planned === undefined ? left.arrival : planned),
    lost: end?.type === "lost",
  };
}
