/* A partition in small: a row of 10 px for each replica, its records by epoch, and where the high watermark stands. */
import { select } from "d3";
import type { CellView, PartitionView, RowView } from "../model/strip-view.ts";
import { epochFill } from "./epoch.ts";
import { eventOf } from "./event-of.ts";

/** Of a record, and of a row with the gap below it. */
const cell = 10;
const row = 10;

export const miniColumns = (width: number): number => Math.max(4, Math.floor(width / cell));
export const miniHeight = (replicas: number): number => replicas * row + 2;

/** Neighbours that look alike: one rectangle. */
interface Stretch {
  readonly id: string;
  readonly from: number;
  readonly to: number;
  readonly epoch: number;
  readonly known: boolean;
  readonly event: number;
}

export function miniStrip(host: SVGGElement): (view: PartitionView) => void {
  const root = select(host).attr("class", "mini-strip");
  const rows = root.append("g");
  const mark = root.append("path").attr("class", "mark-line");
  return (view) => {
    const { first, width, highWatermark: high } = view;
    const isInside = high >= first && high <= first + width;
    rows
      .selectAll<SVGGElement, RowView>("g")
      .data(view.rows, ({ node }) => node)
      .join("g")
      .attr("data-event", ({ event }) => eventOf(event))
      .attr("transform", (_, index) => `translate(0,${index * row + 1})`)
      .each(function (one) {
        showRow(this, one, view);
      });
    const x = (high - first) * cell;
    mark
      .attr("data-event", eventOf(view.highWatermarkEvent))
      .attr("d", isInside && high >= 0 ? `M${x},0V${miniHeight(view.rows.length)}` : "");
  };
}

function showRow(host: SVGGElement, { cells, state }: RowView, view: PartitionView): void {
  const isDown = state !== "up" && state !== "unknown";
  const ground = select(host)
    .selectAll<SVGRectElement, number>("rect.row-ground")
    .data([0])
    .join((enter) => enter.insert("rect", ":first-child"));
  ground
    .attr("class", `row-ground${isDown ? " is-down" : ""}`)
    .attr("width", view.width * cell)
    .attr("height", row - 2);
  select(host)
    .selectAll<SVGRectElement, Stretch>("rect.stretch")
    .data(stretches(cells), ({ id }) => id)
    .join("rect")
    .attr("class", "stretch")
    .attr("data-event", ({ event }) => event)
    .attr("x", ({ from }) => (from - view.first) * cell)
    .attr("y", 0.5)
    .attr("width", ({ from, to }) => (to - from) * cell - 1)
    .attr("height", row - 3)
    .attr("fill", ({ epoch, known }) => (known ? epochFill(epoch) : "var(--bg)"));
}

function stretches(cells: readonly CellView[]): readonly Stretch[] {
  const all: Stretch[] = [];
  for (const { offset, epoch, known, event } of cells) {
    const last = all.at(-1);
    if (last?.to === offset && last.epoch === epoch && last.known === known)
      all[all.length - 1] = { ...last, to: offset + 1 };
    else
      all.push({
        id: `${epoch}/${offset}/${known}`,
        from: offset,
        to: offset + 1,
        epoch,
        known,
        event,
      });
  }
  return all;
}
