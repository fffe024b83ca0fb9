/* Many beats in one sentence, for when they come faster than anyone reads: the last turning point, or a count. */
import { turnOf } from "./beats.ts";
import { sentence } from "./narration.ts";
import type { Recording } from "./recording.ts";

/** What was told by the events from index `from` up to (not with) `to`; undefined if nothing was. */
export function summary(recording: Recording, from: number, to: number): string | undefined {
  const { beats, events, facts } = recording;
  const told = beats.filter((index) => index >= from && index < to);
  const turn = told.findLast((index) => {
    const event = events[index];
    return event !== undefined && turnOf(event) !== undefined;
  });
  const last = events[turn ?? told.at(-1) ?? -1];
  if (last === undefined) return undefined;
  if (turn !== undefined || told.length < 3) return sentence(last, facts);
  return counted(recording, told) ?? sentence(last, facts);
}

function counted({ events }: Recording, told: readonly number[]): string | undefined {
  let written = 0;
  let safe = 0;
  let read = 0;
  for (const index of told) {
    const event = events[index];
    if (event?.type === "note" && event.event.type === "appended") {
      if (event.event.role === "leader") written += event.event.next - event.event.base;
    } else if (event?.type === "result") {
      const { outcome } = event;
      if (outcome.type === "acknowledged") safe += 1;
      if (outcome.type === "polled") read += outcome.records.length;
    }
  }
  const parts = [
    ...(written === 0 ? [] : [`${count(written)} written`]),
    ...(safe === 0 ? [] : [`${safe} acknowledged`]),
    ...(read === 0 ? [] : [`${read} read`]),
  ];
  return parts.length === 0 ? undefined : parts.join(", ");
}

const count = (records: number): string => (records === 1 ? "1 record" : `${records} records`);
