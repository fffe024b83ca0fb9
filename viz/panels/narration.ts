/* One sentence: what happened last that is worth telling. It is also what a screen reader says. */
import { sentence } from "../model/narration.ts";
import { eventOf } from "../model/recording.ts";
import { h, iconButton, setAttribute, setText } from "./dom.ts";
import { timeText } from "./time.ts";
import type { Actions, LabView } from "./view.ts";

export interface NarrationPanel {
  readonly element: HTMLElement;
  show(view: LabView): void;
}

export function narrationPanel(actions: Actions): NarrationPanel {
  const when = h("time", { class: "told-at" });
  const text = h("p", { "aria-live": "polite", class: "sentence" });
  const why = h("button", { type: "button", class: "why-button", title: "Why? (W)" }, "Why?");
  const back = iconButton("back", "What was told before", "Shift+←", () => actions.beat(-1));
  const on = iconButton("on", "What is told next", "Shift+→", () => actions.beat(1));
  const element = h("section", { class: "narration", "aria-label": "Narration" });
  element.append(back, on, when, text, why);
  let told = -1;
  why.addEventListener("click", () => {
    if (told >= 0) actions.select(told);
  });
  const show = (view: LabView): void => {
    const event = eventOf(view.run.recording, view.picture.beat);
    told = event?.seq ?? -1;
    setText(when, event === undefined ? "" : timeText(event.at));
    setText(text, event === undefined ? opening(view) : sentence(event, view.run.recording.facts));
    setAttribute(element, "data-event", event === undefined ? undefined : String(event.seq));
    why.disabled = event === undefined;
  };
  return { element, show };
}

const opening = ({ run }: LabView): string =>
  run.failure ?? (run.recording.events.length === 0 ? "The run begins …" : run.scenario.about);
