/*
 * What happens on each row of the space–time diagram, in order and in words: what a keyboard moves over, a table lists
 * and a screen reader says.
 */
import type { Micros, NodeName } from "#sim";
import { sentence } from "./narration.ts";
import { type Recording, eventOf } from "./recording.ts";
import type { Dot, Line, SpaceTime } from "./space-time.ts";

export interface SpacePlace {
  /** The event that is selected here. */
  readonly event: number;
  readonly node: NodeName;
  readonly at: Micros;
  readonly text: string;
}

/** A row's places in the order of time. */
export interface PlaceRow {
  readonly node: NodeName;
  readonly places: readonly SpacePlace[];
}

export function spacePlaces(recording: Recording, view: SpaceTime): readonly PlaceRow[] {
  const rows = new Map<NodeName, SpacePlace[]>(view.rows.map(({ node }) => [node, []]));
  const inside = ({ at }: SpacePlace): boolean => at >= view.from && at <= view.to;
  const put = (place: SpacePlace): void => {
    if (inside(place)) rows.get(place.node)?.push(place);
  };
  for (const line of view.lines) {
    put({ event: line.event, node: line.from, at: line.sentAt, text: sentText(line) });
    const got = gotPlace(line);
    if (got !== undefined) put(got);
  }
  for (const dot of view.dots) put(dotPlace(recording, dot));
  for (const { node, spans } of view.rows) {
    for (const { event, at } of spans) put({ event, node, at, text: toldText(recording, event) });
  }
  return [...rows].map(([node, places]) => ({ node, places: distinct(places) }));
}

/** `3 × Fetch to b2`. */
export const messageText = ({ api, response, count }: Line): string =>
  `${count === 1 ? "" : `${count} × `}${api}${response ? " answer" : ""}`;

/** One line in words, with what became of it. */
export const lineText = (line: Line): string =>
  `${line.from} → ${line.to} ${messageText(line)}${line.lost ? ", lost" : line.endEvent === -1 ? ", under way" : ""}`;

/** A place in a sentence of its own. */
export const placeText = ({ node, text }: SpacePlace): string =>
  text.startsWith(node) ? text : `${node} ${text}`;

const sentText = (line: Line): string =>
  `sends ${messageText(line)} to ${line.to}${line.lost ? ", which is lost" : ""}`;

function gotPlace(line: Line): SpacePlace | undefined {
  if (line.lost || line.endEvent === -1 || line.endAt === null) return undefined;
  const text = `gets ${messageText(line)} from ${line.from}`;
  return { event: line.endEvent, node: line.to, at: line.endAt, text };
}

function dotPlace(recording: Recording, { event, node, at, count, text }: Dot): SpacePlace {
  const more = count === 1 ? "" : ` (and ${count - 1} more)`;
  return { event, node, at, text: (text ?? toldText(recording, event)) + more };
}

function toldText(recording: Recording, seq: number): string {
  const event = eventOf(recording, seq);
  return event === undefined ? "" : sentence(event, recording.facts);
}

/** In the order of time; an event that stands twice in a row counts once. */
function distinct(places: readonly SpacePlace[]): readonly SpacePlace[] {
  const seen = new Set<number>();
  return [...places]
    .sort((a, b) => a.at - b.at || a.event - b.event)
    .filter(({ event }) => !seen.has(event) && seen.add(event));
}

/** Where a step from a place leads: along its row, or to what is nearest in time in the next row that has anything. */
export function stepFrom(
  rows: readonly PlaceRow[],
  from: SpacePlace | undefined,
  key: "ArrowLeft" | "ArrowRight" | "ArrowUp" | "ArrowDown",
  at: Micros,
): SpacePlace | undefined {
  const row = rows.findIndex(({ node }) => node === from?.node);
  const places = rows[row]?.places ?? [];
  if (from === undefined || row === -1)
    return nearestIn(
      rows.flatMap((one) => one.places),
      at,
    );
  const index = places.findIndex(({ event }) => event === from.event);
  if (key === "ArrowLeft") return places[index - 1] ?? from;
  if (key === "ArrowRight") return places[index + 1] ?? from;
  const step = key === "ArrowUp" ? -1 : 1;
  for (let next = row + step; next >= 0 && next < rows.length; next += step) {
    const place = nearestIn(rows[next]?.places ?? [], from.at);
    if (place !== undefined) return place;
  }
  return from;
}

function nearestIn(places: readonly SpacePlace[], at: Micros): SpacePlace | undefined {
  let best: SpacePlace | undefined;
  for (const place of places) {
    if (best === undefined || Math.abs(place.at - at) < Math.abs(best.at - at)) best = place;
  }
  return best;
}
