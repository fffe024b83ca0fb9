/*
 * One sentence: what happened last that is worth telling. It is also what a screen reader says. Beside it, which of all
 * sentences of the run it is, and the way to the next.
 */
import type { NodeName, TraceEvent } from "#sim";
import { type ToldBreak, breakAfter, breakOpening } from "../broken.ts";
import { beatsAmong } from "../model/beats.ts";
import { sentence } from "../model/narration.ts";
import { type Recording, eventOf } from "../model/recording.ts";
import { summary } from "../model/summary.ts";
import { h, iconButton, setAttribute, setText } from "./dom.ts";
import { titleOf } from "./guarantee-titles.ts";
import { timeText } from "./time.ts";
import type { Actions, LabView } from "./view.ts";

export interface NarrationPanel {
  readonly element: HTMLElement;
  /** What is told of a moment; which of how many sentences it is, depends on what comes later. */
  readonly told: readonly Element[];
  show(view: LabView): void;
}

/** `isPhone`: there is room for few words. */
export function narrationPanel(actions: Actions, isPhone: () => boolean): NarrationPanel {
  const when = h("time", { class: "told-at" });
  const text = h("p", { "aria-live": "polite", class: "sentence" });
  const why = h("button", { type: "button", class: "why-button", title: "Why? (W)" }, "Why?");
  const back = iconButton("back", "What was told before", "Shift+←", () => actions.beat(-1));
  const on = iconButton("on", "What is told next", "Shift+→", () => actions.beat(1));
  const place = h("span", { class: "beat-count" });
  const pages = h("span", { class: "beat-pager" }, back, place, on);
  const element = h("section", { class: "narration", "aria-label": "Narration" });
  element.append(pages, when, text, why);
  let told = -1;
  why.addEventListener("click", () => {
    if (told >= 0) actions.select(told);
  });
  /** While time moves: up to which event was told, and when in real time. */
  let upTo = 0;
  let since = 0;
  const breakIn = breakShown();
  const show = (view: LabView): void => {
    const { run, player, picture, eyes } = view;
    const moving = player.playing || player.sweep !== undefined;
    showPlace(place, view);
    // What is broken, only an observer knows.
    const broken = moving || eyes !== undefined ? undefined : breakIn(view);
    const beat = eyes === undefined ? picture.beat : lastBeatOf(run.recording, eyes, player.count);
    const event = broken?.event ?? eventOf(run.recording, beat);
    told = event?.seq ?? -1;
    setAttribute(element, "data-event", event === undefined ? undefined : String(event.seq));
    why.disabled = event === undefined;
    // A sum has no time of its own; the clock goes on below it.
    const at = broken === undefined ? event?.at : run.recording.events[player.count - 1]?.at;
    setText(when, at === undefined || moving ? "" : timeText(at));
    setAttribute(text, "title", broken?.sentence);
    setAttribute(element, "data-broken", broken === undefined ? undefined : "");
    if (broken !== undefined) setText(text, isPhone() ? inShort(broken) : broken.sentence);
    else if (!moving || eyes !== undefined) {
      setText(text, event === undefined ? opening(view) : sentence(event, run.recording.facts));
    } else if (performance.now() - since > readingMs || player.count < upTo) {
      const sum = summary(run.recording, Math.min(upTo, player.count), player.count);
      if (sum !== undefined) setText(text, sum);
      since = performance.now();
      upTo = player.count;
    }
    if (!moving) upTo = player.count;
  };
  return { element, told: [when, text], show };
}

/** On a phone, where its card has the rest. */
const inShort = ({ guarantee, isPromised }: ToldBreak): string =>
  `${breakOpening(isPromised)}: “${titleOf(guarantee)}”`;

/** "4 of 6": how many beats there have been. Behind a veil nobody is told how many are to come. */
function showPlace(host: HTMLElement, { run, player, veiled }: LabView): void {
  const { beats } = run.recording;
  const told = beatsAmong(beats, player.count).toLocaleString("en");
  const all = beats.length.toLocaleString("en");
  setText(host, veiled ? told : `${told} of ${all}`);
  const soFar = run.hash === undefined && !veiled ? ", as far as the run is made" : "";
  setAttribute(host, "title", `Sentences up to here${soFar}`);
  // As wide as it can become, so that nothing beside it moves.
  setAttribute(host, "style", `min-width: ${veiled ? 5 : 2 * all.length + 3}ch`);
}

/** What a process does itself. That a link is cut, or a message lost, it does not know. */
const own: readonly string[] = ["started", "called", "note", "result"];

/** The last of the first `count` events that is told and that one process did; -1: there is none. */
function lastBeatOf({ beats, events }: Recording, node: NodeName, count: number): number {
  const isOwn = (event: TraceEvent | undefined): boolean =>
    event?.node === node && own.includes(event.type);
  const index = beats.findLast((one) => one < count && isOwn(events[one]));
  return index === undefined ? -1 : (events[index]?.seq ?? -1);
}

/** Found once for each moment: it folds the run. */
function breakShown(): (view: LabView) => ToldBreak | undefined {
  let known = "";
  let found: ToldBreak | undefined;
  return ({ run, player: { count } }) => {
    const key = `${run.id} ${count} ${run.verdicts.length}`;
    if (key !== known) found = breakAfter(run, count);
    known = key;
    return found;
  };
}

/** Nobody reads a sentence faster. */
const readingMs = 1600;

/** Before anything has happened: what the run is about, in the few words of its title. */
const opening = ({ eyes, run: { failure, recording, scenario } }: LabView): string => {
  if (eyes !== undefined) return `Nothing that is told has happened at ${eyes} yet`;
  if (failure !== undefined) return failure;
  return recording.events.length === 0 ? "The run begins …" : scenario.title || scenario.name;
};
