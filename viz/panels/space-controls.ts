/* Above the space–time diagram: what it shows, how much is folded or hidden, how far it reaches. */
import { zoomed } from "../model/space-choice.ts";
import { endOf } from "../model/recording.ts";
import { isHeartbeat, type SpaceTime } from "../model/space-time.ts";
import { h, iconButton, setAttribute, setText, textButton } from "./dom.ts";
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
  const partition = chooser("Partition", (value) => actions.space({ partition: value }));
  const node = chooser("Process", (value) => actions.space({ node: value }));
  const api = chooser("API", (value) => actions.space({ api: value }));
  const record = spaceRecord(actions);
  const beats = h("input", { type: "checkbox" });
  beats.addEventListener("change", () => actions.space({ heartbeats: beats.checked }));
  const beatsText = h("span");
  const reach = h("span", { class: "st-reach" });
  const counted = h("span", { class: "st-counted" });
  const closer = textButton("+", "Less time, more room", () => zoom(1 / 2));
  const wider = textButton("−", "More time", () => zoom(2));
  closer.setAttribute("aria-label", "Zoom in");
  wider.setAttribute("aria-label", "Zoom out");
  const table = textButton("Table", "The same as a table", () =>
    actions.space({ table: latest?.space.table !== true }),
  );
  const close = iconButton("cross", "Close space–time", "3", () => actions.space({ open: false }));
  close.classList.add("st-close");
  const bar = h("div", { class: "st-controls" }, h("h2", {}, "Space–time"));
  bar.append(
    ...[partition, node, api].map((one) => one.element),
    record.button,
    h("label", { class: "st-beats" }, beats, beatsText),
    counted,
    wider,
    reach,
    closer,
    table,
    close,
  );
  const element = h("div", {}, bar, record.element);
  const show = (view: LabView, drawn: SpaceTime | undefined): void => {
    latest = view;
    const { space, run, picture, places } = view;
    if (!space.open) return;
    partition.show("All partitions", [...picture.partitions.keys()].sort(), space.partition);
    node.show(
      "All processes",
      places.map(({ name }) => name),
      space.node,
    );
    const apis = [...run.recording.flights.apis].filter((name) => !isHeartbeat(name)).sort();
    api.show("All APIs", apis, space.api);
    beats.checked = space.heartbeats;
    const hidden = drawn?.heartbeats ?? 0;
    setText(beatsText, hidden === 0 ? "Heartbeats" : `Heartbeats (${hidden} hidden)`);
    setText(counted, countedText(drawn));
    setText(reach, drawn === undefined ? "" : spanText(drawn.to - drawn.from).slice(1));
    setAttribute(table, "aria-pressed", String(space.table));
    record.show(view, drawn);
  };
  return { element, show };
}

/** Folding is told: a sum with its count. */
function countedText(drawn: SpaceTime | undefined): string {
  if (drawn === undefined) return "";
  const { messages, lines } = drawn;
  const all = `${messages} message${messages === 1 ? "" : "s"}`;
  return lines.length === messages ? all : `${all}, as ${lines.length} lines`;
}

interface Chooser {
  readonly element: HTMLSelectElement;
  show(all: string, names: readonly string[], chosen: string | undefined): void;
}

function chooser(label: string, choose: (value: string | undefined) => void): Chooser {
  const element = h("select", { "aria-label": label });
  element.addEventListener("change", () =>
    choose(element.value === "" ? undefined : element.value),
  );
  let shown = "";
  return {
    element,
    show: (all, names, chosen) => {
      const key = names.join();
      if (key !== shown || element.options.length === 0) {
        shown = key;
        const options = names.map((name) => h("option", { value: name }, name));
        element.replaceChildren(h("option", { value: "" }, all), ...options);
      }
      if (element.value !== (chosen ?? "")) element.value = chosen ?? "";
    },
  };
}
