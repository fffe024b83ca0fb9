/*
 * The cluster of the families whose faults are told one after another: three brokers, one partition with three replicas,
 * nine seconds in which somebody writes and somebody reads.
 */
import type { BrokerSettings, ProducerSettings, TopicSettings } from "#core";
import { quickSettings } from "../library/first-light.ts";
import { parseScenario } from "../parse.ts";
import type { Fault, Scenario } from "../schema.ts";

/** When the workload ends, and with it the faults: ms. */
export const durationMs = 9000;
/** broker.session.timeout.ms of these clusters. */
export const sessionMs = quickSettings["broker.session.timeout.ms"];
/** The brokers by name. */
export const brokerNames = ["b1", "b2", "b3"] as const;
/** The only partition. */
export const orders = "orders-0";

/** What differs from family to family and from seed to seed. */
export interface SmallCluster {
  readonly name: string;
  readonly title: string;
  readonly seed: string;
  readonly controllers: number;
  readonly config: Partial<BrokerSettings>;
  readonly topic: Partial<TopicSettings>;
  readonly latencyUs: readonly number[];
  readonly writeBackMs: readonly number[];
  /** How many producers; together they write as often as one would. */
  readonly producers: number;
  readonly acks: ProducerSettings["acks"];
  readonly intervalMs: readonly number[];
  readonly faults: readonly Fault[];
}

/** The scenario of such a cluster. */
export function smallCluster(drawn: SmallCluster): Scenario {
  const { name, title, seed, controllers, producers } = drawn;
  return parseScenario({
    version: 1,
    name,
    title,
    about: `Drawn from the family \`${name}\`.`,
    seed,
    durationMs,
    cluster: {
      brokers: [{ id: 1 }, { id: 2 }, { id: 3 }],
      controllers: Array.from({ length: controllers }, (_, i) => ({ id: 101 + i })),
      config: { ...quickSettings, ...drawn.config },
    },
    network: { latencyUs: drawn.latencyUs },
    disk: { writeBackMs: drawn.writeBackMs },
    topics: [{ name: "orders", partitions: 1, replicationFactor: 3, config: drawn.topic }],
    workload: {
      producers: Array.from({ length: producers }, (_, i) => ({
        name: `p${i + 1}`,
        topic: "orders",
        startMs: 500,
        endMs: durationMs - 500,
        intervalMs: drawn.intervalMs.map((ms) => ms * producers),
        valueBytes: 40,
        config: {
          acks: drawn.acks,
          "request.timeout.ms": 1000,
          "delivery.timeout.ms": 5000,
        },
      })),
      consumers: [
        { name: "k1", topic: "orders", startMs: 500, from: "earliest", pollMs: 500, endsMs: 100 },
      ],
    },
    heal: "least",
    faults: drawn.faults.toSorted((a, b) => a.atMs - b.atMs),
  });
}
