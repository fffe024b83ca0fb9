import { expect, test } from "vitest";
import { library, manyBrokers, parseScenario } from "#sim";
import { logsSizeOf, partitionsOf, stageSizeOf } from "../../../viz/model/sizes.ts";

test("how many there are decides in which size they are drawn", () => {
  expect([1, 9, 10, 30, 31, 100].map(stageSizeOf)).toEqual([
    "cards",
    "cards",
    "chips",
    "chips",
    "tiles",
    "tiles",
  ]);
  expect([1, 4, 5, 40, 41, 1000].map(logsSizeOf)).toEqual([
    "cells",
    "cells",
    "multiples",
    "multiples",
    "heat",
    "heat",
  ]);
});

test("the library has a cluster of each size", () => {
  const sizes = ["first-light", "three-racks", "many"].map((name) => {
    const scenario = library.get(name)?.();
    if (scenario === undefined) throw new RangeError(`there is no ${name}`);
    return [
      stageSizeOf(scenario.cluster.brokers.length),
      logsSizeOf(partitionsOf(scenario).length),
    ];
  });
  expect(sizes).toEqual([
    ["cards", "cells"],
    ["chips", "multiples"],
    ["tiles", "heat"],
  ]);
});

test("a scenario may be as large as the design draws", () => {
  const { cluster, topics } = manyBrokers({ brokers: 100, racks: 5, partitions: 1000 });
  expect(cluster.brokers.length).toBe(100);
  expect(topics[0]?.partitions).toBe(1000);
});

test("partitions that are added later have their places from the start, in the order of their numbers", () => {
  const scenario = parseScenario({
    ...library.get("steady")?.(),
    faults: [{ type: "addPartitions", atMs: 1000, topic: "orders", count: 12 }],
  });
  const names = partitionsOf(scenario);
  expect(names).toHaveLength(12);
  expect(names.slice(8)).toEqual(["orders-8", "orders-9", "orders-10", "orders-11"]);
});
