import { expect, test } from "vitest";
import { type Copied, type Kept, mostCopies, withCopy } from "../../viz/kept-copies.ts";

/** What is kept of a run that is looked at every 100 ms, up to a time in milliseconds. */
function keptOf(untilMs: number): Kept<Copied> {
  let kept: Kept<Copied> = { id: 1, every: 500_000, copies: [] };
  for (let now = 0; now <= untilMs * 1000; now += 100_000)
    kept = withCopy(kept, now, () => ({ world: { now } }));
  return kept;
}

test("a short run is copied every half second, from its start", () => {
  const { copies } = keptOf(2000);
  expect(copies.map(({ world }) => world.now / 1000)).toEqual([0, 500, 1000, 1500, 2000]);
});

test.each([24_000, 60_000, 600_000])(
  "of %i ms there are few copies, evenly apart, the start among them",
  (untilMs) => {
    const { copies, every } = keptOf(untilMs);
    expect(copies.length).toBeLessThanOrEqual(mostCopies);
    expect(copies.length).toBeGreaterThan(mostCopies / 2 - 1);
    expect(copies[0]?.world.now).toBe(0);
    const steps = copies.slice(1).map(({ world }, index) => world.now - copies[index]!.world.now);
    expect(new Set(steps)).toEqual(new Set([every]));
    expect(untilMs * 1000 - (copies.at(-1)?.world.now ?? NaN)).toBeLessThan(2 * every);
  },
);
