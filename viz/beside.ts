/* Two scenarios of which one is the other with further faults and changes: so a link can name a run beside its own. */
import type { Scenario } from "#sim";

/** The scenario before its last `count` faults and changes; undefined if it has not so many. */
export function withoutLast(scenario: Scenario, count: number): Scenario | undefined {
  const { faults } = scenario;
  if (count < 1 || count > faults.length) return undefined;
  return { ...scenario, faults: faults.slice(0, faults.length - count) };
}

/** How many faults and changes `scenario` has after those of `other`; undefined: they differ in something else. */
export function faultsAfter(scenario: Scenario, other: Scenario): number | undefined {
  const more = scenario.faults.length - other.faults.length;
  const names = Object.keys(scenario) as (keyof Scenario)[];
  // A fork shares with the run that it leaves whatever it does not change.
  const isSame =
    names.every((name) => name === "faults" || scenario[name] === other[name]) &&
    other.faults.every((fault, index) => fault === scenario.faults[index]);
  return isSame && more > 0 ? more : undefined;
}
