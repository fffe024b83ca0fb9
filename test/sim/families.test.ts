// The families of small clusters: each holds what is promised, and goes where it says that it looks.
import { expect, test } from "vitest";
import { families, familyNames, judge, type MarkId, type Scenario } from "#sim";
import { brokenPromise, failureOf } from "../support/failure.ts";

const count = 20;

/** What each family is for: marks that some of its first seeds have to reach. */
const looks: readonly [string, readonly MarkId[]][] = [
  [
    "handovers",
    ["leader-elected", "preferred-elected", "controlled-shutdown", "cut-by-divergence"],
  ],
  ["chains", ["leader-elected", "isr-shrank", "isr-grew", "fault-cut"]],
  ["returns", ["isr-shrank", "isr-grew", "broker-fenced", "bytes-lost"]],
  ["quorum", ["controller-changed", "controller-resigned", "pre-vote-refused", "fault-emptyDisk"]],
];

test("their names stand beside what draws them, in the same order", () => {
  expect(familyNames).toEqual([...families.keys()]);
});

test.each(looks)(
  "%s keeps its promises and reaches its places",
  { timeout: 240_000 },
  (name, to) => {
    const draw = families.get(name);
    if (draw === undefined) throw new Error(`there is no family ${name}`);
    const reached = new Set<MarkId>();
    const drawn = new Set<string>();
    for (let seed = 1; seed <= count; seed++) {
      const scenario: Scenario = draw(String(seed));
      expect(draw(String(seed))).toEqual(scenario);
      drawn.add(JSON.stringify(scenario));
      const judged = judge(scenario);
      const wanted = brokenPromise(judged);
      if (wanted !== undefined) expect.fail(failureOf(scenario, wanted).message);
      for (const mark of judged.shown.marks) reached.add(mark);
    }
    expect(drawn.size).toBe(count);
    expect(to.filter((mark) => !reached.has(mark))).toEqual([]);
  },
);
