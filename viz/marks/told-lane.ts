/* What clients were told: a check where a record was acknowledged, a cross once the log no longer bears it out. */
import { select } from "d3";
import type { PartitionView, ToldView } from "../model/strip-view.ts";
import { icons } from "./icons.ts";
import { type StripLayout, columnX } from "./strip-layout.ts";

export function toldLane(host: SVGGElement, layout: StripLayout): (view: PartitionView) => void {
  const root = select(host).attr("class", "told");
  const size = layout.told - 3;
  return ({ told, first }) => {
    root
      .selectAll<SVGRectElement, ToldView>("rect.ring")
      .data(told.filter(({ chosen }) => chosen))
      .join((enter) => enter.insert("rect", "path").attr("class", "ring"))
      .attr("data-event", ({ event }) => event)
      .attr("x", ({ offset }) => columnX(layout, first, offset) + 1.5)
      .attr("y", 0)
      .attr("width", layout.cell - 3)
      .attr("height", layout.told - 1);
    root
      .selectAll<SVGPathElement, ToldView>("path")
      .data(told, ({ offset }) => offset)
      .join("path")
      .attr("class", ({ kept }) => (kept ? "told-kept" : "told-broken"))
      .attr("d", ({ kept }) => (kept ? icons.check : icons.cross))
      .attr("data-event", ({ event }) => event)
      .attr("transform", ({ offset }) => {
        const x = columnX(layout, first, offset) + (layout.cell - size) / 2;
        return `translate(${x},1) scale(${size / 16})`;
      })
      .order();
  };
}
