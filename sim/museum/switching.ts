/*
 * Switches a flaw of the museum on or off in a scenario. A core flaw is a name among the cluster's flaws; a setting is
 * that name and the settings that it stands for.
 */
import type { FlawId } from "#core";
import type { Scenario } from "../scenario/schema.ts";
import { rowOf, type Switched } from "./catalogue.ts";

/** The scenario with the settings that its own flaws stand for; the same again if applied twice. */
export function withSwitchedSettings(scenario: Scenario): Scenario {
  let switched = scenario;
  for (const id of scenario.cluster.flaws ?? []) {
    const row = rowOf(id);
    if (row?.kind === "setting") switched = withSettings(switched, row.on);
  }
  return switched;
}

/** The same run with these flaws on, too. */
export function withFlaws(scenario: Scenario, ids: readonly FlawId[]): Scenario {
  if (ids.length === 0) return scenario;
  const flaws = [...new Set([...(scenario.cluster.flaws ?? []), ...ids])];
  return withSwitchedSettings({ ...scenario, cluster: { ...scenario.cluster, flaws } });
}

/** The same run with a flaw off, and for a setting what a careful operator sets instead. */
export function withoutFlaw(scenario: Scenario, id: FlawId): Scenario {
  const { flaws = [], ...cluster } = scenario.cluster;
  const left = flaws.filter((other) => other !== id);
  const off = { ...scenario, cluster: left.length === 0 ? cluster : { ...cluster, flaws: left } };
  const row = rowOf(id);
  return row?.kind === "setting" ? withSettings(off, row.careful) : off;
}

/** The guarantees that flaws of kind `setting` claim, so that a search shows what they cost. */
export const claimsOf = (ids: readonly FlawId[]): readonly string[] =>
  ids.flatMap((id) => {
    const row = rowOf(id);
    return row?.kind === "setting" ? row.promises : [];
  });

function withSettings(scenario: Scenario, { broker, topic, producer }: Switched): Scenario {
  const { cluster, topics, workload } = scenario;
  return {
    ...scenario,
    cluster: { ...cluster, config: { ...cluster.config, ...broker } },
    topics: topics.map((one) => ({ ...one, config: { ...one.config, ...topic } })),
    workload: {
      ...workload,
      producers: workload.producers.map((one) => ({
        ...one,
        config: { ...one.config, ...producer },
      })),
    },
  };
}
