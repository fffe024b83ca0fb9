/* The few buttons of time that a thumb needs at all times; the rest is in the sheet. */
import { icon, iconButton, h, setAttribute } from "../dom.ts";
import { speedText } from "../time.ts";
import type { Actions, LabView } from "../view.ts";

export interface PlayBar {
  readonly element: HTMLElement;
  show(view: LabView): void;
}

/** Virtual microseconds per real millisecond. */
const speeds = [0.5, 1.5, 5, 20, 100, 1000, 10_000] as const;

export function playBar(actions: Actions): PlayBar {
  const start = iconButton("toStart", "To the start", "Home", () => actions.seek(0));
  const back = iconButton("stepBack", "Back", "←", () => actions.step(-1));
  const play = iconButton("play", "Play or pause", "Space", () => actions.toggle());
  const on = iconButton("stepForward", "On", "→", () => actions.step(1));
  const own = h("option");
  const speed = h("select", { "aria-label": "How fast" });
  speed.append(...speeds.map((one) => h("option", { value: one }, speedText(one))));
  speed.addEventListener("change", () => actions.speed(Number(speed.value)));
  const element = h("div", { class: "play-bar", role: "toolbar", "aria-label": "Play" });
  element.append(start, back, play, on, speed);
  let shown = -1;
  const show = ({ player }: LabView): void => {
    const isMoving = player.playing || player.sweep !== undefined;
    if (play.dataset["moving"] !== String(isMoving)) {
      play.replaceChildren(icon(isMoving ? "pause" : "play"));
      play.dataset["moving"] = String(isMoving);
      setAttribute(play, "aria-label", isMoving ? "Pause" : "Play");
    }
    if (player.speed === shown) return;
    shown = player.speed;
    const isListed = speeds.some((one) => one === player.speed);
    own.value = String(player.speed);
    own.textContent = speedText(player.speed);
    if (isListed) own.remove();
    else speed.prepend(own);
    speed.value = String(player.speed);
  };
  return { element, show };
}
