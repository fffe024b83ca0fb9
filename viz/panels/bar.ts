/* What runs: scenario and seed; how it is shown; a link to it; help. */
import { type Density, densities } from "../density.ts";
import { cellsChoice } from "./cells-choice.ts";
import type { StripKind } from "../marks/strip-layout.ts";
import { h, iconButton, setAttribute, setText, textButton } from "./dom.ts";
import { lensChoice } from "./lens-choice.ts";
import { scenarioChooser } from "./scenario-chooser.ts";
import { topicChoice } from "./topic-choice.ts";
import type { Actions, LabView } from "./view.ts";

export interface BarPanel {
  readonly element: HTMLElement;
  show(view: LabView): void;
}

/** `names`: the scenarios that can be chosen; `kindOf`: how logs are shown. */
export function barPanel(
  actions: Actions,
  names: readonly string[],
  kindOf: () => StripKind,
): BarPanel {
  const brand = h("h1", {}, "Highwater");
  const chooser = scenarioChooser(actions, names);
  const edited = h("span", { class: "edited" });
  const title = h("p", { class: "bar-title" });
  const topic = topicChoice(actions, kindOf);
  const cells = cellsChoice(actions);
  const lens = lensChoice(actions);
  const theme = iconButton("theme", "Light theme", undefined, () => actions.theme());
  const change = changeButton(actions);
  const compare = textButton("Compare", "Beside the run without the change (Y)", () =>
    actions.compare(),
  );
  compare.classList.add("compare-button");
  const space = spaceButton(actions);
  const events = eventsButton(actions);
  const share = iconButton("link", "Share: link, picture, exports", "L", () => actions.share());
  const help = textButton("?", "Help", () => actions.help());
  const density = densityChooser(actions);
  const right = h("span", { class: "bar-right" }, lens.element, space, events, theme, share, help);
  const more = h("div", { class: "bar-more" }, title, chooser.seed, topic.element);
  more.append(edited, change, compare, cells.element, density.element, right);
  const element = h("header", { class: "bar" }, brand, chooser.element, menuButton(more), more);

  const show = (view: LabView): void => {
    const { run, theme: chosen, canUndo, canRedo } = view;
    chooser.show(view);
    setText(edited, standingOf(view, names));
    setText(title, run.scenario.title);
    compare.hidden = !canUndo && !canRedo;
    setAttribute(compare, "aria-pressed", String(view.other !== undefined));
    setAttribute(space, "aria-pressed", String(view.space.open));
    density.show(view.density);
    topic.show(view);
    cells.show(view.cells);
    lens.show(view);
    setAttribute(theme, "aria-label", themes[chosen]);
    setAttribute(theme, "title", `${themes[chosen]}: light, dark, or as the system says`);
    setAttribute(element, "data-run", String(run.id));
  };
  return { element, show };
}

const themes = { auto: "Auto theme", light: "Light theme", dark: "Dark theme" } as const;

/** How what runs stands to what is chosen. */
function standingOf(view: LabView, names: readonly string[]): string {
  const { run, drawn, drawing, edited, canUndo } = view;
  if (drawing !== undefined) return "drawing …";
  if (!edited) return "";
  if (drawn?.scenario === run.scenario) return "drawn";
  const isOurs = names.includes(run.scenario.name) || canUndo;
  return isOurs ? "edited" : "from its link";
}

const titles: Readonly<Record<Density, readonly [label: string, title: string]>> = {
  teach: ["Teach", "One partition, large, for a class"],
  lab: ["Lab", "All partitions, for trying things"],
  debug: ["Debug", "Everything open, for finding a cause"],
};

function densityChooser(actions: Actions): {
  readonly element: HTMLElement;
  show(chosen: Density): void;
} {
  const buttons = densities.map(
    (one) => [one, textButton(...titles[one], () => actions.density(one))] as const,
  );
  const element = h("span", { class: "densities", role: "group", "aria-label": "Density" });
  element.append(...buttons.map(([, button]) => button));
  const show = (chosen: Density): void => {
    for (const [one, button] of buttons)
      setAttribute(button, "aria-pressed", String(one === chosen));
  };
  return { element, show };
}

/** On a phone all but the scenario is one press away. */
function menuButton(more: HTMLElement): HTMLButtonElement {
  const button = iconButton("menu", "Menu", undefined, () => open(!isOpened()));
  const isOpened = (): boolean => more.classList.contains("is-open");
  const beside = (event: Event): void => {
    const path = event.composedPath();
    if (!path.includes(more) && !path.includes(button)) open(false);
  };
  const open = (isOpen: boolean): void => {
    more.classList.toggle("is-open", isOpen);
    setAttribute(button, "aria-expanded", String(isOpen));
    const root = button.getRootNode();
    if (isOpen) root.addEventListener("click", beside);
    else root.removeEventListener("click", beside);
  };
  button.classList.add("menu-button");
  open(false);
  more.addEventListener("click", ({ target }) => {
    if ((target as Element).closest("button") !== null) open(false);
  });
  const onEscape = (event: KeyboardEvent): void => {
    if (event.key !== "Escape" || !isOpened()) return;
    event.stopPropagation();
    open(false);
    button.focus();
  };
  more.addEventListener("keydown", onEscape);
  button.addEventListener("keydown", onEscape);
  return button;
}

function changeButton(actions: Actions): HTMLButtonElement {
  const button = textButton("Change …", "Send, set, cut, heal, edit", () =>
    actions.dialog("change"),
  );
  button.classList.add("change");
  return button;
}

function eventsButton(actions: Actions): HTMLButtonElement {
  const button = textButton("Events", "Every event (I)", () => actions.inspect("events"));
  button.classList.add("events-button");
  return button;
}

function spaceButton(actions: Actions): HTMLButtonElement {
  const button = textButton("Space–time", "Who sent what to whom (3)", () =>
    actions.space({ open: button.getAttribute("aria-pressed") !== "true" }),
  );
  button.classList.add("space-button");
  return button;
}
