/* In density `debug` every event has a table of its own beside the inspector. */
import { eventList } from "./event-list.ts";
import { h } from "./dom.ts";
import type { Actions, LabView } from "./view.ts";

export interface EventsPanel {
  readonly element: HTMLElement;
  show(view: LabView): void;
}

export function eventsPanel(actions: Actions): EventsPanel {
  const list = eventList(actions);
  const element = h("section", { class: "event-table", "aria-label": "Event table" });
  element.append(h("h2", {}, "Events"), list.element);
  const show = (view: LabView): void => {
    element.hidden = view.density !== "debug";
    if (!element.hidden) list.show(view);
  };
  return { element, show };
}
