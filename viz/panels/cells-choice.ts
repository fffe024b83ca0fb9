/* What stands in the cells of the logs. */
import { type CellLabel, cellLabels } from "../model/cell-label.ts";
import { h } from "./dom.ts";
import type { Actions } from "./view.ts";

/** A short name: the bar has little room. */
const choices: Readonly<Record<CellLabel, readonly [name: string, meaning: string]>> = {
  key: ["key", "its key"],
  value: ["value", "the number in its value"],
  time: ["time", "the second at which its producer was called"],
  producer: ["from", "who sent it"],
  size: ["size", "bytes of key and value"],
};

export interface CellsChoice {
  readonly element: HTMLSelectElement;
  show(chosen: CellLabel): void;
}

export function cellsChoice(actions: Actions): CellsChoice {
  const element = h("select", { class: "cells-choice", "aria-label": "Text of the cells" });
  element.append(
    ...cellLabels.map((one) => h("option", { value: one }, `cells: ${choices[one][0]}`)),
  );
  element.addEventListener("change", () => {
    const chosen = cellLabels.find((one) => one === element.value);
    if (chosen !== undefined) actions.cells(chosen);
  });
  const show = (chosen: CellLabel): void => {
    if (element.value !== chosen) element.value = chosen;
    element.title = `Each cell is a record; in it stands ${choices[chosen][1]} (C)`;
  };
  return { element, show };
}
