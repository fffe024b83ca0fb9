import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  advance,
  compareWorlds,
  copyWorld,
  createWorld,
  editWorld,
  hashWorld,
  newRuntime,
  printHash,
  stepWorld,
  type TraceEvent,
  type World,
} from "#sim";
import type { Scenario } from "../../../sim/scenario/schema.ts";
import { fault, faults, seed } from "./arbitraries.ts";
import { toys, toyScenario } from "./toy.ts";

function finish(world: World): World {
  const runtime = newRuntime(toys);
  advance(world, runtime, undefined, Infinity);
  expect(runtime.thrown).toEqual([]);
  expect(world.phase).toBe("end");
  return world;
}

const run = (scenario: Scenario): World => finish(createWorld(scenario));

function steps(world: World, count: number): void {
  const runtime = newRuntime(toys);
  for (let i = 0; i < count; i++) stepWorld(world, runtime, undefined, Infinity);
}

function expectEqual(a: World, b: World): void {
  expect(compareWorlds(a, b)).toBeUndefined();
  expect(printHash(a.tape)).toBe(printHash(b.tape));
  expect(hashWorld(a)).toBe(hashWorld(b));
}

describe("a run", () => {
  test("is the same whether anybody listens or not", () => {
    fc.assert(
      fc.property(seed, faults, (text, plan) => {
        const world = createWorld(toyScenario(text, plan));
        const events: TraceEvent[] = [];
        advance(world, newRuntime(toys), { listener: (event) => events.push(event) }, Infinity);
        expect(events.map((event) => event.seq)).toEqual(events.map((_, i) => i));
        expectEqual(world, run(toyScenario(text, plan)));
      }),
      { numRuns: 20 },
    );
  });

  test("goes on from a copy as it would have gone on itself", () => {
    fc.assert(
      fc.property(seed, faults, fc.array(fc.nat(900), { maxLength: 5 }), (text, plan, counts) => {
        const scenario = toyScenario(text, plan);
        let world = createWorld(scenario);
        for (const count of counts) {
          steps(world, count);
          const copy = copyWorld(world);
          expectEqual(copy, world);
          // The original moves on, and must not move the copy.
          const before = hashWorld(copy);
          steps(world, 300);
          expect(hashWorld(copy)).toBe(before);
          world = copy;
        }
        expectEqual(finish(world), run(scenario));
      }),
      { numRuns: 20 },
    );
  });

  test("that is forked with a fault equals the edited scenario, also within a microsecond", () => {
    fc.assert(
      fc.property(
        seed,
        faults,
        fault,
        fc.nat(2000),
        fc.nat(3),
        (text, plan, added, count, delay) => {
          const world = createWorld(toyScenario(text, plan));
          steps(world, count);
          if (world.plan.ended || world.now >= 119_000) return;
          const edit = { ...added, atMs: world.now / 1000 + delay * (added.atMs % 0.5) };
          edit.atMs = Math.floor(edit.atMs * 1000) / 1000;
          if (Math.floor(edit.atMs * 1000 + 0.5) < world.now) edit.atMs = world.now / 1000;
          const fork = copyWorld(world);
          editWorld(fork, edit);
          expectEqual(finish(fork), run(toyScenario(text, [...plan, edit])));
        },
      ),
      { numRuns: 40 },
    );
  });

  test("that is forked with a fault that waits equals the edited scenario, though what it waits for happens right now", () => {
    fc.assert(
      fc.property(
        seed,
        fc.nat(900),
        fc.constantFrom(0, 0.004),
        fc.constantFrom(1, 2, 9),
        fc.constantFrom("b1", "b2"),
        (text, count, afterMs, nth, node) => {
          const world = createWorld(toyScenario(text, []));
          steps(world, count);
          const when = { event: "diskWrite" as const, node, nth, afterMs };
          const atMs = world.now / 1000;
          const edit = { type: "powerLoss" as const, atMs, forMs: 9, when, target: { node } };
          const fork = copyWorld(world);
          editWorld(fork, edit);
          expectEqual(finish(fork), run(toyScenario(text, [edit])));
        },
      ),
      { numRuns: 40 },
    );
  });

  test("advances in any steps to the same world", () => {
    fc.assert(
      fc.property(seed, faults, fc.array(fc.nat(100_000)), (text, plan, stops) => {
        const scenario = toyScenario(text, plan);
        const world = createWorld(scenario);
        const runtime = newRuntime(toys);
        for (const stop of stops.sort((a, b) => a - b)) advance(world, runtime, undefined, stop);
        expectEqual(finish(world), run(scenario));
      }),
      { numRuns: 15 },
    );
  });
});

describe("the hash", () => {
  const base = toyScenario("hash", []);
  const hash = (scenario: Scenario) => printHash(run(scenario).tape);

  test.each([
    ["a latency", { network: { ...base.network, latencyUs: [100, 701] } }],
    ["the time of an fsync", { disk: { ...base.disk, fsyncUs: [200, 2001] } }],
    ["the seed", { seed: "hasi" }],
  ] as [string, Partial<Scenario>][])("is another with another %s", (_, change) => {
    expect(hash({ ...base, ...change })).not.toBe(hash(base));
  });

  test("is another when one byte of one message is another", () => {
    const flip = (at: number) => {
      const world = createWorld(base);
      let frames = 0;
      const client = {
        ...toys.client,
        step: (...args: Parameters<typeof toys.client.step>) => {
          toys.client.step(...args);
          for (const effect of args[4]) {
            // The last byte of the length of a value is not looked at by the toys' own checks.
            if (effect.type === "send" && ++frames === at)
              effect.bytes[effect.bytes.length - 1]! ^= 1;
          }
        },
      };
      advance(world, newRuntime({ ...toys, client }), undefined, Infinity);
      return printHash(world.tape);
    };
    expect(flip(40)).not.toBe(flip(-1));
  });
});
