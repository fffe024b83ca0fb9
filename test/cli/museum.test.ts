// A row of the museum's table: what several searches for one flaw came to.
import { expect, test } from "vitest";
import type { FlawId } from "#core";
import { rowOf, type Scenario, storyOf } from "#sim";
import { measured } from "../../cli/museum.ts";

const id: FlawId = "not-idempotent";
const row = rowOf(id);
const kept = storyOf(id);
if (row === undefined || kept === undefined) throw new Error("no such flaw");

const search = (seeds: number | undefined, story?: Scenario) => ({
  id,
  from: 1,
  seeds,
  guarantee: seeds === undefined ? undefined : "producer-order",
  story,
});

test("a row counts the faults of the story that was found now, not of the one that was kept", () => {
  const [fault] = kept.faults;
  if (fault === undefined) throw new Error("the story has no fault");
  const found = { ...kept, faults: [fault, fault, fault, fault] };
  expect(measured(row, [search(3), search(2, found)], kept).faults).toBe(4);
  expect(measured(row, [search(3), search(2)], kept).faults).toBe(kept.faults.length);
  expect(measured(row, [search(undefined)], undefined).faults).toBeUndefined();
});

test("a row says how many seeds it took in the middle, or that it took more", () => {
  const middle = (...seeds: (number | undefined)[]) =>
    measured(
      row,
      seeds.map((each) => search(each)),
      kept,
    );
  expect(middle(9, 1, 4)).toMatchObject({ median: 4, found: 3, starts: 3 });
  expect(middle(9, 1)).toMatchObject({ median: 5, found: 2 });
  expect(middle(9, undefined)).toMatchObject({ median: undefined, found: 1, starts: 2 });
});
