/*
 * What a person means by a file, a name, a family or a link.
 */
import { readFileSync } from "node:fs";
import type { FlawId } from "#core";
import {
  defaultFamily,
  defaultScenario,
  isLink,
  isTrace,
  library,
  parseLink,
  parseScenario,
  parseScenarioText,
  parseTrace,
  type Scenario,
  ScenarioError,
  withFlaws,
  withSeed,
} from "#sim";
import { BadInput } from "./exit.ts";
import { allFamilies } from "./modules.ts";

/** Something that a seed makes a scenario of. */
export interface Found {
  /** As the person wrote it. */
  readonly name: string;
  readonly isFamily: boolean;
  /** undefined: its own seed. */
  scenario(seed: string | undefined): Scenario;
}

/**
 * Finds what is to be run; nothing named: the default scenario, or (for a search) the default family. `flaws` are
 * switched on in whatever it makes.
 */
export function find(
  asked: string | undefined,
  whenNothing: "scenario" | "family",
  flaws: readonly FlawId[] = [],
): Found {
  const name = asked ?? (whenNothing === "family" ? defaultFamily : defaultScenario);
  const family = allFamilies().get(name);
  if (family !== undefined)
    return { name, isFamily: true, scenario: (seed) => withFlaws(family(seed ?? "1"), flaws) };
  const scenario = read(name);
  return {
    name,
    isFamily: false,
    scenario: (seed) =>
      withFlaws(
        explain(name, () => parseScenario(withSeed(scenario, seed))),
        flaws,
      ),
  };
}

/** One scenario: of a link, by name, or from a file (a scenario or a trace). */
function read(name: string): Scenario {
  const named = library.get(name);
  if (named !== undefined) return named();
  if (isLink(name)) return explain("The link", () => parseLink(name).scenario);
  const text = readText(name);
  return explain(name, () => (isTrace(text) ? parseTrace(text).scenario : parseScenarioText(text)));
}

/** A file's text. `isRun`: it could be the name of something to run as well. @throws BadInput */
export function readText(path: string, isRun = true): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    const why = error instanceof Error && "code" in error ? String(error.code) : String(error);
    const known = [...library.keys(), ...allFamilies().keys()].join(", ");
    throw new BadInput(
      why === "ENOENT" && isRun
        ? `${path} is no file, and no scenario or family has that name (there are ${known}).`
        : `${path} cannot be read (${why}).`,
    );
  }
}

/** Runs `parse`; what is wrong with a scenario is told with where it came from. */
export function explain<T>(source: string, parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    if (error instanceof ScenarioError) throw new BadInput(`${source}: ${error.message}`);
    throw error;
  }
}
