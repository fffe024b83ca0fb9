/* The runs of the leader's log by leader epoch, each with its tag. */
import { select } from "d3";
import type { EpochRun, PartitionView } from "../model/strip-view.ts";
import { epochFill } from "./epoch.ts";
import { type StripLayout, columnX } from "./strip-layout.ts";

export function epochLane(host: SVGGElement, layout: StripLayout): (view: PartitionView) => void {
  const root = select(host).attr("class", "epochs");
  const { columns, epochs, small } = layout;
  return ({ epochs: runs, first }) => {
    const inside = runs.filter(({ from, to }) => to > first && from < first + columns);
    const left = (run: EpochRun): number => columnX(layout, first, Math.max(run.from, first));
    const right = (run: EpochRun): number =>
      columnX(layout, first, Math.min(run.to, first + columns));
    root
      .selectAll<SVGGElement, EpochRun>("g")
      .data(inside, ({ epoch }) => epoch)
      .join((enter) => {
        const group = enter.append("g");
        group.append("rect");
        group.append("text");
        return group;
      })
      .attr("data-event", ({ event }) => event)
      .each(function (run) {
        const group = select(this);
        group
          .select("rect")
          .attr("x", left(run) + 0.5)
          .attr("y", 0.5)
          .attr("width", Math.max(1, right(run) - left(run) - 1))
          .attr("height", epochs - 2)
          .attr("fill", epochFill(run.epoch));
        group
          .select("text")
          .attr("x", left(run) + 5)
          .attr("y", (epochs - 1) / 2 + small * 0.36)
          .text(`e${run.epoch}`);
      })
      .order();
  };
}
