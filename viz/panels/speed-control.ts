/* How fast time goes: asked for with a slider or by halves and doubles; told as what is reached. */
import { type Player, fastest, slowest } from "../player/player.ts";
import { speedMeter } from "../player/reached.ts";
import { h, setAttribute, setText, textButton } from "./dom.ts";
import { speedText } from "./time.ts";
import type { Actions } from "./view.ts";

export interface SpeedControl {
  readonly elements: readonly HTMLElement[];
  show(player: Player): void;
}

export function speedControl(actions: Actions): SpeedControl {
  const slider = h("input", {
    type: "range",
    min: Math.log10(slowest),
    max: Math.log10(fastest),
    step: 0.05,
    "aria-label": "Speed",
    title: "Speed (, and .)",
  });
  slider.addEventListener("input", () => actions.speed(10 ** Number(slider.value)));
  const slower = textButton("−", "Slower (,)", () => actions.faster(1 / 2));
  const faster = textButton("+", "Faster (.)", () => actions.faster(2));
  setAttribute(slower, "aria-label", "Slower");
  setAttribute(faster, "aria-label", "Faster");
  const reached = h("output", { class: "reached" });
  const meter = speedMeter();
  const show = (player: Player): void => {
    const less = meter(player, performance.now());
    setText(reached, `${less === undefined ? "" : "only "}${speedText(less ?? player.speed)}`);
    const asked = `Asked for: ${speedText(player.speed)}; this machine cannot draw faster`;
    setAttribute(reached, "title", less === undefined ? undefined : asked);
    slower.disabled = player.speed <= slowest;
    faster.disabled = player.speed >= fastest;
    const position = String(Math.round(Math.log10(player.speed) * 20) / 20);
    if (slider.value !== position) slider.value = position;
  };
  return { elements: [h("span", { class: "speeds" }, slower, slider, faster), reached], show };
}
