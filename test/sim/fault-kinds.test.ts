// Every kind of fault, as the trace of a run shows it.
import { describe, expect, test } from "vitest";
import { judge, parseScenario, type TraceEvent } from "#sim";
import { quickSettings } from "../../sim/scenario/library/first-light.ts";

interface Asked {
  readonly faults: readonly object[];
  readonly controllers?: readonly object[];
  readonly topic?: object;
  readonly brokers?: readonly number[];
}

function run({ faults, controllers, topic = {}, brokers = [1, 2, 3] }: Asked) {
  const scenario = parseScenario({
    version: 1,
    name: "kinds",
    seed: "1",
    durationMs: 8000,
    cluster: {
      brokers: brokers.map((id) => ({ id, rack: id === 1 ? "r1" : "r2" })),
      config: quickSettings,
      ...(controllers === undefined ? {} : { controllers }),
    },
    topics: [
      {
        name: "orders",
        replicationFactor: 3,
        config: { "min.insync.replicas": 2, ...topic },
      },
    ],
    workload: {
      producers: [
        {
          name: "p1",
          topic: "orders",
          endMs: 7500,
          intervalMs: [20, 20],
          config: { "request.timeout.ms": 1000, "delivery.timeout.ms": 4000 },
        },
      ],
    },
    faults,
  });
  const events: TraceEvent[] = [];
  const { judgements, result } = judge(scenario, { listener: (event) => void events.push(event) });
  const broken = judgements.filter(({ promised, holds }) => promised && !holds);
  expect(broken.map(({ evidence }) => evidence)).toEqual([]);
  return { events, judgements, complete: result.complete };
}

type Of<T extends TraceEvent["type"]> = Extract<TraceEvent, { type: T }>;

const of = <T extends TraceEvent["type"]>(
  { events }: { readonly events: readonly TraceEvent[] },
  type: T,
): readonly Of<T>[] => events.filter((event): event is Of<T> => event.type === type);

/** Milliseconds from `sent` to the planned arrival of messages between two nodes, within a stretch of the run. */
const latencies = (
  ran: ReturnType<typeof run>,
  from: string,
  to: string,
  [low, high]: [number, number],
) =>
  of(ran, "sent").flatMap(({ node, to: peer, at, arrival }) =>
    node === from && peer === to && at >= low * 1000 && at < high * 1000 && arrival !== null
      ? [(arrival - at) / 1000]
      : [],
  );

const isr = (ran: ReturnType<typeof run>) =>
  of(ran, "note").flatMap(({ event, at }) =>
    event.type === "partitionChanged"
      ? [{ at: at / 1000, isr: event.isr, leader: event.leader }]
      : [],
  );

describe("machines and their disks", () => {
  test("a broker that comes back with an empty disk joins again from nothing", () => {
    const target = { node: "b2" };
    const ran = run({ faults: [{ type: "emptyDisk", atMs: 3000, forMs: 500, target }] });
    const emptied = of(ran, "fileHurt").filter(
      ({ node, why }) => node === "b2" && why === "emptied",
    );
    expect(emptied.map(({ file }) => file)).toContain("meta.properties");
    expect(emptied.every(({ after }) => after === 0)).toBe(true);
    const opened = of(ran, "note").filter(({ node, at, event }) => {
      return node === "b2" && at > 3_500_000 && event.type === "logOpened";
    });
    const logs = opened.map(({ event }) =>
      event.type === "logOpened" ? [event.partition, event.end] : [],
    );
    expect(logs).toEqual([
      ["__cluster_metadata-0", 0],
      ["orders-0", 0],
    ]);
    const changes = isr(ran).filter(({ at }) => at > 3000);
    expect(changes.some((one) => !one.isr.includes(2 as never))).toBe(true);
    expect(changes.at(-1)?.isr).toHaveLength(3);
  });

  test("a controller that comes back with an empty disk votes no more, and the others go on", () => {
    const target = { node: "c1" };
    const ran = run({ faults: [{ type: "emptyDisk", atMs: 3000, forMs: 500, target }] });
    const after = of(ran, "note").filter(({ node, at }) => node === "c1" && at > 3_500_000);
    const roles = after.flatMap(({ event }) => (event.type === "quorumRole" ? [event.role] : []));
    expect(new Set(roles)).toEqual(new Set(["unattached", "follower"]));
    expect(after.filter(({ event }) => event.type === "voted")).toEqual([]);
    expect(ran.complete).toBe(true);
  });

  test("a slow process takes its time for every step, and for no other's", () => {
    const target = { leaderOf: "orders-0" };
    const times = (faults: readonly object[]): number => {
      const ran = run({ faults });
      const called = new Map(
        of(ran, "called").map(({ node, call, at }) => [`${node} ${call}`, at]),
      );
      const waits = of(ran, "result").flatMap(({ node, call, at, outcome }) =>
        outcome.type === "acknowledged" && at > 4_000_000 && at < 5_000_000
          ? [at - (called.get(`${node} ${call}`) ?? at)]
          : [],
      );
      return waits.sort((a, b) => a - b)[waits.length >> 1] ?? Infinity;
    };
    const usual = times([]);
    const slow = times([{ type: "slow", atMs: 3000, forMs: 3000, target, stepMs: 5 }]);
    expect(slow).toBeGreaterThan(usual + 5000);
  });

  test.each(["diskFull", "diskError"])(
    "a broker halts where %s, and starts again when it is over",
    (type) => {
      const ran = run({ faults: [{ type, atMs: 3000, forMs: 1500, target: { node: "b2" } }] });
      const [down] = of(ran, "down").filter(({ node }) => node === "b2");
      expect(down?.how).toBe("halted");
      expect(down?.reason).toMatch(/^DiskError: /);
      expect(
        of(ran, "started")
          .filter(({ node }) => node === "b2")
          .map(({ at }) => at),
      ).toEqual([0, 4_500_000]);
    },
  );

  test("a slow disk makes its operations longer", () => {
    const target = { node: "b2" };
    const ran = run({
      faults: [{ type: "diskLatency", atMs: 3000, forMs: 2000, target, times: 20 }],
    });
    const longest = (low: number, high: number) =>
      Math.max(
        ...of(ran, "disk").flatMap(({ node, op, at, until }) =>
          node === "b2" && op === "append" && at >= low && at < high ? [until - at] : [],
        ),
      );
    expect(longest(3_000_000, 5_000_000)).toBeGreaterThan(5 * longest(1_000_000, 3_000_000));
  });

  test("a disk that lies about its flushes forgets at a power loss what it had flushed, and only then", () => {
    const target = { node: "b2" };
    const power = { type: "powerLoss", atMs: 5000, forMs: 500, target };
    const topic = { "flush.messages": 1 };
    const lost = (faults: readonly object[]) =>
      of(run({ faults, topic }), "fileHurt").filter(
        ({ node, file, why }) =>
          node === "b2" && why === "unsynced" && file.endsWith(".log") && file.startsWith("orders"),
      ).length;
    expect(lost([power])).toBe(0);
    expect(lost([{ type: "lyingFsync", atMs: 2000, target }, power])).toBe(1);
  });

  describe("a bit that changes by itself", () => {
    test("is found by whoever looks through its log after a crash, and fetched again", () => {
      const target = { followersOf: "orders-0" };
      const ran = run({
        faults: [
          { type: "bitRot", atMs: 3000, target },
          { type: "crash", atMs: 3500, forMs: 500, target },
        ],
      });
      const rotten = of(ran, "fileHurt").filter(({ why }) => why === "rotten");
      expect(rotten).toHaveLength(2);
      for (const { file, before, after } of rotten) {
        expect(file).toMatch(/^orders-0\//);
        expect(after).toBe(before);
      }
      const found = of(ran, "note").flatMap(({ at, event }) =>
        event.type === "logOpened" && event.partition === "orders-0" && at > 3_500_000
          ? [event.cutBytes]
          : [],
      );
      expect(found).toHaveLength(2);
      expect(Math.min(...found)).toBeGreaterThan(0);
      expect(ran.complete).toBe(true);
    });

    test("is not found by a leader that serves it: fresh readers come no further, and no more was promised", () => {
      const ran = run({
        faults: [{ type: "bitRot", atMs: 6000, target: { leaderOf: "orders-0" } }],
      });
      expect(ran.complete).toBe(false);
      const survival = ran.judgements.find(({ id }) => id === "acknowledged-survives");
      // What stands before the bit is promised, and there.
      expect(survival).toMatchObject({ standing: "held", precondition: ["disks-keep-bits"] });
      expect(survival?.exempt).toBeGreaterThan(0);
      expect(survival?.exempt).toBeLessThan(survival?.checked ?? 0);
    });
  });

  test("a rack loses power together", () => {
    const ran = run({
      faults: [{ type: "powerLoss", atMs: 3000, forMs: 500, target: { rack: "r2" } }],
    });
    expect(of(ran, "down").map(({ node }) => node)).toEqual(["b2", "b3"]);
  });

  test("a broker and a controller that are one process fall together, and stand up together", () => {
    const controllers = [101, 102, 103].map((id, i) => ({ id, on: i + 1 }));
    const faults = [{ type: "crash", atMs: 3000, forMs: 1000, target: { node: "b2" } }];
    const ran = run({ faults, controllers });
    const downs = of(ran, "down").map(({ node, at }) => `${node} ${at}`);
    expect(downs.toSorted()).toEqual(["b2 3000000", "c2 3000000"]);
    expect(
      of(ran, "started")
        .filter(({ at }) => at === 4_000_000)
        .map(({ node }) => node),
    ).toEqual(["c2", "b2"]);
    expect(ran.complete).toBe(true);
  });

  test("a rolling restart takes one broker after another, and each has stopped in good order", () => {
    const faults = [
      { type: "rollingRestart", atMs: 2000, target: { role: "brokers" }, eachMs: 1200 },
    ];
    const ran = run({ faults });
    const asked = of(ran, "stopAsked").map(({ node, at }) => [node, at / 1000]);
    expect(asked).toEqual([
      ["b1", 2000],
      ["b2", 3200],
      ["b3", 4400],
    ]);
    const starts = of(ran, "started").flatMap(({ node, life, at }) =>
      life === 2 ? [[node, at]] : [],
    );
    expect(starts.map(([node]) => node)).toEqual(["b1", "b2", "b3"]);
    expect(of(ran, "down").map(({ how }) => how)).toEqual(["stopped", "stopped", "stopped"]);
    expect(isr(ran).at(-1)?.isr).toHaveLength(3);
    const [fault] = of(ran, "fault");
    expect(fault?.sentence).toBe(
      "b1, b2 and b3 are restarted one after another, one every 1200 ms.",
    );
  });

  test("a rolling restart waits for whoever does not come back", () => {
    const ran = run({
      faults: [
        { type: "rollingRestart", atMs: 2000, target: { role: "brokers" }, eachMs: 1200 },
        { type: "powerLoss", atMs: 2001, forMs: 2000, target: { node: "b1" } },
      ],
    });
    expect(of(ran, "stopAsked").map(({ node, at }) => [node, at / 1000])).toEqual([
      ["b1", 2000],
      ["b2", 4400],
      ["b3", 5600],
    ]);
  });

  test("a broker that is added joins in the middle of the run", () => {
    const ran = run({
      brokers: [1, 2, 3, 4],
      faults: [{ type: "addBroker", atMs: 3000, broker: 4 }],
    });
    const registered = of(ran, "note").flatMap(({ event, at }) =>
      event.type === "brokerRegistered" && event.broker === 4 ? [at] : [],
    );
    expect(registered[0]).toBeGreaterThan(3_000_000);
    // Nobody waited for it.
    expect(
      of(ran, "called").find(({ request }) => request.type === "createTopics")?.at,
    ).toBeLessThan(1_000_000);
    expect(ran.complete).toBe(true);
  });
});

describe("the network", () => {
  const leader = { leaderOf: "orders-0" };
  const between = [{ node: "p1" }, { role: "brokers" }];

  test("takes longer both ways, or one way only", () => {
    const delay = { type: "delay", atMs: 3000, forMs: 1500, between, addMs: [50, 60] };
    const both = run({ faults: [delay] });
    const out = (ran: ReturnType<typeof run>) =>
      ["b1", "b2", "b3"].flatMap((to) => latencies(ran, "p1", to, [3000, 4500]));
    const back = (ran: ReturnType<typeof run>) =>
      ["b1", "b2", "b3"].flatMap((from) => latencies(ran, from, "p1", [3000, 4500]));
    expect(Math.min(...out(both))).toBeGreaterThanOrEqual(50);
    expect(Math.min(...back(both))).toBeGreaterThanOrEqual(50);
    const one = run({ faults: [{ ...delay, oneWay: true }] });
    expect(Math.min(...out(one))).toBeGreaterThanOrEqual(50);
    expect(Math.min(...back(one))).toBeLessThan(5);
  });

  test("carries only so many bytes a millisecond", () => {
    const faults = [{ type: "slowLink", atMs: 3000, forMs: 1500, between, bytesPerMs: 10 }];
    const ran = run({ faults });
    const produced = of(ran, "sent").filter(
      ({ node, api, at }) => node === "p1" && api === "Produce" && at > 3_000_000 && at < 4_400_000,
    );
    expect(produced.length).toBeGreaterThan(10);
    for (const { at, arrival, bytes } of produced)
      if (arrival !== null) expect(arrival - at).toBeGreaterThanOrEqual(bytes * 100);
  });

  test("lets nothing through one way, while the other way carries", () => {
    const cut = { type: "cut", atMs: 3000, forMs: 1000, between: [leader, { node: "p1" }] };
    const ran = run({ faults: [{ ...cut, oneWay: true }] });
    const name = of(ran, "fault")[0]?.targets[0] ?? "";
    const during = of(ran, "sent").filter(({ at }) => at > 3_000_000 && at < 4_000_000);
    const held = during.filter(({ node, to }) => node === name && to === "p1");
    expect(held.length).toBeGreaterThan(0);
    expect(held.every(({ arrival }) => arrival === null)).toBe(true);
    const sent = during.filter(({ node, to }) => node === "p1" && to === name);
    expect(sent.some(({ arrival }) => arrival !== null)).toBe(true);
  });

  test("tells each direction's cut and heal once, whatever else cuts the same link", () => {
    const cut = { type: "cut", between: [{ node: "b2" }, { node: "p1" }] };
    const told = (faults: readonly object[]) => {
      const ran = run({ faults: faults.map((fault) => ({ ...cut, ...fault })) });
      const directions = new Set<string>();
      return ran.events
        .flatMap((event) =>
          event.type === "linkCut" || event.type === "linkHealed" ? [event] : [],
        )
        .map(({ type, at, node, peer, oneWay }) => {
          const ways =
            oneWay === true ? [`${node} ${peer}`] : [`${node} ${peer}`, `${peer} ${node}`];
          for (const way of ways) {
            expect(directions.has(way), `${way} ${type}`).toBe(type === "linkHealed");
            if (type === "linkCut") directions.add(way);
            else directions.delete(way);
          }
          return [at / 1000, [...directions].sort()];
        });
    };
    const [there, back] = ["b2 p1", "p1 b2"];
    const forth = { oneWay: true };
    // One way within both ways, both ways within one way, and one way that outlasts both.
    expect(
      told([
        { atMs: 3000, forMs: 900 },
        { ...forth, atMs: 3200, forMs: 200 },
      ]),
    ).toEqual([
      [3000, [there, back]],
      [3900, []],
    ]);
    expect(
      told([
        { ...forth, atMs: 3000, forMs: 900 },
        { atMs: 3200, forMs: 200 },
      ]),
    ).toEqual([
      [3000, [there]],
      [3200, [there, back]],
      [3400, [there]],
      [3900, []],
    ]);
    expect(
      told([
        { atMs: 3000, forMs: 300 },
        { ...forth, atMs: 3200, forMs: 500 },
      ]),
    ).toEqual([
      [3000, [there, back]],
      [3300, [there]],
      [3700, []],
    ]);
    // The end of the run heals what is left, one way or both.
    expect(told([{ atMs: 7000 }]).map(([, ways]) => ways)).toEqual([[there, back], []]);
    expect(told([{ ...forth, atMs: 7000 }]).map(([, ways]) => ways)).toEqual([[there], []]);
    expect(told([{ atMs: 7000 }, { ...forth, atMs: 7100 }]).map(([, ways]) => ways)).toEqual([
      [there, back],
      [],
    ]);
  });

  test("names who is on each side, the side from which it goes first", () => {
    const delay = { type: "delay", atMs: 3000, forMs: 500, addMs: [5, 6] };
    const sides = (fault: object) =>
      of(run({ faults: [{ ...delay, ...fault }] }), "fault")[0]?.sides?.map((side) => [...side]);
    const [b1, others] = [{ node: "b1" }, { others: true }];
    const rest = ["c1", "c2", "c3", "b2", "b3", "p1"];
    expect(sides({ between: [b1, { nodes: ["b2", "p1"] }] })).toEqual([["b1"], ["b2", "p1"]]);
    const [from, to] = sides({ between: [others, b1], oneWay: true }) ?? [];
    expect(to).toEqual(["b1"]);
    expect(from).toEqual(expect.arrayContaining(rest));
    expect(from).not.toContain("b1");
  });

  test("swallows what open connections carry, until both ends lose patience", () => {
    const ran = run({
      faults: [{ type: "blackHole", atMs: 3000, between: [leader, { node: "p1" }] }],
    });
    expect(of(ran, "lost").filter(({ why }) => why === "blackHole").length).toBeGreaterThan(0);
    const after = of(ran, "result").filter(
      ({ outcome, at }) => outcome.type === "acknowledged" && at > 5_000_000 && at < 7_000_000,
    );
    expect(after.length).toBeGreaterThan(50);
  });
});

describe("a fault that waits", () => {
  test("strikes so long after what it waits for, and only once", () => {
    const crash = { type: "crash", atMs: 3000, forMs: 2000, target: { leaderOf: "orders-0" } };
    const when = { event: "elected", partition: "orders-0", afterMs: 3 };
    const cut = {
      type: "reset",
      atMs: 1000,
      when,
      between: [{ leaderOf: "orders-0" }, { node: "p1" }],
    };
    const ran = run({ faults: [crash, cut] });
    const elected = isr(ran).find(({ at, leader }) => at > 3000 && leader >= 0);
    const struck = of(ran, "fault").filter(({ index }) => index === 1);
    expect(struck.map(({ at }) => at / 1000)).toEqual([(elected?.at ?? NaN) + 3]);
  });

  test("never strikes if it waits in vain", () => {
    const when = { event: "truncated", afterMs: 0 };
    const ran = run({ faults: [{ type: "crash", atMs: 1000, when, target: { node: "b1" } }] });
    expect(of(ran, "fault")).toEqual([]);
  });

  test("strikes at the n-th of what it waits for", () => {
    const downs = (nth: number) => {
      const when = { event: "diskWrite", node: "b2", nth, afterMs: 0 };
      const target = { node: "b2" };
      const ran = run({ faults: [{ type: "crash", atMs: 3000, when, forMs: 500, target }] });
      const [{ at } = { at: -1 }] = of(ran, "down");
      // Operations of the step that is cut short are told of too, though they have not begun.
      return of(ran, "disk").filter(
        ({ node, at: told, until }) => node === "b2" && told > 3_000_000 && until <= at,
      ).length;
    };
    expect([1, 2, 7].map(downs)).toEqual([0, 1, 6]);
  });

  test("strikes in the middle of a write of the disk", () => {
    const target = { node: "b2" };
    const when = { event: "diskWrite", node: "b2", afterMs: 0.001 };
    const ran = run({ faults: [{ type: "powerLoss", atMs: 3000, when, forMs: 500, target }] });
    const [{ at } = { at: -1 }] = of(ran, "down");
    const underWay = of(ran, "disk").filter(
      ({ node, at: began, until }) => node === "b2" && began <= at && until >= at,
    );
    expect(underWay.length).toBeGreaterThan(0);
    const whys = of(ran, "fileHurt").flatMap(({ why, node }) => (node === "b2" ? [why] : []));
    expect(whys.some((why) => why === "torn" || why === "undone")).toBe(true);
  });
});
