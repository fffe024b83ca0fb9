// What counts as a find for the last known leader: another log, longer than its own, held the record that is gone.
import { expect, test } from "vitest";
import {
  brokenBy,
  flawShown,
  judge,
  parseScenario,
  rowOf,
  type Scenario,
  storyOf,
  type TraceEvent,
  withFlaws,
} from "#sim";
import { followCopies } from "../../../sim/guarantees/copies.ts";
import { newCopies } from "../../../sim/guarantees/copies-state.ts";

const row = rowOf("last-known-leader");
const story = storyOf("last-known-leader");
if (row === undefined || story === undefined) throw new Error("there is no such flaw");

/** All lose power at once, and each of them all that it held. */
const blackout: Scenario = parseScenario({
  ...story,
  seed: "13",
  durationMs: 2500,
  workload: {
    producers: [
      {
        name: "p1",
        topic: "orders",
        startMs: 500,
        endMs: 600,
        intervalMs: [50, 50],
        maxRecords: 1,
        config: { acks: "all" },
      },
    ],
  },
  disk: { ...story.disk, writeBackMs: [8000, 8000] },
  faults: [{ type: "powerLoss", atMs: 2000, target: { role: "brokers" } }],
});

/** The run's broken promise that records survive, and how often the last to lead was elected. */
function run(scenario: Scenario) {
  const elected: TraceEvent[] = [];
  const copies = newCopies(scenario);
  const { judgements } = judge(scenario, {
    claim: "acknowledged-survives",
    traffic: false,
    listener: (event) => {
      followCopies(copies, event);
      if (event.type !== "note" || event.event.type !== "partitionChanged") return;
      if (event.event.why === "lastKnownElected") elected.push(event);
    },
  });
  const broke = judgements.find(({ id }) => id === "acknowledged-survives")?.broke;
  return { elected, broke, copies };
}

test("a blackout that takes all copies is not one: the last to lead leads again, but nobody holds what it has lost", () => {
  const flawed = withFlaws(blackout, [row.id]);
  const { elected, broke, copies } = run(flawed);
  expect(elected).not.toEqual([]);
  const batches = [...(copies.partitions.get("orders-0")?.batches.values() ?? [])];
  expect(batches.map(({ holders, everLost }) => [holders.size, everLost])).toEqual([[0, true]]);
  expect(broke?.off).toEqual(row.kind === "setting" ? row.off : []);
  expect(brokenBy(flawed, row)).toBeUndefined();
  expect(flawShown(blackout, row)).toBeUndefined();
});

test("the story is one: with the switch off nobody leads, and the record is still on a disk", () => {
  const record = brokenBy(withFlaws(story, [row.id]), row)?.broke.record;
  if (record === undefined) throw new Error("the story does not show the flaw");
  const { elected, broke, copies } = run(story);
  expect(elected).toEqual([]);
  expect(broke).toBeUndefined();
  const own = copies.partitions.get(record.partition);
  expect(own?.leader).toBe(-1);
  expect(story.about).toContain("the partition stays without a leader");
  const kept = [...(own?.batches.values() ?? [])].filter(
    ({ base, next, holders }) => base <= record.offset && record.offset < next && holders.size > 0,
  );
  expect(kept).not.toEqual([]);
});
