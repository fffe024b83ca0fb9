// Wall clocks that are wrong: what a process reads, beside the time that the world keeps.
import { expect, test } from "vitest";
import { setDrift } from "../../../sim/faults/clocks.ts";
import { parseScenario } from "../../../sim/scenario/parse.ts";
import { clockError } from "../../../sim/world/ails.ts";
import { createWorld } from "../../../sim/world/create.ts";
import { advance } from "../../../sim/world/advance.ts";
import { newRuntime } from "../../../sim/world/runtime.ts";
import { kafkaMachines } from "../../../sim/workload/kafka.ts";

/** How wrong the wall clock of b1 is as its process reads it, every now and then: [monotonic, error] in ms. */
function readings(faults: readonly object[]): (readonly [number, number])[] {
  const scenario = parseScenario({
    version: 1,
    name: "clocks",
    durationMs: 4000,
    cluster: { brokers: [{ id: 1 }] },
    topics: [],
    workload: {},
    faults,
  });
  const read: (readonly [number, number])[] = [];
  const start = 1_767_225_600_000;
  const machines = {
    ...kafkaMachines,
    broker: {
      ...kafkaMachines.broker,
      step: (...[self, now, ...rest]: Parameters<typeof kafkaMachines.broker.step>) => {
        read.push([now.monotonic, now.wall - start - now.monotonic]);
        kafkaMachines.broker.step(self, now, ...rest);
      },
    },
  };
  const world = createWorld(scenario);
  advance(world, newRuntime(machines), undefined, 4_000_000);
  return read;
}

const errorsBetween = (read: readonly (readonly [number, number])[], low: number, high: number) =>
  read.flatMap(([at, error]) => (at >= low && at < high ? [error] : []));

test("a step is there from the fault to its heal", () => {
  const target = { node: "b1" };
  const read = readings([{ type: "clockStep", atMs: 1000, forMs: 1000, target, byMs: -700 }]);
  expect(new Set(errorsBetween(read, 0, 1000))).toEqual(new Set([0]));
  expect(new Set(errorsBetween(read, 1000, 2000))).toEqual(new Set([-700]));
  expect(new Set(errorsBetween(read, 2000, 4000))).toEqual(new Set([0]));
});

test("a drift grows with time, and stays where it was when it is over", () => {
  const target = { node: "b1" };
  const read = readings([{ type: "clockDrift", atMs: 1000, forMs: 2000, target, ppm: 100_000 }]);
  for (const [at, error] of read)
    if (at >= 1000 && at < 3000) expect(Math.abs(error - (at - 1000) / 10)).toBeLessThanOrEqual(1);
  expect(new Set(errorsBetween(read, 3000, 4000))).toEqual(new Set([200]));
});

test("drifts add up from when each began", () => {
  const world = createWorld(
    parseScenario({
      version: 1,
      name: "clocks",
      durationMs: 10,
      cluster: { brokers: [{ id: 1 }] },
      topics: [],
      workload: {},
    }),
  );
  const [node] = world.nodes;
  if (node === undefined) throw new Error("there is a node");
  setDrift(world, node, 1000);
  world.now = 5_000_000;
  setDrift(world, node, node.clock.ppm - 3000);
  expect(clockError(node.clock, 5_000_000)).toBe(5);
  expect(clockError(node.clock, 7_000_000)).toBe(1);
});
