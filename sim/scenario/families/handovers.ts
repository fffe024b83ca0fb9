/*
 * Leadership that changes hands quickly: brokers that stop cleanly or die one soon after another, partitions that are
 * given back to their preferred leaders, and meanwhile somebody who hears only a part of it. Between two epochs that
 * follow so closely a replica may miss the first of them; the family knows of no flaw that minds.
 */
import fc from "fast-check";
import type { Fault, FaultTarget, Scenario } from "../schema.ts";
import { drawnFrom, time } from "./drawing.ts";
import { brokerNames, durationMs, orders, sessionMs, smallCluster } from "./small-cluster.ts";

const three = <T>(value: T): readonly T[] => [value, value, value];

const link = fc.record({
  what: fc.oneof(
    { weight: 5, arbitrary: fc.constant("stop" as const) },
    { weight: 2, arbitrary: fc.constant("crash" as const) },
    { weight: 1, arbitrary: fc.constant("pause" as const) },
    { weight: 5, arbitrary: fc.constant("cut" as const) },
  ),
  /** The broker that it is about: one by name, or who leads when it strikes. */
  whom: fc.constantFrom<(0 | 1 | 2 | "leader")[]>(0, 1, 2, "leader", "leader", "leader"),
  /** From whom a cut parts it. */
  side: fc.constantFrom("brokers", "brokers", "controllers", "one and controllers"),
  /** Which of the brokers is the one. */
  one: fc.constantFrom(...brokerNames),
  /** After what the next one follows: what began, a session that has run out, or what was healed. */
  anchor: fc.constantFrom("soon", "soon", "soon", "session", "healed"),
  /** Where between the ends of its anchor it strikes, in hundredths. */
  place: fc.nat(100),
  /** Shorter than a session, most of them: nobody is given up. */
  lasts: fc.oneof(
    { weight: 3, arbitrary: time(200, 1400) },
    { weight: 1, arbitrary: time(1500, 3000) },
  ),
});

type Link = typeof link extends fc.Arbitrary<infer T> ? T : never;

/** How a leader goes. */
const going = fc.constantFrom(...three("stop" as const), "crash" as const);

/** The leader goes, and soon after it the next one, which did not hear the other brokers meanwhile. */
const relay = fc.record({
  goes: going,
  goesAgain: going,
  deaf: fc.constantFrom(...brokerNames),
  /** How long before the first goes, and how long in all: ms. */
  before: time(20, 400),
  lasts: time(500, 1500),
  gap: time(100, 1000),
  downMs: time(500, 2500),
});

/** The leader goes, comes back, is given its partition again, and goes again; who led meanwhile hears little of that. */
const round = fc.record({
  goes: going,
  goesAgain: going,
  gap: time(1200, 3000),
  downMs: time(50, 600),
  side: fc.constantFrom("controllers" as const, ...three("one and controllers" as const)),
  one: fc.constantFrom(...brokerNames),
  /** How long before the leader goes again, and how long in all: ms. */
  before: time(100, 1000),
  lasts: time(600, 1400),
});

/** The leader goes while somebody is out of sync, and the next one lets it in again, far away and bit by bit. */
const away = fc.record({
  goes: going,
  deaf: fc.constantFrom(...brokerNames),
  /** How long before the leader goes, and how long in all: ms. */
  before: time(800, 2500),
  lasts: time(1500, 5000),
  downMs: time(1000, 4000),
});

/** Settings under which it takes a while until somebody is in sync again. */
const farAway = {
  config: { "replica.lag.time.max.ms": 500, "replica.fetch.max.bytes": 100 },
  latencyUs: [20_000, 80_000],
} as const;

const drawing = fc.record({
  controllers: fc.constantFrom(1, 3),
  startMs: time(1500, 3500),
  plan: fc.constantFrom("relay", "relay", "round", "round", "chain"),
  relay,
  round,
  links: fc.array(link, { minLength: 2, maxLength: 4, size: "max" }),
  minIsr: fc.constantFrom(2, 2, 1),
  // Whoever waits for nobody writes on where others wait for a replica that is cut off.
  acks: fc.constantFrom<("all" | "1")[]>("all", "1"),
  producers: fc.constantFrom(2, 3),
  lag: fc.constantFrom(500, 1500, 1500),
  // How often partitions go back to their preferred leaders, in s.
  balance: fc.constantFrom(1, 1, 1, 1, 300),
  latency: fc.constantFrom([200, 800], [1000, 5000], [5000, 20_000]),
  interval: fc.constantFrom([5, 15], [10, 30]),
  isAway: fc.constantFrom(true, false, false, false),
  away,
});

/** The scenario that this family draws for a seed. */
export function drawHandovers(seed: string): Scenario {
  const drawn = drawnFrom(drawing, seed);
  const { controllers, isAway } = drawn;
  return smallCluster({
    name: "handovers",
    title: `Quick handovers, drawn from seed ${seed}`,
    seed,
    controllers,
    config: {
      "replica.lag.time.max.ms": drawn.lag,
      "leader.imbalance.check.interval.seconds": drawn.balance,
      ...(isAway ? farAway.config : {}),
    },
    topic: { "min.insync.replicas": drawn.minIsr },
    latencyUs: isAway ? farAway.latencyUs : drawn.latency,
    writeBackMs: [500, 3000],
    producers: drawn.producers,
    acks: drawn.acks,
    intervalMs: drawn.interval,
    faults: isAway ? awayOf(drawn) : faultsOf(drawn),
  });
}

type Drawn = typeof drawing extends fc.Arbitrary<infer T> ? T : never;

function awayOf({ away: drawn, startMs, controllers }: Drawn): Fault[] {
  const { goes, deaf, before, lasts, downMs } = drawn;
  const atMs = Math.max(0, startMs - before);
  return [
    cutOf({ node: deaf }, { side: "brokers", one: deaf }, atMs, lasts, controllers),
    { type: goes, atMs: startMs, forMs: downMs, target: { leaderOf: orders } },
  ];
}

function faultsOf(drawn: Drawn): Fault[] {
  switch (drawn.plan) {
    case "relay":
      return relayOf(drawn);
    case "round":
      return roundOf(drawn);
    default:
      return chainOf(drawn);
  }
}

function relayOf({ relay: drawn, startMs, controllers }: Drawn): Fault[] {
  const { goes, goesAgain, deaf, before, lasts, gap, downMs } = drawn;
  const target: FaultTarget = { leaderOf: orders };
  const cut = { side: "brokers", one: deaf } as const;
  return [
    cutOf({ node: deaf }, cut, startMs - before, lasts, controllers),
    { type: goes, atMs: startMs, forMs: downMs, target },
    { type: goesAgain, atMs: startMs + gap, forMs: downMs, target },
  ];
}

function roundOf({ round: drawn, startMs, controllers }: Drawn): Fault[] {
  const { goes, goesAgain, gap, downMs, before, lasts } = drawn;
  const target: FaultTarget = { leaderOf: orders };
  const again = startMs + gap;
  return [
    { type: goes, atMs: startMs, forMs: downMs, target },
    cutOf(target, drawn, again - before, lasts, controllers),
    { type: goesAgain, atMs: again, forMs: downMs + 1000, target },
  ];
}

function chainOf({ links, startMs, controllers }: Drawn): Fault[] {
  const faults: Fault[] = [];
  let began = startMs;
  let healed = startMs;
  for (const [i, one] of links.entries()) {
    const atMs = i === 0 ? startMs : momentOf(one, began, healed);
    if (atMs >= durationMs) break;
    faults.push(faultOf(one, atMs, controllers));
    began = atMs;
    healed = atMs + one.lasts;
  }
  return faults;
}

function momentOf({ anchor, place }: Link, began: number, healed: number): number {
  const within = (low: number, high: number): number =>
    low + Math.floor((place * (high - low)) / 100);
  switch (anchor) {
    case "soon":
      return within(began + 20, began + 700);
    case "session":
      return within(began + sessionMs, began + sessionMs + 700);
    default:
      return within(healed, healed + 2000);
  }
}

function faultOf(drawn: Link, atMs: number, controllers: number): Fault {
  const { what, whom, lasts } = drawn;
  const target: FaultTarget =
    whom === "leader" ? { leaderOf: orders } : { node: brokerNames[whom] };
  if (what === "cut") return cutOf(target, drawn, atMs, lasts, controllers);
  return { type: what, atMs, forMs: lasts, target };
}

function cutOf(
  target: FaultTarget,
  { side, one }: Pick<Link, "side" | "one">,
  atMs: number,
  forMs: number,
  controllers: number,
): Fault {
  const all = Array.from({ length: controllers }, (_, i) => `c${i + 1}`);
  const far: Record<Link["side"], FaultTarget> = {
    brokers: { role: "brokers" },
    controllers: { role: "controllers" },
    "one and controllers": { nodes: [one, ...all] },
  };
  return { type: "cut", atMs, forMs, between: [target, far[side]] };
}
