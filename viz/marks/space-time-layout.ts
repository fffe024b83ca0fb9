/* Where things stand on the space–time diagram, and what is nearest to a pointer. */
import type { Micros, NodeName } from "#sim";
import { type EventOrder, placeOfTime, timeAtPlace } from "../model/event-order.ts";
import type { Dot, Line, SpaceTime } from "../model/space-time.ts";
import type { Point } from "./geometry.ts";

export interface SpaceTimeLayout {
  readonly width: number;
  readonly height: number;
  readonly gutter: number;
  readonly from: Micros;
  readonly to: Micros;
  readonly nodes: readonly NodeName[];
  /** Undefined: time is to scale. */
  readonly order?: EventOrder | undefined;
}

const top = 10;
const axis = 20;
const right = 24;
/** Rows are never lower: below it the diagram scrolls. */
const leastRow = 13;

/** How high the drawing is for so many rows in a room of a given height. */
export const spaceTimeHeight = (rows: number, room: number): number =>
  Math.max(room, top + axis + rows * leastRow);

const rowHeight = ({ height, nodes }: SpaceTimeLayout): number =>
  (height - top - axis) / Math.max(1, nodes.length);

export const plotBottom = ({ height }: SpaceTimeLayout): number => height - axis;
export const plotRight = ({ width, gutter }: SpaceTimeLayout): number =>
  Math.max(gutter + 1, width - right);

/** Virtual microseconds of a pixel, where time is to scale. */
export const microsPerPixel = (layout: SpaceTimeLayout): number =>
  (layout.to - layout.from) / (plotRight(layout) - layout.gutter);

export function timeX(layout: SpaceTimeLayout, at: Micros): number {
  const { gutter, from, order } = layout;
  const place = order === undefined ? at : placeOfTime(order, at);
  return gutter + (place - from) / microsPerPixel(layout);
}

export function xTime(layout: SpaceTimeLayout, x: number): Micros {
  const { gutter, from, order } = layout;
  const place = from + (x - gutter) * microsPerPixel(layout);
  return order === undefined ? place : timeAtPlace(order, place);
}

/** The middle of a process's row; of what is nobody's the upper edge. */
export function rowY(layout: SpaceTimeLayout, node: NodeName | undefined): number {
  const index = node === undefined ? -1 : layout.nodes.indexOf(node);
  return index === -1 ? top / 2 : top + (index + 0.5) * rowHeight(layout);
}

export const halfRow = (layout: SpaceTimeLayout): number => rowHeight(layout) / 2;

/** From where a message was sent to where it ended; held ones end where they are held, half way. */
export function lineEnds(layout: SpaceTimeLayout, line: Line): readonly [Point, Point] {
  const start = { x: timeX(layout, line.sentAt), y: rowY(layout, line.from) };
  const y = rowY(layout, line.to);
  if (line.endAt === null) return [start, { x: plotRight(layout), y: (start.y + y) / 2 }];
  const end = { x: timeX(layout, line.endAt), y };
  // What is lost never gets there, however long it took to be lost.
  return [start, line.lost ? { x: end.x, y: between(start, end, 0.75).y } : end];
}

/** Where a line says how many messages it stands for. */
export const beadAt = (layout: SpaceTimeLayout, line: Line): Point =>
  between(...lineEnds(layout, line), 0.5);

const between = (a: Point, b: Point, share: number): Point => ({
  x: a.x + (b.x - a.x) * share,
  y: a.y + (b.y - a.y) * share,
});

/** The dot or else the line within reach of a pointer. */
export function nearest(
  layout: SpaceTimeLayout,
  { dots, lines }: SpaceTime,
  at: Point,
  reach: number,
): Dot | Line | undefined {
  const dot = closest(dots, reach, ({ at: time, node }) =>
    Math.hypot(timeX(layout, time) - at.x, rowY(layout, node) - at.y),
  );
  if (dot !== undefined) return dot;
  return closest(lines, reach, (line) => {
    const bead = line.count === 1 ? undefined : beadAt(layout, line);
    if (bead !== undefined && Math.hypot(bead.x - at.x, bead.y - at.y) < reach) return 0;
    return distance(lineEnds(layout, line), at);
  });
}

function closest<Thing>(
  things: readonly Thing[],
  reach: number,
  far: (thing: Thing) => number,
): Thing | undefined {
  let best: Thing | undefined;
  let least = reach;
  for (const thing of things) {
    const away = far(thing);
    if (away < least) {
      least = away;
      best = thing;
    }
  }
  return best;
}

/** From a point to a stretch of a straight line. */
function distance([a, b]: readonly [Point, Point], { x, y }: Point): number {
  const [dx, dy] = [b.x - a.x, b.y - a.y];
  const length = dx * dx + dy * dy;
  const along = length === 0 ? 0 : ((x - a.x) * dx + (y - a.y) * dy) / length;
  const share = Math.max(0, Math.min(1, along));
  return Math.hypot(a.x + share * dx - x, a.y + share * dy - y);
}
