/* What draws a family's scenarios: loaded on its own, when somebody asks for one. */
import { type Scenario, ScenarioError, families } from "#sim";

/**
 * The scenario that a family draws for a seed.
 * @throws ScenarioError if there is no such family, or the seed can be none
 */
export function drawn(family: string, seed: string): Scenario {
  const draw = families.get(family);
  if (draw === undefined) throw new ScenarioError("scenario", `there is no family ${family}`);
  return draw(seed);
}
