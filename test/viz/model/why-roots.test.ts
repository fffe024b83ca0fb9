import { describe, expect, test } from "vitest";
import { type Scenario, families, museum, runScenario, storyOf, withFlaws } from "#sim";
import { type Recording, addEvents, newRecording } from "../../../viz/model/recording.ts";
import { isRoot, why } from "../../../viz/model/why.ts";

function recordingOf(scenario: Scenario): Recording {
  const recording = newRecording();
  runScenario(scenario, { listeners: [(event) => addEvents(recording, [event])] });
  return recording;
}

/** What was asked about an event whose explanation does not end where it should. */
function unexplained(recording: Recording, indices: readonly number[]): readonly string[] {
  return indices.flatMap((index) => {
    const event = recording.events[index];
    if (event === undefined) return [];
    const hops = why(recording, event.seq);
    const root = hops.at(-1)?.event;
    const falls = hops.every(
      (hop, place) => hop.event.seq < (hops[place - 1]?.event.seq ?? Infinity),
    );
    if (root !== undefined && isRoot(root) && falls) return [];
    return [`${event.seq} ${event.type} ends at ${root?.type ?? "nothing"}`];
  });
}

/** Every beat, and of the rest one in so many. */
const asked = ({ beats, events }: Recording): readonly number[] => [
  ...beats,
  ...events.map((_, index) => index).filter((index) => index % 41 === 0),
];

describe("Why? ends at a fault or an edit, a client's call or the start of a process", () => {
  const storm = families.get("storm");
  test.each(Array.from({ length: 30 }, (_, seed) => String(seed + 1)))("storm %s", (seed) => {
    if (storm === undefined) throw new RangeError("there is no family storm");
    const recording = recordingOf(storm(seed));
    expect(recording.beats.length).toBeGreaterThan(50);
    expect(unexplained(recording, asked(recording))).toEqual([]);
  });

  test.each(museum.map(({ id }) => id))("the story of the flaw %s, with it and without", (id) => {
    const story = storyOf(id);
    if (story === undefined) throw new RangeError(`there is no story of ${id}`);
    for (const scenario of [story, withFlaws(story, [id])]) {
      const recording = recordingOf(scenario);
      expect(unexplained(recording, asked(recording))).toEqual([]);
    }
  });
});
