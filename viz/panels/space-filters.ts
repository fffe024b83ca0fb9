/* What of the space–time diagram is left out: a line of its own, opened by a button that says what is chosen. */
import { isHeartbeat } from "../model/space-time.ts";
import type { SpaceChoice } from "../model/space-choice.ts";
import { h, setAttribute, setText, textButton } from "./dom.ts";
import type { Actions, LabView } from "./view.ts";

export interface SpaceFilters {
  /** Opens the line. */
  readonly button: HTMLElement;
  readonly element: HTMLElement;
  show(view: LabView): void;
}

export function spaceFilters(actions: Actions): SpaceFilters {
  const partition = chooser("Partition", (value) => actions.space({ partition: value }));
  const node = chooser("Process", (value) => actions.space({ node: value }));
  const api = chooser("API", (value) => actions.space({ api: value }));
  const beats = h("input", { type: "checkbox" });
  beats.addEventListener("change", () => actions.space({ heartbeats: beats.checked }));
  const element = h("div", { class: "st-filters", role: "group", "aria-label": "Filters" });
  element.append(
    ...[partition, node, api].map((one) => one.element),
    h("label", { class: "st-beats" }, beats, "Heartbeats"),
  );
  const open = (isOpen: boolean): void => {
    element.hidden = !isOpen;
    setAttribute(button, "aria-expanded", String(isOpen));
  };
  const button = textButton("Filters", "What is left out", () => open(element.hidden !== false));
  open(false);
  const show = ({ space, run, picture, places }: LabView): void => {
    partition.show("All partitions", [...picture.partitions.keys()].sort(), space.partition);
    node.show(
      "All processes",
      places.map(({ name }) => name),
      space.node,
    );
    const apis = [...run.recording.flights.apis].filter((name) => !isHeartbeat(name)).sort();
    api.show("All APIs", apis, space.api);
    beats.checked = space.heartbeats;
    setText(button, buttonText(space));
  };
  return { button, element, show };
}

/** What is chosen stays told while the line is closed. */
function buttonText({ partition, node, api }: SpaceChoice): string {
  const chosen = [partition, node, api].filter((one) => one !== undefined);
  return chosen.length === 0 ? "Filters" : `Only ${chosen.join(", ")}`;
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
