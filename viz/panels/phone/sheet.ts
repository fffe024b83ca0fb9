/* Under a thumb: what was told, time, why, and what can be done. Where there is little height it folds to its tabs. */
import { h, setAttribute, textButton } from "../dom.ts";
import type { Shape } from "../shape.ts";
import type { Actions, LabView, SheetTab } from "../view.ts";
import { sheetTabs } from "../view.ts";
import { whyTab } from "../why-tab.ts";
import { faultsTab } from "./faults-tab.ts";
import { logTab } from "./log-tab.ts";

export interface SheetPanel {
  readonly element: HTMLElement;
  show(view: LabView): void;
}

const labels: Readonly<Record<SheetTab, string>> = {
  log: "Log",
  time: "Time",
  why: "Why",
  faults: "Faults",
};

/** `transport`: the buttons of time, which have their place here. */
export function sheetPanel(
  actions: Actions,
  shape: () => Shape,
  transport: HTMLElement,
): SheetPanel {
  let latest: LabView | undefined;
  const press = (tab: SheetTab): void => {
    if (latest === undefined) return;
    const { sheet, selected, picture } = latest;
    const isSame = sheet.tab === tab;
    const isFolded = shape().isShort && !sheet.isTall;
    // Pressed again it grows or shrinks; folded, any press opens it.
    actions.sheet({ tab, isTall: isFolded || isSame !== sheet.isTall });
    if (tab === "why" && selected === undefined && picture.beat >= 0) actions.select(picture.beat);
  };
  const buttons = sheetTabs.map((tab) => {
    const button = textButton(labels[tab], "", () => press(tab));
    button.setAttribute("role", "tab");
    button.setAttribute("aria-controls", "sheet-body");
    return [tab, button] as const;
  });
  const tabs = h("div", { class: "sheet-tabs", role: "tablist", "aria-label": "Sheet" });
  tabs.append(...buttons.map(([, button]) => button));
  const body = h("div", { class: "sheet-body", id: "sheet-body", role: "tabpanel", tabindex: 0 });
  const element = h("section", { class: "sheet", "aria-label": "Sheet" }, tabs, body);
  const panels = { log: logTab(actions), why: whyTab(actions), faults: faultsTab(actions) };

  const show = (view: LabView): void => {
    latest = view;
    element.hidden = !shape().isPhone;
    if (element.hidden) return;
    const { tab, isTall } = view.sheet;
    element.classList.toggle("is-tall", isTall);
    for (const [name, button] of buttons)
      setAttribute(button, "aria-selected", String(name === tab));
    setAttribute(body, "aria-label", labels[tab]);
    const wanted = tab === "time" ? transport : panels[tab].element;
    if (wanted.parentElement !== body) {
      body.replaceChildren(wanted);
      body.scrollTop = 0;
    }
    if (tab !== "time") panels[tab].show(view);
  };
  return { element, show };
}
