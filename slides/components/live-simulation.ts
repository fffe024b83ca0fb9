/*
 * A running Highwater on a slide: <highwater-sim>, made when its slide is first shown, standing still when the slide is
 * left and still there when it comes back. Keys are its own while it has the focus; Escape gives them back to the deck.
 */
import { defineElement, type HighwaterSim } from "#viz";
import { type Deck, element, onMove } from "./component.ts";

const running = "The run is being made …";

/**
 * `host` may name a scenario, a seed, the time to stand at and what is shown: `data-scenario`, `data-seed`, `data-at`,
 * `data-view`, `data-focus`, `data-controls`. With `data-steps` (virtual ms, one for each press after the first picture) the
 * presenter's presses move it: the slide has as many fragments.
 */
export function liveSimulation(host: HTMLElement, deck: Deck): void {
  defineElement();
  const frame = element("div", "lab-frame");
  const caption = element("p", "caption", running);
  caption.setAttribute("role", "status");
  // Swipes and keys inside the lab are meant for the lab.
  frame.setAttribute("data-prevent-swipe", "");
  frame.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && document.activeElement instanceof HTMLElement) {
      document.activeElement.blur();
    }
    event.stopPropagation();
  });
  host.append(frame, caption);

  const { steps, ...named } = host.dataset;
  const times = (steps ?? "").split(" ").filter(Boolean).map(Number);
  let sim: HighwaterSim | undefined;
  const show = (): void => {
    const slide = host.closest("section");
    if (slide?.classList.contains("present") !== true) return sim?.pause();
    if (sim === undefined) {
      sim = newSim(named);
      tellHash(sim, caption);
      frame.append(sim);
    }
    if (times.length === 0) return;
    const pressed = slide.querySelectorAll(".fragment.visible").length;
    const at = pressed === 0 ? Number(named["at"] ?? 0) : times[pressed - 1];
    if (at !== undefined) sim.setAttribute("at", String(at));
  };
  onMove(deck, show);
}

const passed = ["scenario", "seed", "at", "view", "focus", "controls"] as const;

function newSim(named: DOMStringMap): HighwaterSim {
  const sim = document.createElement("highwater-sim") as HighwaterSim;
  sim.setAttribute("theme", "light");
  for (const name of passed) {
    const value = named[name];
    if (value !== undefined) sim.setAttribute(name, value);
  }
  return sim;
}

/** Writes the run's hash while the run is whole: the same one that the command line prints. */
function tellHash(sim: HighwaterSim, caption: HTMLElement): void {
  sim.addEventListener("hw-ready", () => {
    const { hash } = sim;
    if (hash === undefined) return;
    caption.dataset["hash"] = hash;
    caption.textContent = `Same seed, same run everywhere: ${hash}`;
  });
  sim.addEventListener("hw-fork", () => {
    delete caption.dataset["hash"];
    caption.textContent = running;
  });
}
