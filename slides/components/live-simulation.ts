/*
 * A running Highwater on a slide: <highwater-sim>, made when its slide is first shown, standing still when the slide is
 * left and still there when it comes back. Keys are its own while it has the focus; Escape gives them back to the deck.
 */
import { defineElement, type HighwaterSim } from "#viz";
import { slideRuns } from "../runs/runs.ts";
import { type Deck, element, onMove } from "./component.ts";

const running = "The run is being made …";
/** Real milliseconds in which a press moves the simulation on, so that the room sees how it came about. */
const glideMs = 1600;

/**
 * `host` may name a run of the deck (`data-run`) or a scenario of the library, a seed, the time to stand at and what is
 * shown: `data-scenario`, `data-seed`, `data-at`, `data-view`, `data-density`, `data-focus`, `data-controls`. With
 * `data-steps` (virtual ms, one for each press after the first picture) the presenter's presses move it: the slide has as
 * many fragments. Such a run is always where its slide is, so it goes when the presenter is elsewhere; one that is played
 * with stays as it was left.
 */
export function liveSimulation(host: HTMLElement, deck: Deck): void {
  defineElement();
  const { steps, run, ...named } = host.dataset;
  const times = [named["at"] ?? "0", ...(steps ?? "").split(" ").filter(Boolean)].map(Number);
  const isStepped = times.length > 1;
  const frame = frameFor();
  const caption = element("p", isStepped ? "caption hash" : "caption", running);
  if (!isStepped) caption.setAttribute("role", "status");
  host.append(frame, caption);
  const make = (): HighwaterSim => {
    const sim = newSim(run, named);
    if (isStepped) sim.setAttribute("print-at", String(times.at(-1)));
    tellHash(sim, caption);
    return sim;
  };

  let sim: HighwaterSim | undefined;
  let shown = 0;
  onMove(deck, () => {
    const slide = host.closest("section");
    if (slide?.classList.contains("present") !== true) {
      if (!isStepped) return sim?.pause();
      sim?.remove();
      sim = undefined;
      return;
    }
    const pressed = slide.querySelectorAll(".fragment.visible").length;
    const step = Math.min(pressed, times.length - 1);
    const at = times[step] ?? 0;
    if (sim === undefined) {
      sim = make();
      if (isStepped) sim.setAttribute("at", String(at));
      frame.append(sim);
    } else if (isStepped && step !== shown) sim.seek(at, step === shown + 1 ? glideMs : 0);
    shown = step;
  });
}

/** Swipes and keys inside the lab are meant for the lab. */
function frameFor(): HTMLElement {
  const frame = element("div", "lab-frame");
  frame.setAttribute("data-prevent-swipe", "");
  frame.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && document.activeElement instanceof HTMLElement) {
      document.activeElement.blur();
    }
    event.stopPropagation();
  });
  return frame;
}

const passed = ["scenario", "seed", "at", "view", "density", "focus", "controls"] as const;

/** @throws if the deck has no run of that name */
function newSim(run: string | undefined, named: DOMStringMap): HighwaterSim {
  const sim = document.createElement("highwater-sim") as HighwaterSim;
  sim.setAttribute("theme", "light");
  for (const name of passed) {
    const value = named[name];
    if (value !== undefined) sim.setAttribute(name, value);
  }
  if (run === undefined) return sim;
  const scenario = slideRuns.get(run);
  if (scenario === undefined) throw new Error(`the deck has no run ${run}`);
  sim.scenario = scenario();
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
