import { describe, expect, test } from "vitest";
import {
  advance,
  compareWorlds,
  copyWorld,
  createWorld,
  editWorld,
  hashWorld,
  kafkaMachines,
  newRuntime,
  parseScenario,
  printHash,
  runScenario,
  type Fault,
  type Scenario,
  type SeenRecord,
  type TraceEvent,
  type World,
} from "#sim";
import { firstLight } from "../../sim/scenario/library/first-light.ts";
import { steady } from "../../sim/scenario/library/steady.ts";

interface Log {
  /** Names of acknowledged records, by where they are said to stand. */
  readonly acknowledged: Map<string, string>;
  readonly seen: SeenRecord[];
  readonly verified: SeenRecord[];
  readonly events: TraceEvent[];
}

/** Listens to a run and keeps what its clients were told. */
function listen(): Log & { readonly listener: (event: TraceEvent) => void } {
  const log: Log = { acknowledged: new Map(), seen: [], verified: [], events: [] };
  const names = new Map<string, string>();
  const listener = (event: TraceEvent): void => {
    log.events.push(event);
    if (event.type === "called" && event.request.type === "send") {
      names.set(`${event.node}/${event.call}`, event.request.value);
    }
    if (event.type !== "result") return;
    const { outcome } = event;
    if (outcome.type === "acknowledged") {
      const name = names.get(`${event.node}/${event.call}`) ?? "";
      log.acknowledged.set(`${outcome.partition}@${outcome.offset}`, name);
    }
    if (outcome.type === "polled") {
      (event.node === "v1" ? log.verified : log.seen).push(...outcome.records);
    }
  };
  return { ...log, listener };
}

const placed = (records: readonly SeenRecord[]): Map<string, string> =>
  new Map(records.map(({ partition, offset, value }) => [`${partition}@${offset}`, value]));

function worldAt(scenario: Scenario, until: number): World {
  const world = createWorld(scenario);
  advance(world, newRuntime(kafkaMachines), undefined, until);
  return world;
}

describe.each([
  ["steady", steady()],
  ["first-light", firstLight()],
])("%s", (_, scenario) => {
  test("acknowledges records, and readers see each of them where it was said to stand", () => {
    const { listener, acknowledged, seen, verified, events } = listen();
    const result = runScenario(scenario, { listeners: [listener] });
    expect(result.complete).toBe(true);
    expect(acknowledged.size).toBeGreaterThan(80);
    const read = placed(verified);
    for (const [place, name] of acknowledged) expect(read.get(place)).toBe(name);
    for (const [place, name] of placed(seen)) expect(read.get(place)).toBe(name);
    expect(seen.length).toBe(
      new Set(seen.map(({ partition, offset }) => `${partition}@${offset}`)).size,
    );
    expect(events.filter((event) => event.type === "down" && event.how === "failed")).toEqual([]);
    expect(events.at(-1)).toMatchObject({ type: "phase", phase: "end", complete: true });
  });

  test("is the same run each time, whether anybody listens or not", () => {
    const alone = runScenario(scenario);
    const heard = runScenario(scenario, { listeners: [listen().listener] });
    expect(heard).toEqual(alone);
    const { listener, events } = listen();
    expect(runScenario(scenario, { listeners: [listener], traffic: false })).toEqual(alone);
    const kinds = new Set(events.map(({ type }) => type));
    for (const kind of ["note", "called", "result", "phase"] as const)
      expect(kinds).toContain(kind);
    for (const kind of ["sent", "received", "timer", "disk"] as const) {
      expect(kinds).not.toContain(kind);
    }
    expect(runScenario({ ...scenario, seed: "2" }).hash).not.toBe(alone.hash);
  });

  test("goes on as a copy at any time, and a fork with a fault is the edited scenario", () => {
    const { hash } = runScenario(scenario);
    const fault: Fault = { type: "powerLoss", atMs: 4000, forMs: 500, target: { node: "b1" } };
    const edited = runScenario({ ...scenario, faults: [...scenario.faults, fault] });
    expect(edited.hash).not.toBe(hash);
    for (const at of [0, 350_000, 2_999_999, 3_700_000]) {
      const world = worldAt(scenario, at);
      const copy = copyWorld(world);
      expect(compareWorlds(copy, world)).toBe(undefined);
      advance(copy, newRuntime(kafkaMachines), undefined, Infinity);
      expect(printHash(copy.tape)).toBe(hash);
      editWorld(world, fault);
      advance(world, newRuntime(kafkaMachines), undefined, Infinity);
      expect(printHash(world.tape)).toBe(edited.hash);
    }
  });

  test("is moved by one latency, one byte, one flush", () => {
    const { hash } = runScenario(scenario);
    const { network, disk, workload } = scenario;
    const longer = { ...network, latencyUs: [201, 801] as const };
    const bigger = workload.producers.map((one) => ({ ...one, valueBytes: one.valueBytes + 1 }));
    const slower = { ...disk, fsyncUs: [501, 3001] as const };
    expect(runScenario({ ...scenario, network: longer }).hash).not.toBe(hash);
    const more = { ...workload, producers: bigger };
    expect(runScenario({ ...scenario, workload: more }).hash).not.toBe(hash);
    expect(runScenario({ ...scenario, disk: slower }).hash).not.toBe(hash);
  });

  test("is plain data that a scenario's text leads to again", () => {
    const again = parseScenario(JSON.parse(JSON.stringify(scenario)));
    expect(again).toEqual(scenario);
    const one = worldAt(scenario, 3_100_000);
    const other = worldAt(again, 3_100_000);
    expect(hashWorld(other)).toEqual(hashWorld(one));
  });
});

test("first-light: a record that the killed leader had kept is acknowledged by its heir, once", () => {
  const { listener, events, verified } = listen();
  runScenario(firstLight(), { listeners: [listener] });
  const strike = events.find(({ type }) => type === "fault");
  expect(strike).toMatchObject({ met: true });
  const notes = events.flatMap((event) => (event.type === "note" ? [event.event] : []));
  const leaders = notes.flatMap((note) =>
    note.type === "partitionChanged" && note.partition === "orders-0" ? [note.leader] : [],
  );
  expect(new Set(leaders).size).toBeGreaterThan(1);
  // It was under way when the fault struck: the retry is known by its sequence.
  const again = notes.filter((note) => note.type === "duplicateBatch");
  expect(again.map(({ partition }) => partition)).toEqual(["orders-0"]);
  const values = verified.map(({ value }) => value);
  expect(new Set(values).size).toBe(values.length);
});
