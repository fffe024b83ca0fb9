/* The logs: a strip for each partition, offsets aligned over its replicas, and what the marks mean. */
import { select } from "d3";
import { partitionStrip } from "../marks/partition-strip.ts";
import {
  type StripKind,
  type StripLayout,
  fitted,
  stripHeight,
  strips,
  stripWidth,
} from "../marks/strip-layout.ts";
import type { PartitionPicture } from "../model/picture.ts";
import { type PartitionView, type RowView, partitionView, tailStart } from "../model/strip-view.ts";
import { eventOf } from "../model/recording.ts";
import { h, s, setAttribute, setText } from "./dom.ts";
import { legend, marksIn } from "./legend.ts";
import { manyLogs } from "./many-logs.ts";
import { partitionChoice } from "./partition-choice.ts";
import type { StripGrid } from "./strip-grid.ts";
import { isWhole, shownIn } from "./shown-partitions.ts";
import { pressable } from "./strip-press.ts";
import type { Actions, LabView } from "./view.ts";

export interface LogsPanel {
  readonly element: HTMLElement;
  show(view: LabView): void;
  /** Reads how wide it is, before anything is written. */
  measure(): void;
}

export function logsPanel(actions: Actions, kindOf: () => StripKind): LogsPanel {
  const body = h("div", { class: "strips" });
  const title = h("h2", { class: "logs-title" });
  const element = h("section", { class: "logs", "aria-label": "Logs" });
  const choice = partitionChoice(actions, body);
  const many = manyLogs(actions);
  const meaning = legend();
  element.append(title, meaning.element, ...choice.above, many.element, body, choice.below);
  let drawn = "";
  let width = 0;
  const drawStrips = stripsIn(body, pressable(actions, element, body));

  const show = (view: LabView): void => {
    const kind = kindOf();
    const layout = fitted(strips[kind], width);
    const key = `${kind} ${layout.columns}`;
    if (key !== drawn) body.replaceChildren();
    drawn = key;
    const { partitions, chosen, isFew } = shownIn(view, kind);
    const size = many.sizeFor(view, isWhole(kind));
    const isAll = size === "cells" && isFew;
    many.show(view, size, width === 0 ? stripWidth(layout) : width, chosen?.name);
    const shown = isAll ? partitions : chosen === undefined ? [] : [chosen];
    const isTurned = size === "cells" || kind === "phone";
    choice.show(view, isTurned ? kind : "lab", partitions, isAll ? undefined : chosen);
    const views = shown.map((one) =>
      partitionView(view.seen, view.run.recording.facts, one, layout.columns, {
        from: windowOf(view, one, layout.columns),
        label: view.cells,
        chosen: view.record,
        isMoving: view.player.playing || view.player.sweep !== undefined,
      }),
    );
    meaning.show(size, marksIn(views));
    drawStrips(views, layout, isAll || (size !== "cells" && kind !== "phone"));
    title.hidden = view.other === undefined;
    setText(title, view.other?.isBefore === true ? "With the last change" : "Without the change");
    body.dataset["empty"] = partitions.length === 0 ? "No topic yet" : "";
    setAttribute(element, "data-density", kind);
    setAttribute(element, "data-size", size);
  };
  const measure = (): void => {
    width = element.clientWidth;
    choice.measure();
  };
  return { element, show, measure };
}

/** What was drawn with another layout has to be taken out before. */
function stripsIn(
  body: HTMLElement,
  grid: StripGrid,
): (views: readonly PartitionView[], layout: StripLayout, areNamed: boolean) => void {
  const draw = new WeakMap<SVGSVGElement, ReturnType<typeof partitionStrip>>();
  return (views, layout, areNamed) => {
    const box = ({ rows }: PartitionView): string =>
      `0 0 ${stripWidth(layout)} ${stripHeight(layout, rows.length)}`;
    select(body)
      .selectAll<SVGSVGElement, PartitionView>("svg")
      .data(views, ({ name }) => name)
      .join((enter) => enter.append(() => s("svg", { class: "strip" }, s("g"))))
      .attr("viewBox", box)
      .style("--strip-width", `${stripWidth(layout)}px`)
      .attr("preserveAspectRatio", "xMinYMin meet")
      .attr("role", "grid")
      .attr("aria-label", described)
      .each(function (partition) {
        const host = this.firstElementChild as SVGGElement;
        const drawStrip = draw.get(this) ?? partitionStrip(host, layout);
        draw.set(this, drawStrip);
        drawStrip(partition, areNamed);
        grid.show(this, partition);
      })
      .order();
  };
}

/** Where a partition's window begins; undefined: it follows its tail. Two that are compared have the same columns. */
function windowOf(view: LabView, one: PartitionPicture, columns: number): number | undefined {
  const chosen = view.windows.get(one.name) ?? struckIn(view, one.name, columns);
  const beside = view.other?.picture.partitions.get(one.name);
  if (chosen !== undefined || beside === undefined) return chosen;
  return Math.min(tailStart(one, columns), tailStart(beside, columns));
}

/** While a truncation is what was told last, the window shows where it struck. */
function struckIn(
  { picture, run }: LabView,
  partition: string,
  columns: number,
): number | undefined {
  const event = eventOf(run.recording, picture.beat);
  if (event?.type !== "note" || event.event.type !== "truncated") return undefined;
  if (event.event.partition !== partition) return undefined;
  return Math.max(0, event.event.to - Math.floor(columns / 2));
}

/** A strip in words, for readers who do not see it. */
function described(view: PartitionView): string {
  const { name, leader, epoch, highWatermark, rows, bookmarks, mayLead, eyes } = view;
  const head = leader === undefined ? "no leader" : `led by ${leader} in epoch ${epoch}`;
  const may = mayLead.length === 0 ? "nobody may lead" : `may lead: ${mayLead.join(", ")}`;
  return [
    `${name}: ${head}, high watermark ${highWatermark}`,
    ...rows.map(rowInWords),
    ...(eyes === undefined ? [may] : []),
    ...bookmarks.map(({ node, offset }) => `${node} reads on at ${offset}`),
  ].join("; ");
}

function rowInWords({ node, start, end, inSync, eligible, state }: RowView): string {
  const membership = inSync ? "in sync" : eligible ? "eligible to lead" : "out of sync";
  const edges = `${start === 0 ? "" : `begins at ${start}, `}ends at ${end}`;
  return `${node} ${edges}, ${state === "up" ? membership : `${state}, ${membership}`}`;
}
