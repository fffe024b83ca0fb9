import { lateBrokers } from "../scenario/operating.ts";
import type { Scenario } from "../scenario/schema.ts";
import { newTape } from "../trace/hash.ts";
import { normalFault, planFaults } from "../faults/plan.ts";
import { copyPlain } from "./copy-world.ts";
import { newDisk } from "./disk/disk.ts";
import { kinds, newQueue, pushEntry } from "./queue.ts";
import type { Node, NodeSpec, World } from "./state.ts";
import { newStream } from "./stream.ts";

/** Ports of Kafka's listeners. */
export const brokerPort = 9092;
export const controllerPort = 9093;

/** Wall-clock time at the start of every run: 2026-01-01T00:00:00Z, in ms. */
export const wallStart = 1_767_225_600_000;

/** The nodes of a scenario, in the order in which they start. The verifier starts only after the heal. */
export function nodesOf(scenario: Scenario): NodeSpec[] {
  const { cluster, workload } = scenario;
  return [
    ...cluster.controllers.map(({ id }, i) => {
      return { name: `c${i + 1}`, kind: "controller" as const, id, port: controllerPort };
    }),
    ...cluster.brokers.map(({ id }) => {
      return { name: `b${id}`, kind: "broker" as const, id, port: brokerPort };
    }),
    { name: "a1", kind: "admin", id: 0, port: 0 },
    ...workload.producers.map(({ name }) => ({ name, kind: "producer" as const, id: 0, port: 0 })),
    ...workload.consumers.map(({ name }) => ({ name, kind: "consumer" as const, id: 0, port: 0 })),
    { name: "v1", kind: "verifier", id: 0, port: 0 },
  ];
}

/** The world of a scenario at its first microsecond, before anything has happened. */
export function createWorld(asked: Scenario): World {
  // The world has a scenario of its own: nobody else can change it.
  const scenario = { ...copyPlain(asked), faults: asked.faults.map(normalFault) };
  const nodes = nodesOf(scenario).map((spec, index) => newNode(scenario, spec, index));
  const world: World = {
    scenario,
    now: 0,
    phase: "run",
    complete: false,
    wholeSince: -1,
    inputs: 0,
    nextOrder: 0,
    tape: newTape(),
    nodes,
    names: new Map(nodes.map(({ spec, index }) => [spec.name, index])),
    queue: newQueue(),
    links: new Map(),
    connections: new Map(),
    nextConnection: 0,
    plan: planFaults(scenario),
    controller: -1,
    controllerSince: 0,
    metadataTold: -1,
    ends: new Map(),
    marks: new Map(),
    partitions: new Map(),
    registered: new Map(),
    applied: new Map(),
    healed: [],
  };
  const later = lateBrokers(scenario);
  for (const { spec, index } of nodes) {
    if (spec.kind === "verifier" || (spec.kind === "broker" && later.has(spec.id))) continue;
    pushEntry(world.queue, 0, world.nextOrder++, kinds.start, index, 1, -1);
  }
  return world;
}

function newNode({ seed }: Scenario, spec: NodeSpec, index: number): Node {
  return {
    index,
    spec,
    life: 0,
    power: true,
    up: false,
    paused: false,
    stopping: false,
    restartBy: -1,
    downBy: undefined,
    downEvent: -1,
    hushed: false,
    settings: {},
    ails: [],
    clock: { offsetMs: 0, ppm: 0, since: 0 },
    wiped: false,
    lied: false,
    process: undefined,
    application: undefined,
    finished: false,
    nextCall: 1,
    operatorCalls: new Set(),
    beganAt: 0,
    busyUntil: -1,
    inHand: -1,
    held: [],
    inbox: [],
    timers: new Map(),
    slots: [],
    freeSlots: [],
    sweepAt: 32,
    ends: new Map(),
    nextAccepted: 1,
    disk: newDisk(seed, spec.name),
    chance: newStream(seed, `process/${spec.name}`),
    applicationChance: newStream(seed, `application/${spec.name}`),
    timerChance: newStream(seed, `timers/${spec.name}`),
  };
}
