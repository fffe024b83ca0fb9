/* Puts a lab into an element: the simulation in a worker of its own, scenarios from the library. */
import {
  type Scenario,
  defaultScenario,
  familyNames,
  library,
  momentFragment,
  parseScenario,
  runFragment,
  ScenarioError,
  withSeed,
} from "#sim";
import { drawFamily } from "./draw-family.ts";
import type { Surroundings } from "./lab-actions.ts";
import { newLab } from "./lab.ts";
import type { Lab, LabOptions } from "./options.ts";
import { anySimulation } from "./simulations.ts";

/**
 * A lab inside `host`, which should have a size of its own; at least 320x240.
 * @throws ScenarioError if the scenario is not known or not right, with the path to what is wrong
 */
export function mountLab(host: HTMLElement, options: LabOptions = {}): Lab {
  const { scenario = defaultScenario, seed } = options;
  const chosen =
    typeof scenario === "string" ? named(scenario, seed) : parseScenario(withSeed(scenario, seed));
  return newLab(host, chosen, options, surroundings());
}

function named(name: string, seed: string | undefined): Scenario {
  const make = library.get(name);
  if (make === undefined) {
    const known = [...library.keys()].join(", ");
    const drawing = familyNames.join(", ");
    const told = `none is named ${name}; there are ${known}, and families that draw one: ${drawing}`;
    throw new ScenarioError("scenario", told);
  }
  return parseScenario(withSeed(make(), seed));
}

function surroundings(): Surroundings {
  // Asked with every frame, about the same scenario.
  let asked: Scenario | undefined;
  let fragment = "";
  const nameOf = (scenario: Scenario): string => {
    if (asked !== scenario) fragment = runFragment(scenario);
    asked = scenario;
    return fragment;
  };
  return {
    simulation: anySimulation(),
    names: [...library.keys()],
    named,
    draw: drawFamily,
    isNamed: (scenario) => nameOf(scenario).startsWith("#scenario="),
    link: (scenario, moment) => nameOf(scenario) + momentFragment(moment),
  };
}
