/* Before a replica's records: who it is, whether it leads, and how it stands to the others, in a word. */
import { select } from "d3";
import type { NodeName } from "#sim";
import type { RowView } from "../model/strip-view.ts";
import { icons } from "./icons.ts";
import type { StripLayout } from "./strip-layout.ts";

const stateWords: Readonly<Record<RowView["state"], string>> = {
  up: "",
  paused: "paused",
  stopped: "stopped",
  crashed: "down",
  powerLost: "off",
  failed: "failed",
  unknown: "",
};

export const isDown = ({ state }: RowView): boolean => state !== "up" && state !== "unknown";

/** `leader`: from whom the row may differ. */
export function rowHead(
  host: SVGGElement,
  layout: StripLayout,
): (view: RowView, leader: NodeName | undefined) => void {
  const root = select(host);
  const name = root.append("text").attr("class", "row-name").attr("x", 0);
  const star = root.append("path").attr("class", "row-star").attr("d", icons.star);
  const word = root.append("text").attr("class", "row-word");
  const { gutter, row, text, small, stacked } = layout;
  const middle = row / 2 - 1.5;
  const nameAt = stacked ? middle - small / 2 : middle;
  const wordAt = stacked ? middle + text / 2 + 1 : middle;
  return (view, leader) => {
    const isLong = view.node.length > 2;
    // Between a star and the records there is little room for a word.
    const isStarred = view.leads && isDown(view) && !stacked;
    const isParted = leader !== undefined && view.cells.some(({ divergent }) => divergent);
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
      .attr("class", `${wordClass(view)}${isStarred ? " is-starred" : ""}`)
      .text(isDown(view) ? stateWords[view.state] : isParted ? `≠ ${leader}` : membership(view));
    if (isParted) word.append("title").text(`differs from ${leader}`);
  };
}

function membership(view: RowView): string {
  if (view.leads) return "leader";
  if (view.inSync) return "in sync";
  return view.eligible ? "eligible" : "out";
}

const wordClass = (view: RowView): string =>
  isDown(view) ? "row-word is-bad" : view.inSync || view.leads ? "row-word" : "row-word is-out";
