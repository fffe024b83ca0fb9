/* The logs: a strip for each partition, offsets aligned over its replicas, and what the marks mean. */
import { select, sum } from "d3";
import { partitionStrip } from "../marks/partition-strip.ts";
import {
  type StripLayout,
  compareStrip,
  labStrip,
  phoneStrip,
  stripHeight,
  stripWidth,
  teachStrip,
} from "../marks/strip-layout.ts";
import type { PartitionPicture } from "../model/picture.ts";
import type { RecordPlace } from "../model/record-life.ts";
import { type PartitionView, partitionView } from "../model/strip-view.ts";
import { eventOf } from "../model/recording.ts";
import { h, s, setAttribute, setText, textButton } from "./dom.ts";
import { legend } from "./legend.ts";
import type { Actions, LabView } from "./view.ts";

export interface LogsPanel {
  readonly element: HTMLElement;
  show(view: LabView): void;
}

/** `lab` and `compare`: all partitions; the others show one at a time. */
export type LogsDensity = "lab" | "compare" | "teach" | "phone";

const layouts: Readonly<Record<LogsDensity, StripLayout>> = {
  lab: labStrip,
  compare: compareStrip,
  teach: teachStrip,
  phone: phoneStrip,
};

export function logsPanel(actions: Actions, density: () => LogsDensity): LogsPanel {
  const pager = h("nav", { class: "partitions", "aria-label": "Partition" });
  const body = h("div", { class: "strips" });
  const title = h("h2", { class: "logs-title" });
  const element = h("section", { class: "logs", "aria-label": "Logs" });
  element.append(title, legend(), pager, body);
  let drawn: LogsDensity | undefined;
  const draw = new WeakMap<SVGSVGElement, ReturnType<typeof partitionStrip>>();

  element.addEventListener("click", (event) => {
    const target = event.target as Element;
    const stub = target.closest("[data-look]");
    if (stub !== null) {
      const partition = stub.closest("[data-partition]")?.getAttribute("data-partition") ?? "";
      return actions.look(partition, Number(stub.getAttribute("data-look")));
    }
    const mark = target.closest("[data-event]");
    const seq = Number(mark?.getAttribute("data-event") ?? -1);
    if (seq < 0) return;
    const record = mark === null ? undefined : recordIn(mark, seq);
    actions.select(seq, record === undefined ? "why" : "record");
    if (record !== undefined) actions.lookInside({ record }, "record");
  });

  const show = (view: LabView): void => {
    const kind = density();
    if (kind !== drawn) body.replaceChildren();
    drawn = kind;
    const layout = layouts[kind];
    const partitions = [...view.seen.partitions.values()].sort((a, b) =>
      a.name < b.name ? -1 : 1,
    );
    const chosen = partitions.find(({ name }) => name === view.partition) ?? partitions[0];
    const isWhole = kind === "lab" || kind === "compare" || rowsOf(partitions) <= fewRows;
    const shown = isWhole ? partitions : chosen === undefined ? [] : [chosen];
    showPager(pager, actions, isWhole ? [] : partitions.map(({ name }) => name), chosen?.name);
    const views = shown.map((one) =>
      partitionView(
        view.seen,
        view.run.recording.facts,
        one,
        layout.columns,
        view.windows.get(one.name) ?? struckIn(view, one.name, layout.columns),
      ),
    );
    select(body)
      .selectAll<SVGSVGElement, PartitionView>("svg")
      .data(views, ({ name }) => name)
      .join((enter) => enter.append(() => s("svg", { class: "strip" }, s("g"))))
      .attr(
        "viewBox",
        ({ rows }) => `0 0 ${stripWidth(layout)} ${stripHeight(layout, rows.length)}`,
      )
      .attr("preserveAspectRatio", "xMinYMin meet")
      .attr("role", "img")
      .attr("aria-label", described)
      .each(function (partition) {
        const host = this.firstElementChild as SVGGElement;
        const drawStrip = draw.get(this) ?? partitionStrip(host, layout);
        draw.set(this, drawStrip);
        drawStrip(partition, isWhole);
      })
      .order();
    title.hidden = view.other === undefined;
    setText(title, view.other?.isBefore === true ? "With the last change" : "Without the change");
    body.dataset["empty"] = partitions.length === 0 ? "No topic yet" : "";
    setAttribute(element, "data-density", kind);
  };
  return { element, show };
}

/** Several short strips take no more room than a tall one. */
const fewRows = 3;

const rowsOf = (partitions: readonly PartitionPicture[]): number =>
  partitions.length < 2 ? Infinity : sum(partitions, ({ replicas }) => replicas.length);

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

function showPager(
  pager: HTMLElement,
  actions: Actions,
  names: readonly string[],
  chosen: string | undefined,
): void {
  const before = [...pager.children].map(({ textContent }) => textContent).join();
  if (before !== names.join()) {
    pager.replaceChildren(
      ...names.map((name) => textButton(name, `Show ${name}`, () => actions.partition(name))),
    );
  }
  for (const button of pager.children) {
    button.setAttribute("aria-pressed", String(button.textContent === chosen));
  }
}
