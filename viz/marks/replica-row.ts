/*
 * One replica: who it is, whether it leads, is in sync or differs from who leads, its records, where its log begins and
 * ends, and what it knows.
 */
import { select } from "d3";
import type { NodeName } from "#sim";
import type { RowView } from "../model/strip-view.ts";
import { strayEpochs } from "./stray-epochs.ts";
import { cells } from "./cell.ts";
import { eventOf } from "./event-of.ts";
import { icons } from "./icons.ts";
import { type StripLayout, columnX } from "./strip-layout.ts";

const stateWords: Readonly<Record<RowView["state"], string>> = {
  up: "",
  paused: "paused",
  stopped: "stopped",
  crashed: "down",
  powerLost: "off",
  failed: "failed",
  unknown: "",
};

/** `eyes`: who knows what is drawn; of the other rows it knows nothing. */
export function replicaRow(
  host: SVGGElement,
  layout: StripLayout,
): (
  view: RowView,
  first: number,
  diverges: string | undefined,
  eyes: NodeName | undefined,
) => void {
  const root = select(host).attr("role", "row");
  const ground = root.append("rect").attr("class", "row-ground");
  const name = root.append("text").attr("class", "row-name").attr("x", 0);
  const star = root.append("path").attr("class", "row-star").attr("d", icons.star);
  const word = root.append("text").attr("class", "row-word");
  const ghostCells = root.append("g").attr("class", "ghosts");
  const liveCells = root.append("g").attr("class", "live");
  const start = root.append("path").attr("class", "log-start");
  const startTitle = start.append("title");
  const end = root.append("path").attr("class", "log-end");
  const showStrays = strayEpochs(nodeOf(root.append("g").attr("class", "strays")), layout);
  const tick = root.append("path").attr("class", "own-mark");
  const behind = root.append("text").attr("class", "row-word is-behind");
  const showGhosts = cells(nodeOf(ghostCells), layout);
  const showCells = cells(nodeOf(liveCells), layout);
  const { gutter, columns, cell, row, text, small, stacked } = layout;
  const middle = row / 2 - 1.5;
  const nameAt = stacked ? middle - small / 2 : middle;
  const wordAt = stacked ? middle + text / 2 + 1 : middle;
  return (view, first, diverges, eyes) => {
    const isHidden = eyes !== undefined && eyes !== view.node;
    const isDown = view.state !== "up" && view.state !== "unknown";
    // Between a star and the records there is little room for a word.
    const isStarred = view.leads && isDown && !stacked;
    const isLong = view.node.length > 2;
    const isParted = diverges !== undefined && view.cells.some(({ divergent }) => divergent);
    const differing = isParted ? `≠ ${diverges}` : undefined;
    root.attr("data-event", eventOf(view.event)).attr("data-node", view.node);
    const isTorn = view.start > 0 && view.start >= first && view.start <= first + columns;
    const torn = columnX(layout, first, view.start);
    const left = isTorn ? torn : gutter - 2;
    ground
      .attr("x", left)
      .attr("y", 0)
      .attr("width", gutter + columns * cell + 2 - left)
      .attr("height", row - 4)
      .attr("class", groundClass(isDown, isHidden));
    name.attr("y", nameAt + text * 0.36).text(view.node);
    star
      .attr(
        "transform",
        `translate(${text * (isLong ? 2.15 : 1.75)},${nameAt - text * 0.55}) scale(${text / (isLong ? 18 : 15)})`,
      )
      .attr("visibility", view.leads ? "visible" : "hidden");
    word
      .attr("x", stacked ? 0 : gutter - (isStarred ? 6 : 8))
      .attr("y", wordAt + small * 0.36)
      .attr("text-anchor", stacked ? "start" : "end")
      .attr("class", `${wordClass(view, isDown)}${isStarred ? " is-starred" : ""}`)
      .text(isDown ? stateWords[view.state] : (differing ?? membership(view)));
    if (differing !== undefined) word.append("title").text(`differs from ${diverges}`);
    showGhosts(view.ghosts, first, true);
    showCells(view.cells, first, false);
    const shown = view.end > first && view.end <= first + columns;
    const x = columnX(layout, first, view.end);
    end.attr("d", shown ? `M${x - 6},2H${x - 1}V${row - 6}H${x - 6}` : "");
    start
      .attr("d", isTorn ? tear(torn - 1, row - 5) : "")
      .attr("data-event", eventOf(view.startEvent));
    startTitle.text(
      isTorn ? `The log of ${view.node} begins at ${view.start}: what was before is let go` : "",
    );
    showStrays(view, first);
    // A row that ends left of the window would look as if it held nothing.
    behind
      .attr("x", gutter + 4)
      .attr("y", middle + small * 0.36)
      .text(isHidden ? `unknown to ${eyes}` : behindText(view, first));
    const known =
      !view.leads && view.highWatermark > first && view.highWatermark <= first + columns;
    const at = columnX(layout, first, view.highWatermark);
    tick.attr("d", known ? `M${at - 4},${row - 4}h8l-4,-6z` : "");
    tick.attr("data-event", eventOf(view.highWatermarkEvent));
  };
}

const groundClass = (isDown: boolean, isHidden: boolean): string =>
  `row-ground${isDown ? " is-down" : ""}${isHidden ? " is-hidden" : ""}`;

const behindText = ({ end }: RowView, first: number): string =>
  end <= first && end > 0 ? `‹ log ends at ${end}` : "";

/** Down an edge, as paper tears. */
function tear(x: number, height: number): string {
  const teeth = Math.max(3, Math.round(height / 7));
  const step = height / teeth / 2;
  return `M${x},0${`l-3,${step}l3,${step}`.repeat(teeth)}`;
}

function membership(view: RowView): string {
  if (view.leads) return "leader";
  if (view.inSync) return "in sync";
  return view.eligible ? "eligible" : "out";
}

const wordClass = (view: RowView, isDown: boolean): string =>
  isDown ? "row-word is-bad" : view.inSync || view.leads ? "row-word" : "row-word is-out";

function nodeOf(selection: { node(): SVGGElement | null }): SVGGElement {
  const node = selection.node();
  if (node === null) throw new RangeError("a selection of one element is empty");
  return node;
}
