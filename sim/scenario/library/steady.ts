import { parseScenario } from "../parse.ts";
import { quickSettings } from "./first-light.ts";

/** The same cluster as first-light on a good day. */
export const steady = () =>
  parseScenario({
    version: 1,
    name: "steady",
    title: "Steady: nothing goes wrong",
    about:
      "Three brokers, one controller, topic orders with three replicas. A producer sends keyed records with acks=all, a consumer reads them. No fault strikes.",
    seed: "1",
    durationMs: 5_000,
    cluster: { brokers: [{ id: 1 }, { id: 2 }, { id: 3 }], config: quickSettings },
    topics: [
      {
        name: "orders",
        partitions: 3,
        replicationFactor: 3,
        config: { "min.insync.replicas": 2 },
      },
    ],
    workload: {
      producers: [
        {
          name: "p1",
          topic: "orders",
          startMs: 500,
          endMs: 4500,
          intervalMs: [20, 60],
          keys: 9,
          valueBytes: 100,
        },
      ],
      consumers: [{ name: "k1", topic: "orders", startMs: 500, from: "earliest", pollMs: 500 }],
    },
  });
