import { describe, expect, test } from "vitest";
import { readUtf8 } from "#core";
import {
  copyWorld,
  createWorld,
  judge,
  kafkaMachines,
  library,
  newRuntime,
  type OwnRecord,
  parseScenario,
  reduce,
  runScenario,
  type Scenario,
  stepWorld,
  type TraceEvent,
  withRecords,
} from "#sim";

const make = library.get("first-light");
if (make === undefined) throw new Error("there is no scenario first-light");

/** The same words many times: no value is unique. */
const own: readonly OwnRecord[] = Array.from({ length: 60 }, (_, i) => ({
  key: i % 7 === 0 ? null : `customer-${i % 5}`,
  value: i % 3 === 0 ? "" : "tea for two, ä€😀",
}));
const scenario: Scenario = parseScenario(withRecords(make(), own));

function eventsOf(run: Scenario): TraceEvent[] {
  const events: TraceEvent[] = [];
  runScenario(run, { listeners: [(event) => events.push(event)] });
  return events;
}

describe("records of somebody's own", () => {
  test("are what the producers send, one after another", () => {
    const sent = eventsOf(scenario).flatMap((event) =>
      event.type === "called" && event.request.type === "send" ? [event.request] : [],
    );
    expect(sent.map(({ key, value }) => [key, value])).toEqual(
      own.map(({ key }, i) => [key, `p1-${i + 1}`]),
    );
    const { value } = own[1] ?? { value: "" };
    expect(sent[1]?.bytes).toBe(new TextEncoder().encode(`customer-1${value}`).length);
  });

  test("reach readers byte for byte, each under its own name", () => {
    const seen = new Map<string, string | null>();
    const values = new Map<number, string>();
    const frames: Uint8Array[] = [];
    runScenario(scenario, {
      listeners: [
        (event) => {
          if (event.type !== "result" || event.outcome.type !== "polled") return;
          for (const { value, key, crc } of event.outcome.records) {
            seen.set(value, key);
            values.set(crc, value);
          }
        },
      ],
      wire: ({ bytes }) => void frames.push(bytes),
    });
    expect(new Set(seen.keys())).toEqual(new Set(own.map((_, i) => `p1-${i + 1}`)));
    for (const [i, { key }] of own.entries()) expect(seen.get(`p1-${i + 1}`)).toBe(key);
    // Two values, however often they are sent.
    expect(values.size).toBe(2);
    expect(frames.some((bytes) => readUtf8(bytes).includes("tea for two, ä€😀"))).toBe(true);
  });

  test("are judged like any other", () => {
    const { judgements, shown } = judge(scenario);
    expect(judgements.filter(({ holds }) => !holds)).toEqual([]);
    expect(shown.acknowledged).toBe(own.length);
    const survives = judgements.find(({ id }) => id === "acknowledged-survives");
    expect(survives?.checked).toBe(own.length);
  });

  test("that are lost are missed, though other records say the same", () => {
    const blackout = library.get("blackout")?.();
    if (blackout === undefined) throw new Error("there is no scenario blackout");
    const same = Array.from({ length: 200 }, () => ({ key: "k", value: "the very same" }));
    const run = parseScenario(withRecords(blackout, same));
    const lost = judge(run, { claim: "acknowledged-survives" }).judgements.find(
      ({ id }) => id === "acknowledged-survives",
    );
    expect(lost?.holds).toBe(false);
    expect(lost?.evidence).toMatch(/p\d-\d+/);
  });

  test("move the hash by every byte of theirs, names and keys too", () => {
    const hashes = [own, own.slice(1), [{ key: "other", value: "" }, ...own.slice(1)]].map(
      (records) => runScenario(parseScenario(withRecords(make(), records))).hash,
    );
    expect(new Set(hashes).size).toBe(3);
  });

  test("go with a world that is copied while they are sent", () => {
    const straight = eventsOf(scenario);
    const world = createWorld(scenario);
    const runtime = newRuntime(kafkaMachines);
    while (world.now < 1_000_000) stepWorld(world, runtime, undefined, Infinity);
    const copy = copyWorld(world);
    const rest: TraceEvent[] = [];
    const other = newRuntime(kafkaMachines);
    while (stepWorld(copy, other, { listener: (event) => rest.push(event) }, Infinity));
    expect(rest.at(-1)).toEqual(straight.at(-1));
    expect(rest).toEqual(straight.slice(-rest.length));
  });

  test("are given up by whoever makes a run smaller, if it breaks without them", () => {
    const smaller = reduce(scenario, ({ workload }) => workload.producers.length > 0).scenario;
    expect(smaller.workload.producers.some(({ records }) => records !== undefined)).toBe(false);
  });
});
