// What the operator does during a run: calls of the admin, and what comes of them.
import { describe, expect, test } from "vitest";
import { judge, parseScenario, runScenario, type TraceEvent } from "#sim";
import { quickSettings } from "../../sim/scenario/library/first-light.ts";

const leastTwo = { "min.insync.replicas": 2 };

const scenarioWith = (
  faults: readonly object[],
  config: object = leastTwo,
  ofBrokers: object = {},
) =>
  parseScenario({
    version: 1,
    name: "operator",
    seed: "1",
    durationMs: 9000,
    cluster: {
      brokers: [{ id: 1 }, { id: 2 }, { id: 3 }],
      config: { ...quickSettings, "log.segment.delete.delay.ms": 1000, ...ofBrokers },
    },
    topics: [
      { name: "orders", partitions: 1, replicationFactor: 3, config },
      { name: "kept", partitions: 1, replicationFactor: 3, config: leastTwo },
    ],
    workload: {
      producers: ["orders", "kept"].map((topic, i) => ({
        name: `p${i + 1}`,
        topic,
        endMs: 8500,
        intervalMs: [50, 50],
        keys: 9,
        config: { "request.timeout.ms": 1000, "delivery.timeout.ms": 2000 },
      })),
    },
    faults,
  });

interface Run {
  readonly events: readonly TraceEvent[];
  readonly complete: boolean;
}

function run(faults: readonly object[], config?: object, ofBrokers?: object): Run {
  const events: TraceEvent[] = [];
  const listeners = [(event: TraceEvent) => void events.push(event)];
  const scenario = scenarioWith(faults, config, ofBrokers);
  const { complete } = runScenario(scenario, { listeners, traffic: true });
  return { events, complete };
}

/** Outcomes of the admin's calls of a kind. */
function told({ events }: Run, type: string) {
  const calls = events.flatMap((event) =>
    event.type === "called" && event.node === "a1" && event.request.type === type
      ? [event.call]
      : [],
  );
  return events.flatMap((event) =>
    event.type === "result" && event.node === "a1" && calls.includes(event.call)
      ? [event.outcome]
      : [],
  );
}

const notes = ({ events }: Run, node?: string) =>
  events.flatMap((event) =>
    event.type === "note" && (node === undefined || event.node === node) ? [event] : [],
  );

const acknowledged = ({ events }: Run, node: string, from: number, to: number): number =>
  events.filter(
    (event) =>
      event.type === "result" &&
      event.node === node &&
      event.outcome.type === "acknowledged" &&
      event.at > from * 1000 &&
      event.at <= to * 1000,
  ).length;

const sentences = ({ events }: Run) =>
  events.flatMap((event) => (event.type === "fault" ? [event.sentence] : []));

test("a changed min.insync.replicas counts at once, and again when it is changed back", () => {
  const ran = run([
    { type: "crash", atMs: 2000, forMs: 5500, target: { followersOf: "orders-0" } },
    { type: "configChange", atMs: 4500, topic: "orders", config: { "min.insync.replicas": 1 } },
    { type: "configChange", atMs: 6000, topic: "orders", config: { "min.insync.replicas": null } },
    { type: "configChange", atMs: 6000, config: { "min.insync.replicas": 2 } },
  ]);
  expect(told(ran, "alterConfigs")).toEqual(Array.from({ length: 3 }, () => ({ type: "done" })));
  expect(sentences(ran).slice(1)).toEqual([
    "The operator sets min.insync.replicas=1 for orders.",
    "The operator sets min.insync.replicas back for orders.",
    "The operator sets min.insync.replicas=2 for all brokers.",
  ]);
  // With one of three in sync nothing is acknowledged while the minimum is two.
  expect(acknowledged(ran, "p1", 2500, 4500)).toBe(0);
  expect(acknowledged(ran, "p1", 4500, 6000)).toBeGreaterThan(10);
  expect(acknowledged(ran, "p1", 6200, 7500)).toBe(0);
  expect(acknowledged(ran, "p2", 2500, 7500)).toBe(0);
  expect(ran.complete).toBe(true);
});

test("a deleted topic leaves the brokers, and the run is read to its end without it", () => {
  const faults = [{ type: "deleteTopic", atMs: 3000, topic: "orders" }];
  const ran = run(faults);
  expect(told(ran, "deleteTopics")).toEqual([{ type: "done" }]);
  expect(sentences(ran)).toEqual(["The operator deletes topic orders."]);
  const dropped = notes(ran).filter(({ event }) => event.type === "replicaDeleted");
  expect(dropped.map(({ node }) => node).sort()).toEqual(["b1", "b2", "b3"]);
  expect(acknowledged(ran, "p1", 0, 3000)).toBeGreaterThan(10);
  expect(acknowledged(ran, "p1", 3500, 9000)).toBe(0);
  expect(acknowledged(ran, "p2", 3500, 8500)).toBeGreaterThan(50);
  expect(ran.complete).toBe(true);
  const removed = ran.events.filter(
    (event) => event.type === "disk" && event.op === "remove" && /-delete\//.test(event.file),
  );
  expect(new Set(removed.map(({ node }) => node))).toEqual(new Set(["b1", "b2", "b3"]));
  const { judgements } = judge(scenarioWith(faults));
  expect(judgements.filter(({ standing }) => standing === "broken")).toEqual([]);
  const survival = judgements.find(({ id }) => id === "acknowledged-survives");
  expect(survival).toMatchObject({ standing: "held", precondition: ["topic-kept"] });
});

/** Where each broker's log of orders-0 begins at last, by its own notes. */
const starts = (ran: Run) =>
  new Map(
    notes(ran).flatMap(({ node, event }) =>
      event.type === "logStartRaised" && event.partition === "orders-0"
        ? [[node, event.to] as const]
        : [],
    ),
  );

/** What a node read of orders-0, by offset. */
const readBy = ({ events }: Run, reader: string): number[] =>
  events.flatMap((event) =>
    event.type === "result" && event.node === reader && event.outcome.type === "polled"
      ? event.outcome.records.flatMap(({ partition, offset }) =>
          partition === "orders-0" ? [offset] : [],
        )
      : [],
  );

test("deleted records are gone from all replicas, and nobody reads them", () => {
  const faults = [
    { type: "deleteRecords", atMs: 3000, partition: "orders-0", before: 12 },
    { type: "crash", atMs: 4000, forMs: 1500, target: { node: "b3" } },
    { type: "deleteRecords", atMs: 4500, partition: "orders-0" },
  ];
  const ran = run(faults);
  expect(told(ran, "deleteRecords")).toEqual([{ type: "done" }, { type: "done" }]);
  expect(sentences(ran).filter((sentence) => sentence.includes("deletes"))).toEqual([
    "The operator deletes what lies before offset 12 in orders-0.",
    "The operator deletes what is committed in orders-0.",
  ]);
  const [first, second] = notes(ran).flatMap(({ event }) =>
    event.type === "logStartRaised" && event.why === "deleteRecords" ? [event.to] : [],
  );
  expect(first).toBe(12);
  expect(second).toBeGreaterThan(40);
  expect(starts(ran)).toEqual(new Map(["b1", "b2", "b3"].map((node) => [node, second])));
  expect(Math.min(...readBy(ran, "v1"))).toBe(second);
  expect(ran.complete).toBe(true);
  const { judgements } = judge(scenarioWith(faults));
  expect(judgements.filter(({ standing }) => standing === "broken")).toEqual([]);
  const survival = judgements.find(({ id }) => id === "acknowledged-survives");
  expect(survival?.precondition).toEqual(["records-kept"]);
  expect(survival?.exempt).toBe(second);
});

test("what has had its time goes, from leaders and followers, and the newest stays", () => {
  const config = { ...leastTwo, "segment.bytes": 1000, "retention.bytes": 3000 };
  const ran = run([], config, { "log.retention.check.interval.ms": 500 });
  const raised = notes(ran).filter(
    ({ event }) => event.type === "logStartRaised" && event.why === "retention",
  );
  expect(new Set(raised.map(({ node }) => node))).toEqual(new Set(["b1", "b2", "b3"]));
  const read = readBy(ran, "v1");
  expect(read[0]).toBeGreaterThan(60);
  expect(read.length).toBeGreaterThan(15);
  expect(ran.complete).toBe(true);
});

test("retention that is changed at run time acts from then on, on leaders and followers, until it is changed back", () => {
  const faults = [
    { type: "configChange", atMs: 4000, topic: "orders", config: { "retention.ms": 1000 } },
    { type: "configChange", atMs: 6500, topic: "orders", config: { "retention.ms": null } },
  ];
  const config = { ...leastTwo, "segment.bytes": 1000 };
  const ofBrokers = { "log.retention.check.interval.ms": 300 };
  const ran = run(faults, config, ofBrokers);
  expect(told(ran, "alterConfigs")).toEqual([{ type: "done" }, { type: "done" }]);
  const raised = notes(ran).filter(
    ({ event }) => event.type === "logStartRaised" && event.why === "retention",
  );
  expect(new Set(raised.map(({ node }) => node))).toEqual(new Set(["b1", "b2", "b3"]));
  const times = raised.map(({ at }) => at / 1000);
  expect(Math.min(...times)).toBeGreaterThan(4000);
  expect(Math.min(...times)).toBeLessThan(4500);
  expect(Math.max(...times)).toBeGreaterThan(5800);
  expect(Math.max(...times)).toBeLessThan(6600);
  expect(readBy(ran, "v1")[0]).toBeGreaterThan(30);
  const { judgements } = judge(scenarioWith(faults, config, ofBrokers));
  expect(judgements.filter(({ standing }) => standing === "broken")).toEqual([]);
});

test("added partitions are led, written to, and read", () => {
  const ran = run([
    { type: "addPartitions", atMs: 2000, topic: "orders", count: 3 },
    // Producers learn of them when they have to ask who leads.
    { type: "crash", atMs: 3000, forMs: 1000, target: { leaderOf: "orders-0" } },
  ]);
  expect(told(ran, "createPartitions")).toEqual([{ type: "done" }]);
  expect(sentences(ran)[0]).toBe("The operator wants 3 partitions of orders in all.");
  const read = ran.events.flatMap((event) =>
    event.type === "result" && event.node === "v1" && event.outcome.type === "polled"
      ? event.outcome.records.map(({ partition }) => partition)
      : [],
  );
  expect([...new Set(read)].sort()).toEqual(["kept-0", "orders-0", "orders-1", "orders-2"]);
  expect(ran.complete).toBe(true);
});

describe("an election that is asked for", () => {
  const leaders = (ran: Run): number[] =>
    notes(ran).flatMap(({ event }) =>
      event.type === "partitionChanged" && event.partition === "orders-0" ? [event.leader] : [],
    );
  const crash = { type: "crash", atMs: 2000, forMs: 3000, target: { leaderOf: "orders-0" } };

  test("gives the lead back to the preferred replica once that is in sync again", () => {
    const election = { type: "electLeaders", election: "preferred", partitions: ["orders-0"] };
    const ran = run([crash, { ...election, atMs: 4000 }, { ...election, atMs: 7500 }]);
    const [early, late] = told(ran, "electLeaders");
    expect(early).toMatchObject({ type: "failed", error: "PREFERRED_LEADER_NOT_AVAILABLE" });
    expect(late).toEqual({ type: "done" });
    const all = leaders(ran);
    expect(all.at(-1)).toBe(all[0]);
    expect(new Set(all).size).toBe(2);
  });

  test("elects whoever is alive where nobody leads, and nothing is promised then", () => {
    const faults = [
      {
        type: "cut",
        atMs: 2000,
        forMs: 3000,
        between: [{ followersOf: "orders-0" }, { leaderOf: "orders-0" }],
      },
      { type: "crash", atMs: 4500, target: { leaderOf: "orders-0" } },
      { type: "electLeaders", atMs: 7500, election: "unclean", partitions: ["orders-0"] },
    ];
    const one = { "min.insync.replicas": 1 };
    const ran = run(faults, one);
    expect(told(ran, "electLeaders")).toEqual([{ type: "done" }]);
    const why = notes(ran).flatMap(({ event }) =>
      event.type === "partitionChanged" && event.partition === "orders-0" ? [event.why] : [],
    );
    expect(why).toContain("uncleanElected");
    const { judgements } = judge(scenarioWith(faults, one));
    const survival = judgements.find(({ id }) => id === "acknowledged-survives");
    expect(survival?.precondition).toContain("clean-election");
    expect(survival?.standing).not.toBe("broken");
  });
});

test("an admin that is down asks nothing", () => {
  const ran = run([
    { type: "crash", atMs: 2000, target: { node: "a1" } },
    { type: "deleteTopic", atMs: 3000, topic: "orders" },
  ]);
  const [, fault] = ran.events.filter(({ type }) => type === "fault");
  expect(fault).toMatchObject({ met: false });
  expect(told(ran, "deleteTopics")).toEqual([]);
  expect(acknowledged(ran, "p1", 3500, 8500)).toBeGreaterThan(50);
});
