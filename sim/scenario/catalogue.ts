/* Scenarios by name, and the names of the families that draw others. */
import { combined } from "./library/combined.ts";
import { firstLight } from "./library/first-light.ts";
import { acksOne, blackout, uncleanElection } from "./library/lost-records.ts";
import { manyBrokers, threeRacks } from "./library/racks.ts";
import { steady } from "./library/steady.ts";
import type { Scenario } from "./schema.ts";

/** What is run when nobody says what. */
export const defaultScenario = "first-light";
/** What is searched when nobody says what. */
export const defaultFamily = "failover";

/** Named scenarios: each is made anew, so that nobody can change another's. */
export const library: ReadonlyMap<string, () => Scenario> = new Map([
  ["first-light", firstLight],
  ["steady", steady],
  ["combined", combined],
  ["acks-1", acksOne],
  ["unclean-election", uncleanElection],
  ["blackout", blackout],
  ["three-racks", threeRacks],
  ["many", () => manyBrokers({ brokers: 60, racks: 5, partitions: 480 })],
]);

/** Those that are there for their size: too much happens in them to be told as a story. */
export const untold: readonly string[] = ["many"];

/** Names of the families (families/families.ts), for whoever does without the drawing itself. */
export const familyNames: readonly string[] = [
  "failover",
  "chains",
  "storm",
  "handovers",
  "returns",
  "quorum",
];

/** A scenario under another seed. */
export const withSeed = (scenario: Scenario, seed: string | undefined): Scenario =>
  seed === undefined ? scenario : { ...scenario, seed };
