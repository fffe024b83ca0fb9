/* One replica: who it is and how it stands, its records, where its log begins and ends, and what it knows. */
import { select } from "d3";
import type { NodeName } from "#sim";
import type { RowView } from "../model/strip-view.ts";
import { cells } from "./cell.ts";
import { eventOf } from "./event-of.ts";
import { logEdges, tornAt } from "./log-edges.ts";
import { isDown, rowHead } from "./row-head.ts";
import { strayEpochs } from "./stray-epochs.ts";
import type { StripLayout } from "./strip-layout.ts";

/** `leader`: whose log is the measure. `eyes`: who knows what is drawn; of the other rows it knows nothing. */
export function replicaRow(
  host: SVGGElement,
  layout: StripLayout,
): (
  view: RowView,
  first: number,
  leader: NodeName | undefined,
  eyes: NodeName | undefined,
) => void {
  const root = select(host).attr("role", "row");
  const ground = root.append("rect").attr("class", "row-ground");
  const showHead = rowHead(host, layout);
  const ghostCells = root.append("g").attr("class", "ghosts");
  const liveCells = root.append("g").attr("class", "live");
  const showStrays = strayEpochs(nodeOf(root.append("g").attr("class", "strays")), layout);
  const showEdges = logEdges(host, layout);
  const behind = root.append("text").attr("class", "row-word is-behind");
  const showGhosts = cells(nodeOf(ghostCells), layout);
  const showCells = cells(nodeOf(liveCells), layout);
  const { gutter, columns, cell, row, small } = layout;
  return (view, first, leader, eyes) => {
    const isHidden = eyes !== undefined && eyes !== view.node;
    const left = tornAt(layout, view, first) ?? gutter - 2;
    root.attr("data-event", eventOf(view.event)).attr("data-node", view.node);
    ground
      .attr("x", left)
      .attr("y", 0)
      .attr("width", gutter + columns * cell + 2 - left)
      .attr("height", row - 4)
      .attr("class", groundClass(isDown(view), isHidden));
    showHead(view, leader);
    showGhosts(view.ghosts, first, true);
    showCells(view.cells, first, false);
    showStrays(view, first);
    showEdges(view, first);
    // A row that ends left of the window would look as if it held nothing.
    behind
      .attr("x", gutter + 4)
      .attr("y", row / 2 - 1.5 + small * 0.36)
      .text(isHidden ? `unknown to ${eyes}` : behindText(view, first));
  };
}

const groundClass = (down: boolean, isHidden: boolean): string =>
  `row-ground${down ? " is-down" : ""}${isHidden ? " is-hidden" : ""}`;

const behindText = ({ end }: RowView, first: number): string =>
  end <= first && end > 0 ? `‹ log ends at ${end}` : "";

function nodeOf(selection: { node(): SVGGElement | null }): SVGGElement {
  const node = selection.node();
  if (node === null) throw new RangeError("a selection of one element is empty");
  return node;
}
