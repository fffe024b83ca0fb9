/* How many heartbeats are under way, and whether they are drawn: they say nothing while they come, so by default not. */
import { heartbeatsBox } from "../marks/flow-figures.ts";
import { heartbeatsIn } from "../marks/messages.ts";
import { s, setAttribute, setText } from "./dom.ts";
import type { Actions, LabView } from "./view.ts";

export interface HeartbeatToggle {
  readonly element: SVGGElement;
  show(view: LabView): void;
}

export function heartbeatToggle(actions: Actions): HeartbeatToggle {
  const words = s("text", { x: 14, y: 74 });
  const title = s("title");
  const area = s("rect", { ...heartbeatsBox, rx: 4 });
  const element = s("g", { class: "heartbeats", role: "button", tabindex: 0 }, title, area, words);
  element.addEventListener("click", (event) => {
    event.stopPropagation();
    actions.heartbeats();
  });
  element.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    event.stopPropagation();
    actions.heartbeats();
  });
  const show = ({ seen, heartbeats }: LabView): void => {
    const count = heartbeatsIn(seen);
    const told = count === 1 ? "1 heartbeat" : `${count} heartbeats`;
    setText(words, told);
    setText(title, `Heartbeats under way are ${heartbeats ? "" : "not "}drawn`);
    setAttribute(element, "aria-label", told);
    setAttribute(element, "aria-pressed", String(heartbeats));
  };
  return { element, show };
}
