/* All that led to an event, as far as a window reaches: causes come before what they cause. */
import type { Micros } from "#sim";
import { type Recording, eventOf } from "./recording.ts";

/** Numbers of the events that led to `seq`, itself among them, that are not earlier than `from`. */
export function causalPast(recording: Recording, seq: number, from: Micros): ReadonlySet<number> {
  const past = new Set<number>();
  const open = [seq];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const event = eventOf(recording, next);
    if (past.has(next) || event === undefined) continue;
    past.add(next);
    // A message that was sent before the window may end in it.
    if (event.at >= from) open.push(...event.causes);
  }
  return past;
}
