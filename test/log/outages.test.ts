// A log on a disk that forgets: crashes and power losses at any moment, between any two operations of the disk.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { advance, createWorld, newRuntime } from "#sim";
import type { Fault } from "../../sim/scenario/schema.ts";
import { seed } from "../sim/world/arbitraries.ts";
import { toys, toyScenario } from "../sim/world/toy.ts";
import { type Diary, logKeeper, newDiary, type Start, type State } from "./log-keeper.ts";

const lifeMs = 60;
const downMs = 2;

/** Keeps a log through such faults, one after the other; lives are short. */
function kept(text: string, faults: readonly { readonly type: FaultType; ms: number }[]): Diary {
  let at = 0;
  const planned = faults.map(({ type, ms }): Fault => {
    at += ms;
    const fault = { type, atMs: at, forMs: downMs, target: { node: "b1" } };
    at += downMs;
    return fault;
  });
  const scenario = toyScenario(text, planned);
  const world = createWorld({
    ...scenario,
    durationMs: at + lifeMs,
    cluster: { ...scenario.cluster, brokers: [{ id: 1, rack: null }] },
    // Slow enough that an outage often comes within a step, and between two of its operations.
    disk: { appendUs: [100, 600], metadataUs: [50, 300], fsyncUs: [100, 800], writeBackMs: [2, 9] },
    workload: { producers: [], consumers: [] },
  });
  const diary = newDiary();
  const runtime = newRuntime({ ...toys, broker: logKeeper(diary) });
  advance(world, runtime, { listener: () => undefined }, (at + 1) * 1000);
  expect(runtime.thrown).toEqual([]);
  expect(diary.starts.length).toBe(faults.length + 1);
  return diary;
}

type FaultType = "crash" | "powerLoss";

const lives = (type: fc.Arbitrary<FaultType>) =>
  fc.array(
    fc.record({
      type,
      // The short ones end within the recovery of the life before.
      ms: fc
        .oneof({ weight: 4, arbitrary: fc.integer({ min: 9000, max: 60_000 }) }, fc.nat(2000))
        .map((micros) => (micros + 1) / 1000),
    }),
    { minLength: 1, maxLength: 6, size: "max" },
  );

const begins = (state: State, beginning: State): boolean =>
  beginning.every((batch, i) => batch === state[i]);

const endOf = (batch: string): number => Number(/-(\d+)/.exec(batch)![1]) + 1;
const epochOf = (batch: string): number => Number(/\/(\d+)/.exec(batch)![1]);

/** What a log knows is what its batches say. */
function expectSound({ found, log }: Start): void {
  expect(log.end).toBe(found.length === 0 ? 0 : endOf(found.at(-1)!));
  const epochs = found.flatMap((batch, i) => {
    const before = found[i - 1];
    const start = before === undefined ? 0 : endOf(before);
    const isNew = before === undefined || epochOf(before) !== epochOf(batch);
    return isNew ? [{ epoch: epochOf(batch), start }] : [];
  });
  expect(log.epochs).toEqual(epochs);
  expect(log.recoveryPoint).toBeLessThanOrEqual(log.end);
}

/** The batches of the last whole step's log that were flushed. */
const safeOf = ({ last, safe }: Start): State =>
  last[0]?.filter((batch) => endOf(batch) <= safe) ?? [];

describe("a crash", () => {
  test("leaves the log as it was between two of its operations, however often it comes", () => {
    let within = 0;
    let torn = 0;
    fc.assert(
      fc.property(seed, lives(fc.constant("crash")), (text, faults) => {
        for (const start of kept(text, faults).starts.slice(1)) {
          expectSound(start);
          const { found, last } = start;
          const isOne = last.some((after, i) => {
            const before = last[i - 1] ?? after;
            // A truncation over several segments may have deleted some of them.
            return begins(found, after) && (begins(before, found) || found.length === after.length);
          });
          if (!isOne) expect(last).toContain(found);
          if (last.length > 1 && found.length !== last.at(-1)?.length) within++;
          if (start.cutBytes > 0) torn++;
        }
      }),
      { numRuns: 80 },
    );
    expect(within).toBeGreaterThan(30);
    expect(torn).toBeGreaterThan(10);
  });
});

describe("a power loss", () => {
  test("leaves the beginning of a log that was once there, all that was flushed, and all after a clean stop", () => {
    let lost = 0;
    let safe = 0;
    let revived = 0;
    let clean = 0;
    const type = fc.constantFrom<FaultType>("powerLoss", "powerLoss", "crash");
    fc.assert(
      fc.property(seed, lives(type), (text, faults) => {
        for (const start of kept(text, faults).starts.slice(1)) {
          expectSound(start);
          const { found, last, past } = start;
          // Never old batches behind newer ones, nor a hole.
          if (!past.some((state) => begins(state, found))) expect(past).toContain(found);
          const flushed = safeOf(start);
          expect(found.slice(0, flushed.length)).toEqual(flushed);
          safe += flushed.length;
          if (found.length < (last[0]?.length ?? 0)) lost++;
          if (!last.some((state) => begins(state, found))) revived++;
          if (!start.clean) continue;
          clean++;
          expect(found).toEqual(last[0]);
          expect(start.cutBytes).toBe(0);
        }
      }),
      { numRuns: 200 },
    );
    expect(safe).toBeGreaterThan(1000);
    expect(lost).toBeGreaterThan(50);
    // Batches that were cut off come back, where neither the cut nor what came after it was flushed.
    expect(revived).toBeGreaterThan(3);
    expect(clean).toBeGreaterThan(50);
  });
});
