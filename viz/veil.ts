/*
 * What a reader to whom nothing of the future is given away may see of a run: the run as if it had gone no further than
 * where the reader stands. Every panel is given that instead of the whole, so that none has to remember to hide anything.
 */
import { addEvents, newRecording } from "./model/recording.ts";
import type { Run } from "./run.ts";

/** A run's past, grown along with the reader's time; made anew when that goes back. */
export type Veil = WeakMap<Run, Run>;

export const newVeil = (): Veil => new WeakMap();

/** The first `count` events of a run, and how the guarantees stood by then. */
export function pastOf(veil: Veil, run: Run, count: number): Run {
  const { events } = run.recording;
  const kept = veil.get(run);
  const isAhead = kept === undefined || kept.recording.events.length > count;
  const recording = isAhead ? newRecording() : kept.recording;
  addEvents(recording, events.slice(recording.events.length, count));
  const last = recording.events.at(-1)?.seq ?? -1;
  const past: Run = {
    ...run,
    outcome: undefined,
    recording,
    verdicts: run.verdicts.filter(({ seq }) => seq <= last),
  };
  veil.set(run, past);
  return past;
}
