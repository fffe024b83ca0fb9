// What a drawing of the deck is given, and how it follows the presenter.
import type { RevealApi } from "reveal.js";

/** The deck that a component lives in. */
export interface Deck {
  readonly reveal: RevealApi;
  /** The reader asked for reduced motion: swap instead of moving. */
  readonly calm: boolean;
}

/** Fills `host` before the deck starts; may follow the deck's events afterwards. */
export type Component = (host: HTMLElement, deck: Deck) => void;

/** Calls `show` whenever the presenter moved, by a slide or by one press, and once at the start. */
export function onMove(deck: Deck, show: () => void): void {
  for (const event of ["ready", "slidechanged", "fragmentshown", "fragmenthidden"]) {
    deck.reveal.on(event, show);
  }
}

/** Makes an element; `text` children become text nodes. */
export function element<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  className: string,
  ...children: readonly (Node | string)[]
): HTMLElementTagNameMap[Name] {
  const made = document.createElement(name);
  if (className !== "") made.className = className;
  made.append(...children);
  return made;
}
