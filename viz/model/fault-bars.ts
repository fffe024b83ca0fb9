/* Faults as bars in time: from the strike to the heal. */
import { type Micros, type NodeName, isByHand, lasts } from "#sim";
import { type Recording, eventOf } from "./recording.ts";

export interface FaultBar {
  readonly seq: number;
  readonly from: Micros;
  /** Null while it lasts. */
  readonly to: Micros | null;
  /** Somebody did it by hand, and it is no fault. */
  readonly isEdit: boolean;
  readonly targets: readonly NodeName[];
  readonly sentence: string;
}

/** Strikes and their heals, paired by place in the scenario; the final heal ends them all. */
export function faultBars(recording: Recording): readonly FaultBar[] {
  const bars = new Map<number, FaultBar>();
  for (const { seq } of recording.marks) {
    const event = eventOf(recording, seq);
    if (event?.type === "fault") {
      const { at, sentence, fault, targets } = event;
      const to = lasts(fault) ? null : at;
      bars.set(event.index, { seq, from: at, to, isEdit: isByHand(fault), targets, sentence });
    } else if (event?.type === "healed") {
      for (const [index, bar] of bars) {
        const ends = event.index === -1 || event.index === index;
        if (ends && bar.to === null) bars.set(index, { ...bar, to: event.at });
      }
    }
  }
  return [...bars.values()].sort((a, b) => a.seq - b.seq);
}
