/* Drawing from a family, from where the page does not have to carry what draws. */
import type { Scenario } from "#sim";

/** The seed that is drawn from when nobody says which. */
export const firstSeed = "1";

/** Fails with a sentence if what draws cannot be loaded, or the seed can be none. */
export async function drawFamily(family: string, seed: string): Promise<Scenario> {
  const { drawn } = await import("./families.ts").catch(() => {
    throw new Error("What draws it could not be loaded; the lab may be offline.");
  });
  return drawn(family, seed);
}
