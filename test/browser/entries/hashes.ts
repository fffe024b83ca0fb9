import { defaultFamily, defaultScenario, families, library, runScenario } from "#sim";

/** The hashes of the default scenario and of drawn ones, in the order of the seeds. */
export function hashesOf(seeds: readonly string[]): readonly string[] {
  const first = library.get(defaultScenario);
  const draw = families.get(defaultFamily);
  if (first === undefined || draw === undefined) throw new Error("nothing to run by default");
  return [first(), ...seeds.map(draw)].map((scenario) => runScenario(scenario).hash);
}
