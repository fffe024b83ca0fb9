import { describe, expect, test } from "vitest";
import { library, type TraceEvent } from "#sim";
import { recorded } from "../../../sim/export/recorded.ts";
import { shivizLog } from "../../../sim/export/shiviz.ts";

interface Line {
  readonly time: string;
  readonly host: string;
  readonly clock: Readonly<Record<string, number>>;
  readonly event: string;
}

const scenario = library.get("acks-1")?.();
if (scenario === undefined) throw new Error("there is no scenario acks-1");
const run = recorded(scenario);
const text = shivizLog(run);

/** As ShiViz reads it: by the pattern in the first line of the file; the second line is empty. */
function parse(file: string): Line[] {
  const [pattern = "", delimiter, ...rest] = file.split("\n");
  expect(delimiter).toBe("");
  const log = rest.join("\n");
  const lines = [...log.matchAll(new RegExp(pattern, "g"))];
  expect(log.replaceAll(new RegExp(pattern, "g"), "").trim()).toBe("");
  return lines.map(({ groups = {} }) => ({
    time: groups["time"] ?? "",
    host: groups["host"] ?? "",
    event: groups["event"] ?? "",
    clock: JSON.parse(groups["clock"] ?? "{}") as Record<string, number>,
  }));
}

const lines = parse(text);

describe("a ShiViz log", () => {
  test("counts each host's own events by one", () => {
    const counts = new Map<string, number>();
    for (const { host, clock } of lines) {
      const next = (counts.get(host) ?? 0) + 1;
      expect(clock[host]).toBe(next);
      counts.set(host, next);
    }
    expect(lines.length).toBeGreaterThan(1000);
    expect([...counts.keys()].toSorted()).toEqual(
      ["a1", "b1", "b2", "b3", "c1", "c2", "c3", "p2", "v1", "world"].toSorted(),
    );
  });

  test("lets an event know another exactly if that is among what led to it", () => {
    // The events that have a line, in the order of their lines.
    const told = run.events.filter(isTold);
    expect(told.length).toBe(lines.length);
    const knows = knowledge();
    for (let i = 0; i < told.length; i += 41) {
      for (let j = 0; j < told.length; j += 29) {
        const [a, b] = [told[i], told[j]];
        const [lineA, lineB] = [lines[i], lines[j]];
        if (a === undefined || b === undefined || lineA === undefined || lineB === undefined)
          continue;
        const byClock = (lineB.clock[lineA.host] ?? 0) >= (lineA.clock[lineA.host] ?? 0);
        expect(byClock, `${a.seq} before ${b.seq}`).toBe(knows(b.seq, a.seq));
      }
    }
  });

  test("names messages by both their ends", () => {
    const sent = lines.find(({ event }) => event.startsWith("sends Produce"));
    expect(sent?.event).toMatch(/^sends Produce v\d+ request to b\d \(\d+ bytes\)$/);
    expect(sent?.host).toBe("p2");
  });
});

const unlisted = new Set(["disk", "writeBack", "fileHurt", "filled", "drained", "delayed"]);
const isTold = (event: TraceEvent): boolean =>
  !unlisted.has(event.type) && (event.type !== "received" || event.done.length > 0);

/** Whether an event lies in the past of another: over causes, and over what its own node did before. */
function knowledge(): (later: number, earlier: number) => boolean {
  const parents = new Map<number, readonly number[]>();
  const last = new Map<string, number>();
  for (const { seq, node, causes } of run.events) {
    const before = last.get(node);
    parents.set(seq, before === undefined ? causes : [...causes, before]);
    last.set(node, seq);
  }
  const pasts = new Map<number, ReadonlySet<number>>();
  const past = (seq: number): ReadonlySet<number> => {
    const known = pasts.get(seq);
    if (known !== undefined) return known;
    const found = new Set<number>([seq]);
    for (const one of found) for (const parent of parents.get(one) ?? []) found.add(parent);
    pasts.set(seq, found);
    return found;
  };
  return (later, earlier) => past(later).has(earlier);
}
