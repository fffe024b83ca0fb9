/* Above the space–time diagram: what it shows, how much is folded or hidden, how far it reaches. */
import { zoomed } from "../model/space-choice.ts";
import { endOf } from "../model/recording.ts";
import type { SpaceTime } from "../model/space-time.ts";
import { h, iconButton, setAttribute, setText, textButton } from "./dom.ts";
import { spaceFilters } from "./space-filters.ts";
import { spaceRecord } from "./space-record.ts";
import { spanText } from "./time.ts";
import type { Actions, LabView } from "./view.ts";

export interface SpaceControls {
  readonly element: HTMLElement;
  show(view: LabView, drawn: SpaceTime | undefined): void;
}

export function spaceControls(actions: Actions): SpaceControls {
  let latest: LabView | undefined;
  const zoom = (factor: number): void => {
    if (latest === undefined) return;
    actions.space({ span: zoomed(latest.space, factor, endOf(latest.run.recording)) });
  };
  const filters = spaceFilters(actions);
  const record = spaceRecord(actions);
  const reach = h("span", { class: "st-reach" });
  const counted = h("span", { class: "st-counted" });
  const closer = textButton("+", "Less time, more room", () => zoom(1 / 2));
  const wider = textButton("−", "More time", () => zoom(2));
  closer.setAttribute("aria-label", "Zoom in");
  wider.setAttribute("aria-label", "Zoom out");
  const order = textButton(
    "Event order",
    "As much room from any event to the next, however long it took",
    () => actions.space({ order: latest?.space.order !== true }),
  );
  const table = textButton("Table", "The same as a table", () =>
    actions.space({ table: latest?.space.table !== true }),
  );
  const close = iconButton("cross", "Close space–time", "3", () => actions.space({ open: false }));
  close.classList.add("st-close");
  const bar = h("div", { class: "st-controls" }, h("h2", {}, "Space–time"));
  bar.append(filters.button, record.button, counted, order, wider, reach, closer, table, close);
  const element = h("div", {}, bar, filters.element, record.element);
  const show = (view: LabView, drawn: SpaceTime | undefined): void => {
    latest = view;
    const { space } = view;
    if (!space.open) return;
    filters.show(view);
    setText(counted, countedText(drawn));
    setText(reach, drawn === undefined ? "" : spanText(drawn.to - drawn.from).slice(1));
    setAttribute(order, "aria-pressed", String(space.order));
    setAttribute(table, "aria-pressed", String(space.table));
    record.show(view, drawn);
  };
  return { element, show };
}

/** Folding and what is left out are told: a sum with its count. */
function countedText(drawn: SpaceTime | undefined): string {
  if (drawn === undefined) return "";
  const { messages, lines, heartbeats } = drawn;
  const all = `${messages} message${messages === 1 ? "" : "s"}`;
  const folded = lines.length === messages ? all : `${all}, as ${lines.length} lines`;
  return heartbeats === 0
    ? folded
    : `${folded}; ${heartbeats} heartbeat${heartbeats === 1 ? "" : "s"} hidden`;
}
