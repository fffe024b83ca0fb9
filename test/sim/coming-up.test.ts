import { expect, test } from "vitest";
import { parseScenario, runScenario, type TraceEvent } from "#sim";

type Told = Extract<TraceEvent, { readonly type: "result" }>;

/** What clients were told, of three brokers and three controllers under Kafka's own time-outs. */
function told(seed: string, more: object = {}): Told[] {
  const events: Told[] = [];
  const scenario = parseScenario({
    version: 1,
    name: "coming-up",
    seed,
    durationMs: 5000,
    cluster: { brokers: [{ id: 1 }, { id: 2 }, { id: 3 }] },
    topics: [{ name: "orders", partitions: 3, replicationFactor: 3 }],
    workload: { producers: [{ name: "p1", topic: "orders", endMs: 5000 }] },
    ...more,
  });
  runScenario(scenario, {
    traffic: false,
    listeners: [(event) => void (event.type === "result" && events.push(event))],
  });
  return events;
}

test("three controllers and three brokers elect, make topics and serve within three seconds", () => {
  for (let seed = 1; seed <= 12; seed++) {
    const first = told(String(seed)).find(({ outcome }) => outcome.type === "acknowledged");
    expect(first?.at).toBeLessThan(3_000_000);
  }
});

test("topics are made once every broker is there", () => {
  const ofAdmin = told("1").filter(({ node }) => node === "a1");
  expect(ofAdmin.map(({ outcome }) => outcome).slice(-2)).toEqual([
    { type: "cluster", brokers: [1, 2, 3] },
    { type: "done" },
  ]);
});

test("but without a broker that does not come, after a while", () => {
  const faults = [{ type: "crash", atMs: 1, target: { node: "b3" } }];
  const topics = [{ name: "orders", partitions: 3, replicationFactor: 2 }];
  const ofAdmin = told("1", { faults, topics }).filter(({ node }) => node === "a1");
  const [before, made] = ofAdmin.slice(-2);
  expect(before?.outcome).toMatchObject({ type: "cluster", brokers: [1, 2] });
  expect(made?.outcome).toEqual({ type: "done" });
  expect(made?.at).toBeGreaterThan(3_000_000);
});
