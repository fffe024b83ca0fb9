/* Which scenario runs, and with which seed. */
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
  const scenario = h("select", { "aria-label": "Scenario" });
  scenario.append(...names.map((name) => h("option", { value: name }, name)));
  // As long as a scenario's seed may be.
  const seed = h("input", {
    class: "seed",
    "aria-label": "Seed",
    spellcheck: "false",
    maxlength: 64,
  });
  const label = h("label", { class: "seed-label" }, "seed", seed);
  scenario.addEventListener("change", () => actions.open(scenario.value, undefined));
  let shown = "";
  let shownSeed = "";
  seed.addEventListener("change", () => {
    if (seed.value === "") seed.value = shownSeed;
    else actions.open(scenario.value, seed.value);
  });
  const show = ({ run }: LabView): void => {
    const key = `${run.scenario.name} ${run.scenario.seed}`;
    if (key === shown) return;
    shown = key;
    shownSeed = run.scenario.seed;
    own.textContent = run.scenario.name;
    if (names.includes(run.scenario.name)) own.remove();
    else scenario.append(own);
    scenario.value = run.scenario.name;
    seed.value = run.scenario.seed;
  };
  return { element: scenario, seed: label, show };
}
