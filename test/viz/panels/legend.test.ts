import { expect, test } from "vitest";
import { addEvents, newRecording, pictureAt } from "../../../viz/model/recording.ts";
import { type PartitionView, partitionView } from "../../../viz/model/strip-view.ts";
import { marksIn } from "../../../viz/panels/legend.ts";
import { leaderWith } from "../support/story.ts";

function plainView(): PartitionView {
  const recording = newRecording();
  const { events } = leaderWith("AB");
  addEvents(recording, events);
  const picture = pictureAt(recording, events.length);
  const partition = picture.partitions.get("orders-0");
  if (partition === undefined) throw new RangeError("the story has no orders-0");
  return partitionView(picture, recording.facts, partition, 24);
}

test("the legend says ✗ and the strike while there are any on the screen", () => {
  const view = plainView();
  expect(marksIn([view])).toEqual({ lost: false, struck: false });
  const told = { offset: 0, event: 1, kept: false, chosen: false };
  expect(marksIn([{ ...view, told: [{ ...told, kept: true }] }]).lost).toBe(false);
  expect(marksIn([view, { ...view, told: [told] }])).toEqual({ lost: true, struck: false });
  const rows = view.rows.map((row) => ({ ...row, ghosts: row.cells }));
  expect(marksIn([{ ...view, rows }])).toEqual({ lost: false, struck: true });
});
