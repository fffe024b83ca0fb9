/* The links of the stage: thin where a connection is open, barred where nothing passes. */
import { select } from "d3";
import type { LinkView } from "../model/stage-view.ts";
import { type StageLayout, pathBetween, pathText, pointOn } from "./geometry.ts";

export function links(
  host: SVGGElement,
): (views: readonly LinkView[], layout: StageLayout) => void {
  const root = select(host).attr("class", "links");
  return (views, layout) => {
    const drawn = views.filter(({ ends: [a, b] }) => pathBetween(layout, a, b) !== undefined);
    root
      .selectAll<SVGGElement, LinkView>("g")
      .data(drawn, ({ id }) => id)
      .join((enter) => {
        const group = enter.append("g");
        group.append("path").attr("class", "wire");
        group.append("path").attr("class", "bar");
        return group;
      })
      .attr("class", ({ cut }) => (cut === undefined ? "link" : "link is-cut"))
      .attr("data-link", ({ id }) => id)
      .attr("data-event", ({ cut }) => cut ?? null)
      .each(function ({ ends: [a, b], cut }) {
        const path = pathBetween(layout, a, b);
        if (path === undefined) return;
        const { x, y } = pointOn(path, 0.5);
        select(this).select("path.wire").attr("d", pathText(path));
        select(this)
          .select("path.bar")
          .attr("d", cut === undefined ? "" : `M${x - 9},${y - 4}h18M${x - 9},${y + 4}h18`);
      })
      .order();
  };
}
