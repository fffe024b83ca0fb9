/*
 * A cluster's cost per input: it comes up and settles unmeasured, then handles a fixed number of inputs on the clock.
 */
import {
  createWorld,
  kafkaMachines,
  newRuntime,
  parseScenario,
  type Scenario,
  stepWorld,
} from "#sim";

/** Inputs per turn on the clock. */
export const inputsPerTurn = 2000;
const settledAtUs = 8_000_000;

/** What differs between the clusters that are compared. */
export interface Shape {
  readonly brokers: number;
  readonly partitions: number;
  /** Between two records of the one producer, in ms: the load grows with the cluster. */
  readonly intervalMs: number;
}

/** One topic with three replicas of each partition and acks=all; every record is a batch of its own. */
export const clusterOf = ({ brokers, partitions, intervalMs }: Shape): Scenario =>
  parseScenario({
    version: 1,
    name: "bench",
    seed: "bench",
    durationMs: 600_000,
    cluster: { brokers: Array.from({ length: brokers }, (_, i) => ({ id: i + 1 })) },
    topics: [
      {
        name: "orders",
        partitions,
        replicationFactor: 3,
        config: { "min.insync.replicas": 2 },
      },
    ],
    workload: {
      producers: [
        {
          name: "p1",
          topic: "orders",
          startMs: 5000,
          endMs: 600_000,
          intervalMs: [intervalMs, intervalMs],
          keys: 26,
          valueBytes: 120,
          config: { "linger.ms": 0 },
        },
      ],
    },
  });

/** Returns what a turn takes, in µs per input: the cluster goes on where it stood after the turn before. */
export function settledCluster(shape: Shape): () => number {
  const world = createWorld(clusterOf(shape));
  const runtime = newRuntime(kafkaMachines);
  const step = (): void => {
    if (!stepWorld(world, runtime, undefined, Infinity))
      throw new Error("the cluster stands still");
  };
  while (world.now < settledAtUs) step();
  return () => {
    const from = world.inputs;
    const started = performance.now();
    while (world.inputs - from < inputsPerTurn) step();
    return ((performance.now() - started) * 1000) / (world.inputs - from);
  };
}
