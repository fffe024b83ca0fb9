/* Clusters in racks, larger than an eye can follow one by one: a whole rack fails, and every partition has replicas elsewhere. */
import { parseScenario } from "../parse.ts";
import type { Scenario } from "../schema.ts";
import { quickSettings } from "./first-light.ts";

/** Twelve brokers in three racks, twenty-four partitions: one rack loses power and comes back. */
export const threeRacks = (): Scenario =>
  parseScenario({
    version: 1,
    name: "three-racks",
    title: "Three racks: one of them loses power",
    about:
      "Twelve brokers in three racks hold twenty-four partitions with a replica in each rack. One rack loses power while records are in flight: every partition still has two replicas in sync, so nothing that was acknowledged is lost and writing goes on.",
    seed: "1",
    durationMs: 4000,
    cluster: { brokers: inRacks(12, 3), config: quickSettings },
    topics: [
      {
        name: "orders",
        partitions: 24,
        replicationFactor: 3,
        config: { "min.insync.replicas": 2 },
      },
    ],
    workload: {
      producers: [producer("p1", 800, 3800, 30)],
      consumers: [{ name: "k1", topic: "orders", startMs: 1000, pollMs: 500 }],
    },
    faults: [{ type: "powerLoss", atMs: 2000, forMs: 1500, target: { rack: "rack-b" } }],
  });

/** What differs between clusters of many. */
export interface ManyBrokers {
  readonly brokers: number;
  readonly racks: number;
  readonly partitions: number;
}

/**
 * A rack of many brokers crashes. Brokers ask more seldom than in small clusters, so that a run stays short; the more
 * there are, the later everything happens, because the controllers register one after the other.
 */
export const manyBrokers = ({ brokers, racks, partitions }: ManyBrokers): Scenario => {
  const at = (msOfSixty: number): number => Math.round((msOfSixty * Math.max(brokers, 60)) / 60);
  return parseScenario({
    version: 1,
    name: "many",
    title: `Many: ${brokers} brokers, ${partitions} partitions`,
    about: `${brokers} brokers in ${racks} racks hold ${partitions} partitions with three replicas each. One rack crashes and comes back.`,
    seed: "1",
    durationMs: at(2900),
    cluster: {
      brokers: inRacks(brokers, racks),
      config: {
        ...quickSettings,
        "broker.session.timeout.ms": at(700),
        "replica.fetch.wait.max.ms": at(1000),
        "replica.lag.time.max.ms": at(3000),
        "replica.socket.timeout.ms": at(3000),
      },
    },
    topics: [
      {
        name: "orders",
        partitions,
        replicationFactor: 3,
        config: { "min.insync.replicas": 2 },
      },
    ],
    workload: { producers: [producer("p1", at(1400), at(2800), 10)] },
    faults: [{ type: "crash", atMs: at(1600), forMs: at(1200), target: { rack: "rack-b" } }],
  });
};

/** Side by side in turn: b1 in the first rack, b2 in the second. */
const inRacks = (brokers: number, racks: number): readonly { id: number; rack: string }[] =>
  Array.from({ length: brokers }, (_, index) => ({
    id: index + 1,
    rack: `rack-${String.fromCharCode(97 + (index % racks))}`,
  }));

const producer = (name: string, startMs: number, endMs: number, everyMs: number) => ({
  name,
  topic: "orders",
  startMs,
  endMs,
  intervalMs: [everyMs, everyMs],
  keys: 26,
  config: { "request.timeout.ms": 1500, "delivery.timeout.ms": 20_000 },
});
