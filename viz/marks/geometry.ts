/* Where things stand on the stage: a place for every node, all run long, and a path between any two. */
import type { NodeName } from "#sim";
import type { NodeKind } from "../model/picture.ts";

export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface StageLayout {
  readonly width: number;
  readonly height: number;
  readonly boxes: ReadonlyMap<NodeName, Box>;
}

/** `compact` has less air and larger text: for a slide. */
export type StageDensity = "full" | "compact";

export const stageSizes = {
  full: { width: 492, height: 456 },
  compact: { width: 492, height: 350 },
} as const;

type Row = Box & { readonly gap: number };
type RowName = "controllers" | "brokers" | "clients";

const rows: Readonly<Record<StageDensity, Readonly<Record<RowName, Row>>>> = {
  full: {
    controllers: { x: 16, y: 6, width: 120, height: 56, gap: 16 },
    brokers: { x: 16, y: 128, width: 140, height: 150, gap: 20 },
    clients: { x: 16, y: 366, width: 126, height: 84, gap: 10 },
  },
  compact: {
    controllers: { x: 4, y: 4, width: 140, height: 40, gap: 16 },
    brokers: { x: 4, y: 100, width: 148, height: 122, gap: 20 },
    clients: { x: 4, y: 290, width: 148, height: 56, gap: 10 },
  },
};

const rowOf: Readonly<Record<NodeKind, RowName>> = {
  controller: "controllers",
  broker: "brokers",
  producer: "clients",
  consumer: "clients",
  admin: "clients",
  verifier: "clients",
};

/** A node that is on the stage whether it has started yet or not. */
export interface Place {
  readonly name: NodeName;
  readonly kind: NodeKind;
}

/** Those who only help at the beginning and the end take less room. */
const isMinor = ({ kind }: Place): boolean => kind === "admin" || kind === "verifier";
const minorWidth = 44;

export function stageLayout(places: readonly Place[], density: StageDensity): StageLayout {
  const size = stageSizes[density];
  const shown = density === "full" ? places : places.filter((place) => !isMinor(place));
  const boxes = new Map<NodeName, Box>();
  for (const [name, row] of Object.entries(rows[density])) {
    const inRow = shown.filter(({ kind }) => rowOf[kind] === name);
    const minors = inRow.filter(isMinor).length;
    const gaps = row.gap * Math.max(0, inRow.length - 1);
    const room = size.width - 2 * row.x - gaps - minors * minorWidth;
    const width = Math.min(row.width, room / Math.max(1, inRow.length - minors));
    const used = gaps + minors * minorWidth + (inRow.length - minors) * width;
    let x = (size.width - used) / 2;
    for (const place of inRow) {
      const own = isMinor(place) ? minorWidth : width;
      boxes.set(place.name, { x, y: row.y, width: own, height: row.height });
      x += own + row.gap;
    }
  }
  return { ...size, boxes };
}

/** A quadratic curve: from, bend, to. */
export type Path = readonly [Point, Point, Point];

/** From one node to another, a little to the right of the way back. */
export function pathBetween(layout: StageLayout, from: NodeName, to: NodeName): Path | undefined {
  const a = layout.boxes.get(from);
  const b = layout.boxes.get(to);
  if (a === undefined || b === undefined) return undefined;
  const side = from < to ? 1 : -1;
  if (a.y === b.y) return arc(a, b, side);
  const [start, end] = a.y < b.y ? [bottom(a, 0), top(b)] : [top(a), bottom(b, 0)];
  const shift = 5 * side;
  const [p, q] = [
    { x: start.x + shift, y: start.y },
    { x: end.x + shift, y: end.y },
  ];
  return [p, { x: (p.x + q.x) / 2, y: (p.y + q.y) / 2 }, q];
}

/** Between neighbours in a row: over their heads, higher the farther apart. */
function arc(a: Box, b: Box, side: number): Path {
  const apart = Math.abs(a.x - b.x) / (a.width + 20);
  const outward = a.x < b.x ? 18 : -18;
  const start = { x: top(a).x + outward, y: a.y };
  const end = { x: top(b).x - outward, y: b.y };
  const height = 14 + 26 * apart + 8 * side;
  return [start, { x: (start.x + end.x) / 2, y: start.y - height }, end];
}

const bottom = (box: Box, shift: number): Point => ({
  x: box.x + box.width / 2 + shift,
  y: box.y + box.height,
});
const top = (box: Box): Point => ({ x: box.x + box.width / 2, y: box.y });

/** The point at a fraction of the way. */
export function pointOn([a, bend, b]: Path, fraction: number): Point {
  const back = 1 - fraction;
  const mix = (p: number, q: number, r: number): number =>
    back * back * p + 2 * back * fraction * q + fraction * fraction * r;
  return { x: mix(a.x, bend.x, b.x), y: mix(a.y, bend.y, b.y) };
}

export const pathText = ([a, bend, b]: Path): string =>
  `M${a.x},${a.y} Q${bend.x},${bend.y} ${b.x},${b.y}`;
