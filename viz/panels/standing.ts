/* How a guarantee stands, in a few words: what fits on a card, and what its dialog says. */
import type { VerdictChange } from "../worker-messages.ts";
import { timeText } from "./time.ts";

/** What a promise needs, by the ids of preconditions. */
const needs: Readonly<Record<string, string>> = {
  "acks-all": "acks=all",
  "clean-election": "clean elections",
  "isr-survivor": "a survivor in the ISR",
  "idempotent-producer": "idempotence",
};

/** For a card: at most two short lines. `at`: when it broke. */
export function standingText(standing: VerdictChange | undefined, at?: number): string {
  if (standing === undefined) return "nothing to judge yet";
  const { state, checked, off } = standing;
  const broken = at === undefined ? "broken" : `broken at ${timeText(at)}`;
  switch (state) {
    case "holds":
      return `holds so far · ${checked} checked`;
    case "broken":
      return broken;
    case "notPromised":
      return `not promised without ${off.map((id) => needs[id] ?? id).join(", ")}`;
    case "notPromisedBroken":
      return `${broken}; not promised without ${off.map((id) => needs[id] ?? id).join(", ")}`;
    case "open":
      return "nothing to judge yet";
  }
}
