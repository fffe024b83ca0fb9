/*
 * What may happen to a small cluster within ten seconds: the family in which the guarantees are searched. Half of its
 * runs follow an atlas that decides beforehand whom stops may hit, so that every acknowledged record is promised; in
 * the other half faults fall freely and each record is judged by itself.
 */
import fc from "fast-check";
import { quickSettings } from "../library/first-light.ts";
import { parseScenario } from "../parse.ts";
import type { Fault, FaultTarget, Scenario } from "../schema.ts";
import { drawnFrom, time } from "./drawing.ts";

const durationMs = 10_000;
const replicationFactor = 3;

const partition = fc.constantFrom("orders-0");
const broker = fc.constantFrom("b1", "b2", "b3");

const target: fc.Arbitrary<FaultTarget> = fc.oneof(
  { weight: 6, arbitrary: partition.map((leaderOf) => ({ leaderOf })) },
  { weight: 3, arbitrary: broker.map((node) => ({ node })) },
  { weight: 1, arbitrary: partition.map((followersOf) => ({ followersOf })) },
);

/** Long enough for a session to end, or not. */
const outage = fc.oneof(
  { weight: 3, arbitrary: time(1500, 4000) },
  { weight: 1, arbitrary: time(50, 1000) },
);

const at = time(1500, 7500);

/** Late enough that much is acknowledged, and little of it on the platter. */
const lateAt = time(4000, 8000);

const stopping = (
  type: "crash" | "powerLoss" | "stop" | "pause",
  whom = target,
  when = at,
): fc.Arbitrary<Fault> =>
  fc.record({ type: fc.constant(type), atMs: when, forMs: outage, target: whom });

/** The leader goes on with its clients, but neither replicates nor is heard by the controller. */
const islandOf = (rest: readonly string[]): fc.Arbitrary<Fault> =>
  fc.record({
    type: fc.constant("cut" as const),
    atMs: at,
    forMs: time(1500, 3500),
    between: fc.constant<readonly [FaultTarget, FaultTarget]>([
      { leaderOf: "orders-0" },
      { nodes: rest },
    ]),
  });

const cutOff: fc.Arbitrary<Fault> = fc.record({
  type: fc.constant("cut" as const),
  atMs: at,
  forMs: outage,
  between: fc.oneof(
    fc.constant<readonly [FaultTarget, FaultTarget]>([{ leaderOf: "orders-0" }, { others: true }]),
    fc.constant<readonly [FaultTarget, FaultTarget]>([
      { leaderOf: "orders-0" },
      { role: "clients" },
    ]),
    fc.constant<readonly [FaultTarget, FaultTarget]>([
      { role: "controllers" },
      { role: "brokers" },
    ]),
    fc
      .tuple(broker, broker)
      .map(([a, b]): readonly [FaultTarget, FaultTarget] => [{ node: a }, { node: b }]),
  ),
});

const reset: fc.Arbitrary<Fault> = fc.record({
  type: fc.constant("reset" as const),
  atMs: at,
  between: fc.constant<readonly [FaultTarget, FaultTarget]>([
    { leaderOf: "orders-0" },
    { others: true },
  ]),
});

/** Power for all of them at once: no replica is spared. */
const blackout: fc.Arbitrary<Fault> = stopping("powerLoss", fc.constant({ role: "brokers" }));

/** One broker falls behind while the others go on; then they die, and the one that is back is the only one there. */
const leftBehind = (rest: readonly string[]): fc.Arbitrary<Fault[]> =>
  fc
    .record({ behind: broker, atMs: time(1500, 5000), forMs: time(2000, 3000), downMs: outage })
    .map(({ behind, atMs, forMs, downMs }) => [
      { type: "cut", atMs, forMs, between: [{ node: behind }, { nodes: rest }] },
      {
        type: "crash",
        atMs: atMs + forMs - 100,
        forMs: downMs,
        target: { nodes: ["b1", "b2", "b3"].filter((name) => name !== behind) },
      },
    ]);

const one = (fault: fc.Arbitrary<Fault>): fc.Arbitrary<Fault[]> => fault.map((drawn) => [drawn]);

const free = (rest: readonly string[]): fc.Arbitrary<Fault[]> =>
  fc
    .array(
      fc.oneof(
        { weight: 5, arbitrary: one(stopping("crash")) },
        { weight: 5, arbitrary: one(stopping("powerLoss")) },
        { weight: 5, arbitrary: one(islandOf(rest)) },
        { weight: 2, arbitrary: one(stopping("pause")) },
        { weight: 2, arbitrary: one(stopping("stop")) },
        { weight: 2, arbitrary: one(cutOff) },
        { weight: 1, arbitrary: one(reset) },
        { weight: 3, arbitrary: one(blackout) },
        { weight: 2, arbitrary: leftBehind(rest) },
        { weight: 1, arbitrary: one(stopping("crash", fc.constant({ role: "controllers" }))) },
      ),
      { minLength: 1, maxLength: 4, size: "max" },
    )
    .map((drawn) => drawn.flat());

/** Only crashes, of anybody, however often: what the page cache holds comes back. Cuts and pauses may shrink the ISR. */
const atlasOfCrashes = (rest: readonly string[]): fc.Arbitrary<Fault[]> =>
  fc
    .tuple(
      stopping("crash"),
      fc.array(
        fc.oneof(
          { weight: 3, arbitrary: stopping("crash") },
          { weight: 3, arbitrary: islandOf(rest) },
          { weight: 1, arbitrary: stopping("pause") },
          { weight: 1, arbitrary: cutOff },
        ),
        { minLength: 0, maxLength: 3, size: "max" },
      ),
    )
    .map(([first, others]) => [first, ...others]);

/** Power losses and crashes of two of three replicas, while nothing else can shrink an ISR. */
const atlasOfPowerLosses: fc.Arbitrary<Fault[]> = fc
  .shuffledSubarray(["b1", "b2", "b3"], { minLength: 1, maxLength: 2 })
  .chain((names) =>
    fc.tuple(
      ...names.map((node) =>
        fc.oneof(
          { weight: 6, arbitrary: stopping("powerLoss", fc.constant({ node }), lateAt) },
          { weight: 1, arbitrary: stopping("crash", fc.constant({ node })) },
        ),
      ),
    ),
  )
  .map((faults) => [...faults]);

const plans = (rest: readonly string[]) =>
  fc.oneof(
    { weight: 8, arbitrary: free(rest).map((faults) => ({ kind: "free", faults })) },
    { weight: 3, arbitrary: atlasOfCrashes(rest).map((faults) => ({ kind: "crashes", faults })) },
    {
      weight: 5,
      arbitrary: atlasOfPowerLosses.map((faults) => ({ kind: "power-losses", faults })),
    },
  );

const rest = ["b1", "b2", "b3", "c1", "c2", "c3"] as const;

/** The draws of one scenario; flat, so that each means the same wherever it is drawn. */
const drawing = fc.record({
  plan: plans(rest),
  partitions: fc.integer({ min: 1, max: 2 }),
  minIsr: fc.constantFrom(2, 2, 2, 1),
  acks: fc.constantFrom(...Array.from({ length: 17 }, () => "all"), "1", "1", "0"),
  unclean: fc.constantFrom(false, false, false, true),
  producers: fc.integer({ min: 1, max: 2 }),
  keys: fc.constantFrom(0, 3, 6),
  interval: fc.constantFrom([20, 60], [30, 90], [40, 120]),
  linger: fc.constantFrom(0, 5, 20),
  valueBytes: fc.constantFrom(40, 100, 400),
  latency: fc.constantFrom([100, 500], [200, 2000], [1000, 5000]),
  splitPercent: fc.constantFrom(0, 10, 50),
  // Small ones roll, and what has rolled is flushed: little of it is ever lost.
  segmentBytes: fc.constantFrom(4000, ...Array.from({ length: 5 }, () => 1_073_741_824)),
  writeBack: fc.constantFrom([500, 3000], [10_000, 30_000], [20_000, 30_000]),
});

/** Where stops alone may shrink an ISR nobody leaves it for mere lag. */
const settingsOf = (kind: string) =>
  kind === "power-losses"
    ? { ...quickSettings, "replica.lag.time.max.ms": 600_000 }
    : quickSettings;

/** The scenario that this family draws for a seed. */
export function drawFailover(seed: string): Scenario {
  const drawn = drawnFrom(drawing, seed);
  const { plan, producers } = drawn;
  // An atlas is a promise made beforehand, so its other preconditions hold too.
  const isFree = plan.kind === "free";
  const acks = isFree ? drawn.acks : "all";
  return parseScenario({
    version: 1,
    name: `failover/${plan.kind}`,
    title: `Failover, drawn from seed ${seed}`,
    about: "Drawn from the family `failover`.",
    seed,
    durationMs,
    cluster: { brokers: [{ id: 1 }, { id: 2 }, { id: 3 }], config: settingsOf(plan.kind) },
    network: { latencyUs: drawn.latency, splitPercent: drawn.splitPercent },
    disk: { writeBackMs: drawn.writeBack },
    topics: [
      {
        name: "orders",
        partitions: drawn.partitions,
        replicationFactor,
        config: {
          "min.insync.replicas": drawn.minIsr,
          "unclean.leader.election.enable": isFree && drawn.unclean,
          "segment.bytes": drawn.segmentBytes,
        },
      },
    ],
    workload: {
      producers: Array.from({ length: producers }, (_, i) => ({
        name: `p${i + 1}`,
        topic: "orders",
        startMs: 500,
        endMs: 9500,
        intervalMs: drawn.interval.map((ms) => ms * producers),
        keys: drawn.keys,
        valueBytes: drawn.valueBytes,
        config: {
          acks,
          "linger.ms": drawn.linger,
          "request.timeout.ms": 1000,
          "delivery.timeout.ms": 5000,
        },
      })),
      consumers: [
        { name: "k1", topic: "orders", startMs: 500, from: "earliest", pollMs: 500, endsMs: 250 },
      ],
    },
    heal: "least",
    faults: plan.faults.toSorted((a, b) => a.atMs - b.atMs),
  });
}
