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

/** Sends records with these keys, one every so many milliseconds, as long as it is at work. */
const producer = (keys: string, startMs: number, endMs: number, everyMs: number) => ({
  name: "p1",
  topic: "orders",
  startMs,
  endMs,
  intervalMs: [everyMs, everyMs],
  records: keyed(keys),
});

/** One log in three copies, written to while two of them are in sync. */
const threeCopies = {
  name: "orders",
  partitions: 1,
  replicationFactor: 3,
  config: { "min.insync.replicas": 2 },
} as const;

/** The topic comes into being, and one record is written to it. */
const topic = (): Scenario =>
  parseScenario({
    ...slowEnough,
    name: "slide-topic",
    title: "A topic comes into being",
    topics: [{ name: "orders", partitions: 3, replicationFactor: 3 }],
    workload: {
      producers: [producer("D", 1500, 2900, 200)],
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
      producers: [producer("ADAFA", 1500, 2900, 200)],
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
      producers: [producer("DGDDGDGD", 700, 5900, 50)],
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
    topics: [threeCopies],
    workload: {
      producers: [producer("DGDDGD", 1500, 5900, 400)],
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
    topics: [threeCopies],
    workload: {
      producers: [producer("ABACABADABAC", 1500, 8900, 600)],
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
