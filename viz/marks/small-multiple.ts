/* A partition among dozens: its name, how it stands, who leads it, and a line of 6 px for each replica. */
import { scaleLinear, select } from "d3";
import type { LineMark, LineView, MultipleView, RunView } from "../model/multiple-view.ts";
import { brokerName } from "../model/picture.ts";
import { epochFill } from "./epoch.ts";
import { eventOf } from "./event-of.ts";
import { healthGlyph } from "./health-glyph.ts";
import { icons } from "./icons.ts";

/** Measures of one multiple. */
export const multiple = { width: 128, head: 15, line: 6, pitch: 7, gutter: 10, right: 8, below: 4 };

export const multipleHeight = (replicas: number): number =>
  multiple.head + replicas * multiple.pitch + multiple.below;

export function smallMultiple(host: SVGGElement): (view: MultipleView) => void {
  const root = select(host);
  const name = root.append("text").attr("class", "multiple-name").attr("x", 13).attr("y", 11);
  const glyph = root.append("g");
  const leader = root.append("text").attr("class", "multiple-leader").attr("y", 11);
  const lines = root.append("g").attr("transform", `translate(0,${multiple.head})`);
  const mark = root.append("path").attr("class", "mark-line");
  const showHealth = healthGlyph(glyph.node() as SVGGElement, 9);
  const plotRight = multiple.width - multiple.right;
  leader.attr("x", multiple.width - 4).attr("text-anchor", "end");
  return (view) => {
    name.text(shortName(view.name));
    showHealth(view.health, view.isBroken);
    glyph.attr("transform", "translate(0.5,2)");
    leader.text(view.leader === -1 ? "" : `${brokerName(view.leader)} e${view.epoch}`);
    const x = scaleLinear([view.from, view.to], [multiple.gutter, plotRight]);
    lines
      .selectAll<SVGGElement, LineView>("g")
      .data(view.lines, ({ node }) => node)
      .join((enter) => {
        const line = enter.append("g");
        line.append("path").attr("class", "line-ground");
        line.append("path").attr("class", "line-mark");
        return line;
      })
      .attr("class", ({ mark: before }) => `multiple-line is-${before.replace(" ", "-")}`)
      .attr("data-event", ({ event }) => eventOf(event))
      .attr("transform", (_, index) => `translate(0,${index * multiple.pitch})`)
      .each(function (line) {
        showLine(this, line, x, plotRight);
      })
      .order();
    const high = view.highWatermark;
    const height = multiple.head + view.lines.length * multiple.pitch;
    mark
      .attr("data-event", eventOf(view.highWatermarkEvent))
      .attr("d", high <= view.from ? "" : `M${x(high)},${multiple.head - 1}V${height}`);
  };
}

/** So many letters fit; the whole name is told by the strip that is opened. */
const longestName = 10;
const shortName = (name: string): string => {
  if (name.length <= longestName) return name;
  const number = name.slice(name.lastIndexOf("-"));
  return `${name.slice(0, longestName - number.length - 1)}…${number}`;
};

const marks: Readonly<Record<LineMark, string>> = {
  leader: icons.star,
  "in sync": "",
  // A stroke, as through the word of a replica that is out.
  out: "M1,8H15",
  down: "M3,3l10,10M13,3l-10,10",
};

function showLine(
  host: SVGGElement,
  { mark, runs }: LineView,
  x: (offset: number) => number,
  right: number,
): void {
  const root = select(host);
  const middle = multiple.line / 2;
  root.select(".line-ground").attr("d", `M${multiple.gutter},${middle}H${right}`);
  root.select(".line-mark").attr("d", marks[mark]).attr("transform", "translate(0,-1) scale(0.5)");
  root
    .selectAll<SVGRectElement, RunView>("rect")
    .data(runs, ({ id }) => id)
    .join("rect")
    .attr("data-event", ({ event }) => event)
    .attr("x", ({ from }) => x(from))
    .attr("y", 0.5)
    .attr("width", ({ from, to }) => Math.max(1, x(to) - x(from)))
    .attr("height", multiple.line - 1)
    .attr("fill", ({ epoch, known }) => (known ? epochFill(epoch) : "var(--bg)"))
    .order();
}
