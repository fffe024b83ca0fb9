/* The logs: a strip for each partition, offsets aligned over its replicas, and what the marks mean. */
import { select, sum } from "d3";
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
import type { RecordPlace } from "../model/record-life.ts";
import { type PartitionView, partitionView } from "../model/strip-view.ts";
import { eventOf } from "../model/recording.ts";
import { h, s, setAttribute, setText } from "./dom.ts";
import { legend } from "./legend.ts";
import { partitionChoice } from "./partition-choice.ts";
import type { Actions, LabView } from "./view.ts";

export interface LogsPanel {
  readonly element: HTMLElement;
  show(view: LabView): void;
  /** Reads how wide it is, before anything is written. */
  measure(): void;
}

/** `teach` and `phone` show one partition at a time, the others all. */
const isWhole = (kind: StripKind): boolean => kind === "lab" || kind === "debug";

export function logsPanel(actions: Actions, kindOf: () => StripKind): LogsPanel {
  const body = h("div", { class: "strips" });
  const title = h("h2", { class: "logs-title" });
  const element = h("section", { class: "logs", "aria-label": "Logs" });
  const choice = partitionChoice(actions, body);
  element.append(title, legend(), ...choice.above, body, choice.below);
  let drawn = "";
  let width = 0;
  const drawStrips = stripsIn(body);

  element.addEventListener("click", (event) => {
    const target = event.target as Element;
    const stub = target.closest("[data-look]");
    if (stub !== null) {
      const partition = stub.closest("[data-partition]")?.getAttribute("data-partition") ?? "";
      return actions.look(partition, Number(stub.getAttribute("data-look")));
    }
    const mark = nearestCell(target, event.clientX) ?? target.closest("[data-event]");
    const seq = Number(mark?.getAttribute("data-event") ?? -1);
    if (seq < 0) return;
    const record = mark === null ? undefined : recordIn(mark, seq);
    actions.select(seq, record === undefined ? "why" : "record");
    if (record !== undefined) actions.lookInside({ record }, "record");
  });

  const show = (view: LabView): void => {
    const kind = kindOf();
    const layout = fitted(strips[kind], width);
    const key = `${kind} ${layout.columns}`;
    if (key !== drawn) body.replaceChildren();
    drawn = key;
    const partitions = [...view.seen.partitions.values()].sort((a, b) =>
      a.name < b.name ? -1 : 1,
    );
    const chosen = partitions.find(({ name }) => name === view.partition) ?? partitions[0];
    const isAll = isWhole(kind) || (kind === "teach" && rowsOf(partitions) <= fewRows);
    const shown = isAll ? partitions : chosen === undefined ? [] : [chosen];
    choice.show(view, kind, partitions, isAll ? undefined : chosen);
    const views = shown.map((one) =>
      partitionView(
        view.seen,
        view.run.recording.facts,
        one,
        layout.columns,
        view.windows.get(one.name) ?? struckIn(view, one.name, layout.columns),
      ),
    );
    drawStrips(views, layout, isAll);
    title.hidden = view.other === undefined;
    setText(title, view.other?.isBefore === true ? "With the last change" : "Without the change");
    body.dataset["empty"] = partitions.length === 0 ? "No topic yet" : "";
    setAttribute(element, "data-density", kind);
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
      .attr("preserveAspectRatio", "xMinYMin meet")
      .attr("role", "img")
      .attr("aria-label", described)
      .each(function (partition) {
        const host = this.firstElementChild as SVGGElement;
        const drawStrip = draw.get(this) ?? partitionStrip(host, layout);
        draw.set(this, drawStrip);
        drawStrip(partition, areNamed);
      })
      .order();
  };
}

/** Several short strips take no more room than a tall one. */
const fewRows = 3;

const rowsOf = (partitions: readonly PartitionPicture[]): number =>
  partitions.length < 2 ? Infinity : sum(partitions, ({ replicas }) => replicas.length);

/** A row takes presses for its records, which are too small for a fingertip: the nearest within reach of one. */
function nearestCell(target: Element, x: number): Element | undefined {
  if (target.closest(".cell") !== null || !target.matches(".row-ground")) return undefined;
  const centre = (cell: Element): number => {
    const { left, right } = cell.getBoundingClientRect();
    return Math.abs(x - (left + right) / 2);
  };
  const cells = [...(target.closest(".replica")?.querySelectorAll(".live .cell") ?? [])];
  const near = cells.filter((cell) => centre(cell) < fingertip);
  return near.sort((a, b) => centre(a) - centre(b))[0];
}

const fingertip = 44;

/** The record that a cell stands for. */
function recordIn(mark: Element, event: number): RecordPlace | undefined {
  const offset = mark.getAttribute("data-offset");
  const partition = mark.closest("[data-partition]")?.getAttribute("data-partition");
  if (offset === null || !partition) return undefined;
  return { partition, offset: Number(offset), event };
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
function described({ name, leader, epoch, highWatermark, rows }: PartitionView): string {
  const ends = rows.map(
    ({ node, end, inSync, state }) =>
      `${node} ends at ${end}, ${state === "up" ? (inSync ? "in sync" : "out of sync") : state}`,
  );
  const head = leader === undefined ? "no leader" : `led by ${leader} in epoch ${epoch}`;
  return `${name}: ${head}, high watermark ${highWatermark}; ${ends.join("; ")}`;
}
