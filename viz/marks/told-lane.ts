/*
 * What clients were told: a check where a record was acknowledged, a cross while no live replica has it; a question mark
 * where one stands of which its client does not know.
 */
import { select } from "d3";
import type { PartitionView } from "../model/strip-view.ts";
import { type Standing, type ToldView, toldInWords } from "../model/told-view.ts";
import { type Icon, icons } from "./icons.ts";
import { type StripLayout, columnX } from "./strip-layout.ts";

const looks: Readonly<Record<Standing, readonly [glyph: Icon, look: string]>> = {
  kept: ["check", "told-kept"],
  lacked: ["check", "told-kept"],
  lost: ["cross", "told-broken"],
  unknown: ["question", "told-unknown"],
};

export function toldLane(host: SVGGElement, layout: StripLayout): (view: PartitionView) => void {
  const root = select(host).attr("class", "told");
  const size = layout.told - 3;
  return ({ told, first, leader }) => {
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
      .join((enter) => enter.append("path").call((path) => path.append("title")))
      .attr("class", ({ standing }) => looks[standing][1])
      .attr("d", ({ standing }) => icons[looks[standing][0]])
      .attr("data-event", ({ event }) => event)
      .attr("transform", ({ offset }) => {
        const x = columnX(layout, first, offset) + (layout.cell - size) / 2;
        return `translate(${x},1) scale(${size / 16})`;
      })
      .order()
      .select("title")
      .text((view) => toldInWords(view, leader));
  };
}
