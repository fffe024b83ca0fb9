/*
 * One record in one replica's log. Fill = leader epoch, hollow with a band while the replica does not know that
 * it is safe; underline solid = on the platter, dotted = only in the page cache; zigzag = the leader's log differs; a
 * second outline = the record that is looked into.
 */
import { select } from "d3";
import type { CellView } from "../model/strip-view.ts";
import { epochFill } from "./epoch.ts";
import { type StripLayout, columnX } from "./strip-layout.ts";

export function cells(
  host: SVGGElement,
  layout: StripLayout,
): (views: readonly CellView[], first: number, ghosts: boolean) => void {
  const root = select(host);
  /** What each cell last looked like: most of them stay as they are. */
  const looks = new WeakMap<SVGGElement, string>();
  return (views, first, ghosts) => {
    root
      .selectAll<SVGGElement, CellView>("g.cell")
      .data(views, ({ id }) => id)
      .join((enter) => {
        const group = enter.append("g").attr("role", "gridcell");
        group.append("rect").attr("class", "body");
        group.append("rect").attr("class", "band");
        group.append("path").attr("class", "line");
        group.append("path").attr("class", "differs");
        group.append("text");
        return group;
      })
      .classed("cell", true)
      .attr("data-event", ({ event }) => event)
      .attr("data-offset", ({ offset }) => offset)
      .attr("aria-selected", ({ chosen }) => (chosen ? "true" : null))
      .attr("transform", ({ offset }) => `translate(${columnX(layout, first, offset)},0)`)
      .each(function (view) {
        const { known, synced, divergent, chosen } = view;
        const look = `${known} ${synced} ${divergent} ${chosen} ${view.first} ${view.last} ${view.text}`;
        if (looks.get(this) === look) return;
        looks.set(this, look);
        drawCell(this, layout, view, ghosts);
      })
      .order();
  };
}

function drawCell(
  group: SVGGElement,
  { cell, row, text }: StripLayout,
  view: CellView,
  ghost: boolean,
): void {
  const root = select(group);
  const left = view.first ? 1.5 : 0;
  const width = cell - left - (view.last ? 1.5 : 0);
  const height = row - 6;
  const fill = epochFill(view.epoch);
  root
    .selectAll("rect.ring")
    .data(view.chosen ? [view] : [])
    .join((enter) => enter.insert("rect", ":first-child").attr("class", "ring"))
    .attr("x", left)
    .attr("y", 0.5)
    .attr("width", width)
    .attr("height", height);
  // The inner line leaves room for the outer one.
  const inset = view.chosen ? Math.max(2.5, row / 12) : 0;
  root
    .select("rect.body")
    .attr("x", left + inset)
    .attr("y", 1 + inset)
    .attr("width", width - 2 * inset)
    .attr("height", height - 2 * inset)
    .attr("fill", view.known && !ghost ? fill : "var(--bg)");
  root
    .select("rect.band")
    .attr("x", left + inset + 0.5)
    .attr("y", 1.5 + inset)
    .attr("width", width - 1 - 2 * inset)
    .attr("height", view.known && !ghost ? 0 : row < lowRow ? 3 : Math.max(5, row / 5))
    .attr("fill", fill);
  root
    .select("path.line")
    .attr("class", view.synced ? "line synced" : "line cached")
    .attr("d", ghost ? "" : `M${left + 2},${row - 2.5}H${left + width - 2}`);
  root
    .select("path.differs")
    .attr(
      "d",
      view.divergent || ghost
        ? zigzag(left, width, row < lowRow && !ghost ? height + 2 : height, ghost)
        : "",
    );
  root
    .select("text")
    .attr("x", left + width / 2)
    .attr("y", 1 + height / 2 + text * 0.36 + (view.known ? 0 : 1))
    .attr("class", textClass(view, ghost))
    .text(view.text);
}

/** In rows that are no higher, band and teeth leave room for the text. */
const lowRow = 24;

/** Three letters fit only if they are smaller; teeth end where letters begin. */
function textClass({ known, divergent, text }: CellView, ghost: boolean): string {
  if (known && !ghost) return text.length > 2 ? "on-fill is-long" : "on-fill";
  const length = text.length > 2 ? " is-long" : "";
  return `on-ground${length}${divergent && !ghost ? " is-parted" : ""}`;
}

/** Divergent: a jagged lower edge. Struck off: a line through. */
function zigzag(left: number, width: number, height: number, struck: boolean): string {
  if (struck) return `M${left + 2},${height - 2}L${left + width - 2},4`;
  const teeth = Math.max(3, Math.round(width / 7));
  const step = width / teeth;
  let path = `M${left},${height}`;
  for (let tooth = 0; tooth < teeth; tooth += 1) {
    path += `l${step / 2},-3l${step / 2},3`;
  }
  return path;
}
