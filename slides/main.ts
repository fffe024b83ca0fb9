// The deck's page: puts the chapters in, lets the components draw, starts reveal.js.
import Reveal from "reveal.js";
import Notes from "reveal.js/plugin/notes";
import "reveal.js/reset.css";
import "reveal.js/reveal.css";
import "./theme/tokens.css";
import "./theme/deck.css";
import "./theme/figures.css";
import "./theme/phone.css";
import { chapters } from "./chapters/chapters.ts";
import type { Component, Deck } from "./components/component.ts";
import { crossingOut } from "./components/crossing-out.ts";
import { liveSimulation } from "./components/live-simulation.ts";
import { predict } from "./components/predict.ts";

const components: ReadonlyMap<string, Component> = new Map([
  ["crossing-out", crossingOut],
  ["live-simulation", liveSimulation],
  ["predict", predict],
]);

/** What a slide measures before reveal.js scales it: 1280x720, or a phone's own shape, 480 wide, held upright. */
function designSize(): { width: number; height: number } {
  const upright = window.matchMedia("(max-aspect-ratio: 5/6)").matches;
  if (!upright) return { width: 1280, height: 720 };
  return { width: 480, height: Math.round((480 * window.innerHeight) / window.innerWidth) };
}

async function openDeck(): Promise<void> {
  const slides = document.querySelector(".slides");
  if (slides === null) throw new Error("the page has no place for slides");
  slides.innerHTML = chapters.join("\n");

  const reveal = new Reveal({
    ...designSize(),
    margin: 0,
    minScale: 0.1,
    maxScale: 4,
    center: false,
    hash: true,
    slideNumber: "c/t",
    transition: "none",
    backgroundTransition: "none",
    pdfSeparateFragments: false,
    // A phone gets slides of its own shape instead of reveal's scrolling view.
    scrollActivationWidth: 0,
    plugins: [Notes],
  });
  const deck: Deck = {
    reveal,
    calm: window.matchMedia("(prefers-reduced-motion: reduce)").matches,
  };
  for (const host of document.querySelectorAll<HTMLElement>("[data-component]")) {
    const mount = components.get(host.dataset["component"] ?? "");
    if (mount === undefined) throw new Error(`no component ${host.dataset["component"] ?? ""}`);
    mount(host, deck);
  }
  await reveal.initialize();
  // reveal's role hides the slides' text from the browse mode of screen readers.
  document.querySelector(".reveal")?.removeAttribute("role");
  window.addEventListener("resize", () => reveal.configure(designSize()));
}

void openDeck();
