/*
 * One partition: offsets above, then the leader's epochs, what clients were told, a row for every replica, and
 * the consumers' bookmarks. Offsets share columns, so a difference between replicas is a column that disagrees.
 */
import { type Selection, range, select } from "d3";
import type { PartitionView, RowView } from "../model/strip-view.ts";
import { bookmarks } from "./bookmarks.ts";
import { epochLane } from "./epoch-lane.ts";
import { eventOf } from "./event-of.ts";
import { replicaRow } from "./replica-row.ts";
import { type StripLayout, columnX, rowsTop, stripHeight, stripWidth } from "./strip-layout.ts";
import { toldLane } from "./told-lane.ts";
import { whenChanged } from "./when-changed.ts";

type Group = Selection<SVGGElement, unknown, null, undefined>;

/** `isNamed`: the strip bears its partition's name; one that is shown alone has it above. */
export function partitionStrip(
  host: SVGGElement,
  layout: StripLayout,
): (view: PartitionView, isNamed: boolean) => void {
  const root: Group = select(host).attr("class", "partition");
  let offsetsFrom = -1;
  const title = root.append("text").attr("class", "partition-name");
  const offsetsName = laneName(root, layout, "offset", layout.offsets - 1);
  const before = root.append("text").attr("class", "stub");
  const after = root.append("text").attr("class", "stub is-after");
  laneName(root, layout, "epochs", layout.offsets + layout.epochs);
  laneName(root, layout, "told", layout.offsets + layout.epochs + layout.told);
  const offsets = root.append("g").attr("class", "offsets");
  const showEpochs = epochLane(groupIn(root, layout.offsets), layout);
  const showTold = toldLane(groupIn(root, layout.offsets + layout.epochs), layout);
  const rows = root.append("g").attr("transform", `translate(0,${rowsTop(layout)})`);
  const mark = root.append("g").attr("class", "high-watermark");
  mark.append("path");
  mark.append("text");
  const flags = root.append("g");
  const showBookmarks = bookmarks(flags.node() as SVGGElement, layout);
  const drawRow = new WeakMap<SVGGElement, ReturnType<typeof replicaRow>>();
  return whenChanged((view, isNamed) => {
    root.attr("data-partition", view.name).attr("data-event", eventOf(view.event));
    title
      .attr("x", 0)
      .attr("y", layout.offsets - 3)
      .text(isNamed ? view.name : "");
    // Where the name stands there is no room for it.
    offsetsName.attr("visibility", isNamed ? "hidden" : "visible");
    showStubs(before, after, layout, view);
    if (view.first !== offsetsFrom) showOffsets(offsets, layout, view);
    offsetsFrom = view.first;
    showEpochs(view);
    showTold(view);
    rows
      .selectAll<SVGGElement, RowView>("g.replica")
      .data(view.rows, ({ node }) => node)
      .join("g")
      .attr("class", "replica")
      .attr("transform", (_, index) => `translate(0,${index * layout.row})`)
      .each(function (row) {
        const draw = drawRow.get(this) ?? replicaRow(this, layout);
        drawRow.set(this, draw);
        draw(row, view.first, view.leader, view.eyes);
      });
    showMark(mark, layout, view);
    const below = rowsTop(layout) + view.rows.length * layout.row;
    flags.attr("transform", `translate(0,${below})`);
    showBookmarks(view);
  });
}

type Text = Selection<SVGTextElement, unknown, null, undefined>;

const gone = (count: number): string => (count === 0 ? "" : ` ✗ ${count} gone`);

function afterText({ columns }: StripLayout, { first, reach, broken }: PartitionView): string {
  const last = first + columns - 1;
  return reach - 1 > last ? `${last + 1}–${reach - 1}${gone(broken[1])} ›` : "";
}

/** What the window leaves out, on both sides; pressing moves the window there. */
function showStubs(before: Text, after: Text, layout: StripLayout, view: PartitionView): void {
  const bottom = stripHeight(layout, view.rows.length) - 5;
  const step = layout.columns - 4;
  const least = Math.min(...view.rows.map(({ start }) => start));
  before
    .attr("x", 0)
    .attr("y", bottom)
    .attr("class", view.broken[0] === 0 ? "stub" : "stub is-bad")
    .attr("data-look", Math.max(0, view.first - step))
    .text(view.first <= least ? "" : `‹ ${least}–${view.first - 1}${gone(view.broken[0])}`);
  after
    .attr("x", columnX(layout, 0, layout.columns))
    .attr("y", bottom)
    .attr("class", view.broken[1] === 0 ? "stub is-after" : "stub is-after is-bad")
    .attr("data-look", view.first + step)
    .text(afterText(layout, view));
}

function laneName(root: Group, layout: StripLayout, name: string, bottom: number): Text {
  return root
    .append("text")
    .attr("class", "lane-name")
    .attr("x", layout.gutter - 8)
    .attr("y", bottom - 3)
    .text(name);
}

const groupIn = (root: Group, y: number): SVGGElement =>
  root.append("g").attr("transform", `translate(0,${y})`).node() as SVGGElement;

/** As a share of its height. */
const digitWidth = 0.64;

function showOffsets(group: Group, layout: StripLayout, { first }: PartitionView): void {
  const digits = String(first + layout.columns - 1).length;
  const every = digits * layout.small * digitWidth > layout.cell - 2 ? 2 : 1;
  group
    .selectAll<SVGTextElement, number>("text")
    .data(
      range(first, first + layout.columns).filter((offset) => offset % every === 0),
      (offset) => offset,
    )
    .join("text")
    .attr("x", (offset) => columnX(layout, first, offset) + layout.cell / 2)
    .attr("y", layout.offsets - 4)
    .text((offset) => offset)
    .order();
}

/** Between the last safe offset and the next, over the full height of the rows. */
function showMark(group: Group, layout: StripLayout, view: PartitionView): void {
  const { highWatermark, first, rows } = view;
  const shown = highWatermark >= first && highWatermark <= first + layout.columns;
  const x = columnX(layout, first, highWatermark);
  const top = rowsTop(layout) - layout.told;
  const bottom = rowsTop(layout) + rows.length * layout.row;
  group
    .attr("data-event", eventOf(view.highWatermarkEvent))
    .attr("class", "high-watermark glides")
    .attr("visibility", shown && rows.length > 0 ? "visible" : "hidden")
    .attr("transform", `translate(${shown ? x : 0},0)`);
  group.select("path").attr("d", `M0,${top}V${bottom + 3}`);
  // Below the rows, where it covers nothing; behind a reader's flag, or before its name where there is no room.
  const taken = Math.max(7, 6 + afterText(layout, view).length * digitWidth);
  const isTight =
    x > stripWidth(layout) - layout.small * taken ||
    view.bookmarks.some(({ offset }) => offset > highWatermark && offset < highWatermark + 4);
  const stub = layout.small * digitWidth * afterText(layout, view).length;
  const beforeStub = stripWidth(layout) - stub - layout.small - x;
  group
    .select("text")
    .attr("x", isTight ? Math.min(-layout.small * 3, beforeStub) : layout.small + 6)
    .attr("y", bottom + layout.small + 1)
    .attr("text-anchor", isTight ? "end" : "start")
    .text(`HW ${highWatermark}`);
}
