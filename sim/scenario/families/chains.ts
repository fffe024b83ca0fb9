/*
 * What goes wrong when faults meet: a family whose faults come in chains, each beginning where the one before is felt
 * (together with it, when a session has run out, when a replica has lagged too long, when it is healed). Old flaws of
 * Kafka hide in such moments; the family knows of none of them.
 */
import fc from "fast-check";
import type { Fault, FaultTarget, Scenario } from "../schema.ts";
import { drawnFrom, time } from "./drawing.ts";
import { brokerNames, durationMs, orders, sessionMs, smallCluster } from "./small-cluster.ts";

type Single = "crash" | "powerLoss" | "stop" | "pause" | "cut" | "cut controller";
type What = Single | "stop, powerLoss" | "cut, stop";

/** One fault of a chain, before it is known when it strikes. */
const link = fc.record({
  what: fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom<What[]>("crash", "powerLoss") },
    { weight: 2, arbitrary: fc.constantFrom<What[]>("stop", "pause") },
    { weight: 6, arbitrary: fc.constant<What>("cut") },
    { weight: 1, arbitrary: fc.constant<What>("cut controller") },
    // Two in one: whoever is asked to stop loses its power, or its way to the controllers, on the way out.
    { weight: 1, arbitrary: fc.constantFrom<What[]>("stop, powerLoss", "cut, stop") },
  ),
  /** The broker that it is about: one of the chain's own, or who leads. */
  whom: fc.constantFrom<(0 | 1 | 2 | "leader")[]>(0, 0, 1, 2, "leader", "leader", "leader"),
  /** From whom a cut parts it, or who falls with it. */
  side: fc.constantFrom("controller", "one", "one and controller", "brokers", "all", "alone"),
  anchor: fc.constantFrom("together", "session", "lag", "healed", "healed", "later"),
  /** Where between the ends of its anchor it strikes, in hundredths. */
  place: fc.nat(100),
  lasts: fc.oneof(
    { weight: 2, arbitrary: time(50, 600) },
    { weight: 3, arbitrary: time(1200, 2000) },
    { weight: 3, arbitrary: time(2000, 4000) },
  ),
});

type Link = typeof link extends fc.Arbitrary<infer T> ? T : never;

const drawing = fc.record({
  order: fc.shuffledSubarray([...brokerNames], { minLength: 3, maxLength: 3 }),
  controllers: fc.constantFrom(1, 3),
  startMs: time(1500, 3500),
  links: fc.array(link, { minLength: 2, maxLength: 4, size: "max" }),
  minIsr: fc.constantFrom(2, 2, 2, 1),
  acks: fc.constantFrom<("all" | "1")[]>(...Array.from({ length: 9 }, () => "all" as const), "1"),
  unclean: fc.constantFrom(false, false, false, true),
  heartbeat: fc.constantFrom(300, 1000),
  lag: fc.constantFrom(500, 1500),
  checkpoint: fc.constantFrom(1000, 5000),
  // A replica that is far behind needs many fetches, or one.
  fetchBytes: fc.constantFrom(100, 100, 1_048_576),
  // Far from one another, what is under way is under way for long.
  latency: fc.constantFrom([200, 800], [1000, 5000], [20_000, 80_000], [20_000, 80_000]),
  interval: fc.constantFrom([10, 30], [30, 80]),
  writeBack: fc.constantFrom([500, 3000], [20_000, 30_000]),
});

/** The scenario that this family draws for a seed. */
export function drawChains(seed: string): Scenario {
  const drawn = drawnFrom(drawing, seed);
  return smallCluster({
    name: "chains",
    title: `Chained faults, drawn from seed ${seed}`,
    seed,
    controllers: drawn.controllers,
    config: {
      "broker.heartbeat.interval.ms": drawn.heartbeat,
      "replica.lag.time.max.ms": drawn.lag,
      "replica.high.watermark.checkpoint.interval.ms": drawn.checkpoint,
      "replica.fetch.max.bytes": drawn.fetchBytes,
    },
    topic: {
      "min.insync.replicas": drawn.minIsr,
      "unclean.leader.election.enable": drawn.unclean,
    },
    latencyUs: drawn.latency,
    writeBackMs: drawn.writeBack,
    producers: 1,
    acks: drawn.acks,
    intervalMs: drawn.interval,
    faults: chainOf(drawn.links, cast(drawn.order, drawn.controllers), drawn.startMs, drawn.lag),
  });
}

/** Whom a chain may be about. */
interface Cast {
  readonly brokers: readonly string[];
  readonly controllers: readonly string[];
}

const cast = (brokers: readonly string[], controllers: number): Cast => ({
  brokers,
  controllers: Array.from({ length: controllers }, (_, i) => `c${i + 1}`),
});

/** The faults of a chain: each strikes at a moment of the one before. */
function chainOf(links: readonly Link[], whole: Cast, startMs: number, lagMs: number): Fault[] {
  const faults: Fault[] = [];
  let began = startMs;
  let healed = startMs;
  for (const [i, one] of links.entries()) {
    const atMs = i === 0 ? startMs : momentOf(one, began, healed, lagMs);
    if (atMs >= durationMs) break;
    const struck = faultsOf(one, whole, atMs);
    faults.push(...struck);
    began = atMs;
    healed = Math.max(...struck.map((fault) => fault.atMs + (fault.forMs ?? 0)));
  }
  return faults;
}

function momentOf({ anchor, place }: Link, began: number, healed: number, lagMs: number): number {
  const within = (low: number, high: number): number =>
    Math.max(0, low + Math.floor((place * (high - low)) / 100));
  switch (anchor) {
    case "together":
      return within(began, began + 200);
    case "session":
      return within(began + sessionMs - 300, began + sessionMs + 500);
    case "lag":
      return within(began + lagMs - 100, began + 2 * lagMs + 100);
    case "healed":
      return within(healed - 200, healed + 800);
    default:
      return within(began + 200, began + 3000);
  }
}

/** Longer than a broker waits for the controllers when it is asked to stop. */
const longerThanPatience = 2 * sessionMs + 300;

function faultsOf(one: Link, whole: Cast, atMs: number): Fault[] {
  const { what, whom, lasts, place } = one;
  const who: FaultTarget = { node: whole.brokers[whom === "leader" ? 0 : whom] ?? "b1" };
  const soonMs = atMs + place;
  switch (what) {
    case "stop, powerLoss":
      return [
        { type: "stop", atMs, target: who },
        { type: "powerLoss", atMs: soonMs, forMs: lasts, target: who },
      ];
    case "cut, stop": {
      const forMs = longerThanPatience + Math.floor(lasts / 4);
      const between = [who, { role: "controllers" }] as const;
      return [
        { type: "cut", atMs, forMs, between },
        { type: "stop", atMs: soonMs, forMs: lasts, target: who },
      ];
    }
    default:
      return [faultOf(one, what, whole, atMs)];
  }
}

function faultOf(
  { whom, side, lasts }: Link,
  what: Single,
  { brokers: order, controllers }: Cast,
  atMs: number,
): Fault {
  const own: FaultTarget = whom === "leader" ? { leaderOf: orders } : { node: order[whom] ?? "b1" };
  const others = order.filter((name) => whom === "leader" || name !== order[whom]);
  const [neighbour = "b2"] = whom === "leader" ? order.slice(1) : others;
  if (what === "cut controller") {
    const one = controllers[whom === "leader" ? 0 : whom] ?? "c1";
    return { type: "cut", atMs, forMs: lasts, between: [{ node: one }, { others: true }] };
  }
  if (what === "cut") {
    const far: Record<Link["side"], FaultTarget> = {
      controller: { role: "controllers" },
      one: { node: neighbour },
      "one and controller": { nodes: [neighbour, ...controllers] },
      brokers: whom === "leader" ? { followersOf: orders } : { nodes: others },
      all: { nodes: [...others, ...controllers] },
      alone: { others: true },
    };
    return { type: "cut", atMs, forMs: lasts, between: [own, far[side]] };
  }
  const target = side === "brokers" && whom !== "leader" ? { nodes: others } : own;
  return { type: what, atMs, forMs: lasts, target };
}
