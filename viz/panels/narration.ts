/* One sentence: what happened last that is worth telling. It is also what a screen reader says. */
import { sentence } from "../model/narration.ts";
import { eventOf } from "../model/recording.ts";
import { summary } from "../model/summary.ts";
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
  /** While time moves: up to which event was told, and when in real time. */
  let upTo = 0;
  let since = 0;
  const show = (view: LabView): void => {
    const { run, player, picture } = view;
    const event = eventOf(run.recording, picture.beat);
    told = event?.seq ?? -1;
    setAttribute(element, "data-event", event === undefined ? undefined : String(event.seq));
    why.disabled = event === undefined;
    const moving = player.playing || player.sweep !== undefined;
    // A sum has no time of its own; the clock goes on below it.
    setText(when, event === undefined || moving ? "" : timeText(event.at));
    if (!moving) {
      setText(text, event === undefined ? opening(view) : sentence(event, run.recording.facts));
    } else if (performance.now() - since > readingMs || player.count < upTo) {
      const sum = summary(run.recording, Math.min(upTo, player.count), player.count);
      if (sum !== undefined) setText(text, sum);
      since = performance.now();
      upTo = player.count;
    }
    if (!moving) upTo = player.count;
  };
  return { element, show };
}

/** Nobody reads a sentence faster. */
const readingMs = 1600;

/** Before anything has happened: what the run is about, in the few words of its title. */
const opening = ({ run: { failure, recording, scenario } }: LabView): string => {
  if (failure !== undefined) return failure;
  return recording.events.length === 0 ? "The run begins …" : scenario.title || scenario.name;
};
