import { expect, test } from "vitest";
import { type Kept, keptUntil, lastKept, withCopy } from "../../viz/kept-copies.ts";

const most = 48;

/** What is kept of a run that is looked at every 100 ms, up to a time in milliseconds. */
function keptOf(untilMs: number): Kept<number> {
  let kept: Kept<number> = { most, every: 500_000, copies: [] };
  for (let now = 0; now <= untilMs * 1000; now += 100_000) kept = withCopy(kept, now, () => now);
  return kept;
}

test("a short run is copied every half second, from its start", () => {
  const { copies } = keptOf(2000);
  expect(copies.map(({ at }) => at / 1000)).toEqual([0, 500, 1000, 1500, 2000]);
});

test.each([24_000, 60_000, 600_000])(
  "of %i ms there are few copies, evenly apart, the start among them",
  (untilMs) => {
    const { copies, every } = keptOf(untilMs);
    expect(copies.length).toBeLessThanOrEqual(most);
    expect(copies.length).toBeGreaterThan(most / 2 - 1);
    expect(copies[0]?.at).toBe(0);
    const steps = copies.slice(1).map(({ at }, index) => at - copies[index]!.at);
    expect(new Set(steps)).toEqual(new Set([every]));
    expect(untilMs * 1000 - (copies.at(-1)?.at ?? NaN)).toBeLessThan(2 * every);
  },
);

test("what an edit leaves is what was kept until then, each copy changed", () => {
  const { copies } = keptUntil(keptOf(2000), 1_200_000, (copy) => -copy);
  expect(copies.map(({ copy }) => copy / 1000)).toEqual([-0, -500, -1000]);
});

test("the last copy before a moment, or of the moment itself", () => {
  const kept = keptOf(2000);
  expect(lastKept(kept, 1_499_999)).toBe(1_000_000);
  expect(lastKept(kept, 1_500_000)).toBe(1_500_000);
  expect(lastKept(kept, -1)).toBeUndefined();
});
