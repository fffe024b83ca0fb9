/* Where things stand on the stage: a place for every node, all run long, and a path between any two. */
import type { NodeName } from "#sim";
import type { NodeKind } from "../model/picture.ts";
import type { StageSize } from "../model/sizes.ts";
import { brokerPlaces, crowdIn } from "./broker-places.ts";
import type { RackFrame } from "./racks.ts";

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

/** How a node is drawn: with all its facts, with its name and one fact, or as a mark alone. */
export type Form = "card" | "chip" | "tile";

export interface StageLayout {
  readonly width: number;
  readonly height: number;
  readonly boxes: ReadonlyMap<NodeName, Box>;
  /** Those that are no cards. */
  readonly forms: ReadonlyMap<NodeName, Form>;
  readonly racks: readonly RackFrame[];
  readonly size: StageSize;
  /** Where the line below the brokers is that says what small marks mean. */
  readonly words: number;
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
    brokers: { x: 12, y: 100, width: 144, height: 122, gap: 18 },
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

/** Below clients that are cards, what can be broken is picked (stage-palette.ts). */
const paletteHeight = 26;

/** A node that is on the stage whether it has started yet or not. */
export interface Place {
  readonly name: NodeName;
  readonly kind: NodeKind;
  readonly rack?: string;
}

/** Those who only help at the beginning and the end take less room. */
const isMinor = ({ kind }: Place): boolean => kind === "admin" || kind === "verifier";
const minorWidth = 44;

export function stageLayout(places: readonly Place[], density: StageDensity): StageLayout {
  const size = stageSizes[density];
  const shown = density === "full" ? places : places.filter((place) => !isMinor(place));
  const brokers = shown.filter(({ kind }) => kind === "broker");
  const packed = brokerPlaces(brokers, density);
  const boxes = new Map<NodeName, Box>();
  const forms = new Map<NodeName, Form>();
  const raised = density === "full" && (packed?.size ?? "cards") === "cards" ? paletteHeight : 0;
  for (const [name, plain] of Object.entries(rows[density])) {
    const row = name === "clients" ? { ...plain, y: plain.y - raised } : plain;
    const inRow = shown.filter(({ kind }) => rowOf[kind] === name);
    if (name === "brokers" && packed !== undefined) continue;
    const crowd = crowdIn(inRow, row, size.width);
    for (const [node, box] of crowd?.boxes ?? rowBoxes(inRow, row, size.width)) {
      boxes.set(node, box);
      if (crowd !== undefined) forms.set(node, crowd.form);
    }
  }
  for (const [node, box] of packed?.boxes ?? []) {
    boxes.set(node, box);
    if (packed?.size === "chips") forms.set(node, "chip");
    if (packed?.size === "tiles") forms.set(node, "tile");
  }
  const { frames: racks = [], size: zoom = "cards", below: words = 0 } = packed ?? {};
  return { ...size, boxes, forms, racks, size: zoom, words };
}

function rowBoxes(
  inRow: readonly Place[],
  row: Row,
  whole: number,
): readonly (readonly [NodeName, Box])[] {
  const minors = inRow.filter(isMinor).length;
  const gaps = row.gap * Math.max(0, inRow.length - 1);
  const room = whole - 2 * row.x - gaps - minors * minorWidth;
  const width = Math.min(row.width, room / Math.max(1, inRow.length - minors));
  const used = gaps + minors * minorWidth + (inRow.length - minors) * width;
  let x = (whole - used) / 2;
  return inRow.map((place) => {
    const own = isMinor(place) ? minorWidth : width;
    const box = { x, y: row.y, width: own, height: row.height };
    x += own + row.gap;
    return [place.name, box];
  });
}

/** A quadratic curve: from, bend, to. */
export type Path = readonly [Point, Point, Point];

/** From one node to another, a little to the right of the way back. */
export function pathBetween(layout: StageLayout, from: NodeName, to: NodeName): Path | undefined {
  const a = layout.boxes.get(from);
  const b = layout.boxes.get(to);
  if (a === undefined || b === undefined) return undefined;
  const side = from < to ? 1 : -1;
  if (layout.forms.has(from) && layout.forms.has(to)) return direct(a, b, side);
  if (a.y === b.y) return arc(a, b, side);
  const [start, end] = a.y < b.y ? [bottom(a, 0), top(b)] : [top(a), bottom(b, 0)];
  const shift = 5 * side;
  const [p, q] = [
    { x: start.x + shift, y: start.y },
    { x: end.x + shift, y: end.y },
  ];
  return [p, { x: (p.x + q.x) / 2, y: (p.y + q.y) / 2 }, q];
}

/** Between small marks: from edge to edge, bent to one side. */
function direct(a: Box, b: Box, side: number): Path {
  const [p, q] = [middle(a), middle(b)];
  const length = Math.hypot(q.x - p.x, q.y - p.y);
  if (length === 0) return [p, p, q];
  const [dx, dy] = [(q.x - p.x) / length, (q.y - p.y) / length];
  const reach = (box: Box): number => Math.min(length / 3, Math.min(box.width, box.height) / 2);
  const start = { x: p.x + dx * reach(a), y: p.y + dy * reach(a) };
  const end = { x: q.x - dx * reach(b), y: q.y - dy * reach(b) };
  const bend = side * Math.min(24, length * 0.12);
  return [start, { x: (p.x + q.x) / 2 - dy * bend, y: (p.y + q.y) / 2 + dx * bend }, end];
}

const middle = (box: Box): Point => ({ x: box.x + box.width / 2, y: box.y + box.height / 2 });

/** Between neighbours in a row: over their heads, higher the farther apart; below the feet of those at the stage's edge. */
function arc(a: Box, b: Box, side: number): Path {
  const apart = Math.abs(a.x - b.x) / (a.width + 20);
  const outward = a.x < b.x ? 18 : -18;
  const height = 14 + 26 * apart + 8 * side;
  // A curve comes half as far as its bend.
  const isBelow = a.y < height / 2;
  const y = isBelow ? a.y + a.height : a.y;
  const start = { x: top(a).x + outward, y };
  const end = { x: top(b).x - outward, y };
  return [start, { x: (start.x + end.x) / 2, y: isBelow ? y + height : y - height }, end];
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

/** The two barbs of an arrow at the end of a way, and its tip between them. */
export function arrowHead(path: Path): readonly [Point, Point, Point] {
  const [, bend, tip] = path;
  const [x, y] = [tip.x - bend.x, tip.y - bend.y];
  const length = Math.hypot(x, y) || 1;
  const [dx, dy] = [(8 * x) / length, (8 * y) / length];
  const barb = (side: number): Point => ({
    x: tip.x - dx + 0.6 * side * dy,
    y: tip.y - dy - 0.6 * side * dx,
  });
  return [barb(1), tip, barb(-1)];
}

export const pathText = ([a, bend, b]: Path): string =>
  `M${a.x},${a.y} Q${bend.x},${bend.y} ${b.x},${b.y}`;
