import * as v from "valibot";
import { describe, expect, test } from "vitest";
import { library, type TraceEvent } from "#sim";
import { type ChromeEvent, chromeTrace } from "../../../sim/export/chrome.ts";
import { recorded } from "../../../sim/export/recorded.ts";

/*
 * The Trace Event Format as its document describes it (JSON Object Format): what every event must have, by its phase.
 */
const time = v.pipe(v.number(), v.minValue(0));
const place = {
  ts: time,
  pid: v.pipe(v.number(), v.integer()),
  tid: v.pipe(v.number(), v.integer()),
};
const args = v.optional(v.record(v.string(), v.unknown()));
const named = { name: v.string(), cat: v.string(), ...place, args };
const id = v.pipe(v.number(), v.integer());
const format = v.strictObject({
  displayTimeUnit: v.picklist(["ms", "ns"]),
  otherData: v.record(v.string(), v.string()),
  traceEvents: v.array(
    v.variant("ph", [
      v.strictObject({
        ph: v.literal("M"),
        name: v.picklist(["process_name", "process_sort_index"]),
        ...place,
        args: v.union([v.strictObject({ name: v.string() }), v.strictObject({ sort_index: id })]),
      }),
      v.strictObject({ ph: v.literal("X"), ...named, dur: time }),
      v.strictObject({ ph: v.literal("i"), ...named, s: v.picklist(["g", "p", "t"]) }),
      v.strictObject({ ph: v.literal("b"), ...named, id }),
      v.strictObject({ ph: v.literal("e"), ...named, id }),
      v.strictObject({ ph: v.literal("s"), ...named, id }),
      v.strictObject({ ph: v.literal("f"), ...named, id, bp: v.literal("e") }),
    ]),
  ),
});

const scenario = library.get("acks-1")?.();
if (scenario === undefined) throw new Error("there is no scenario acks-1");
const run = recorded(scenario);
const lines = (JSON.parse(chromeTrace(run)) as { traceEvents: ChromeEvent[] }).traceEvents;
const of = (...phases: readonly string[]): ChromeEvent[] =>
  lines.filter(({ ph }) => phases.includes(ph));
const count = (is: (event: TraceEvent) => boolean): number => run.events.filter(is).length;

describe("a Chrome trace", () => {
  test("keeps to its format", () => {
    const result = v.safeParse(format, JSON.parse(chromeTrace(run)));
    expect(result.issues?.map((issue) => [v.getDotPath(issue), issue.message])).toBeUndefined();
  });

  test("has a process for each node, and one for faults", () => {
    const names = of("M").flatMap(({ name, args: { name: own } = {} }) =>
      name === "process_name" ? [own] : [],
    );
    expect(names).toEqual(["faults", "c1", "c2", "c3", "b1", "b2", "b3", "a1", "p2", "v1"]);
  });

  test("has slices that never overlap within a process", () => {
    const end = new Map<number, number>();
    const slices = of("X").toSorted((a, b) => a.ts - b.ts);
    expect(slices.length).toBeGreaterThan(500);
    for (const { pid, ts, dur = 0 } of slices) {
      expect(ts).toBeGreaterThanOrEqual(end.get(pid) ?? 0);
      expect(dur).toBeGreaterThan(0);
      // Times are whole nanoseconds; their sum as a fraction of microseconds need not be.
      end.set(pid, Math.round((ts + dur) * 1000) / 1000);
    }
  });

  test("has an arrow for each message that was received, from slice to slice", () => {
    const starts = new Map(of("s").map((line) => [line.id, line]));
    const ends = of("f");
    expect(ends.length).toBe(starts.size);
    const received = run.events.flatMap((event) => (event.type === "received" ? event.done : []));
    expect(new Set(starts.keys())).toEqual(new Set(received));
    const slices = of("X");
    const inside = ({ pid, ts }: ChromeEvent): boolean =>
      slices.some((one) => one.pid === pid && one.ts <= ts && ts < one.ts + (one.dur ?? 0));
    for (const end of ends) {
      const start = starts.get(end.id);
      expect(start?.ts).toBeLessThanOrEqual(end.ts);
      if ((end.id ?? 0) % 7 !== 0) continue;
      expect(inside(end)).toBe(true);
      expect(start !== undefined && inside(start)).toBe(true);
    }
  });

  test("has a span for each fault, each death and each request that waited, and ends them all", () => {
    const begun = of("b");
    for (const one of begun) {
      const ends = of("e").filter((end) => end.id === one.id && end.cat === one.cat);
      expect(ends.map(({ pid, name }) => [pid, name])).toEqual([[one.pid, one.name]]);
      expect(ends[0]?.ts).toBeGreaterThanOrEqual(one.ts);
    }
    const spans = (cat: string): number => begun.filter((one) => one.cat === cat).length;
    expect(spans("fault")).toBe(count(({ type }) => type === "fault"));
    expect(spans("state")).toBe(count(({ type }) => type === "down"));
    const light = recorded({ ...scenario, workload: withAcksAll() });
    const parked = light.events.filter(
      (event) => event.type === "note" && event.event.type === "parked",
    );
    const waits = (JSON.parse(chromeTrace(light)) as { traceEvents: ChromeEvent[] }).traceEvents;
    expect(parked.length).toBeGreaterThan(10);
    expect(waits.filter(({ ph, cat }) => ph === "b" && cat === "parked").length).toBe(
      parked.length,
    );
  });

  test("marks what broke, in the moment in which it did", () => {
    const broken = lines.filter(({ cat }) => cat === "broken");
    const judged = run.judgements.find(({ id: name }) => name === "acknowledged-survives");
    expect(broken.map(({ name, ts }) => [name, ts])).toEqual([
      ["broken: acknowledged-survives", judged?.broke?.at],
    ]);
  });
});

function withAcksAll() {
  const { producers, consumers } = scenario?.workload ?? { producers: [], consumers: [] };
  return {
    consumers,
    producers: producers.map((one) => ({
      ...one,
      config: { ...one.config, acks: "all" as const },
    })),
  };
}
