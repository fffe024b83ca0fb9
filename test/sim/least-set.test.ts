// Whom the least heal counts on: a broker that sleeps may be struck off before it wakes.
import { expect, test } from "vitest";
import { advance, createWorld, kafkaMachines, newRuntime, parseScenario, type World } from "#sim";
import { healedSet } from "../../sim/faults/least.ts";
import { quickSettings } from "../../sim/scenario/library/first-light.ts";

/** Three brokers with one partition, in sync, some of them struck by a fault a moment ago. */
function worldWith(seed: string, type: "pause" | "crash", nodes: readonly string[]): World {
  const world = createWorld(
    parseScenario({
      version: 1,
      name: "least-set",
      seed,
      durationMs: 4000,
      cluster: { brokers: [{ id: 1 }, { id: 2 }, { id: 3 }], config: quickSettings },
      topics: [{ name: "orders", replicationFactor: 3 }],
      workload: {},
      faults: [{ type, atMs: 3000, target: { nodes } }],
      heal: "least",
    }),
  );
  advance(world, newRuntime(kafkaMachines), {}, 3_000_001);
  return world;
}

const brokersIn = (world: World): string =>
  [...healedSet(world)]
    .map((index) => world.nodes[index]?.spec.name ?? "")
    .filter((name) => name.startsWith("b"))
    .sort()
    .join(" ");

const seeds = ["1", "2", "3", "4", "5", "6", "7", "8"];

test.each(["pause", "crash"] as const)(
  "of three in sync the one that lives is enough: %s",
  (type) => {
    expect(seeds.map((seed) => brokersIn(worldWith(seed, type, ["b1", "b3"])))).toEqual(
      seeds.map(() => "b2"),
    );
  },
);

test("where all of them sleep, all of them come back", () => {
  const all = ["b1", "b2", "b3"];
  expect(seeds.map((seed) => brokersIn(worldWith(seed, "pause", all)))).toEqual(
    seeds.map(() => "b1 b2 b3"),
  );
});
