/*
 * The runs behind the concept slides: small clusters whose network is slow enough to watch. A slide names its run and the
 * moments at which its presses stand; a test keeps each moment telling what the slide says.
 */
import { type Scenario, library, parseScenario } from "#sim";

/** Time-outs in which a failover fits into seconds, and messages of about 20 ms. */
const slowEnough = {
  version: 1,
  durationMs: 3000,
  cluster: {
    brokers: [{ id: 1 }, { id: 2 }, { id: 3 }],
    controllers: [{ id: 101 }],
    config: library.get("first-light")?.().cluster.config ?? {},
  },
  network: { latencyUs: [18_000, 24_000], splitPercent: 0 },
} as const;

/** Records in the order sent, by key. */
const keyed = (keys: string): readonly { key: string; value: string }[] =>
  [...keys].map((key, index) => ({ key, value: `${key}${index}` }));

/** The topic comes into being, and one record is written to it. */
const topic = (): Scenario =>
  parseScenario({
    ...slowEnough,
    name: "slide-topic",
    title: "A topic comes into being",
    topics: [{ name: "orders", partitions: 3, replicationFactor: 3 }],
    workload: {
      producers: [
        {
          name: "p1",
          topic: "orders",
          startMs: 1500,
          endMs: 2900,
          intervalMs: [200, 200],
          records: keyed("D"),
        },
      ],
    },
  });

/** Five records, three partitions without copies: each key has its place. */
const partition = (): Scenario =>
  parseScenario({
    ...slowEnough,
    name: "slide-partition",
    title: "The key picks the partition",
    topics: [{ name: "orders", partitions: 3, replicationFactor: 1 }],
    workload: {
      producers: [
        {
          name: "p1",
          topic: "orders",
          startMs: 1500,
          endMs: 2900,
          intervalMs: [200, 200],
          records: keyed("ADAFA"),
        },
      ],
    },
  });

/** Two readers of one log, each at a pace of its own. */
const offset = (): Scenario =>
  parseScenario({
    ...slowEnough,
    name: "slide-offset",
    title: "Two readers of one log",
    durationMs: 6000,
    topics: [{ name: "orders", partitions: 1, replicationFactor: 1 }],
    workload: {
      producers: [
        {
          name: "p1",
          topic: "orders",
          startMs: 700,
          endMs: 5900,
          intervalMs: [50, 50],
          records: keyed("DGDDGDGD"),
        },
      ],
      consumers: [
        {
          name: "k1",
          topic: "orders",
          startMs: 1500,
          pollMs: 100,
          config: { "max.poll.records": 3 },
        },
        {
          name: "k2",
          topic: "orders",
          startMs: 1500,
          pollMs: 100,
          config: { "max.poll.records": 2 },
        },
      ],
    },
    faults: [
      { type: "slow", atMs: 0, target: { node: "k1" }, stepMs: 200 },
      { type: "slow", atMs: 0, target: { node: "k2" }, stepMs: 300 },
    ],
  });

/** One record on its way to three copies; then the leader dies. */
const replication = (): Scenario =>
  parseScenario({
    ...slowEnough,
    name: "slide-replication",
    title: "One record, three copies",
    durationMs: 6000,
    topics: [
      {
        name: "orders",
        partitions: 1,
        replicationFactor: 3,
        config: { "min.insync.replicas": 2 },
      },
    ],
    workload: {
      producers: [
        {
          name: "p1",
          topic: "orders",
          startMs: 1500,
          endMs: 5900,
          intervalMs: [400, 400],
          records: keyed("DGDDGD"),
        },
      ],
    },
    faults: [{ type: "crash", atMs: 2735, target: { leaderOf: "orders-0" } }],
  });

/** Two of three brokers crash: what was acknowledged is kept, and writes stop. */
const guarantees = (): Scenario =>
  parseScenario({
    ...slowEnough,
    name: "slide-guarantees",
    title: "Two of three crash",
    durationMs: 9000,
    topics: [
      {
        name: "orders",
        partitions: 1,
        replicationFactor: 3,
        config: { "min.insync.replicas": 2 },
      },
    ],
    workload: {
      producers: [
        {
          name: "p1",
          topic: "orders",
          startMs: 1500,
          endMs: 8900,
          intervalMs: [600, 600],
          records: keyed("ABACABADABAC"),
        },
      ],
      consumers: [{ name: "k1", topic: "orders", startMs: 1000, pollMs: 200 }],
    },
    faults: [
      { type: "crash", atMs: 2900, target: { leaderOf: "orders-0" } },
      { type: "crash", atMs: 6000, target: { leaderOf: "orders-0" } },
    ],
  });

/** By the name that a slide gives in `data-run`. */
export const slideRuns: ReadonlyMap<string, () => Scenario> = new Map([
  ["topic", topic],
  ["partition", partition],
  ["offset", offset],
  ["replication", replication],
  ["guarantees", guarantees],
]);
