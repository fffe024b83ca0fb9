/*
 * Three ways to lose an acknowledged record, one for each precondition of the promise. The search found each of them by
 * itself, from the family's seeds, and made it this small.
 */
import { parseScenario } from "../parse.ts";
import type { Scenario } from "../schema.ts";
import { quickSettings } from "./first-light.ts";

const cluster = {
  brokers: [{ id: 1 }, { id: 2 }, { id: 3 }],
  config: quickSettings,
} as const;
const network = { latencyUs: [200, 800], splitPercent: 10 } as const;
const patience = { "delivery.timeout.ms": 5000, "request.timeout.ms": 1000 } as const;
const everybodyElse = { nodes: ["b1", "b2", "b3", "c1", "c2", "c3"] } as const;

/** The leader alone has the record and says so; then it is deposed. */
export const acksOne = (): Scenario =>
  parseScenario({
    version: 1,
    name: "acks-1",
    title: "acks=1: acknowledged by one, kept by none",
    about:
      "The producer waits for the leader alone. The leader is cut off from the other brokers and from the controller, goes on acknowledging, and is deposed: when it comes back it cuts what nobody else has. Found by the search under seed 1.",
    seed: "1",
    durationMs: 5500,
    cluster,
    network,
    topics: [{ name: "orders", partitions: 1, replicationFactor: 3 }],
    workload: {
      producers: [
        {
          name: "p2",
          topic: "orders",
          startMs: 500,
          endMs: 5100,
          intervalMs: [60, 180],
          valueBytes: 40,
          maxRecords: 50,
          config: { ...patience, acks: "1" },
        },
      ],
    },
    faults: [{ type: "cut", atMs: 4000, between: [{ leaderOf: "orders-0" }, everybodyElse] }],
  });

/** A replica that is not in sync is elected, because nobody else is there. */
export const uncleanElection = (): Scenario =>
  parseScenario({
    version: 1,
    name: "unclean-election",
    title: "Unclean election: whoever is there leads",
    about:
      "A broker is cut off and falls behind. When the others die, it is elected although it lacks what they acknowledged, and they cut their logs to match its own. Found by the search under seed 1.",
    seed: "1",
    durationMs: 6600,
    cluster,
    network,
    topics: [
      {
        name: "orders",
        partitions: 1,
        replicationFactor: 3,
        config: { "unclean.leader.election.enable": true },
      },
    ],
    workload: {
      producers: [
        {
          name: "p1",
          topic: "orders",
          startMs: 500,
          endMs: 3500,
          intervalMs: [40, 120],
          valueBytes: 40,
          maxRecords: 50,
          config: patience,
        },
      ],
    },
    faults: [
      { type: "cut", atMs: 3000, between: [{ node: "b2" }, everybodyElse] },
      { type: "crash", atMs: 6000, target: { nodes: ["b1", "b3"] } },
    ],
  });

/** Every replica holds the record, and none has it on the platter. */
export const blackout = (): Scenario =>
  parseScenario({
    version: 1,
    name: "blackout",
    title: "Blackout: three copies, none on a disk",
    about:
      "All three replicas hold the record in their page caches when the power fails for all of them at once. Nothing flushes on the way of an append. Found by the search under seed 2.",
    seed: "2",
    durationMs: 2500,
    cluster,
    network,
    topics: [{ name: "orders", partitions: 1, replicationFactor: 3 }],
    workload: {
      producers: [
        {
          name: "p2",
          topic: "orders",
          startMs: 500,
          endMs: 600,
          intervalMs: [50, 50],
          valueBytes: 40,
          maxRecords: 1,
          config: patience,
        },
      ],
    },
    faults: [{ type: "powerLoss", atMs: 2000, target: { role: "brokers" } }],
  });
