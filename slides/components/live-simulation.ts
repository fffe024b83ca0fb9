/*
 * A running Highwater on a slide: the lab itself, small. It is made when its slide is first shown, pauses when the
 * slide is left and is still there when the slide comes back. Keys are its own while it has the focus; Escape gives
 * them back to the deck.
 */
import { type Lab, mountLab } from "#viz";
import { type Deck, element } from "./component.ts";

const running = "The run is being made …";

/** `host` may name a scenario, a seed and the time to stand at: `data-scenario`, `data-seed`, `data-at`. */
export function liveSimulation(host: HTMLElement, deck: Deck): void {
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

  let lab: Lab | undefined;
  const follow = (): void => {
    if (host.closest("section.present") === null) {
      lab?.pause();
      return;
    }
    if (lab !== undefined) return;
    const { scenario, seed, at } = host.dataset;
    const mounted = mountLab(frame, {
      view: "compact",
      theme: "light",
      ...(scenario === undefined ? {} : { scenario }),
      ...(seed === undefined ? {} : { seed }),
      ...(at === undefined ? {} : { at: Number(at) }),
    });
    lab = mounted;
    tellHash(mounted, caption);
  };
  deck.reveal.on("ready", follow);
  deck.reveal.on("slidechanged", follow);
}

/** Writes the run's hash while the run is whole: the same one that the command line prints. */
function tellHash(lab: Lab, caption: HTMLElement): void {
  let shown: string | undefined;
  const look = (): void => {
    const { hash } = lab;
    if (hash !== shown) {
      shown = hash;
      if (hash === undefined) delete caption.dataset["hash"];
      else caption.dataset["hash"] = hash;
      caption.textContent =
        hash === undefined ? running : `Same seed, same run everywhere: ${hash}`;
    }
    window.setTimeout(look, 250);
  };
  look();
}
