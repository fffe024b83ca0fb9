/* Runs drawn scenarios inside a page; built by the test that wants to know their hashes. */
import { defaultFamily, families, runScenario } from "#sim";

/** The hashes of the default family's runs, by seed. */
export async function hashesOf(seeds: readonly string[]): Promise<readonly string[]> {
  const draw = families.get(defaultFamily);
  if (draw === undefined) throw new RangeError(`there is no family ${defaultFamily}`);
  const hashes: string[] = [];
  for (const seed of seeds) {
    hashes.push(runScenario(draw(seed)).hash);
    // The page stays alive between two runs.
    await new Promise((resolve) => setTimeout(resolve, 0));
  }
  return hashes;
}
