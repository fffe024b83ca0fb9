/* What runs: scenario and seed; how it is shown; a link to it; help. */
import { h, iconButton, setAttribute, setText, textButton } from "./dom.ts";
import type { Actions, LabView } from "./view.ts";

export interface BarPanel {
  readonly element: HTMLElement;
  show(view: LabView): void;
}

/** `names`: the scenarios that can be chosen. */
export function barPanel(actions: Actions, names: readonly string[]): BarPanel {
  const brand = h("h1", {}, "Highwater");
  /** A scenario that only its link knows. */
  const own = h("option");
  const scenario = h("select", { "aria-label": "Scenario" });
  scenario.append(...names.map((name) => h("option", { value: name }, name)));
  // As long as a scenario's seed may be.
  const seed = h("input", {
    class: "seed",
    "aria-label": "Seed",
    spellcheck: "false",
    maxlength: 64,
  });
  const form = h("form", { class: "chooser" }, scenario, h("label", {}, "seed", seed));
  const edited = h("span", { class: "edited" });
  const theme = textButton("Light", "Light, dark, or as the system says", () => actions.theme());
  const change = textButton("Change …", "Send, set, cut, heal, edit", () =>
    actions.dialog("change"),
  );
  change.classList.add("change");
  const compare = textButton("Compare", "Beside the run without the change (Y)", () =>
    actions.compare(),
  );
  const space = spaceButton(actions);
  const events = textButton("Events", "Every event (I)", () => actions.inspect("events"));
  const share = iconButton("link", "Share: link, picture, exports", "L", () => actions.share());
  const help = textButton("?", "Help", () => actions.help());
  const right = h("span", { class: "bar-right" }, space, events, theme, share, help);
  const element = h("header", { class: "bar" }, brand, form, edited, change, compare, right);
  // Enter changes the seed first; submitting it as well would begin the run twice.
  form.addEventListener("submit", (event) => event.preventDefault());
  scenario.addEventListener("change", () => actions.open(scenario.value, undefined));
  let shown = "";
  let shownSeed = "";
  seed.addEventListener("change", () => {
    if (seed.value === "") seed.value = shownSeed;
    else actions.open(scenario.value, seed.value);
  });

  const show = ({
    run,
    theme: chosen,
    edited: isEdited,
    canUndo,
    canRedo,
    other,
    space: { open: isSpaceOpen },
  }: LabView): void => {
    const key = `${run.scenario.name} ${run.scenario.seed}`;
    if (key !== shown) {
      shown = key;
      shownSeed = run.scenario.seed;
      own.textContent = run.scenario.name;
      if (names.includes(run.scenario.name)) own.remove();
      else scenario.append(own);
      scenario.value = run.scenario.name;
      seed.value = run.scenario.seed;
    }
    const isOurs = names.includes(run.scenario.name) || canUndo;
    setText(edited, isEdited ? (isOurs ? "edited" : "from its link") : "");
    compare.hidden = !canUndo && !canRedo;
    setAttribute(compare, "aria-pressed", String(other !== undefined));
    setAttribute(space, "aria-pressed", String(isSpaceOpen));
    setText(theme, { auto: "Auto theme", light: "Light theme", dark: "Dark theme" }[chosen]);
    setAttribute(element, "data-run", String(run.id));
  };
  return { element, show };
}

function spaceButton(actions: Actions): HTMLButtonElement {
  const button = textButton("Space–time", "Who sent what to whom (3)", () =>
    actions.space({ open: button.getAttribute("aria-pressed") !== "true" }),
  );
  button.classList.add("space-button");
  return button;
}
