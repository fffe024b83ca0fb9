import { parseScenario } from "../parse.ts";
import type { Scenario } from "../schema.ts";
import { quickSettings } from "./first-light.ts";

/** Three machines, each a broker and a controller in one process: one kill takes a leader and a voter at once. */
export const combined = (): Scenario =>
  parseScenario({
    version: 1,
    name: "combined",
    title: "One process, two roles",
    about:
      "Small clusters run broker and controller in one process (process.roles=broker,controller). When it dies, the partition needs a new leader, and those who elect it have just lost one of their own.",
    seed: "1",
    durationMs: 8000,
    cluster: {
      brokers: [{ id: 1 }, { id: 2 }, { id: 3 }],
      controllers: [
        { id: 101, on: 1 },
        { id: 102, on: 2 },
        { id: 103, on: 3 },
      ],
      config: quickSettings,
    },
    topics: [{ name: "orders", replicationFactor: 3, config: { "min.insync.replicas": 2 } }],
    workload: {
      producers: [
        {
          name: "p1",
          topic: "orders",
          startMs: 500,
          endMs: 7500,
          intervalMs: [30, 90],
          keys: 3,
          config: { "request.timeout.ms": 1000, "delivery.timeout.ms": 5000 },
        },
      ],
      consumers: [{ name: "k1", topic: "orders", startMs: 500 }],
    },
    faults: [{ type: "crash", atMs: 3000, forMs: 2500, target: { leaderOf: "orders-0" } }],
  });
