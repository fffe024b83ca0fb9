/*
 * What befalls the controllers: one of them is cut off and knows less than the others when it is back; about that time
 * another loses its disk, or dies, or stands still, while brokers come and go so that there is something to decide.
 */
import fc from "fast-check";
import type { Fault, Scenario } from "../schema.ts";
import { drawnFrom, time } from "./drawing.ts";
import { brokerNames, durationMs, smallCluster } from "./small-cluster.ts";

const names = ["c1", "c2", "c3"] as const;

/** What may happen besides, and when: ms after the one that was cut off is back; a broker dies while it is away. */
const besides = fc.record({
  "disk lost": fc.record({ after: time(-1500, 500), lasts: time(100, 1000) }),
  falls: fc.record({ after: time(-1500, 500), lasts: time(500, 4000) }),
  "falls too": fc.record({ after: time(-1500, 3000), lasts: time(100, 2000) }),
  "cut again": fc.record({ after: time(200, 3000), lasts: time(500, 3000) }),
});
const kinds = ["disk lost", "falls", "falls too", "cut again"] as const;

const how = fc.constantFrom("crash", "crash", "powerLoss", "pause", "stop");

const drawing = fc.record({
  /** Who is cut off, whose disk may be lost (of two of three nobody would know what was decided), and who may fall. */
  order: fc.shuffledSubarray([...names], { minLength: 3, maxLength: 3 }),
  startMs: time(1500, 3000),
  awayMs: time(500, 4000),
  kinds: fc.shuffledSubarray([...kinds], { minLength: 1, maxLength: 4 }),
  besides,
  how,
  howToo: how,
  broker: fc.constantFrom(...brokerNames, undefined),
  brokerAfter: time(-500, 1500),
  brokerLasts: time(500, 3000),
  latency: fc.constantFrom([200, 800], [1000, 5000]),
  interval: fc.constantFrom([20, 60], [40, 120]),
  snapshotBytes: fc.constantFrom(2000, 20_971_520, 20_971_520),
});

type Drawn = typeof drawing extends fc.Arbitrary<infer T> ? T : never;

/** The scenario that this family draws for a seed. */
export function drawQuorum(seed: string): Scenario {
  const drawn = drawnFrom(drawing, seed);
  return smallCluster({
    name: "quorum",
    title: `Controllers that fail, drawn from seed ${seed}`,
    seed,
    controllers: names.length,
    config: {
      "metadata.log.max.record.bytes.between.snapshots": drawn.snapshotBytes,
      "metadata.max.retention.bytes": drawn.snapshotBytes,
    },
    topic: { "min.insync.replicas": 2 },
    latencyUs: drawn.latency,
    writeBackMs: [500, 3000],
    producers: 1,
    acks: "all",
    intervalMs: drawn.interval,
    faults: faultsOf(drawn).filter(({ atMs }) => atMs < durationMs),
  });
}

function faultsOf(drawn: Drawn): Fault[] {
  const { order, startMs, awayMs, broker, brokerAfter, brokerLasts } = drawn;
  const away = { node: order[0] ?? "c1" };
  const others = drawn.kinds.map((kind) => besideOf(kind, drawn));
  const cut: Fault = {
    type: "cut",
    atMs: startMs,
    forMs: awayMs,
    between: [away, { others: true }],
  };
  if (broker === undefined) return [cut, ...others];
  const target = { node: broker };
  return [
    cut,
    ...others,
    { type: "crash", atMs: startMs + brokerAfter, forMs: brokerLasts, target },
  ];
}

function besideOf(kind: (typeof kinds)[number], drawn: Drawn): Fault {
  const [away = "c1", wiped = "c2", falls = "c3"] = drawn.order;
  const { after, lasts: forMs } = drawn.besides[kind];
  const atMs = drawn.startMs + drawn.awayMs + after;
  switch (kind) {
    case "disk lost":
      return { type: "emptyDisk", atMs, forMs, target: { node: wiped } };
    case "falls":
      return { type: drawn.how, atMs, forMs, target: { node: falls } };
    case "falls too":
      return { type: drawn.howToo, atMs, forMs, target: { node: wiped } };
    case "cut again":
      return { type: "cut", atMs, forMs, between: [{ node: away }, { others: true }] };
  }
}
