/* The events that contradict each other, each with its sentence; pressing one goes there and asks why. */
import { type Evidence, evidenceOf } from "../model/evidence.ts";
import { sentence } from "../model/narration.ts";
import type { VerdictChange } from "../worker-messages.ts";
import { h } from "./dom.ts";
import { timeText } from "./time.ts";
import type { LabView } from "./view.ts";

const words: Readonly<Record<Evidence["what"], string>> = {
  promised: "promised",
  behind: "behind it",
  outOfReach: "out of reach",
  gone: "made untrue",
  showed: "shown",
};

/** Empty while nothing is broken. */
export function evidenceList(
  { run }: LabView,
  standing: VerdictChange | undefined,
  choose: (seq: number) => void,
): readonly HTMLElement[] {
  if (standing === undefined || standing.event === null) return [];
  const { recording } = run;
  const items = evidenceOf(recording, standing.event, standing.record).map(({ event, what }) => {
    const told = sentence(event, recording.facts);
    const attributes = { type: "button", class: "evidence-event", "data-event": event.seq };
    const button = h("button", { ...attributes, "data-evidence": what });
    button.append(
      h("span", { class: "evidence-what" }, words[what]),
      h("time", {}, timeText(event.at)),
      h("span", {}, `${told}. Why?`),
    );
    button.addEventListener("click", () => choose(event.seq));
    return h("li", {}, button);
  });
  return [h("ol", { class: "evidence-list", "aria-label": "Evidence" }, ...items)];
}
