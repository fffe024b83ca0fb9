/*
 * Inputs handled per second by a whole cluster with real bytes, the trace hashed, beside a bare event queue that hands
 * out as many entries and does nothing with them.
 */
import {
  advance,
  createWorld,
  dropFirst,
  kafkaMachines,
  newQueue,
  newRuntime,
  parseScenario,
  pushEntry,
  type Scenario,
  type TraceEvent,
} from "#sim";
import { median } from "./measure.ts";

/** The first runs are the engine's: it interprets, then compiles. They are told apart from the rest. */
const warmUps = 3;
const runs = 7;
/** What is aimed at with batches of 200 B. */
const aim = 100_000;
const virtualMs = 20_000;

/** Three brokers, one topic of three partitions, acks=all, one producer whose every record is a batch of its own. */
const fixedWorkload = (valueBytes: number): Scenario =>
  parseScenario({
    version: 1,
    name: "bench",
    seed: "bench",
    durationMs: virtualMs,
    cluster: {
      brokers: [{ id: 1 }, { id: 2 }, { id: 3 }],
      config: { "replica.fetch.wait.max.ms": 500 },
    },
    topics: [
      { name: "orders", partitions: 3, replicationFactor: 3, config: { "min.insync.replicas": 2 } },
    ],
    workload: {
      producers: [
        {
          name: "p1",
          topic: "orders",
          startMs: 500,
          endMs: virtualMs,
          intervalMs: [1, 3],
          keys: 6,
          valueBytes,
          config: { "linger.ms": 0 },
        },
      ],
      consumers: [{ name: "k1", topic: "orders", from: "earliest" }],
    },
  });

interface Measured {
  readonly inputs: number;
  readonly inputsPerSecond: number;
  readonly queuePerSecond: number;
}

/** Prints what batches of about 200 B and of about 2 KB come to. */
export function benchWorld(): void {
  console.log(
    `Inputs per second of one core: 3 brokers, real bytes, hash on, ${virtualMs / 1000} virtual seconds; aim: ${aim} at 200 B`,
  );
  for (const [label, valueBytes] of [
    ["200 B", 120],
    ["2 KB", 1960],
  ] as const) {
    const scenario = fixedWorkload(valueBytes);
    const first = measure(scenario);
    for (let i = 1; i < warmUps; i++) measure(scenario);
    const measured = Array.from({ length: runs }, () => measure(scenario));
    // Counted last: nobody listens while the clock runs, and the compiler has seen nobody listen.
    const acknowledged = countAcknowledged(scenario) / first.inputs;
    const rates = measured.map((one) => one.inputsPerSecond);
    const inputs = median(rates);
    const queue = median(measured.map((one) => one.queuePerSecond));
    const cold = label === "200 B" ? `; the first run ${first.inputsPerSecond.toFixed(0)}` : "";
    console.log(
      `  batches of ${label.padEnd(5)}  ${inputs.toFixed(0)} inputs/s (best ${Math.max(...rates).toFixed(0)}${cold}), ${(inputs * acknowledged).toFixed(0)} acknowledged records/s; a bare queue ${queue.toFixed(0)} entries/s: ${(inputs / queue).toFixed(4)} of it`,
    );
  }
}

function countAcknowledged(scenario: Scenario): number {
  let count = 0;
  const listener = (event: TraceEvent): void => {
    if (event.type === "result" && event.outcome.type === "acknowledged") count += 1;
  };
  advance(createWorld(scenario), newRuntime(kafkaMachines), { listener }, virtualMs * 1000);
  return count;
}

function measure(scenario: Scenario): Measured {
  const world = createWorld(scenario);
  const runtime = newRuntime(kafkaMachines);
  const started = performance.now();
  advance(world, runtime, undefined, virtualMs * 1000);
  const seconds = (performance.now() - started) / 1000;
  return {
    inputs: world.inputs,
    inputsPerSecond: world.inputs / seconds,
    queuePerSecond: world.inputs / bareQueue(world.inputs),
  };
}

/** Seconds that the queue alone takes for as many entries, with as many waiting as a small cluster has. */
function bareQueue(entries: number): number {
  const queue = newQueue();
  const waiting = 64;
  const started = performance.now();
  for (let i = 0; i < waiting; i++) pushEntry(queue, i, i, 0, 0, 0, 0);
  for (let i = 0; i < entries; i++) {
    dropFirst(queue);
    pushEntry(queue, waiting + i * 3, waiting + i, 0, 0, 0, 0);
  }
  return (performance.now() - started) / 1000;
}
