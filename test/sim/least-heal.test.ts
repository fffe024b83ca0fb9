// The end of a drawn run: only what the cluster needs comes back, and it has to serve again.
import { describe, expect, test } from "vitest";
import { judge, parseScenario, type TraceEvent } from "#sim";
import { quickSettings } from "../../sim/scenario/library/first-light.ts";

interface Asked {
  readonly faults: readonly object[];
  readonly seed?: string;
  readonly heal?: "all" | "least";
  readonly minIsr?: number;
  readonly config?: object;
}

function run({ faults, seed = "1", heal = "least", minIsr = 2, config = {} }: Asked) {
  const scenario = parseScenario({
    version: 1,
    name: "least-heal",
    seed,
    durationMs: 6000,
    cluster: {
      brokers: [1, 2, 3, 4, 5].map((id) => ({ id })),
      controllers: [101, 102, 103].map((id) => ({ id })),
      config: { ...quickSettings, ...config },
    },
    topics: [
      {
        name: "orders",
        partitions: 2,
        replicationFactor: 3,
        config: { "min.insync.replicas": minIsr },
      },
    ],
    workload: {
      producers: [
        {
          name: "p1",
          topic: "orders",
          endMs: 5500,
          intervalMs: [50, 50],
          config: { "request.timeout.ms": 1000, "delivery.timeout.ms": 2000 },
        },
      ],
    },
    faults,
    heal,
  });
  const events: TraceEvent[] = [];
  const { judgements, result } = judge(scenario, { listener: (event) => void events.push(event) });
  const up = new Set<string>();
  const isr = new Map<string, readonly number[]>();
  for (const event of events) {
    if (event.type === "started") up.add(event.node);
    if (event.type === "down") up.delete(event.node);
    if (event.type === "note" && event.event.type === "partitionChanged")
      isr.set(event.event.partition, event.event.isr);
  }
  const healed = events.find((event) => event.type === "healed" && event.index === -1);
  const progress = judgements.find(({ id }) => id === "makes-progress");
  return {
    complete: result.complete,
    healed: healed?.type === "healed" ? healed : undefined,
    up: [...up].filter((name) => /^[bc]/.test(name)).sort(),
    isr,
    progress,
  };
}

const allDown = [
  { type: "powerLoss", atMs: 5600, target: { role: "brokers" } },
  { type: "crash", atMs: 5600, target: { role: "controllers" } },
];

describe("after the least heal", () => {
  test("a majority of controllers and enough replicas are back, and all else stays dead", () => {
    const one = [{ type: "crash", atMs: 5600, target: { nodes: ["b1", "b2", "c1", "c2", "c3"] } }];
    const { complete, healed, up, isr, progress } = run({ faults: one });
    expect(complete).toBe(true);
    expect(up.filter((name) => name.startsWith("c")).length).toBe(2);
    expect(up).toEqual(expect.arrayContaining(["b3", "b4", "b5"]));
    expect(healed?.sentence).toMatch(/^Only what the cluster needs is healed: .*stays? broken/);
    for (const members of isr.values()) expect(members.length).toBeGreaterThanOrEqual(2);
    expect(progress?.standing).toBe("held");
  });

  test("whom it leaves is the seed's choice", () => {
    const faults = [{ type: "crash", atMs: 5600, target: { nodes: ["c1", "c2", "c3"] } }];
    const left = ["1", "2", "3", "4", "5", "6"].map((seed) => run({ faults, seed }).up.join());
    expect(new Set(left).size).toBeGreaterThan(1);
    expect(left.every((names) => names.split(",").length === 5 + 2)).toBe(true);
  });

  test("replicas that all died come back all, since only the last leader may lead then", () => {
    const { complete, progress, isr } = run({ faults: allDown, minIsr: 1 });
    expect(complete).toBe(true);
    expect(progress?.standing).toBe("held");
    expect(isr.size).toBe(2);
  });

  test("who lives but is heard by nobody stays cut off, and does not keep the others from going on", () => {
    const faults = [
      { type: "cut", atMs: 3000, between: [{ leaderOf: "orders-0" }, { others: true }] },
    ];
    let lonely = 0;
    for (const seed of ["1", "2", "3", "4"]) {
      const { complete, healed, progress } = run({ faults, seed, minIsr: 1 });
      expect(complete).toBe(true);
      expect(progress?.standing).toBe("held");
      if (healed?.sentence.startsWith("Only") === true) lonely += 1;
    }
    expect(lonely).toBeGreaterThan(0);
  });
});

test("where everything is healed, every replica is in sync again", () => {
  const { complete, up, isr, healed } = run({ faults: allDown, heal: "all" });
  expect(complete).toBe(true);
  expect(up.length).toBe(8);
  expect(healed?.sentence).toBe("Everything is healed.");
  for (const members of isr.values()) expect(members.length).toBe(3);
});

test("without the last known leader, replicas that all died never serve again, and that was not promised", () => {
  const config = { "last.known.leader.enable": false };
  const { complete, progress } = run({ faults: allDown, heal: "all", config });
  expect(complete).toBe(false);
  expect(progress?.standing).toBe("notPromisedBroken");
  expect(progress?.evidence).toMatch(/^Two minutes after the heal nobody leads orders-/);
});
