/* Buttons of time: play, step, jump to turning points, speed and pace. */
import { h, icon, iconButton, setAttribute, textButton } from "./dom.ts";
import { type Stop, stopText } from "../model/stops.ts";
import { speedControl } from "./speed-control.ts";
import { timeOf, timeText } from "./time.ts";
import type { Actions, Jump, LabView } from "./view.ts";

const jumps: readonly (readonly [name: string, key: string, kinds: readonly Jump[]])[] = [
  ["Fault", "F", ["fault"]],
  ["Election", "E", ["election"]],
  ["Truncation", "U", ["truncation"]],
  ["Broken", "V", ["violation"]],
];

export interface TransportPanel {
  readonly element: HTMLElement;
  show(view: LabView): void;
}

export function transportPanel(actions: Actions): TransportPanel {
  const back = iconButton("stepBack", "One event back", "←", () => actions.step(-1));
  const play = iconButton("play", "Play", "Space", () => actions.toggle());
  const on = iconButton("stepForward", "One event on", "→", () => actions.step(1));
  play.classList.add("play");
  const clock = h("input", { class: "clock", "aria-label": "Virtual time", spellcheck: "false" });
  clock.title = "Type a time in milliseconds to go there";
  clock.addEventListener("change", () => {
    const at = timeOf(clock.value);
    if (at !== undefined) actions.seek(at);
    clock.blur();
  });
  const hops = h("span", { class: "hops", role: "group", "aria-label": "Jump to the next" });
  hops.append(h("span", { class: "hops-name", "aria-hidden": "true" }, "next"));
  for (const [name, key, kinds] of jumps) {
    const title = `Next ${name.toLowerCase()} (${key})`;
    const hop = textButton(name, title, () => actions.jump(kinds, 1));
    hop.toggleAttribute("data-minor", kinds.includes("truncation") || kinds.includes("violation"));
    hops.append(hop);
  }
  const speed = speedControl(actions);
  const pace = textButton("skip quiet", "Leap over stretches in which nothing is told", () =>
    actions.pace(pace.getAttribute("aria-pressed") === "true" ? "even" : "beat"),
  );
  pace.classList.add("pace");
  const undo = iconButton("undo", "Undo the last change", "Ctrl+Z", () => actions.undo());
  const redo = iconButton("undo", "Redo", "Ctrl+Shift+Z", () => actions.redo());
  redo.classList.add("is-mirrored");
  const element = h("div", { class: "transport", role: "toolbar", "aria-label": "Time" });
  const wait = textButton("Stop at …", "Stop when something happens (N)", () =>
    actions.dialog("stops"),
  );
  wait.classList.add("wait");
  const chips = h("span", { class: "stop-chips", role: "group", "aria-label": "Playing stops at" });
  element.append(back, play, on, clock, hops, ...speed.elements, pace, undo, redo, wait, chips);
  const showChips = chipsIn(chips, actions);

  const show = ({ player, canUndo, canRedo, stops }: LabView): void => {
    const moving = player.playing || player.sweep !== undefined;
    if (play.dataset["moving"] !== String(moving)) {
      play.replaceChildren(icon(moving ? "pause" : "play"));
      play.dataset["moving"] = String(moving);
    }
    setAttribute(play, "aria-label", moving ? "Pause" : "Play");
    const now = timeText(player.at);
    if (clock.value !== now && !clock.matches(":focus")) clock.value = now;
    speed.show(player);
    setAttribute(pace, "aria-pressed", String(player.pace === "beat"));
    pace.disabled = player.pace === "still";
    undo.disabled = !canUndo;
    redo.disabled = !canRedo;
    showChips(stops);
  };
  return { element, show };
}

/** What playing stops at, each to be taken away again. */
function chipsIn(host: HTMLElement, actions: Actions): (stops: readonly Stop[]) => void {
  let shown: readonly Stop[] = [];
  return (stops) => {
    if (stops === shown) return;
    shown = stops;
    host.replaceChildren(
      ...stops.map((stop) => {
        const text = stopText(stop);
        const rest = (): void => actions.stops(stops.filter((one) => one !== stop));
        const chip = textButton(`${text} ✕`, `No longer stop at ${text}`, rest);
        chip.setAttribute("aria-label", `No longer stop at ${text}`);
        return chip;
      }),
    );
  };
}
