import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type ConnectionId, InvariantError } from "#core";
import { advance, createWorld, newRuntime, type TraceEvent, type World } from "#sim";
import type { Fault, Scenario } from "../../../sim/scenario/schema.ts";
import { faults, seed } from "./arbitraries.ts";
import { toys, toyScenario } from "./toy.ts";

type Of<Type extends TraceEvent["type"]> = Extract<TraceEvent, { type: Type }>;

function traced(scenario: Scenario): { world: World; events: TraceEvent[] } {
  const world = createWorld(scenario);
  const events: TraceEvent[] = [];
  const runtime = newRuntime(toys);
  advance(world, runtime, { listener: (event) => events.push(event) }, Infinity);
  // The toys check the order and the bytes of what they receive, and throw.
  expect(runtime.thrown).toEqual([]);
  return { world, events };
}

const ofType = <Type extends TraceEvent["type"]>(events: TraceEvent[], type: Type): Of<Type>[] =>
  events.filter((event): event is Of<Type> => event.type === type);

const runs = (check: (events: TraceEvent[], world: World) => void, numRuns = 40): void =>
  fc.assert(
    fc.property(seed, faults, (text, plan) => {
      const { events, world } = traced(toyScenario(text, plan));
      check(events, world);
    }),
    { numRuns },
  );

describe("every message", () => {
  test("is handled whole, once, or told to be lost, once", () => {
    let handled = 0;
    let gone = 0;
    runs((events) => {
      const lost = ofType(events, "lost").map(({ message }) => message);
      const done = ofType(events, "received").flatMap((event) => event.done);
      const ends = [...lost, ...done].sort((a, b) => a - b);
      const sent = ofType(events, "sent").map(({ seq }) => seq);
      expect(ends).toEqual(sent);
      handled += done.length;
      gone += lost.length;
    });
    expect(handled).toBeGreaterThan(1000);
    expect(gone).toBeGreaterThan(100);
  });

  test("is handled when its last planned arrival has come, never before", () => {
    runs((events) => {
      const arrivals = new Map<number, number | null>();
      for (const event of events) {
        if (event.type === "sent") arrivals.set(event.seq, event.arrival);
        if (event.type === "delayed") arrivals.set(event.message, event.arrival);
        if (event.type !== "received") continue;
        for (const message of event.done) {
          const arrival = arrivals.get(message);
          expect(arrival).not.toBeNull();
          expect(arrival).toBeLessThanOrEqual(event.at);
        }
      }
    });
  });

  test("of one connection arrives in the order in which it was sent", () => {
    runs((events) => {
      const last = new Map<string, number>();
      for (const event of ofType(events, "received")) {
        const stream = `${event.node}/${event.connection}`;
        for (const message of event.done) {
          expect(message).toBeGreaterThan(last.get(stream) ?? -1);
          last.set(stream, message);
        }
      }
    });
  });
});

describe("every event", () => {
  test("is caused by earlier ones, and time never falls", () => {
    runs((events) => {
      let now = 0;
      for (const event of events) {
        expect(event.at).toBeGreaterThanOrEqual(now);
        now = event.at;
        for (const cause of event.causes) expect(cause).toBeLessThan(event.seq);
        expect(new Set(event.causes).size).toBe(event.causes.length);
      }
    });
  });
});

describe("a connection", () => {
  test("has an even number where it was opened, an odd one where it was accepted, and neither twice", () => {
    runs((events) => {
      const seen = new Set<string>();
      for (const event of events) {
        if (event.type !== "opened" && event.type !== "connecting") continue;
        const accepted = event.type === "opened" && event.accepted;
        expect(event.connection % 2).toBe(accepted ? 1 : 0);
        const name = `${event.node}/${event.connection}/${event.type}`;
        expect(seen.has(name)).toBe(false);
        seen.add(name);
      }
    });
  });

  test("says nothing after its end", () => {
    runs((events) => {
      const over = new Set<string>();
      for (const event of events) {
        if (!("connection" in event)) continue;
        const name = `${event.node}/${event.connection}`;
        expect(over.has(name)).toBe(false);
        if (event.type === "closed" || event.type === "closing") over.add(name);
      }
    });
  });

  test("leaves the world when both ends are gone", () => {
    runs((_, world) => {
      for (const connection of world.connections.values()) {
        expect(connection.ends.some(({ live }) => live)).toBe(true);
      }
    });
  });
});

const b1 = { node: "b1" };
const within = (from: number, to: number) => (event: TraceEvent) =>
  event.at > from * 1000 && event.at < to * 1000;

describe("a fault", () => {
  const closedAtClients = (plan: Fault[], from: number, to: number) =>
    ofType(traced(toyScenario("fault", plan)).events, "closed")
      .filter(within(from, to))
      .filter(({ node, peer }) => node.startsWith("p") && peer === "b1");

  test("crash: peers hear a reset within the latency of the link, and then are refused", () => {
    const closed = closedAtClients([{ type: "crash", atMs: 50, forMs: 40, target: b1 }], 50, 90);
    const [first, second, ...later] = closed;
    expect([first?.reason, second?.reason]).toEqual(["reset", "reset"]);
    expect(second!.at).toBeLessThanOrEqual(50_000 + 2 * 700);
    expect(later.length).toBeGreaterThan(1);
    for (const { reason } of later) expect(reason).toBe("refused");
  });

  test("power loss: silence, until the machine has power again and resets what was sent to it", () => {
    const plan: Fault[] = [{ type: "powerLoss", atMs: 50, forMs: 40, target: b1 }];
    expect(closedAtClients(plan, 50, 90)).toEqual([]);
    expect(closedAtClients(plan, 90, 400).map(({ reason }) => reason)).toContain("reset");
  });

  test("pause: connections stay, bytes wait, and all of them are handled after it", () => {
    const plan: Fault[] = [{ type: "pause", atMs: 50, forMs: 30, target: b1 }];
    const { events } = traced(toyScenario("fault", plan));
    const meanwhile = events.filter(within(50, 80)).filter(({ node }) => node === "b1");
    // The kernel goes on: it may write back.
    expect(meanwhile.filter(({ type }) => type !== "writeBack")).toEqual([]);
    expect(ofType(events, "lost")).toEqual([]);
    expect(ofType(events, "filled").filter(within(50, 80)).length).toBeGreaterThan(0);
    expect(events.filter(within(80, 90)).some(({ node }) => node === "b1")).toBe(true);
  });

  test("cut: nothing crosses and nothing is lost; held messages are planned anew at the heal", () => {
    const between = [b1, { node: "p1" }] as [typeof b1, typeof b1];
    const plan: Fault[] = [{ type: "cut", atMs: 50, forMs: 30, between }];
    const { events } = traced(toyScenario("fault", plan));
    const crossed = ofType(events, "received").filter(
      ({ node, from }) => (node === "b1" && from === "p1") || (node === "p1" && from === "b1"),
    );
    // b1 may still read what had arrived before the cut.
    expect(crossed.filter(within(55, 80))).toEqual([]);
    expect(ofType(events, "lost")).toEqual([]);
    expect(ofType(events, "closed").filter(within(50, 400))).toEqual([]);
    const replanned = ofType(events, "delayed").filter(({ at }) => at === 80_000);
    expect(replanned.length).toBeGreaterThan(0);
    for (const { arrival } of replanned) expect(arrival).toBeGreaterThan(80_000);
  });

  test("reset: both ends hear of it, and what was under way is lost", () => {
    const plan: Fault[] = [{ type: "reset", atMs: 50, between: [b1, { role: "clients" }] }];
    const { events } = traced(toyScenario("fault", plan));
    const closed = ofType(events, "closed").filter(within(49, 52));
    expect(closed.map(({ node }) => node).sort()).toEqual(["a1", "b1", "b1", "b1", "p1", "p2"]);
    const lost = ofType(events, "lost").filter(({ at }) => at === 50_000);
    expect(lost.length).toBeGreaterThan(0);
    for (const { why } of lost) expect(why).toBe("reset");
  });

  test("stop: the process is asked, exits in order, and its connections are closed", () => {
    const plan: Fault[] = [{ type: "stop", atMs: 50, forMs: 40, target: b1 }];
    const closed = closedAtClients(plan, 50, 60);
    expect(closed.slice(0, 2).map(({ reason }) => reason)).toEqual(["closed", "closed"]);
    const { events } = traced(toyScenario("fault", plan));
    const down = ofType(events, "down");
    expect(down.map(({ node, how }) => [node, how])).toEqual([["b1", "stopped"]]);
    const started = ofType(events, "started").filter(({ node }) => node === "b1");
    expect(started.map(({ life }) => life)).toEqual([1, 2]);
  });

  test("an assertion that fails takes the process down, and leaves nothing of the step", () => {
    let thrown = false;
    const broker = {
      ...toys.broker,
      step: (...args: Parameters<typeof toys.broker.step>) => {
        toys.broker.step(...args);
        if (args[1].monotonic < 50 || thrown) return;
        thrown = true;
        throw new TypeError("an engine's own words");
      },
    };
    const world = createWorld(toyScenario("fault"));
    const events: TraceEvent[] = [];
    const runtime = newRuntime({ ...toys, broker });
    advance(world, runtime, { listener: (event) => events.push(event) }, Infinity);
    const [down] = ofType(events, "down");
    expect(down).toMatchObject({ how: "failed", reason: "TypeError" });
    expect(runtime.thrown).toHaveLength(1);
    const [input] = down!.causes;
    const left = events.filter(({ causes, type }) => causes.includes(input!) && type !== "disk");
    expect(left).toEqual([down]);
  });

  test.each([
    ["what its disk refuses", "log/0", "halted"],
    ["a file that never was", "log/9", "failed"],
  ])("a process on a full disk ends by %s: %s, %s", (_, path, how) => {
    const broker = {
      ...toys.broker,
      step: (...args: Parameters<typeof toys.broker.step>) => {
        const [, now, , { files }] = args;
        if (now.monotonic < 40) toys.broker.step(...args);
        else if (path === "log/9") files.fsync(path);
        else files.append(path, new Uint8Array(1));
      },
    };
    const plan = [{ type: "diskFull" as const, atMs: 40, target: { node: "b1" } }];
    const world = createWorld(toyScenario("fault", plan));
    const events: TraceEvent[] = [];
    advance(
      world,
      newRuntime({ ...toys, broker }),
      { listener: (one) => events.push(one) },
      60_000,
    );
    expect(ofType(events, "down").find(({ node }) => node === "b1")).toMatchObject({ how });
  });

  test("a process that asks for what makes no sense fails, and not the run", () => {
    const client = {
      ...toys.client,
      step: (...args: Parameters<typeof toys.client.step>) => {
        toys.client.step(...args);
        const [, now, , , outbox] = args;
        if (now.monotonic >= 50) outbox.push({ type: "close", connection: 7777 as ConnectionId });
      },
    };
    const world = createWorld(toyScenario("fault"));
    const events: TraceEvent[] = [];
    const runtime = newRuntime({ ...toys, client });
    advance(world, runtime, { listener: (event) => events.push(event) }, Infinity);
    const down = ofType(events, "down").filter(({ how }) => how === "failed");
    expect(down.length).toBeGreaterThan(0);
    expect(down[0]?.reason).toMatch(/^InvariantError: p\d has a connection 7777$/);
  });

  test.each(["called", "result", "disk", "sent", "down"])(
    "a mistake of the world, or of who listens at a %s, names itself and is no process's",
    (type) => {
      const plan = [{ type: "crash" as const, atMs: 50, target: { node: "b1" } }];
      const world = createWorld(toyScenario("fault", plan));
      const runtime = newRuntime(toys);
      const mistake = new InvariantError("the checker has lost count");
      const listener = (event: TraceEvent): void => {
        if (event.type === type) throw mistake;
      };
      expect(() => advance(world, runtime, { listener }, Infinity)).toThrow(mistake);
      expect(runtime.thrown).toEqual([]);
    },
  );
});
