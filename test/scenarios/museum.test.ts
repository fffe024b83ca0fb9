// The museum's stories: each holds as it is stored; with its flaw on it breaks what its row names, and is told like that.
import { describe, expect, test } from "vitest";
import type { FlawId } from "#core";
import {
  brokenBy,
  claimsOf,
  judge,
  museum,
  rowOf,
  type Scenario,
  storyOf,
  type TraceEvent,
  transcriptOf,
  withFlaws,
  withoutFlaw,
} from "#sim";

function told(scenario: Scenario, id: FlawId, guarantee: string): readonly string[] {
  const events: TraceEvent[] = [];
  const { judgements } = judge(scenario, {
    claim: claimsOf([id]),
    listener: (event) => void events.push(event),
  });
  const verdict = judgements.find((one) => one.id === guarantee);
  if (verdict === undefined) throw new Error(`${guarantee} was not judged`);
  return transcriptOf(scenario, events, verdict);
}

const withStory = museum.flatMap(({ id }) => {
  const story = storyOf(id);
  return story === undefined ? [] : [{ id, story }];
});

test("every flaw has its story", () => {
  expect(museum.map(({ id }) => id).filter((id) => storyOf(id) === undefined)).toEqual([]);
});

describe.each(withStory)("$id", ({ id, story }) => {
  const row = rowOf(id);
  if (row === undefined) throw new Error(`${id} is not in the museum`);

  test("breaks what its row names while the flaw is on, and tells it", async () => {
    const flawed = withFlaws(story, [id]);
    const found = brokenBy(flawed, row);
    expect(row.promises).toContain(found?.guarantee);
    expect(found?.broke.off).toEqual(row.kind === "setting" ? row.off : []);
    const lines = told(flawed, id, found?.guarantee ?? "");
    expect(lines.length).toBeLessThanOrEqual(60);
    expect(lines.at(-1)).toMatch(/^✗ broken /);
    await expect(`${lines.join("\n")}\n`).toMatchFileSnapshot(`museum/${id}.expected.txt`);
  });

  test("holds all that it promises, and what the row claims, while the flaw is off", () => {
    const { judgements } = judge(story, { claim: claimsOf([id]) });
    expect(judgements.filter(({ promised, holds }) => promised && !holds)).toEqual([]);
    expect(withoutFlaw(story, id)).toEqual(story);
  });

  test("takes at most four faults and names the seed that the search found", () => {
    expect(story.faults.length).toBeLessThanOrEqual(4);
    expect(story.about).toContain(`seed ${story.seed} of the family `);
  });
});

test("last-known-leader: with the flaw off it is not held, the partition stays without a leader", () => {
  const story = storyOf("last-known-leader");
  if (story === undefined) throw new Error("there is no story");
  const { judgements } = judge(story, { claim: ["acknowledged-survives"] });
  expect(judgements.find(({ id }) => id === "acknowledged-survives")).toMatchObject({
    standing: "notPromised",
    evidence:
      "84 judged, 84 of them not promised. How 84 of them stand is open: orders-0 stays without a leader.",
  });
});
