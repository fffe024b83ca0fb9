import { expect, test } from "vitest";
import { advance, createWorld, hashWorld, newRuntime, printHash, type TraceEvent } from "#sim";
import { toys, toyScenario } from "./toy.ts";

test("the same scenario gives the same events, hash and world, whether anybody listens or not", () => {
  const runs = [true, false].map((listens) => {
    const world = createWorld(toyScenario("seed"));
    const events: TraceEvent[] = [];
    const runtime = newRuntime(toys);
    const record = listens
      ? { listener: (event: TraceEvent) => void events.push(event) }
      : undefined;
    advance(world, runtime, record, Infinity);
    expect(runtime.thrown).toEqual([]);
    return { world, events };
  });
  const [heard, silent] = runs;
  const counts: Record<string, number> = {};
  for (const e of heard!.events) counts[e.type] = (counts[e.type] ?? 0) + 1;
  console.log(counts, heard!.world.inputs, heard!.world.now);
  expect(printHash(heard!.world.tape)).toBe(printHash(silent!.world.tape));
  expect(hashWorld(heard!.world)).toBe(hashWorld(silent!.world));
  expect(heard!.world.phase).toBe("end");
});
