/*
 * Time as an order: the stretch between any two neighbouring times at which something is drawn gets equal room, be it a
 * microsecond or ten seconds. Places are told as times of an axis to scale, so that whatever reckons with those goes on
 * doing so.
 */
import type { Micros } from "#sim";

/** The ends of a stretch and the times between them, ascending and distinct. */
export type EventOrder = readonly Micros[];

/** The order of those `times` that lie between `from` and `to`. */
export const eventOrder = (from: Micros, to: Micros, times: Iterable<Micros>): EventOrder => [
  from,
  ...[...new Set(times)].filter((at) => at > from && at < to).sort((a, b) => a - b),
  to,
];

/** Where on an axis to scale a time stands; outside of the stretch it is where it would be anyway. */
export function placeOfTime(order: EventOrder, at: Micros): number {
  const [from, to] = endsOf(order);
  if (at <= from || at >= to) return at;
  let [low, high] = [0, order.length - 1];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if ((order[middle] ?? to) <= at) low = middle;
    else high = middle;
  }
  const [before, after] = [order[low] ?? from, order[high] ?? to];
  return from + (low + (at - before) / (after - before)) * roomOf(order);
}

/** The time that stands at a place of an axis to scale. */
export function timeAtPlace(order: EventOrder, place: number): Micros {
  const [from, to] = endsOf(order);
  if (place <= from || place >= to) return place;
  const steps = (place - from) / roomOf(order);
  const low = Math.min(order.length - 2, Math.floor(steps));
  const [before, after] = [order[low] ?? from, order[low + 1] ?? to];
  return before + (steps - low) * (after - before);
}

const endsOf = (order: EventOrder): readonly [Micros, Micros] => [order[0] ?? 0, order.at(-1) ?? 0];

/** What one step gets of the stretch. */
function roomOf(order: EventOrder): number {
  const [from, to] = endsOf(order);
  return (to - from) / Math.max(1, order.length - 1);
}
