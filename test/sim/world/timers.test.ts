import fc from "fast-check";
import { expect, test } from "vitest";
import type { Effect, Input, Millis, Now, Ports } from "#core";
import { advance, createWorld, newRuntime, type TraceEvent } from "#sim";
import { toys, toyScenario } from "./toy.ts";

/** At a moment (ms), set a timer to fire that much later, or cancel it. */
interface Act {
  readonly at: number;
  readonly timer: string;
  readonly after: number | undefined;
}

const acts = fc.array(
  fc.record({
    at: fc.integer({ min: 1, max: 40 }),
    timer: fc.constantFrom("x", "y", "z"),
    after: fc.option(fc.nat(20), { nil: undefined }),
  }),
  { maxLength: 25 },
);

function firings(plan: readonly Act[]): { fired: { timer: string; at: number }[]; queued: number } {
  const scenario = toyScenario("timers");
  const world = createWorld({
    ...scenario,
    cluster: { ...scenario.cluster, brokers: [{ id: 1, rack: null }] },
    workload: { producers: [], consumers: [] },
  });
  const broker = {
    create: () => ({}),
    step: (_: unknown, now: Now, input: Input, _ports: Ports, outbox: Effect[]) => {
      if (input.type !== "started" && !(input.type === "timer" && input.timer === "clock")) return;
      for (const { at, timer, after } of plan) {
        if (at !== now.monotonic) continue;
        if (after === undefined) outbox.push({ type: "cancelTimer", timer });
        else outbox.push({ type: "setTimer", timer, at: (at + after) as Millis });
      }
      outbox.push({ type: "setTimer", timer: "clock", at: (now.monotonic + 1) as Millis });
    },
  };
  const fired: { timer: string; at: number }[] = [];
  const listener = (event: TraceEvent): void => {
    if (event.type === "timer" && event.timer !== "clock") fired.push(event);
  };
  let queued = 0;
  const runtime = newRuntime({ ...toys, broker });
  for (let ms = 0; ms < 80; ms++) {
    advance(world, runtime, { listener }, ms * 1000);
    queued = Math.max(queued, world.queue.length);
  }
  return { fired: fired.map(({ timer, at }) => ({ timer, at })), queued };
}

test("a timer fires once for its last setting, at its time or up to 999 µs later", () => {
  let late = 0;
  fc.assert(
    fc.property(acts, (plan) => {
      const { fired } = firings(plan);
      for (const timer of ["x", "y", "z"]) {
        let due: number | undefined;
        const expected: number[] = [];
        // The clock's own lateness puts every act somewhere within its millisecond.
        for (let ms = 0; ms < 80; ms++) {
          const acting = plan.filter((act) => act.at === ms && act.timer === timer);
          if (due !== undefined && due < ms) {
            expected.push(due);
            due = undefined;
          }
          for (const { after } of acting) {
            if (due === ms) continue;
            due = after === undefined ? undefined : ms + after;
          }
        }
        const found = fired.filter((event) => event.timer === timer).map(({ at }) => at / 1000);
        const ambiguous = plan.some(
          ({ at, timer: name, after }) =>
            name === timer &&
            (after === 0 ||
              plan.some(
                (other) => other.timer === timer && other.at + (other.after ?? -99) === at,
              )),
        );
        if (ambiguous) continue;
        expect(found.map(Math.floor)).toEqual(expected);
        late += found.filter((at) => at % 1 > 0).length;
      }
    }),
    { numRuns: 150 },
  );
  expect(late).toBeGreaterThan(100);
});

test("a name has one entry in the queue for as long as it is only put off", () => {
  const plan = Array.from({ length: 40 }, (_, at) => ({ at, timer: "x", after: 20 }));
  // The timer, the clock, the start of the admin and what it connects to, the write-back.
  expect(firings(plan).queued).toBeLessThan(12);
});
