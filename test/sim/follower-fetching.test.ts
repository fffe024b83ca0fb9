// Consumers read from the replica in their own rack, and lose nothing by it (KIP-392).
import { expect, test } from "vitest";
import { judge, parseScenario, runScenario, type TraceEvent } from "#sim";
import { rackAwareSelector } from "#core";
import { quickSettings } from "../../sim/scenario/library/first-light.ts";

const scenario = parseScenario({
  version: 1,
  name: "nearest",
  seed: "1",
  durationMs: 9000,
  cluster: {
    brokers: [1, 2, 3].map((id) => ({ id, rack: `r${id}` })),
    config: { ...quickSettings, "replica.selector.class": rackAwareSelector },
  },
  topics: [
    {
      name: "orders",
      partitions: 1,
      replicationFactor: 3,
      config: { "min.insync.replicas": 2 },
    },
  ],
  workload: {
    producers: [{ name: "p1", topic: "orders", endMs: 8500, intervalMs: [20, 40], keys: 5 }],
    consumers: [1, 2, 3].map((id) => ({
      name: `k${id}`,
      topic: "orders",
      from: "earliest",
      config: { "client.rack": `r${id}` },
    })),
  },
  // Whoever leads, one of the three reads from a follower that dies under it.
  faults: [{ type: "crash", atMs: 4000, forMs: 2000, target: { followersOf: "orders-0" } }],
});

test("each consumer reads from its own rack, from elsewhere while that is down, and nobody misses anything", () => {
  const events: TraceEvent[] = [];
  runScenario(scenario, { listeners: [(event) => void events.push(event)], traffic: true });
  const sources = (from: number, to: number) =>
    new Set(
      events.flatMap((event) =>
        event.type === "sent" &&
        event.node.startsWith("k") &&
        event.api === "Fetch" &&
        event.at > from * 1000 &&
        event.at < to * 1000
          ? [`${event.node} from ${event.to}`]
          : [],
      ),
    );
  expect([...sources(2500, 4000)].sort()).toEqual(["k1 from b1", "k2 from b2", "k3 from b3"]);
  const leader = events.findLast(
    (event) =>
      event.type === "note" && event.event.type === "roleTaken" && event.event.role === "leader",
  );
  const meanwhile = [...sources(4800, 5900)].sort();
  expect(meanwhile).toEqual(["k1", "k2", "k3"].map((name) => `${name} from ${leader?.node}`));
  const read = (node: string) =>
    events.flatMap((event) =>
      event.type === "result" && event.node === node && event.outcome.type === "polled"
        ? event.outcome.records.map(({ value }) => value)
        : [],
    );
  const all = read("v1");
  expect(all.length).toBeGreaterThan(150);
  for (const node of ["k1", "k2", "k3"]) expect(read(node)).toEqual(all);
  const { judgements } = judge(scenario);
  expect(judgements.filter(({ holds }) => !holds)).toEqual([]);
});
