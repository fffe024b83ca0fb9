/* Over the stage, never over the logs: why something happened, hop by hop, or every event around now. */
import type { TraceEvent } from "#sim";
import { isBeat } from "../model/beats.ts";
import { sentence } from "../model/narration.ts";
import { h, iconButton, setAttribute, textButton } from "./dom.ts";
import { timeText } from "./time.ts";
import { whyTab } from "./why-tab.ts";
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
  const causes = whyTab(actions);
  const why = textButton("Why?", "What led to it (W)", () => actions.inspect("why"));
  const eventsTab = textButton("Events", "Every event (I)", () => actions.inspect("events"));
  for (const tab of [why, eventsTab]) tab.setAttribute("role", "tab");
  const close = iconButton("cross", "Close", "Esc", () => actions.inspect(undefined));
  tabs.append(why, eventsTab, close);
  const body = h("div", { class: "inspector-body", role: "tabpanel" });
  const element = h("section", { class: "inspector", "aria-label": "Inspector" }, tabs, body);
  let shown = "";

  const show = (view: LabView): void => {
    const { tab, player, run } = view;
    element.hidden = tab === undefined;
    setAttribute(why, "aria-selected", String(tab === "why"));
    setAttribute(eventsTab, "aria-selected", String(tab === "events"));
    if (tab === undefined) return;
    if (tab === "why") causes.show(view);
    const key = tab === "why" ? "why" : `events ${player.count} ${run.id}`;
    if (key === shown) return;
    shown = key;
    body.replaceChildren(...(tab === "why" ? [causes.element] : eventList(view, actions)));
    body.querySelector("[aria-current]")?.scrollIntoView({ block: "nearest" });
  };
  return { element, show };
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
