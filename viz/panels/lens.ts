/* Whose eyes the stage and the logs are seen with. */
import { eyesText } from "../model/eyes.ts";
import { h, setText, textButton } from "./dom.ts";
import type { Actions, LabView } from "./view.ts";

export interface LensPanel {
  readonly element: HTMLElement;
  show(view: LabView): void;
}

export function lensPanel(actions: Actions): LensPanel {
  const words = h("span", {});
  const end = textButton("All again", "The observer's view (Esc)", () => actions.lens(undefined));
  const element = h("div", { class: "lens", role: "status" }, words, end);
  const show = ({ eyes, picture }: LabView): void => {
    element.hidden = eyes === undefined;
    setText(words, eyes === undefined ? "" : eyesText(picture, eyes));
  };
  return { element, show };
}
