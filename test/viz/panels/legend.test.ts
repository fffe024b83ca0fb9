import { expect, test } from "vitest";
import { addEvents, newRecording, pictureAt } from "../../../viz/model/recording.ts";
import { type PartitionView, partitionView } from "../../../viz/model/strip-view.ts";
import type { Standing } from "../../../viz/model/told-view.ts";
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

test("the legend says ✗, ?, the strike, what differs and a torn edge while there are any on the screen", () => {
  const view = plainView();
  const none = marksIn([]);
  expect(Object.values(none)).toEqual([false, false, false, false, false]);
  expect(marksIn([view])).toEqual(none);
  const told = { offset: 0, event: 1, client: "p1", chosen: false } as const;
  const standing = (one: Standing) => ({ ...view, told: [{ ...told, standing: one }] });
  expect(marksIn([standing("kept"), standing("lacked")])).toEqual(none);
  expect(marksIn([view, standing("lost")])).toEqual({ ...none, lost: true });
  expect(marksIn([view, standing("unknown")])).toEqual({ ...none, unknown: true });
  const rows = view.rows.map((row) => ({ ...row, ghosts: row.cells }));
  expect(marksIn([{ ...view, rows }])).toEqual({ ...none, struck: true });
  const parted = view.rows.map((row) => ({
    ...row,
    cells: row.cells.map((cell) => ({ ...cell, divergent: true })),
  }));
  expect(marksIn([{ ...view, rows: parted }])).toEqual({ ...none, differs: true });
  const begun = (start: number) => ({
    ...view,
    rows: view.rows.map((row) => ({ ...row, start })),
  });
  expect(marksIn([begun(2)])).toEqual({ ...none, torn: true });
  expect(marksIn([begun(40)])).toEqual(none);
});
