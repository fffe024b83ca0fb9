import { parseScenario } from "../parse.ts";
import type { Scenario } from "../schema.ts";
import { firstLight } from "./first-light.ts";

/** The same cluster and workload while nothing goes wrong. */
export const steady = (): Scenario =>
  parseScenario({
    ...firstLight(),
    name: "steady",
    title: "Steady: a cluster at work",
    about:
      "Three brokers, one controller, keyed records with acks=all, one consumer, and nothing goes wrong.",
    durationMs: 5000,
    workload: {
      ...firstLight().workload,
      producers: firstLight().workload.producers.map((producer) => ({ ...producer, endMs: 4500 })),
    },
    faults: [],
  });
