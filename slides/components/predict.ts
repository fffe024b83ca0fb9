/*
 * A question to answer before looking: buttons and the keys A to C. The choice stays with the slide; the next press
 * reveals which answer is right.
 */
import { type Deck, element, onMove } from "./component.ts";

const letters = "ABC";

/** `host` holds up to three `button`s, the right one with `data-right`, and gets a fragment that reveals it. */
export function predict(host: HTMLElement, deck: Deck): void {
  const buttons = [...host.querySelectorAll("button")];
  const answer = element("span", "fragment answer");
  host.append(answer);

  const choose = (index: number): void => {
    if (host.classList.contains("revealed")) return;
    for (const [other, button] of buttons.entries()) {
      button.setAttribute("aria-pressed", String(other === index));
    }
  };
  for (const [index, button] of buttons.entries()) {
    button.prepend(element("kbd", "", letters.charAt(index)));
    button.setAttribute("aria-pressed", "false");
    button.addEventListener("click", () => choose(index));
  }
  // Before reveal.js, for which B blackens the screen.
  document.addEventListener(
    "keydown",
    (event) => {
      const index = letters.indexOf(event.key.toUpperCase());
      if (index < 0 || index >= buttons.length || event.key.length !== 1) return;
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      if (host.closest("section.present") === null) return;
      event.stopImmediatePropagation();
      choose(index);
    },
    { capture: true },
  );
  onMove(deck, () => {
    host.classList.toggle("revealed", answer.classList.contains("visible"));
  });
}
