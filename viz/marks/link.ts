/* The links of the stage: thin where a connection is open, barred where nothing passes. */
import { select } from "d3";
import type { LinkView } from "../model/stage-view.ts";
import { type Path, type StageLayout, pathBetween, pathText, pointOn } from "./geometry.ts";
import { whenChanged } from "./when-changed.ts";

export function links(
  host: SVGGElement,
): (views: readonly LinkView[], layout: StageLayout) => void {
  const root = select(host).attr("class", "links");
  const show = whenChanged((drawn: readonly Drawn[]) => {
    root
      .selectAll<SVGGElement, Drawn>("g")
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
      .each(function ({ path, cut }) {
        const { x, y } = pointOn(path, 0.5);
        select(this).select("path.wire").attr("d", pathText(path));
        select(this)
          .select("path.bar")
          .attr("d", cut === undefined ? "" : `M${x - 9},${y - 4}h18M${x - 9},${y + 4}h18`);
      })
      .order();
  });
  return (views, layout) =>
    show(
      views.flatMap(({ id, ends, cut }) => {
        const path = pathBetween(layout, ...ends);
        return path === undefined ? [] : [{ id, cut, path }];
      }),
    );
}

interface Drawn extends Pick<LinkView, "id" | "cut"> {
  readonly path: Path;
}
