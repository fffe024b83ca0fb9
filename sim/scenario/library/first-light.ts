import { parseScenario } from "../parse.ts";

/** Time-outs scaled so that a failover fits into seconds. */
export const quickSettings = {
  "broker.heartbeat.interval.ms": 300,
  "broker.session.timeout.ms": 1500,
  "replica.lag.time.max.ms": 1500,
  "replica.fetch.wait.max.ms": 200,
  "replica.fetch.backoff.ms": 100,
  "replica.socket.timeout.ms": 1500,
  "replica.high.watermark.checkpoint.interval.ms": 1000,
  "log.flush.offset.checkpoint.interval.ms": 3000,
  "controller.quorum.election.timeout.ms": 150,
  "controller.quorum.election.backoff.max.ms": 150,
  "controller.quorum.fetch.timeout.ms": 1000,
  "controller.quorum.append.linger.ms": 5,
  "controller.quorum.request.timeout.ms": 1000,
} as const;

/** The cluster that a beginner sees; the leader of orders-0 is killed while records are in flight. */
export const firstLight = () =>
  parseScenario({
    version: 1,
    name: "first-light",
    title: "First light: a leader dies, and nothing is lost",
    about:
      "Three brokers, three controllers, topic orders with three replicas. A producer sends keyed records with acks=all. The leader of orders-0 is killed while records are in flight and comes back later.",
    seed: "1",
    durationMs: 10_000,
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
          endMs: 9000,
          intervalMs: [5, 15],
          keys: 9,
          valueBytes: 100,
          config: { "request.timeout.ms": 1500, "delivery.timeout.ms": 20_000 },
        },
      ],
      consumers: [{ name: "k1", topic: "orders", startMs: 500, from: "earliest", pollMs: 500 }],
    },
    faults: [{ type: "crash", atMs: 3007.5, forMs: 3500, target: { leaderOf: "orders-0" } }],
  });
