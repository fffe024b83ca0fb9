/*
 * The whole run on one line: faults as hatched bars from strike to heal, turning points, broken promises, a ruler,
 * and where the reader stands. Marks are no targets themselves; the lane takes the nearest.
 */
import { type ScaleLinear, scaleLinear, select } from "d3";
import type { Micros } from "#sim";
import { type FaultBar, faultLabels } from "../model/fault-bars.ts";
import { icons } from "./icons.ts";

export interface TurnMark {
  readonly seq: number;
  readonly at: Micros;
  readonly kind: "election" | "isr" | "truncation" | "loss" | "phase" | "heal";
  readonly sentence: string;
}

export interface TimelineView {
  readonly width: number;
  /** The time at the right end. */
  readonly end: Micros;
  /** What has been computed so far. */
  readonly known: Micros;
  readonly at: Micros;
  /** The stretch that the space–time diagram shows. */
  readonly reach: readonly [from: Micros, to: Micros] | undefined;
  readonly faults: readonly FaultBar[];
  readonly turns: readonly TurnMark[];
  /** Of the other of two compared runs: a lane of its own. */
  readonly others: readonly TurnMark[] | undefined;
  /** Where the two runs part. */
  readonly parting: Micros | undefined;
  /** Broken promises, and what would be one if its precondition held. */
  readonly violations: readonly {
    readonly seq: number;
    readonly at: Micros;
    readonly isPromised: boolean;
  }[];
  readonly tick: (at: Micros) => string;
}

const lane = 16;
const ruler = 20;

export interface TimelineLayout {
  /** Left of the lanes: what their names take. */
  readonly gutter: number;
  /** Broken promises are marked among the events, not in a lane of their own. */
  readonly isMerged: boolean;
}

/** Two compared runs have a lane more. */
export const timelineHeight = ({ isMerged }: TimelineLayout, comparing: boolean): number =>
  lanesOf(isMerged, comparing) * lane + ruler;

const lanesOf = (isMerged: boolean, comparing: boolean): number =>
  2 + (isMerged ? 0 : 1) + (comparing ? 1 : 0);

export const timelineScale = (
  { gutter }: TimelineLayout,
  width: number,
  end: Micros,
): ScaleLinear<number, number> =>
  scaleLinear([0, Math.max(1, end)], [gutter, Math.max(gutter + 1, width - 24)]);

/** The glyph of each kind, in a box of 16. */
export const turnPaths: Readonly<Record<TurnMark["kind"], string>> = {
  election: icons.star,
  isr: "M4,8a4,4 0 1 0 8,0a4,4 0 1 0 -8,0",
  truncation: "M1,10l3.5,-5l3.5,5l3.5,-5l3.5,5",
  loss: icons.bolt,
  phase: "M8,1V15",
  heal: "M3,8H13M8,3V13",
};

export function timeline(host: SVGGElement): (view: TimelineView, layout: TimelineLayout) => void {
  const root = select(host);
  const names = root.append("g").attr("class", "lane-names");
  const unknown = root.append("rect").attr("class", "unknown");
  const faultLane = root.append("g").attr("class", "fault-bars");
  const turnLane = root.append("g").attr("transform", `translate(0,${lane})`);
  const otherLane = root
    .append("g")
    .attr("class", "other-lane")
    .attr("transform", `translate(0,${2 * lane})`);
  const brokenLane = root.append("g");
  const axis = root.append("g").attr("class", "axis");
  const reach = root.append("path").attr("class", "reach");
  const parting = root.append("path").attr("class", "parting");
  const head = root.append("path").attr("class", "playhead");
  const showRun = (view: TimelineView, layout: TimelineLayout, x: Scale): void => {
    const { isMerged } = layout;
    const isTwo = view.others !== undefined;
    const lanes = lanesOf(isMerged, isTwo);
    const height = timelineHeight(layout, isTwo);
    unknown
      .attr("x", x(view.known))
      .attr("y", 0)
      .attr("width", Math.max(0, x(view.end) - x(view.known)))
      .attr("height", lanes * lane);
    names
      .selectAll("text")
      .data(layout.gutter < leastGutter ? [] : laneNames(isMerged, isTwo))
      .join("text")
      .attr("x", 8)
      .attr("y", (_, index) => index * lane + 12)
      .text((name) => name);
    const broken = isMerged ? 1 : lanes - 1;
    brokenLane.attr("transform", `translate(0,${broken * lane})`);
    axis.attr("transform", `translate(0,${lanes * lane})`);
    const parts = x(view.parting ?? 0);
    parting.attr(
      "d",
      view.parting === undefined ? "" : `M${parts - 4},4h8M${parts - 4},9h8M${parts},0V${height}`,
    );
    showTurns(otherLane.node() as SVGGElement, view.others ?? [], x);
    showFaults(faultLane.node() as SVGGElement, view, x);
    showTurns(turnLane.node() as SVGGElement, view.turns, x);
    showBroken(brokenLane.node() as SVGGElement, view, x);
    showAxis(axis.node() as SVGGElement, view, x);
    const [from, to] = view.reach ?? [0, 0];
    const [left, right] = [x(from) - 1, Math.max(x(to) + 1, x(from) + 3)];
    const edge = `M${left + 4},1H${left}V${lanes * lane}h4M${right - 4},1H${right}V${lanes * lane}h-4`;
    reach.attr("d", view.reach === undefined ? "" : edge);
  };
  let drawn = "";
  return (view, layout) => {
    const x = timelineScale(layout, view.width, view.end);
    // Between two events only the reader moves.
    const { at, tick, ...run } = view;
    const look = JSON.stringify([run, layout, tick(view.end)]);
    if (look !== drawn) showRun(view, layout, x);
    drawn = look;
    const height = timelineHeight(layout, view.others !== undefined);
    head.attr("d", `M${x(at) - 5},0h10l-5,7zM${x(at)},0V${height}`);
  };
}

/** Less than this holds no name. */
const leastGutter = 60;

const laneNames = (isMerged: boolean, isTwo: boolean): readonly string[] => [
  "faults",
  "events",
  ...(isTwo ? ["the other"] : []),
  ...(isMerged ? [] : ["broken"]),
  "time",
];

type Scale = ScaleLinear<number, number>;

/** A letter of 12 px takes at most so much; what a bar has no room for stands in its title alone. */
const letter = 7.5;

function showFaults(host: SVGGElement, view: TimelineView, x: Scale): void {
  const widthOf = ({ from, to }: FaultBar): number => Math.max(4, x(to ?? view.known) - x(from));
  const high = lane - 6;
  const labels = faultLabels(view.faults).flatMap((label) => {
    const room = x(label.to ?? view.known) - x(label.from);
    const text = label.texts.find((one) => one.length * letter + 12 < room);
    return text === undefined ? [] : [{ ...label, text }];
  });
  select(host)
    .selectAll<SVGTextElement, (typeof labels)[number]>("text")
    .data(labels, ({ seq }) => seq)
    .join("text")
    .attr("data-event", ({ seq }) => seq)
    .attr("x", ({ from }) => x(from) + 6)
    .attr("y", 12)
    .text(({ text }) => text);
  select(host)
    .selectAll<SVGRectElement, FaultBar>("rect")
    .data(view.faults, ({ seq }) => seq)
    .join((enter) => {
      const bar = enter.append("rect").attr("rx", 2);
      bar.append("title");
      return bar;
    })
    .attr("data-event", ({ seq }) => seq)
    .attr("class", ({ isEdit }) => (isEdit ? "is-edit" : null))
    .attr("x", ({ from }) => x(from))
    .attr("y", ({ row, rows }) => 3 + (row * high) / rows)
    .attr("height", ({ rows }) => high / rows - (rows > 1 ? 1 : 0))
    .attr("width", widthOf)
    .lower()
    .select("title")
    .text(({ sentence }) => sentence);
}

function showTurns(host: SVGGElement, turns: readonly TurnMark[], x: Scale): void {
  select(host)
    .selectAll<SVGPathElement, TurnMark>("path")
    .data(turns, ({ seq }) => seq)
    .join((enter) => {
      const mark = enter.append("path");
      mark.append("title");
      return mark;
    })
    .attr("data-event", ({ seq }) => seq)
    .attr("class", ({ kind }) => `turn is-${kind}`)
    .attr("d", ({ kind }) => turnPaths[kind])
    .attr("transform", ({ at, kind }) => {
      const scale = kind === "isr" ? 0.6 : 0.85;
      return `translate(${x(at) - 8 * scale},${8 - 8 * scale}) scale(${scale})`;
    })
    .select("title")
    .text(({ sentence }) => sentence);
}

function showBroken(host: SVGGElement, view: TimelineView, x: Scale): void {
  select(host)
    .selectAll<SVGPathElement, TimelineView["violations"][number]>("path")
    .data(view.violations, ({ seq }) => seq)
    .join("path")
    .attr("data-event", ({ seq }) => seq)
    .attr("class", ({ isPromised }) => (isPromised ? "violation" : "violation is-unpromised"))
    .attr("d", icons.cross)
    .attr("transform", ({ at }) => `translate(${x(at) - 7},1) scale(0.87)`);
}

function showAxis(host: SVGGElement, view: TimelineView, x: Scale): void {
  const ticks = x.ticks(Math.max(2, Math.floor(view.width / 110)));
  const root = select(host);
  root
    .selectAll<SVGPathElement, number>("path")
    .data([0])
    .join("path")
    .attr("d", `M${x(0)},0H${x(view.end)}` + ticks.map((tick) => `M${x(tick)},0v4`).join(""));
  root
    .selectAll<SVGTextElement, number>("text")
    .data(ticks, (tick) => tick)
    .join("text")
    .attr("x", (tick) => x(tick))
    .attr("y", 16)
    .text((tick) => view.tick(tick));
}
