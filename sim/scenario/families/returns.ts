/*
 * Replicas that come back: one falls out of sync, is let in again, and just then it fails once more, or the leader or
 * itself loses its way to the controllers, so that one's word for the other arrives late.
 */
import fc from "fast-check";
import type { Fault, FaultTarget, Scenario } from "../schema.ts";
import { drawnFrom, time } from "./drawing.ts";
import { brokerNames, durationMs, orders, smallCluster } from "./small-cluster.ts";

/** How somebody fell out of sync. */
const leaving = fc.record({
  what: fc.constantFrom("cut", "cut", "cut", "cut", "crash", "pause"),
  whom: fc.constantFrom<(0 | 1 | 2)[]>(0, 1, 2),
  atMs: time(1500, 3500),
  lasts: time(1000, 3000),
});

/** What may happen about the time when it comes back. */
const kinds = ["unheard", "leader unheard", "powerLoss", "another"] as const;

/** When each of them strikes, in ms after that time, and how long it lasts. */
const meetings = fc.record({
  unheard: fc.record({ after: time(-900, 0), lasts: time(800, 1800) }),
  "leader unheard": fc.record({ after: time(-50, 350), lasts: time(700, 1500) }),
  powerLoss: fc.record({ after: time(200, 900), lasts: time(50, 600) }),
  another: fc.record({ after: time(-500, 1500), lasts: time(500, 2500) }),
});

const drawing = fc.record({
  controllers: fc.constantFrom(1, 3),
  leaving,
  kinds: fc.shuffledSubarray([...kinds], { minLength: 2, maxLength: 4 }),
  meetings,
  another: fc.constantFrom("crash" as const, "powerLoss" as const, "pause" as const),
  whom: fc.constantFrom<(0 | 1 | 2 | "leader")[]>(0, 1, 2, "leader", "leader", "leader"),
  minIsr: fc.constantFrom(2, 2, 1),
  heartbeat: fc.constantFrom(300, 1000),
  lag: fc.constantFrom(500, 500, 1500),
  // A replica that is far behind needs many fetches, or one.
  fetchBytes: fc.constantFrom(100, 100, 100, 1_048_576),
  latency: fc.constantFrom([200, 800], [1000, 5000]),
  interval: fc.constantFrom([5, 15], [10, 30]),
  // What is not flushed goes with the power, and little is.
  writeBack: fc.constantFrom([500, 3000], [20_000, 30_000], [20_000, 30_000]),
});

type Drawn = typeof drawing extends fc.Arbitrary<infer T> ? T : never;

/** The scenario that this family draws for a seed. */
export function drawReturns(seed: string): Scenario {
  const drawn = drawnFrom(drawing, seed);
  const faults = [leavingFault(drawn), ...drawn.kinds.map((kind) => meetingFault(kind, drawn))];
  return smallCluster({
    name: "returns",
    title: `Replicas that come back, drawn from seed ${seed}`,
    seed,
    controllers: drawn.controllers,
    config: {
      "broker.heartbeat.interval.ms": drawn.heartbeat,
      "replica.lag.time.max.ms": drawn.lag,
      "replica.fetch.max.bytes": drawn.fetchBytes,
    },
    topic: { "min.insync.replicas": drawn.minIsr },
    latencyUs: drawn.latency,
    writeBackMs: drawn.writeBack,
    producers: 1,
    acks: "all",
    intervalMs: drawn.interval,
    faults: faults.filter(({ atMs }) => atMs < durationMs),
  });
}

function leavingFault({ leaving: { what, whom, atMs, lasts } }: Drawn): Fault {
  const target: FaultTarget = { node: brokerNames[whom] };
  if (what !== "cut") return { type: what, atMs, forMs: lasts, target };
  const others = brokerNames.filter((_, i) => i !== whom);
  return { type: "cut", atMs, forMs: lasts, between: [target, { nodes: others }] };
}

function meetingFault(kind: (typeof kinds)[number], drawn: Drawn): Fault {
  const { leaving: left, meetings, another, whom } = drawn;
  const { after, lasts: forMs } = meetings[kind];
  const atMs = left.atMs + left.lasts + after;
  const itself: FaultTarget = { node: brokerNames[left.whom] };
  const leader: FaultTarget = { leaderOf: orders };
  switch (kind) {
    case "unheard":
      return { type: "cut", atMs, forMs, between: [itself, { role: "controllers" }] };
    case "leader unheard":
      return { type: "cut", atMs, forMs, between: [leader, { role: "controllers" }] };
    case "powerLoss":
      return { type: "powerLoss", atMs, forMs, target: itself };
    case "another": {
      const target = whom === "leader" ? leader : { node: brokerNames[whom] };
      return { type: another, atMs, forMs, target };
    }
  }
}
