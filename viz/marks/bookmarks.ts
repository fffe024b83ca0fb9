/* Where consumers stand: an outlined flag at the next offset that each of them reads. */
import { select } from "d3";
import type { BookmarkView, PartitionView } from "../model/strip-view.ts";
import { icons } from "./icons.ts";
import { type StripLayout, columnX } from "./strip-layout.ts";

export function bookmarks(host: SVGGElement, layout: StripLayout): (view: PartitionView) => void {
  const root = select(host).attr("class", "bookmarks");
  const size = layout.small + 2;
  return ({ bookmarks: all, first }) => {
    const inside = all.filter(({ offset }) => offset >= first && offset <= first + layout.columns);
    const sameBefore = (mark: BookmarkView): number =>
      inside.filter(({ offset }) => offset === mark.offset).indexOf(mark);
    root
      .selectAll<SVGGElement, BookmarkView>("g")
      .data(inside, ({ node }) => node)
      .join((enter) => {
        const group = enter.append("g");
        group.append("path").attr("d", icons.flag);
        group.append("text");
        return group;
      })
      .attr("data-event", ({ event }) => event)
      .attr("class", "glides")
      .attr("transform", (mark) => {
        const x = columnX(layout, first, mark.offset) - 3 - sameBefore(mark) * (size + 22);
        return `translate(${x},1)`;
      })
      .each(function (mark) {
        select(this)
          .select("path")
          .attr("transform", `scale(${size / 16})`);
        select(this)
          .select("text")
          .attr("x", -3)
          .attr("y", size - 2)
          .text(mark.node);
      })
      .order();
  };
}
