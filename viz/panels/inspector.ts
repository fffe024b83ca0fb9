/* Over the stage, never over the logs: why something happened, hop by hop, or every event around now. */
import type { TraceEvent } from "#sim";
import { isBeat } from "../model/beats.ts";
import { sentence } from "../model/narration.ts";
import { type Hop, why } from "../model/why.ts";
import { h, iconButton, setAttribute, textButton } from "./dom.ts";
import { timeText } from "./time.ts";
import type { Actions, LabView } from "./view.ts";

export interface InspectorPanel {
  readonly element: HTMLElement;
  show(view: LabView): void;
}

/** Events shown before and after the present one. */
const before = 60;
const after = 20;

export function inspectorPanel(actions: Actions): InspectorPanel {
  const tabs = h("div", { class: "tabs", role: "tablist" });
  const whyTab = textButton("Why?", "What led to it (W)", () => actions.inspect("why"));
  const eventsTab = textButton("Events", "Every event (I)", () => actions.inspect("events"));
  for (const tab of [whyTab, eventsTab]) tab.setAttribute("role", "tab");
  const close = iconButton("cross", "Close", "Esc", () => actions.inspect(undefined));
  tabs.append(whyTab, eventsTab, close);
  const body = h("div", { class: "inspector-body", role: "tabpanel" });
  const element = h("section", { class: "inspector", "aria-label": "Inspector" }, tabs, body);
  let shown = "";

  const show = (view: LabView): void => {
    const { tab, selected, player, run } = view;
    element.hidden = tab === undefined;
    setAttribute(whyTab, "aria-selected", String(tab === "why"));
    setAttribute(eventsTab, "aria-selected", String(tab === "events"));
    if (tab === undefined) return;
    const key = tab === "why" ? `why ${selected} ${run.id}` : `events ${player.count} ${run.id}`;
    if (key === shown) return;
    shown = key;
    body.replaceChildren(...(tab === "why" ? whyList(view, actions) : eventList(view, actions)));
    body.querySelector("[aria-current]")?.scrollIntoView({ block: "nearest" });
  };
  return { element, show };
}

function whyList({ run, selected }: LabView, actions: Actions): readonly Node[] {
  const { recording } = run;
  const hops = selected === undefined ? [] : why(recording, selected);
  if (hops.length === 0) {
    return [h("p", { class: "hint" }, "Press anything that is drawn, then ask why it is there.")];
  }
  const items = hops.map((hop, index) => {
    const told = sentence(hop.event, recording.facts);
    const item = eventButton(hop.event, told, actions);
    return h(
      "li",
      { class: `hop is-${hop.link}`, "data-link": hop.link },
      linkWord(hops, index),
      item,
    );
  });
  return [h("ol", { class: "why", "aria-label": "Causes, nearest first" }, ...items)];
}

/** How the hop above follows from this one. */
function linkWord(hops: readonly Hop[], index: number): HTMLElement {
  const hop = hops[index];
  const who = hops[index - 1]?.event.node ?? "";
  const words = hop === undefined || index === 0 ? "" : linkText(hop, who);
  return h("span", { class: "hop-link" }, words);
}

function linkText({ link, peer, heardAt }: Hop, who: string): string {
  if (link !== "silence") return "because";
  const since = heardAt === undefined ? "" : ` after ${timeText(heardAt)}`;
  return `because ${who} heard nothing from ${peer ?? "a peer"}${since}:`;
}

function eventButton(event: TraceEvent, told: string, actions: Actions): HTMLButtonElement {
  const button = h("button", { type: "button", class: "event", "data-event": event.seq });
  button.append(
    h("time", {}, timeText(event.at)),
    h("span", { class: "event-node" }, event.node === "" ? "world" : event.node),
    h("span", { class: "event-told" }, told),
  );
  button.addEventListener("click", () => actions.visit(event.seq));
  return button;
}

function eventList({ run, player }: LabView, actions: Actions): readonly Node[] {
  const { events, facts } = run.recording;
  const from = Math.max(0, player.count - before);
  const rows = events.slice(from, player.count + after).map((event, index) => {
    const row = eventButton(event, sentence(event, facts), actions);
    const place = from + index + 1;
    if (place === player.count) row.setAttribute("aria-current", "step");
    if (place > player.count) row.classList.add("is-later");
    if (isBeat(event)) row.classList.add("is-beat");
    const ask = textButton("why?", "What led to this", () => actions.select(event.seq));
    return h("li", {}, row, ask);
  });
  return [h("ol", { class: "events" }, ...rows)];
}
