/* How a guarantee stands, in a few words: what fits on a card, and what its dialog says. */
import type { VerdictChange } from "../worker-messages.ts";
import { timeText } from "./time.ts";

/** What a promise needs, by the ids of preconditions. */
const needs: Readonly<Record<string, string>> = {
  "acks-all": "acks=all",
  "clean-election": "clean elections",
  "topic-kept": "its topic",
  "records-kept": "all records",
  "isr-survivor": "a spared replica",
  "idempotent-producer": "idempotence",
  "last-known-leader": "the last leader",
  "epoch-told": "a telling epoch",
  "voters-keep-disks": "the voters' disks",
  "disks-keep-bits": "sound bits",
  "eligible-keeps-disk": "a leader's disk",
  "min-isr-kept": "min ISR as it was",
  "voters-flush": "honest disks",
};

/** For a card: at most two short lines. `at`: when it broke. */
export function standingText(standing: VerdictChange | undefined, at?: number): string {
  if (standing === undefined) return "nothing to judge yet";
  const { state, checked, off } = standing;
  switch (state) {
    case "holds":
      return `holds so far · ${checked} checked`;
    case "broken":
      return at === undefined ? "broken" : `broken at ${timeText(at)}`;
    case "notPromised":
      return `not promised without ${short(off)}`;
    case "notPromisedBroken":
      return `broken; not promised without ${short(off)}`;
    case "open":
      return "nothing to judge yet";
  }
}

/** The first of them, and how many more: all of them stand in the dialog. */
function short([first = "", ...more]: readonly string[]): string {
  return (needs[first] ?? first) + (more.length === 0 ? "" : ` +${more.length}`);
}
