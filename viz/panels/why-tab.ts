/*
 * Why something happened, one hop at a time: the whole chain as a list, and two buttons that walk it. The hop that is
 * looked at is where the lab's time goes, and what is lit on stage, in the logs and on the space–time diagram.
 */
import { type TraceEvent, isByHand } from "#sim";
import { promisedBy, undoing } from "../model/evidence.ts";
import { sentence } from "../model/narration.ts";
import { eventOf } from "../model/recording.ts";
import { isRoot } from "../model/why.ts";
import { h, setAttribute, setText, textButton } from "./dom.ts";
import { eventRow } from "./look/parts.ts";
import { reasonsOf } from "./why-reasons.ts";
import { linkText } from "./why-words.ts";
import { timeText } from "./time.ts";
import type { Actions, LabView } from "./view.ts";

export interface WhyTab {
  readonly element: HTMLElement;
  show(view: LabView): void;
}

export function whyTab(actions: Actions): WhyTab {
  let latest: LabView | undefined;
  const go = (step: 1 | -1): void => actions.hop((latest?.hop ?? 0) + step);
  const back = textButton("‹ Effect", "The hop before (Shift+W)", () => go(-1));
  const on = textButton("Cause ›", "The next hop: what led to it (W)", () => go(1));
  const place = h("span", { class: "hop-place", "aria-live": "polite" });
  const walk = h("div", { class: "hop-walk", role: "group", "aria-label": "Hop by hop" });
  walk.append(back, place, on);
  const gone = goneButton(actions);
  const list = h("div", {});
  const element = h("div", { class: "why-tab" }, walk, gone.element, list);
  let shown = "";

  const show = (view: LabView): void => {
    latest = view;
    const { chain, hop, selected, run, picture } = view;
    walk.hidden = chain.length < 2;
    back.disabled = hop === 0;
    on.disabled = hop >= chain.length - 1;
    setText(place, placeText(view));
    gone.show(view);
    const key = `${selected} ${run.id} ${chain.length} ${chain.length === 0 ? picture.beat : ""}`;
    if (key !== shown) list.replaceChildren(...hopList(view, actions));
    shown = key;
    for (const [index, item] of [...list.querySelectorAll(".why > .hop > .event")].entries()) {
      const isHere = index === hop && chain.length > 1;
      setAttribute(item, "aria-current", isHere ? "step" : undefined);
      if (isHere) item.scrollIntoView({ block: "nearest" });
    }
    // What stands above the chain leads on; where there is little room it comes first.
    if (hop === 0) gone.element.scrollIntoView({ block: "nearest" });
  };
  return { element, show };
}

interface GoneButton {
  readonly element: HTMLButtonElement;
  show(view: LabView): void;
}

/** Of a promise that is untrue by now, or about to be: leads on to what made it so. */
function goneButton(actions: Actions): GoneButton {
  let taker: number | undefined;
  const element = textButton("", "How that came", () => {
    if (taker !== undefined) actions.select(taker);
  });
  element.classList.add("gone-button");
  let shown = "";
  const show = ({ selected, run, player }: LabView): void => {
    const key = `${selected} ${run.id} ${player.count}`;
    if (key === shown) return;
    shown = key;
    const event = selected === undefined ? undefined : eventOf(run.recording, selected);
    const record = promisedBy(event);
    const undone = record && undoing(run.recording, record, player.count);
    taker = undone?.outOfReach?.seq;
    setText(element, undone?.gone === undefined ? lacked : taken);
    element.hidden = taker === undefined;
  };
  return { element, show };
}

const taken = "The record is gone by now. What took it?";
const lacked = "The leader does not have the record by now. Why?";

function placeText({ chain, hop }: LabView): string {
  const event = chain[hop]?.event;
  if (event === undefined) return "";
  const root = isRoot(event) ? `, ${rootWord(event)}` : "";
  return `${hop + 1} of ${chain.length}${root}`;
}

/** What kind of end a chain has. */
function rootWord(event: TraceEvent): string {
  if (event.type === "called") return "a call";
  if (event.type !== "fault") return "a start";
  return isByHand(event.fault) ? "an edit" : "a fault";
}

function hopList(view: LabView, actions: Actions): readonly Node[] {
  const { chain, run } = view;
  if (chain.length === 0) return toldLast(view, actions);
  const { recording } = run;
  const told = new Set(chain.map(({ event }) => event.seq));
  const items = chain.map((hop, index) => {
    const button = hopButton(hop.event, sentence(hop.event, recording.facts), index, actions);
    const words = h("span", { class: "hop-link" }, index === 0 ? "" : linkText(chain, index));
    const item = h("li", { class: `hop is-${hop.link}`, "data-link": hop.link }, words, button);
    item.append(...reasonsOf(recording, hop.event, told, actions));
    return item;
  });
  return [h("ol", { class: "why", "aria-label": "Causes, nearest first" }, ...items)];
}

/** What can be asked about while nothing is chosen: the last things that were told, newest first. */
function toldLast({ run, player }: LabView, actions: Actions): readonly Node[] {
  const { beats, events, facts } = run.recording;
  const told = beats.filter((index) => index < player.count).slice(-toldShown);
  const items = told.toReversed().flatMap((index) => {
    const event = events[index];
    if (event === undefined) return [];
    const row = eventRow(event, sentence(event, facts), () => actions.select(event.seq));
    return [h("li", {}, row)];
  });
  return [
    h("p", { class: "hint" }, "Press anything that is drawn, or ask why of what was told last:"),
    h("ol", { "aria-label": "Told last" }, ...items),
  ];
}

const toldShown = 12;

function hopButton(
  event: TraceEvent,
  told: string,
  index: number,
  actions: Actions,
): HTMLButtonElement {
  const button = h("button", { type: "button", class: "event", "data-event": event.seq });
  button.append(
    h("span", { class: "hop-number" }, String(index + 1)),
    h("time", {}, timeText(event.at)),
    h("span", { class: "event-node" }, event.node === "" ? "world" : event.node),
    h("span", { class: "event-told" }, told),
  );
  button.addEventListener("click", () => actions.hop(index));
  return button;
}
