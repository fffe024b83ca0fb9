/*
 * Everything that can go wrong, in a cluster of any small shape (swarm testing): each seed first picks which classes of
 * faults exist at all, and sizes and settings, then draws faults of these classes alone. Half of its runs keep an atlas:
 * it decides beforehand whom what costs bytes may ever hit, so that every acknowledged record is promised.
 */
import fc from "fast-check";
import { rackAwareSelector } from "#core";
import { quickSettings } from "../library/first-light.ts";
import { parseScenario } from "../parse.ts";
import type { Fault, Scenario } from "../schema.ts";
import { drawnFrom } from "./drawing.ts";
import {
  type Arena,
  type FaultClass,
  faultClasses,
  faultOf,
  drawnFault,
  spareBroker,
  spareTopic,
} from "./storm-faults.ts";

const durationMs = 10_000;

const swarm = fc.record({
  brokers: fc.constantFrom(3, 3, 4, 5),
  controllers: fc.constantFrom(3, 3, 3, 1),
  combined: fc.constantFrom(false, false, false, true),
  racks: fc.boolean(),
  partitions: fc.constantFrom(1, 1, 2, 3),
  minIsr: fc.constantFrom(2, 2, 2, 1),
  replicas: fc.constantFrom(3, 3, 3, 2),
  acks: fc.constantFrom(...Array.from({ length: 11 }, () => "all"), "1"),
  unclean: fc.constantFrom(...Array.from({ length: 5 }, () => false), true),
  elr: fc.constantFrom(1, 1, 1, 1, 0),
  producers: fc.constantFrom(1, 1, 2),
  keys: fc.constantFrom(0, 3),
  interval: fc.constantFrom([20, 60], [40, 120]),
  latency: fc.constantFrom([100, 500], [200, 2000], [1000, 5000], [10_000, 40_000]),
  splitPercent: fc.constantFrom(0, 10, 50),
  // Small ones roll, and what has rolled is flushed: little of it is ever lost.
  segmentBytes: fc.constantFrom(2000, ...Array.from({ length: 4 }, () => 1_073_741_824)),
  // What has had its time goes: too seldom to leave the other promises without records.
  retention: fc.constantFrom<Retention[]>(
    ...Array.from({ length: 10 }, () => "none" as const),
    "time",
    "size",
  ),
  writeBack: fc.constantFrom([500, 3000], [20_000, 30_000], [20_000, 30_000]),
  lag: fc.constantFrom(500, 1500, 1500),
  fetchBytes: fc.constantFrom(200, 1_048_576, 1_048_576),
  indexBytes: fc.constantFrom(150, 1000, 4096),
  snapshotBytes: fc.constantFrom(2000, 20_971_520),
  /** Which classes exist at all, and the weight of each. */
  classes: fc.shuffledSubarray([...faultClasses], { minLength: 1, maxLength: 4 }),
  /** What each seed has besides: without somebody who dies or is cut off little else matters. */
  core: fc.constantFrom<FaultClass[][]>(
    ["island", "power"],
    ["island", "crash"],
    ["island", "power", "crash"],
    ["power"],
    ["crash"],
    ["island"],
  ),
  // Where only crashes strike nobody loses bytes: few seeds are enough for these.
  plan: fc.constantFrom<Plan[]>(
    ...(["free", "free", "free", "free", "free", "free"] as const),
    ...(["crashes", "losses", "losses", "stops", "stops", "stops"] as const),
  ),
  /** Whom an atlas lets be hit. */
  spared: fc.shuffledSubarray([1, 2, 3, 4, 5], { minLength: 5, maxLength: 5 }),
  faults: fc.array(drawnFault, { minLength: 3, maxLength: 7, size: "max" }),
  // With few of them followers take the place of consumers, which are then refused (KIP-227).
  fetchSessions: fc.constantFrom(3, 1000, 1000),
  /** Whether consumers read from a replica in their rack (KIP-392). */
  nearest: fc.boolean(),
  /** A quorum of five now and then: two of its members may fail. */
  five: fc.constantFrom(...Array.from({ length: 11 }, () => false), true),
  // What is flushed with every batch is seldom lost.
  flushMessages: fc.constantFrom(1, 5, ...Array.from({ length: 14 }, () => 1_000_000_000)),
  idempotent: fc.constantFrom(false, ...Array.from({ length: 9 }, () => true)),
});

/**
 * `free`: no atlas. `crashes`: nobody loses bytes, whoever dies. `losses`: at most min.insync.replicas − 1 brokers may be
 * hit, whatever else goes wrong. `stops`: at most N − 1 may, and nothing else can shrink an ISR.
 */
type Plan = "free" | "crashes" | "losses" | "stops";

type Swarm = typeof swarm extends fc.Arbitrary<infer T> ? T : never;

/** All that may go wrong where nothing but stops shrinks an ISR. */
const stopping: readonly FaultClass[] = ["power", "power", "power", "crash", "disk lost"];

/** What costs a replica bytes that it had flushed, or not yet. */
const costly: readonly FaultClass[] = ["power", "disk lost", "lying disk"];

/** The classes of a seed: without a costly one an atlas of losses has nothing to spare, with one one of crashes lies. */
function classesOf({ classes: some, core, plan }: Swarm): readonly FaultClass[] {
  if (plan === "stops") return stopping;
  // Each of the core is as likely as two of the others.
  const all = [...core, ...core, ...some];
  // Whoever serves a rotten record does not know: no atlas promises anything then.
  const classes = plan === "free" ? all : all.filter((one) => one !== "bit rot");
  if (plan === "crashes") {
    const harmless = classes.filter((one) => !costly.includes(one));
    return harmless.includes("crash") ? harmless : [...harmless, "crash"];
  }
  if (plan === "losses" && !classes.some((one) => costly.includes(one)))
    return [...classes, "power"];
  return classes;
}

type Retention = "none" | "time" | "size";

/** An atlas promises all that was acknowledged: there nothing has its time. */
const retentionOf = ({ retention }: Swarm, { isFree }: Arena): Retention =>
  isFree ? retention : "none";

const retained = {
  none: {},
  time: { "retention.ms": 2500 },
  size: { "retention.bytes": 4000 },
} as const;

/** With one in sync an atlas of losses would let nobody be hit. */
const minIsrOf = ({ plan, minIsr }: Swarm): number => (plan === "losses" ? 2 : minIsr);

/** Combined nodes need a broker each. */
const controllersOf = ({ five, combined, controllers }: Swarm): number =>
  five && !combined ? 5 : controllers;

function arenaOf(drawn: Swarm): Arena {
  const { plan, replicas, spared } = drawn;
  const minIsr = minIsrOf(drawn);
  const brokers = Array.from({ length: drawn.brokers }, (_, i) => `b${i + 1}`);
  const least = minIsr < replicas ? minIsr : replicas;
  const hit = spared
    .filter((id) => id <= drawn.brokers)
    .slice(0, plan === "stops" ? replicas - 1 : least - 1);
  return {
    brokers,
    controllers: Array.from({ length: controllersOf(drawn) }, (_, i) => `c${i + 1}`),
    partitions: Array.from({ length: drawn.partitions }, (_, i) => `orders-${i}`),
    clients: [...Array.from({ length: drawn.producers }, (_, i) => `p${i + 1}`), "k1"],
    racks: drawn.racks ? ["r1", "r2"] : [],
    isFree: plan === "free",
    mayBeHit: plan === "losses" || plan === "stops" ? hit.map((id) => `b${id}`) : brokers,
  };
}

/** The scenario that this family draws for a seed. */
export function drawStorm(seed: string): Scenario {
  const drawn = drawnFrom(swarm, seed);
  const { plan, producers } = drawn;
  const arena = arenaOf(drawn);
  const classes = classesOf(drawn);
  const faults = drawn.faults
    .flatMap((one) => faultOf(one, classes, arena))
    .filter((fault): fault is Fault => fault !== undefined && fault.atMs < durationMs)
    .toSorted((a, b) => a.atMs - b.atMs);
  return parseScenario({
    version: 1,
    name: `storm/${plan}`,
    title: `Storm, drawn from seed ${seed}`,
    about: `Drawn from the family \`storm\`: ${classes.join(", ")}.`,
    seed,
    durationMs,
    cluster: clusterOf(
      drawn,
      arena,
      faults.some(({ type }) => type === "addBroker"),
    ),
    network: { latencyUs: drawn.latency, splitPercent: drawn.splitPercent },
    disk: { writeBackMs: drawn.writeBack },
    topics: [
      ...(faults.some(({ type }) => type === "deleteTopic")
        ? [{ name: spareTopic, replicationFactor: 2 }]
        : []),
      {
        name: "orders",
        partitions: drawn.partitions,
        replicationFactor: drawn.replicas,
        config: {
          "min.insync.replicas": minIsrOf(drawn),
          "unclean.leader.election.enable": arena.isFree && drawn.unclean,
          "segment.bytes": retentionOf(drawn, arena) === "none" ? drawn.segmentBytes : 2000,
          ...retained[retentionOf(drawn, arena)],
          "flush.messages": drawn.flushMessages,
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
        valueBytes: 60,
        config: {
          acks: arena.isFree ? drawn.acks : "all",
          ...(drawn.idempotent ? {} : { "enable.idempotence": false }),
          "request.timeout.ms": 1000,
          "delivery.timeout.ms": 5000,
        },
      })),
      consumers: [reader(drawn)],
    },
    faults,
    heal: "least",
    ...(arena.isFree ? {} : { atlas: true }),
  });
}

const reader = ({ racks, nearest }: Swarm) => ({
  name: "k1",
  topic: "orders",
  startMs: 500,
  from: "earliest",
  pollMs: 500,
  endsMs: 250,
  config: racks && nearest ? { "client.rack": "r2" } : {},
});

const clusterOf = (
  drawn: Swarm,
  { brokers, controllers, racks, isFree }: Arena,
  isGrowing: boolean,
) => ({
  brokers: [
    ...brokers.map((_, i) => ({
      id: i + 1,
      rack: racks.length === 0 ? null : (racks[i % racks.length] ?? null),
    })),
    ...(isGrowing ? [{ id: spareBroker, rack: null }] : []),
  ],
  controllers: controllers.map((_, i) => ({
    id: 101 + i,
    // One process on one machine; an atlas counts brokers, so that there each has its own.
    ...(drawn.combined && isFree ? { on: i + 1 } : {}),
  })),
  config: {
    ...quickSettings,
    // Where stops alone may shrink an ISR nobody leaves it for mere lag.
    "replica.lag.time.max.ms": drawn.plan === "stops" ? 600_000 : drawn.lag,
    "replica.fetch.max.bytes": drawn.fetchBytes,
    "log.index.interval.bytes": drawn.indexBytes,
    "max.incremental.fetch.session.cache.slots": drawn.fetchSessions,
    ...(drawn.racks && drawn.nearest ? { "replica.selector.class": rackAwareSelector } : {}),
    "log.retention.check.interval.ms": 700,
    "log.flush.start.offset.checkpoint.interval.ms": 1100,
    "metadata.log.max.record.bytes.between.snapshots": drawn.snapshotBytes,
    "metadata.max.retention.bytes": drawn.snapshotBytes,
    "eligible.leader.replicas.version": isFree ? drawn.elr : 1,
  },
});
