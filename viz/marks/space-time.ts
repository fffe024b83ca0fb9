/*
 * The space–time diagram: a row for every process, a slanted line for every message, ✗ where one was lost, a hatched
 * gap where a process was down, bars where faults struck, and the hops of an explanation as a thick numbered line. What
 * is later than now is pale.
 */
import { type Selection, scaleLinear, select } from "d3";
import type { Micros } from "#sim";
import type { FaultBar } from "../model/fault-bars.ts";
import type { Span } from "../model/lives.ts";
import type { ChainMark, Dot, Line, Row, SpaceTime } from "../model/space-time.ts";
import type { Point } from "./geometry.ts";
import {
  type SpaceTimeLayout,
  beadAt,
  halfRow,
  lineEnds,
  plotBottom,
  plotRight,
  rowY,
  timeX,
} from "./space-time-layout.ts";

type Group = Selection<SVGGElement, unknown, null, undefined>;

export interface SpaceTimeMarks {
  /** Draws a stretch. `tick` writes times. */
  show(view: SpaceTime, layout: SpaceTimeLayout, tick: (at: Micros) => string): void;
  /** Where now is, and which hop of an explanation is looked at. */
  move(layout: SpaceTimeLayout, at: Micros, hop: number | undefined): void;
}

export function spaceTimeMarks(host: SVGGElement): SpaceTimeMarks {
  const root: Group = select(host);
  const stops = (["st-ink", "st-bad"] as const).map((id) => gradient(root, id));
  const frame = root.append("clipPath").attr("id", "st-plot").append("rect").attr("y", 0);
  const rows = root.append("g").attr("class", "st-rows");
  const plot = root.append("g").attr("clip-path", "url(#st-plot)");
  const lines = plot.append("g").attr("class", "st-lines");
  const dots = plot.append("g").attr("class", "st-dots");
  const axis = root.append("g").attr("class", "axis");
  const head = root.append("path").attr("class", "playhead");
  const chain = root.append("g").attr("class", "st-chain");
  const drawRow = (group: SVGGElement, row: Row, layout: SpaceTimeLayout): void => {
    const root = select(group);
    root.attr("data-node", row.node);
    root
      .select("text")
      .attr("x", 8)
      .attr("y", rowY(layout, row.node) + 4.5)
      .text(row.node);
    showSpans(root.select<SVGGElement>(".st-life"), row, layout);
    showFaults(root.select<SVGGElement>(".st-faults"), row, layout);
  };
  return {
    show: (view, layout, tick) => {
      frame.attr("x", layout.gutter).attr("width", plotRight(layout) - layout.gutter);
      frame.attr("height", layout.height);
      rows
        .selectAll<SVGGElement, Row>("g.st-row")
        .data(view.rows, ({ node }) => node)
        .join((enter) => {
          const row = enter.append("g").attr("class", "st-row");
          row.append("text");
          row.append("g").attr("class", "st-life");
          row.append("g").attr("class", "st-faults");
          return row;
        })
        .each(function (row) {
          drawRow(this, row, layout);
        });
      showLines(lines, view.lines, layout);
      showDots(dots, view.dots, layout);
      showChain(chain, view.chain, layout);
      showAxis(axis, layout, tick);
    },
    move: (layout, at, hop) => {
      const x = timeX(layout, at);
      for (const edge of stops) edge.attr("x1", x).attr("x2", x + 1);
      head.attr("d", `M${x - 5},0h10l-5,7zM${x},0V${plotBottom(layout)}`);
      chain.selectAll<SVGGElement, ChainMark>("g").classed("is-here", (m) => m.number === hop);
    },
  };
}

/** A colour that turns pale at now: no mark has to be drawn anew while time moves. */
function gradient(
  root: Group,
  id: string,
): Selection<SVGLinearGradientElement, unknown, null, undefined> {
  const edge = root.append("linearGradient").attr("id", id).attr("gradientUnits", "userSpaceOnUse");
  edge.append("stop").attr("offset", 0).attr("class", `${id}-past`);
  edge.append("stop").attr("offset", 1).attr("class", "st-later");
  return edge;
}

function showSpans(
  group: Selection<SVGGElement, unknown, null, undefined>,
  row: Row,
  layout: SpaceTimeLayout,
): void {
  const y = rowY(layout, row.node);
  const clip = (at: Micros): number =>
    Math.max(layout.gutter, Math.min(plotRight(layout), timeX(layout, at)));
  const high = Math.min(7, halfRow(layout) - 2);
  group
    .selectAll<SVGPathElement, Span>("path")
    .data(row.spans, ({ event }) => event)
    .join("path")
    .attr("data-event", ({ event }) => event)
    .attr("class", ({ state }) => `st-span is-${state}`)
    .attr("d", ({ at, to, state }) => {
      const [a, b] = [clip(at), clip(to ?? Infinity)];
      if (state === "up") return `M${a},${y}H${b}`;
      if (state === "paused") return `M${a},${y - 2.5}H${b}M${a},${y + 2.5}H${b}`;
      return `M${a},${y - high}H${b}V${y + high}H${a}z`;
    });
}

function showFaults(
  group: Selection<SVGGElement, unknown, null, undefined>,
  row: Row,
  layout: SpaceTimeLayout,
): void {
  const y = rowY(layout, row.node) - halfRow(layout) + 1;
  const clip = (at: Micros): number =>
    Math.max(layout.gutter, Math.min(plotRight(layout), timeX(layout, at)));
  group
    .selectAll<SVGRectElement, FaultBar>("rect")
    .data(row.faults, ({ seq }) => seq)
    .join((enter) => {
      const bar = enter.append("rect");
      bar.append("title");
      return bar;
    })
    .attr("data-event", ({ seq }) => seq)
    .attr("class", ({ isEdit }) => (isEdit ? "is-edit" : null))
    .attr("x", ({ from }) => clip(from))
    .attr("y", y)
    .attr("height", 5)
    .attr("width", ({ from, to }) => Math.max(4, clip(to ?? Infinity) - clip(from)))
    .select("title")
    .text(({ sentence }) => sentence);
}

function showLines(group: Group, lines: readonly Line[], layout: SpaceTimeLayout): void {
  group
    .selectAll<SVGGElement, Line>("g")
    .data(lines, ({ event }) => event)
    .join((enter) => {
      const line = enter.append("g");
      line.append("path").attr("class", "st-way");
      line.append("path").attr("class", "st-end");
      line.append("path").attr("class", "st-while");
      line.append("circle");
      line.append("text");
      return line;
    })
    .attr("data-event", ({ event }) => event)
    .attr("data-count", ({ count }) => count)
    .attr("class", ({ dark, lost }) => `st-line${dark ? "" : " is-pale"}${lost ? " is-lost" : ""}`)
    .each(function (line) {
      drawLine(this, line, layout);
    })
    .order();
}

function drawLine(group: SVGGElement, line: Line, layout: SpaceTimeLayout): void {
  const [a, b] = lineEnds(layout, line);
  const root = select(group);
  const isBead = line.count > 1;
  root
    .select(".st-way")
    .attr("d", `M${a.x},${a.y}L${b.x},${b.y}`)
    .attr("stroke-width", isBead ? 1.3 + Math.log2(line.count) / 2 : 1.3);
  root.select(".st-end").attr("d", line.lost ? cross(b.x, b.y) : arrow(a, b));
  // Equal neighbours: how long they were sent, on the row of who sent them.
  root
    .select(".st-while")
    .attr("d", isBead ? `M${a.x},${a.y}H${timeX(layout, line.lastSentAt)}` : "");
  const bead = beadAt(layout, line);
  const text = isBead ? String(line.count) : "";
  root
    .select("circle")
    .attr("cx", bead.x)
    .attr("cy", bead.y)
    .attr("r", isBead ? 5 + 2.5 * text.length : 0);
  root
    .select("text")
    .attr("x", bead.x)
    .attr("y", bead.y + 4)
    .text(text);
}

const cross = (x: number, y: number): string => `M${x - 4},${y - 4}l8,8M${x + 4},${y - 4}l-8,8`;

/** A small head at the end of a message. */
function arrow(a: Point, b: Point): string {
  const length = Math.hypot(b.x - a.x, b.y - a.y);
  if (length < 8) return "";
  const [x, y] = [(b.x - a.x) / length, (b.y - a.y) / length];
  const side = (turn: 1 | -1): string =>
    `${b.x - 6 * x - turn * 2.6 * y},${b.y - 6 * y + turn * 2.6 * x}`;
  return `M${side(1)}L${b.x},${b.y}L${side(-1)}`;
}

function showDots(group: Group, dots: readonly Dot[], layout: SpaceTimeLayout): void {
  const told = toldCounts(dots, layout);
  group
    .selectAll<SVGGElement, Dot>("g")
    .data(dots, ({ event }) => event)
    .join((enter) => {
      const dot = enter.append("g");
      dot.append("circle");
      dot.append("text");
      return dot;
    })
    .attr("data-event", ({ event }) => event)
    .attr("data-count", ({ count }) => count)
    .attr("class", ({ dark }) => (dark ? "st-dot" : "st-dot is-pale"))
    .classed("is-many", ({ count }) => count > 1)
    .each(function ({ at, node, count, event }) {
      const [x, y] = [timeX(layout, at), rowY(layout, node)];
      const dot = select(this);
      dot
        .select("circle")
        .attr("cx", x)
        .attr("cy", y)
        .attr("r", count > 1 ? 4.5 : 3.5);
      dot
        .select("text")
        .attr("x", x)
        .attr("y", y - 6)
        .text(told.has(event) ? `×${count}` : "");
    })
    .order();
}

/** Dots whose count has room; those of the others are told when they are pointed at. */
function toldCounts(dots: readonly Dot[], layout: SpaceTimeLayout): ReadonlySet<number> {
  const told = new Set<number>();
  const ends = new Map<string, number>();
  for (const { event, node, at, count } of dots) {
    const x = timeX(layout, at);
    if (count === 1 || x - (ends.get(node) ?? -Infinity) < 30) continue;
    ends.set(node, x);
    told.add(event);
  }
  return told;
}

/** Hops that the window does not reach stand at its edge, hollow. */
function showChain(group: Group, chain: readonly ChainMark[], layout: SpaceTimeLayout): void {
  const placed = chain.map((mark) => {
    const x = timeX(layout, mark.at);
    const inside = Math.max(layout.gutter, Math.min(plotRight(layout), x));
    return { ...mark, x: inside, y: rowY(layout, mark.node), isBeyond: x !== inside };
  });
  group
    .selectAll<SVGGElement, (typeof placed)[number]>("g")
    .data(placed, ({ number }) => number)
    .join((enter) => {
      const hop = enter.append("g");
      hop.append("path");
      hop.append("circle").attr("r", 8);
      hop.append("text");
      return hop;
    })
    .attr("data-event", ({ event }) => event)
    .attr("class", ({ isBeyond }) => (isBeyond ? "st-hop is-beyond" : "st-hop"))
    .each(function ({ number, x, y }, index) {
      const cause = placed[index + 1];
      const hop = select(this);
      hop.select("path").attr("d", cause === undefined ? "" : `M${cause.x},${cause.y}L${x},${y}`);
      hop.select("circle").attr("cx", x).attr("cy", y);
      hop
        .select("text")
        .attr("x", x)
        .attr("y", y + 4)
        .text(number);
    });
}

/** In an order the times of events themselves, as many as have room. */
function ticksOf(layout: SpaceTimeLayout): readonly Micros[] {
  const { from, to, order, width } = layout;
  if (order === undefined) return scaleLinear([from, to], [0, 1]).ticks(Math.max(2, width / 130));
  const ticks: Micros[] = [];
  let free = -Infinity;
  for (const at of order.slice(1, -1)) {
    const x = timeX(layout, at);
    if (x < free) continue;
    ticks.push(at);
    free = x + tickRoom;
  }
  return ticks;
}

/** Times in the middle of what is much longer than it looks: where neighbours in an order are far apart. */
function leapsOf({ from, to, order = [] }: SpaceTimeLayout): readonly Micros[] {
  const drawn = (to - from) / Math.max(1, order.length - 1);
  const least = Math.max((to - from) / 10, 3 * drawn);
  return order.flatMap((at, index) => {
    const before = order[index - 1] ?? at;
    return at - before > least ? [(at + before) / 2] : [];
  });
}

/** What a time with its microseconds takes. */
const tickRoom = 110;

function showAxis(group: Group, layout: SpaceTimeLayout, tick: (at: Micros) => string): void {
  const x = (at: Micros): number => timeX(layout, at);
  const ticks = ticksOf(layout);
  const y = plotBottom(layout);
  group
    .selectAll<SVGPathElement, number>("path")
    .data([0])
    .join("path")
    .attr(
      "d",
      `M${layout.gutter},${y}H${plotRight(layout)}` +
        ticks.map((at) => `M${x(at)},${y}v4`).join(""),
    );
  // An axis that leaps is broken there, as in any graph.
  group
    .selectAll<SVGPolylineElement, number>("polyline")
    .data(leapsOf(layout), (place) => place)
    .join("polyline")
    .attr("class", "st-leap")
    .attr("points", (place) => {
      const x = timeX(layout, place);
      return `${x - 6},${y} ${x - 3},${y - 5} ${x + 3},${y + 5} ${x + 6},${y}`;
    });
  group
    .selectAll<SVGTextElement, number>("text")
    .data(ticks, (at) => at)
    .join("text")
    .attr("x", (at) => x(at))
    .attr("y", y + 16)
    .text((at) => tick(at));
}
