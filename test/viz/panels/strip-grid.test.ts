import { describe, expect, test } from "vitest";
import { addEvents, newRecording, pictureAt } from "../../../viz/model/recording.ts";
import { partitionView } from "../../../viz/model/strip-view.ts";
import { cellInWords, walk } from "../../../viz/panels/strip-grid.ts";
import { leaderWith } from "../support/story.ts";

/** b1 leads with three records; b2 holds two of them, b3 none. */
function view() {
  const story = leaderWith("ABA");
  const recording = newRecording();
  addEvents(recording, story.events);
  const picture = pictureAt(recording, story.events.length);
  const partition = picture.partitions.get("orders-0");
  if (partition === undefined) throw new RangeError("the story has no orders-0");
  const whole = partitionView(picture, recording.facts, partition, 24);
  const [b1, b2, b3] = whole.rows;
  if (b1 === undefined || b2 === undefined || b3 === undefined) throw new RangeError("no rows");
  const rows = [b1, { ...b2, cells: b1.cells.slice(0, 2) }, { ...b3, cells: [] }];
  return { ...whole, rows };
}

describe("walking over a strip", () => {
  test("begins at the leader's newest record", () => {
    expect(walk(view(), undefined, "")).toEqual({ node: "b1", offset: 2 });
  });

  test("goes along a log, and stays at its ends", () => {
    const at = (offset: number) => ({ node: "b1", offset });
    expect(walk(view(), at(2), "ArrowLeft")).toEqual(at(1));
    expect(walk(view(), at(1), "ArrowRight")).toEqual(at(2));
    expect(walk(view(), at(2), "ArrowRight")).toEqual(at(2));
    expect(walk(view(), at(0), "ArrowLeft")).toEqual(at(0));
  });

  test("goes to the nearest record of the next replica that has any", () => {
    const from = { node: "b1", offset: 2 };
    expect(walk(view(), from, "ArrowDown")).toEqual({ node: "b2", offset: 1 });
    expect(walk(view(), { node: "b2", offset: 1 }, "ArrowDown")).toEqual({ node: "b2", offset: 1 });
    expect(walk(view(), { node: "b2", offset: 0 }, "ArrowUp")).toEqual({ node: "b1", offset: 0 });
  });

  test("begins anew when its replica has nothing any more", () => {
    expect(walk(view(), { node: "b3", offset: 0 }, "ArrowLeft")).toEqual({ node: "b1", offset: 2 });
  });
});

test("a record in words says what its cell shows", () => {
  const { rows } = view();
  const [row] = rows;
  const cell = row?.cells[1];
  if (row === undefined || cell === undefined) throw new RangeError("no cell");
  const words = cellInWords(row, cell, "b1");
  expect(words).toMatch(/^b1, offset 1, key B, p1-\d+, epoch 0, safe, (on disk|in memory)$/);
  expect(cellInWords(row, { ...cell, known: false, divergent: true }, "b2")).toMatch(
    /, not yet safe, .*, differs from b2$/,
  );
});
