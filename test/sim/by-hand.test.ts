// What somebody does to a producer by hand: a record of their own, other settings.
import { expect, test } from "vitest";
import {
  advance,
  copyWorld,
  createWorld,
  editWorld,
  type Fault,
  judge,
  kafkaMachines,
  library,
  newRuntime,
  parseScenario,
  printHash,
  type Scenario,
  type TraceEvent,
} from "#sim";

const steady = (faults: readonly Fault[]): Scenario =>
  parseScenario({ ...library.get("steady")?.(), faults });

function run(scenario: Scenario) {
  const events: TraceEvent[] = [];
  const judged = judge(scenario, { listener: (event) => void events.push(event) });
  return { events, ...judged };
}

const byHand: Fault = {
  type: "produce",
  atMs: 2500,
  producer: "p1",
  partition: 0,
  key: "Zoë",
  value: "hello there",
};

test("a record sent by hand is written, told of and read like any other", () => {
  const { events, judgements } = run(steady([byHand]));
  expect(judgements.filter(({ standing }) => standing === "broken")).toEqual([]);
  const called = events.find(
    (event) =>
      event.type === "called" && event.request.type === "send" && event.request.key === "Zoë",
  );
  expect(called).toMatchObject({
    node: "p1",
    at: 2_500_000,
    request: { value: "p1+0", partition: 0 },
  });
  const fault = events.find((event) => event.type === "fault");
  expect(called?.causes).toEqual([fault?.seq]);
  expect(fault).toMatchObject({ sentence: "Somebody has p1 send a record with the key Zoë." });
  const read = events.flatMap((event) =>
    event.type === "result" && event.outcome.type === "polled"
      ? event.outcome.records.filter(({ value }) => value === "p1+0").map(() => event.node)
      : [],
  );
  expect(read).toEqual(["k1", "v1"]);
});

test("nothing is sent by a producer that is down", () => {
  const crash: Fault = { type: "crash", atMs: 2400, target: { node: "p1" } };
  const { events } = run(steady([crash, byHand]));
  expect(events.filter((event) => event.type === "fault").map(({ met }) => met)).toEqual([
    true,
    false,
  ]);
  expect(
    events.some(
      (event) =>
        event.type === "called" && event.request.type === "send" && event.request.value === "p1+1",
    ),
  ).toBe(false);
});

test("a producer that is started anew with acks=1 is promised nothing from then on", () => {
  const config: Fault = {
    type: "producerConfig",
    atMs: 2500,
    producer: "p1",
    config: { acks: "1" },
  };
  const { events, judgements } = run(steady([config]));
  const starts = events.filter((event) => event.type === "started" && event.node === "p1");
  expect(starts.map(({ at }) => at > 2_500_000)).toEqual([false, true]);
  const acked = events.filter(
    (event) =>
      event.type === "result" && event.node === "p1" && event.outcome.type === "acknowledged",
  );
  const after = acked.filter(({ seq }) => seq > (starts[1]?.seq ?? Infinity)).length;
  expect(after).toBeGreaterThan(0);
  const survives = judgements.find(({ id }) => id === "acknowledged-survives");
  expect(survives).toMatchObject({
    checked: acked.length,
    exempt: after,
    precondition: ["acks-all"],
  });
});

test("by hand in a copy of the world comes to the same as in the scenario", () => {
  const world = createWorld(steady([]));
  const runtime = newRuntime(kafkaMachines);
  advance(world, runtime, {}, 2_000_000);
  const fork = copyWorld(world);
  editWorld(fork, byHand);
  advance(fork, newRuntime(kafkaMachines), {}, Infinity);
  expect(printHash(fork.tape)).toBe(run(steady([byHand])).result.hash);
});

test.each([
  [{ ...byHand, producer: "p9" }, "faults.0.producer: no producer is named p9"],
  [{ ...byHand, partition: 7 }, "faults.0.partition: orders has"],
  [{ ...byHand, value: "x".repeat(201) }, "faults.0.value"],
  [
    { type: "producerConfig", atMs: 1, producer: "p1", config: { acks: "2" } },
    "faults.0.config.acks",
  ],
])("says what is wrong with %o", (fault, problem) => {
  expect(() => steady([fault as Fault])).toThrow(problem);
});

test("a heal by hand ends what lasts, and nothing is healed twice", () => {
  const faults: Fault[] = [
    { type: "crash", atMs: 2000, target: { node: "b1" } },
    { type: "cut", atMs: 2100, between: [{ node: "b2" }, { node: "b3" }], forMs: 3000 },
    { type: "pause", atMs: 2200, target: { node: "k1" } },
    { type: "heal", atMs: 2600 },
  ];
  const { events, judgements } = run(steady(faults));
  expect(judgements.filter(({ standing }) => standing === "broken")).toEqual([]);
  const healed = events.flatMap((event) => (event.type === "healed" ? [event] : []));
  expect(healed.map(({ at, index, targets }) => [at, index, targets])).toEqual([
    [2_600_000, 0, ["b1"]],
    [2_600_000, 1, ["b2", "b3"]],
    [2_600_000, 2, ["k1"]],
    [expect.any(Number), -1, []],
  ]);
  expect(events.filter((event) => event.type === "started" && event.node === "b1").length).toBe(2);
  expect(events.find((event) => event.type === "resumed")).toMatchObject({ node: "k1" });
  expect(events.filter((event) => event.type === "linkHealed").length).toBe(1);
});

test("one fault can be healed alone", () => {
  const faults: Fault[] = [
    { type: "pause", atMs: 2000, target: { node: "k1" } },
    { type: "crash", atMs: 2100, target: { node: "b1" } },
    { type: "heal", atMs: 2600, fault: 1 },
  ];
  const { events } = run(steady(faults));
  const healed = events.flatMap((event) => (event.type === "healed" ? [event] : []));
  expect(healed.map(({ index, targets }) => [index, targets])).toEqual([
    [1, ["b1"]],
    [-1, ["k1"]],
  ]);
  expect(() => steady([{ type: "heal", atMs: 1, fault: 1 }])).toThrow(
    "faults.0.fault: there are 1 faults, from 0 on",
  );
});
