/* Which scenario runs, and with which seed. */
import { familyNames, library } from "#sim";
import { firstSeed } from "../draw-family.ts";
import type { LabView, Actions } from "./view.ts";
import { h } from "./dom.ts";

export interface ScenarioChooser {
  readonly element: HTMLElement;
  readonly seed: HTMLElement;
  show(view: LabView): void;
}

/** `names`: the scenarios that can be chosen. */
export function scenarioChooser(actions: Actions, names: readonly string[]): ScenarioChooser {
  /** A scenario that only its link knows. */
  const own = h("option");
  const named = optionsOf(names);
  const families = optionsOf(familyNames);
  const group = h("optgroup", { label: "Drawn from a seed" });
  group.append(...families.values());
  const scenario = h("select", { "aria-label": "Scenario" });
  scenario.append(...named.values(), group);
  // As long as a scenario's seed may be.
  const seed = h("input", {
    class: "seed",
    "aria-label": "Seed",
    spellcheck: "false",
    maxlength: 64,
  });
  const label = h("label", { class: "seed-label" }, "seed", seed);
  /** The family that is chosen: a scenario that came by link may have the name of one. */
  const family = (): string | undefined => {
    const [chosen] = scenario.selectedOptions;
    return chosen?.parentElement === group ? chosen.value : undefined;
  };
  scenario.addEventListener("change", () => {
    const chosen = family();
    if (chosen === undefined) actions.open(scenario.value, undefined);
    else actions.draw(chosen, seed.value === "" ? firstSeed : seed.value);
  });
  let shown = "";
  let shownSeed = "";
  seed.addEventListener("change", () => {
    const chosen = family();
    if (seed.value === "") seed.value = shownSeed;
    else if (chosen === undefined) actions.open(scenario.value, seed.value);
    else actions.draw(chosen, seed.value);
  });
  const show = (view: LabView): void => {
    const { name, seed: showing, isFamily } = chosenIn(view);
    const key = `${isFamily} ${name} ${showing}`;
    if (key === shown) return;
    shown = key;
    shownSeed = showing;
    const option = (isFamily ? families : named).get(name);
    own.textContent = name;
    if (option === undefined) scenario.append(own);
    else own.remove();
    (option ?? own).selected = true;
    seed.value = showing;
  };
  return { element: scenario, seed: label, show };
}

/** What a scenario of the library shows, in a few words; nothing is known of what is yet to be drawn. */
const titleOf = (name: string): string | undefined => library.get(name)?.().title;

const optionsOf = (names: readonly string[]): ReadonlyMap<string, HTMLOptionElement> =>
  new Map(names.map((name) => [name, h("option", { value: name, title: titleOf(name) }, name)]));

/** What is chosen: what runs, or what is being drawn and will. */
function chosenIn({ run: { scenario }, drawing, drawn }: LabView): {
  readonly name: string;
  readonly seed: string;
  readonly isFamily: boolean;
} {
  if (drawing !== undefined) return { ...drawing, name: drawing.family, isFamily: true };
  const isFamily = drawn?.scenario.name === scenario.name;
  const name = isFamily ? drawn.family : scenario.name;
  return { name, seed: scenario.seed, isFamily };
}
