/*
 * A long definition that loses one phrase at each press. What is left at the end is the sentence that matters; with
 * the last press the struck phrases fold away and the words that stay slide together.
 */
import { type Deck, onMove } from "./component.ts";

const foldMs = 600;

/**
 * `host` holds text whose phrases to strike are `.strike` fragments, and an empty `.fold` fragment at its end. Words
 * that stay are wrapped one by one, so that each can slide by itself.
 */
export function crossingOut(host: HTMLElement, deck: Deck): void {
  wrapWords(host);
  const fold = host.querySelector(".fold");
  const phrases = [...host.querySelectorAll(".strike")];
  onMove(deck, () => {
    for (const phrase of phrases) {
      // Readers hear what was struck; a deletion that has not happened yet is plain text.
      if (phrase.classList.contains("visible")) phrase.setAttribute("role", "deletion");
      else phrase.removeAttribute("role");
    }
    const folds = fold?.classList.contains("visible") === true;
    if (folds === host.classList.contains("folded")) return;
    const words = [...host.querySelectorAll<HTMLElement>(".word")];
    const before = words.map((word) => word.getBoundingClientRect());
    const sizeBefore = fontSize(host);
    host.classList.toggle("folded", folds);
    fitOneLine(host, folds);
    if (deck.calm || host.closest("section.present") === null) return;
    slide(words, before, sizeBefore / fontSize(host), deck.reveal.getScale());
  });
}

/** Where the sentence that is left has one line to itself, makes it as large as that line allows. */
function fitOneLine(host: HTMLElement, folds: boolean): void {
  host.style.removeProperty("font-size");
  const wanted = host.scrollWidth / host.clientWidth;
  if (folds && wanted > 1) host.style.fontSize = `${Math.floor(fontSize(host) / wanted)}px`;
}

/** Lets each word begin where it stood, in the size that it had, and end where it stands now. */
function slide(
  words: readonly HTMLElement[],
  before: readonly DOMRect[],
  grown: number,
  scale: number,
): void {
  for (const [index, word] of words.entries()) {
    const from = before[index];
    if (from === undefined) continue;
    const to = word.getBoundingClientRect();
    const x = (from.left - to.left) / scale;
    const y = (from.top - to.top) / scale;
    word.animate(
      [{ transform: `translate(${x}px, ${y}px) scale(${grown})` }, { transform: "none" }],
      { duration: foldMs, easing: "cubic-bezier(0.65, 0, 0.35, 1)" },
    );
  }
}

function wrapWords(host: HTMLElement): void {
  for (const node of [...host.childNodes]) {
    if (node.nodeType !== Node.TEXT_NODE) continue;
    const pieces = (node.textContent ?? "").split(/(\s+)/);
    node.replaceWith(
      ...pieces.map((piece) => {
        if (piece.trim() === "") return document.createTextNode(piece);
        const word = document.createElement("span");
        word.className = "word";
        word.textContent = piece;
        return word;
      }),
    );
  }
}

function fontSize(host: HTMLElement): number {
  return Number.parseFloat(getComputedStyle(host).fontSize);
}
