/* Where a replica's log begins, as torn off, where it ends, and up to where the replica knows it to be safe. */
import { select } from "d3";
import type { RowView } from "../model/strip-view.ts";
import { eventOf } from "./event-of.ts";
import { type StripLayout, columnX } from "./strip-layout.ts";

/** Where in its row a log is seen to begin; undefined: it does not begin in the window. */
export function tornAt(layout: StripLayout, { start }: RowView, first: number): number | undefined {
  const isSeen = start > 0 && start >= first && start <= first + layout.columns;
  return isSeen ? columnX(layout, first, start) : undefined;
}

export function logEdges(
  host: SVGGElement,
  layout: StripLayout,
): (view: RowView, first: number) => void {
  const root = select(host);
  const start = root.append("path").attr("class", "log-start");
  const title = start.append("title");
  const end = root.append("path").attr("class", "log-end");
  const tick = root.append("path").attr("class", "own-mark");
  const { columns, row } = layout;
  const isInside = (offset: number, first: number): boolean =>
    offset > first && offset <= first + columns;
  return (view, first) => {
    const torn = tornAt(layout, view, first);
    start
      .attr("d", torn === undefined ? "" : tear(torn - 1, row - 5))
      .attr("data-event", eventOf(view.startEvent));
    const begins = `The log of ${view.node} begins at ${view.start}: what was before is let go`;
    title.text(torn === undefined ? "" : begins);
    const x = columnX(layout, first, view.end);
    end.attr("d", isInside(view.end, first) ? `M${x - 6},2H${x - 1}V${row - 6}H${x - 6}` : "");
    const known = !view.leads && isInside(view.highWatermark, first);
    const at = columnX(layout, first, view.highWatermark);
    tick.attr("d", known ? `M${at - 4},${row - 4}h8l-4,-6z` : "");
    tick.attr("data-event", eventOf(view.highWatermarkEvent));
  };
}

/** Down an edge, as paper tears. */
function tear(x: number, height: number): string {
  const teeth = Math.max(3, Math.round(height / 7));
  const step = height / teeth / 2;
  return `M${x},0${`l-3,${step}l3,${step}`.repeat(teeth)}`;
}
