/* The dialogs in which a run is changed, by name. */
import type { NodeName } from "#sim";
import type { Actions, DialogName, LabView } from "../view.ts";
import { changeMenu } from "./change-menu.ts";
import { type Pair, cutDialog } from "./cut.ts";
import { produceDialog } from "./produce.ts";
import { scenarioDialog } from "./scenario.ts";
import { settingsDialog } from "./settings.ts";
import { stopsDialog } from "./stops.ts";

export interface Dialogs {
  readonly elements: readonly HTMLElement[];
  /** `about`: the node (of settings, the topic) that it is about; `pairs`: the links that were crossed. */
  open(view: LabView, name: DialogName, about?: NodeName, pairs?: readonly Pair[]): void;
}

export function dialogs(actions: Actions): Dialogs {
  const menu = changeMenu(actions);
  const cut = cutDialog(actions);
  const produce = produceDialog(actions);
  const scenario = scenarioDialog(actions);
  const settings = settingsDialog(actions);
  const stops = stopsDialog(actions);
  const open: Dialogs["open"] = (view, name, about, pairs = []) => {
    switch (name) {
      case "change":
        menu.returnValue = "";
        return menu.showModal();
      case "cut":
        return cut.open(view, pairs, about);
      case "produce":
        return produce.open(view, about);
      case "scenario":
        return scenario.open(view);
      case "settings":
        return settings.open(view, about);
      case "stops":
        return stops.open(view);
    }
  };
  const all = [cut, produce, scenario, settings, stops].map(({ element }) => element);
  return { elements: [menu, ...all], open };
}
