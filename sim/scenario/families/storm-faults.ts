/*
 * The faults of the family `storm`, by class. A fault is drawn before it is known which classes its seed has: numbers
 * that choose among what there is. So a seed's faults stay much the same when a class is added or taken away.
 */
import fc from "fast-check";
import type { Fault, FaultCondition, FaultTarget } from "../schema.ts";
import { time } from "./drawing.ts";

/** Classes of faults of which each seed has some. */
export const faultClasses = [
  "island",
  "crash",
  "power",
  "disk lost",
  "clean stop",
  "pause",
  "restart",
  "rolling restart",
  "slow process",
  "cut",
  "one-way cut",
  "slow network",
  "connections",
  "slow disk",
  "bad disk",
  "lying disk",
  "bit rot",
  "clock",
  "controllers",
  "operator",
  "clients",
] as const;

export type FaultClass = (typeof faultClasses)[number];

/** What there is to be struck. */
export interface Arena {
  readonly brokers: readonly string[];
  readonly controllers: readonly string[];
  readonly partitions: readonly string[];
  readonly clients: readonly string[];
  readonly racks: readonly string[];
  readonly isFree: boolean;
  /** Brokers whose process may die, or whose bytes may go; where faults fall freely, all. */
  readonly mayBeHit: readonly string[];
}

/** A topic that the operator may delete, and a broker that may be added: nobody else needs them. */
export const spareTopic = "spare";
export const spareBroker = 9;

/** A fault before it is known which classes there are: numbers from 0 to 999 choose among what there is. */
export const drawnFault = fc.record({
  what: fc.nat(999),
  whom: fc.nat(999),
  more: fc.nat(999),
  // Half of them late enough that much is acknowledged, and little of it on the platter.
  atMs: fc.oneof(time(1500, 9500), time(5000, 9000)),
  forMs: fc.oneof(
    { weight: 1, arbitrary: time(50, 600) },
    { weight: 3, arbitrary: time(1200, 4000) },
    // Until the end, and longer if the last heal does not need it.
    { weight: 1, arbitrary: fc.constant(undefined) },
  ),
  /** Whether it waits for something to happen, and how long after that it strikes. */
  waits: fc.nat(999),
  afterMs: fc.constantFrom(0, 0, 0.01, 1, 30, 300),
});

export type DrawnFault = typeof drawnFault extends fc.Arbitrary<infer T> ? T : never;

const pick = <T>(from: readonly T[], chance: number): T | undefined =>
  from[Math.floor((chance * from.length) / 1000)];

/** The faults that a draw comes to. */
export function faultOf(drawn: DrawnFault, classes: readonly FaultClass[], arena: Arena): Fault[] {
  const what = pick(classes, drawn.what);
  if (what === undefined) return [];
  const when = conditionOf(drawn, arena);
  const timed = { atMs: drawn.atMs, ...(when === undefined ? {} : { when }) };
  const lasting = { ...timed, ...(drawn.forMs === undefined ? {} : { forMs: drawn.forMs }) };
  const fault = ofClass(what, drawn, arena, timed, lasting);
  return fault === undefined ? [] : [fault];
}

type Timed = { readonly atMs: number; readonly when?: FaultCondition };
type Lasting = Timed & { readonly forMs?: number };

const events = [
  "elected",
  "isrShrank",
  "isrGrew",
  "appended",
  "parked",
  "truncated",
  "controllerElected",
  "brokerRegistered",
] as const;

/** A third of the faults wait for something: half of these for a write of the disk that they are about to spoil. */
function conditionOf(
  { waits, whom, more, afterMs }: DrawnFault,
  { brokers, mayBeHit }: Arena,
): FaultCondition | undefined {
  if (waits >= 333) return undefined;
  const node = pick(mayBeHit, whom) ?? pick(brokers, whom);
  if (waits < 166 && node !== undefined) return { event: "diskWrite", node, afterMs };
  return { event: pick(events, more) ?? "elected", afterMs };
}

function ofClass(
  what: FaultClass,
  drawn: DrawnFault,
  arena: Arena,
  timed: Timed,
  lasting: Lasting,
): Fault | undefined {
  const { whom, more } = drawn;
  // What waits for a write strikes whoever writes.
  const writer = timed.when?.event === "diskWrite" ? single(arena, whom) : undefined;
  const anyone = writer ?? anyBroker(arena, whom);
  const hit = writer ?? whoMayBeHit(arena, whom, more);
  const between = [anyone, farSide(arena, more)] as const;
  switch (what) {
    case "island":
      return island(drawn, arena, lasting);
    case "crash":
      return hit && { type: "crash", ...lasting, target: hit };
    case "power":
      return hit && { type: "powerLoss", ...lasting, target: hit };
    case "disk lost":
      return hit && { type: "emptyDisk", ...lasting, target: single(arena, whom) ?? hit };
    case "lying disk":
      return hit && { type: "lyingFsync", ...lasting, target: single(arena, whom) ?? hit };
    case "bit rot":
      return { type: "bitRot", ...timed, target: anyone };
    case "bad disk":
      return hit && { type: more < 500 ? "diskFull" : "diskError", ...lasting, target: hit };
    case "clean stop":
      return { type: "stop", ...lasting, target: anyone };
    case "pause":
      return { type: "pause", ...lasting, target: anyone };
    case "restart":
      return { type: "restart", ...timed, target: anyone };
    case "rolling restart":
      return rollingRestart(drawn, timed);
    case "slow process":
      return { type: "slow", ...lasting, target: anyone, stepMs: pick([1, 10, 40], more) ?? 1 };
    case "slow disk":
      return { type: "diskLatency", ...lasting, target: anyone, times: pick([5, 50], more) ?? 5 };
    case "cut":
      return { type: "cut", ...lasting, between };
    case "one-way cut":
      return {
        type: "cut",
        ...lasting,
        between: more % 2 === 0 ? between : [between[1], between[0]],
        oneWay: true,
      };
    case "slow network":
      return more < 500
        ? { type: "delay", ...lasting, between, addMs: [5, 200] }
        : { type: "slowLink", ...lasting, between, bytesPerMs: 20 };
    case "connections":
      return { type: more % 2 === 0 ? "reset" : "blackHole", ...timed, between };
    case "clock":
      return more < 500
        ? { type: "clockStep", ...lasting, target: anyone, byMs: (more - 250) * 400 }
        : { type: "clockDrift", ...lasting, target: anyone, ppm: (more - 750) * 400 };
    case "controllers":
      return ofController(drawn, arena, lasting);
    case "clients":
      return ofClient(drawn, arena, lasting);
    case "operator":
      return ofOperator(drawn, arena, timed);
  }
}

/** A leader that neither replicates nor is heard by the controllers, while its clients go on. */
const island = ({ whom }: DrawnFault, arena: Arena, lasting: Lasting): Fault => ({
  type: "cut",
  ...lasting,
  between: [leader(arena, whom), { nodes: [...arena.brokers, ...arena.controllers] }],
});

const rollingRestart = ({ whom, more }: DrawnFault, timed: Timed): Fault => ({
  type: "rollingRestart",
  ...timed,
  target: { role: pick(["brokers", "brokers", "controllers"] as const, whom) ?? "brokers" },
  eachMs: pick([100, 900, 2000], more) ?? 900,
});

const leader = ({ partitions }: Arena, whom: number): FaultTarget => ({
  leaderOf: pick(partitions, whom) ?? "orders-0",
});

function anyBroker({ brokers, partitions }: Arena, whom: number): FaultTarget {
  const leads = partitions.map((leaderOf): FaultTarget => ({ leaderOf }));
  const named = brokers.map((node): FaultTarget => ({ node }));
  return pick([...leads, ...leads, ...named], whom) ?? { node: "b1" };
}

/** Where faults fall freely now and then several at once: a rack, all followers, all brokers. */
function whoMayBeHit(arena: Arena, whom: number, more: number): FaultTarget | undefined {
  const { mayBeHit, brokers, partitions, racks, isFree } = arena;
  if (mayBeHit.length < brokers.length) return single(arena, whom);
  const [orders = "orders-0"] = partitions;
  const several: FaultTarget[] = [
    { followersOf: orders },
    { role: "brokers" },
    ...racks.map((rack): FaultTarget => ({ rack })),
  ];
  if (more < 250 && isFree) return pick(several, whom);
  return anyBroker(arena, whom);
}

/** One by name of those that may be hit. */
function single({ mayBeHit }: Arena, whom: number): FaultTarget | undefined {
  const node = pick(mayBeHit, whom);
  return node === undefined ? undefined : { node };
}

function farSide({ brokers, partitions }: Arena, more: number): FaultTarget {
  const [orders = "orders-0"] = partitions;
  const sides: FaultTarget[] = [
    { others: true },
    { role: "controllers" },
    { role: "clients" },
    { followersOf: orders },
    { nodes: brokers },
    ...brokers.map((node): FaultTarget => ({ node })),
  ];
  return pick(sides, more) ?? { others: true };
}

/** Clients that die, that stand still until everybody has given them up, or that are slow. */
function ofClient({ whom, more }: DrawnFault, { clients }: Arena, lasting: Lasting): Fault {
  const target: FaultTarget = { node: pick(clients, whom) ?? "p1" };
  switch (pick(["crash", "stop", "pause", "powerLoss", "slow"] as const, more)) {
    case "pause":
      return { type: "pause", ...lasting, target };
    case "stop":
      return { type: "stop", ...lasting, target };
    case "powerLoss":
      return { type: "powerLoss", ...lasting, target };
    case "slow":
      return { type: "slow", ...lasting, target, stepMs: 30 };
    default:
      return { type: "crash", ...lasting, target };
  }
}

/** A voter may lose its disk only where the others are still a majority. */
function ofController(
  { whom, more }: DrawnFault,
  { controllers, brokers, mayBeHit, isFree }: Arena,
  lasting: Lasting,
): Fault {
  const target: FaultTarget = { node: pick(controllers, whom) ?? "c1" };
  const kinds = [
    "crash",
    "powerLoss",
    "pause",
    "stop",
    "cut",
    "cut others",
    "empty",
    "all",
  ] as const;
  switch (pick(kinds, more)) {
    case "cut":
      return { type: "cut", ...lasting, between: [target, { others: true }] };
    case "cut others":
      return { type: "cut", ...lasting, between: [target, { nodes: brokers }] };
    case "empty": {
      const spared = mayBeHit.length < brokers.length || isFree;
      if (controllers.length < 3 || !spared) return { type: "crash", ...lasting, target };
      return { type: "emptyDisk", ...lasting, target: { node: "c1" } };
    }
    case "all":
      return { type: "powerLoss", ...lasting, target: { role: "controllers" } };
    case "crash":
      return { type: "crash", ...lasting, target };
    case "powerLoss":
      return { type: "powerLoss", ...lasting, target };
    case "stop":
      return { type: "stop", ...lasting, target };
    default:
      return { type: "pause", ...lasting, target };
  }
}

function ofOperator(
  { whom, more }: DrawnFault,
  { partitions, isFree }: Arena,
  timed: Timed,
): Fault | undefined {
  const partition = pick(partitions, whom) ?? "orders-0";
  const topic = "orders";
  // An atlas reckons with the settings as they were; and what an operator gives up is not promised.
  const kinds = [
    "preferred",
    "preferred",
    "grow",
    "segments",
    "add broker",
    "delete topic",
    "delete records",
    "delete records",
    "min ISR",
    "unclean",
    "retention",
  ] as const;
  switch (pick(kinds.slice(0, isFree ? kinds.length : 6), more)) {
    case "add broker":
      return { type: "addBroker", ...timed, broker: spareBroker };
    case "delete topic":
      return { type: "deleteTopic", ...timed, topic: spareTopic };
    case "delete records":
      return {
        type: "deleteRecords",
        ...timed,
        partition,
        ...(whom % 3 === 0 ? {} : { before: 5 + (whom % 60) }),
      };
    case "preferred":
      return { type: "electLeaders", ...timed, election: "preferred", partitions: [...partitions] };
    case "grow":
      return { type: "addPartitions", ...timed, topic, count: partitions.length + 1 + (whom % 2) };
    case "segments":
      return { type: "configChange", ...timed, topic, config: { "segment.bytes": 1500 } };
    case "retention":
      return {
        type: "configChange",
        ...timed,
        topic,
        config: whom % 2 === 0 ? { "retention.ms": 1500 } : { "retention.bytes": 3000 },
      };
    case "min ISR":
      return {
        type: "configChange",
        ...timed,
        topic,
        config: { "min.insync.replicas": 1 + (whom % 2) },
      };
    default:
      return { type: "electLeaders", ...timed, election: "unclean", partitions: [partition] };
  }
}
