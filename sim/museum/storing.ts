/*
 * Finds a story for the museum by itself: the first seeds that show a flaw, each reduced as long as it shows it, and the
 * shortest of them.
 */
import { families } from "../scenario/families/families.ts";
import { parseScenario } from "../scenario/parse.ts";
import type { Scenario } from "../scenario/schema.ts";
import { reduce } from "../search/reduce.ts";
import type { FlawRow } from "./catalogue.ts";
import { flawShown } from "./finding.ts";
import { withoutFlaw } from "./switching.ts";

/** What draws scenarios, with its name. */
export type Family = readonly [name: string, draw: (seed: string) => Scenario];

/** The families in which the search looks for a flaw, seed by seed in turn; none of them knows which flaw is on. */
export const familiesOf = ({ families: names = ["failover", "chains"] }: FlawRow): Family[] =>
  names.flatMap((name) => {
    const draw = families.get(name);
    return draw === undefined ? [] : [[name, draw]];
  });

/**
 * The shortest of the first `few` stories among `most` seeds, drawn from the families in turn; undefined: no seed shows
 * the flaw. The flaw is off in it.
 */
export function findStory(
  row: FlawRow,
  families: readonly Family[],
  most: number,
  few: number,
): Scenario | undefined {
  let best: Scenario | undefined;
  let found = 0;
  for (let i = 0; i < most && found < few; i++) {
    const family = families[i % families.length];
    if (family === undefined) break;
    const [name, draw] = family;
    const seed = String(i + 1);
    const drawn = draw(seed);
    const shown = flawShown(drawn, row);
    if (shown === undefined) continue;
    found += 1;
    const { scenario } = reduce(
      drawn,
      (candidate) => flawShown(candidate, row)?.guarantee === shown.guarantee,
    );
    const story = {
      ...withoutFlaw(scenario, row.id),
      name: `museum/${row.id}`,
      title: `Museum: ${row.id}`,
      about: `${row.sentence} Found by the search under seed ${seed} of the family ${name}.`,
    };
    if (best === undefined || lengthOf(story) < lengthOf(best)) best = story;
  }
  return best;
}

/** Faults count most, then everything that has to be read. */
const lengthOf = (scenario: Scenario): number =>
  scenario.faults.length * 1_000_000 + JSON.stringify(shortened(scenario)).length;

/** The scenario without what a file may leave out, its controllers apart: what is read from it is the same. */
export function shortened(scenario: Scenario): unknown {
  const whole = JSON.stringify(scenario);
  let short: unknown = scenario;
  const isSame = (candidate: unknown): boolean => {
    try {
      return JSON.stringify(parseScenario(candidate)) === whole;
    } catch {
      return false;
    }
  };
  for (const path of pathsOf(scenario)) {
    // A default that may well change: a story stays as it was found.
    if (path[1] === "controllers") continue;
    const candidate = without(short, path);
    if (candidate !== undefined && isSame(candidate)) short = candidate;
  }
  return short;
}

/** The paths of all keys, outer ones first. */
function* pathsOf(value: unknown, above: readonly string[] = []): Generator<readonly string[]> {
  if (typeof value !== "object" || value === null) return;
  for (const [key, inner] of Object.entries(value)) {
    const path = [...above, key];
    if (!Array.isArray(value)) yield path;
    yield* pathsOf(inner, path);
  }
}

/** A copy without the key at a path; undefined where it is not there. */
function without(value: unknown, [first, ...rest]: readonly string[]): unknown {
  if (typeof value !== "object" || value === null || first === undefined) return undefined;
  if (Array.isArray(value)) {
    const inner = without(value[Number(first)], rest);
    return inner === undefined ? undefined : value.with(Number(first), inner);
  }
  const entries = Object.entries(value);
  if (!entries.some(([key]) => key === first)) return undefined;
  if (rest.length === 0) return Object.fromEntries(entries.filter(([key]) => key !== first));
  const inner = without((value as Readonly<Record<string, unknown>>)[first], rest);
  return inner === undefined ? undefined : { ...value, [first]: inner };
}
