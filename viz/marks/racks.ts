/* Lays nodes out in frames, one for each rack, as large as an area allows. */
import type { NodeName } from "#sim";
import type { Box } from "./geometry.ts";

export interface RackFrame extends Box {
  readonly rack: string;
  readonly nodes: readonly NodeName[];
}

/** Nodes of one rack, in their order. */
export interface Rack {
  readonly rack: string;
  readonly nodes: readonly NodeName[];
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

export interface Packed {
  readonly frames: readonly RackFrame[];
  readonly boxes: ReadonlyMap<NodeName, Box>;
  /** 1: everything has the size that was asked for. */
  readonly scale: number;
}

/** Around the nodes of a rack, and for its name above them, if it has one. */
const pad = 6;
const title = 17;
const headOf = (racks: readonly Rack[]): number =>
  racks.some(({ rack }) => rack !== "") ? title : pad;
const between = 6;

/** One frame beside the other, then below: the arrangement in which `item` has to shrink least. */
export function pack(racks: readonly Rack[], area: Box, item: Size, gap: number): Packed {
  const most = Math.max(1, ...racks.map(({ nodes }) => nodes.length));
  let best: Plan | undefined;
  for (let across = racks.length; across >= 1; across -= 1) {
    const plan = planOf(racks, most, across, area, item, gap);
    if (best === undefined || plan.scale > best.scale) best = plan;
  }
  if (best === undefined) return { frames: [], boxes: new Map(), scale: 1 };
  return place(racks, area, item, gap, best);
}

/** Frames beside each other, nodes beside each other in a frame, and by how much all of it shrinks. */
interface Plan {
  readonly across: number;
  readonly columns: number;
  readonly rows: number;
  readonly scale: number;
}

function planOf(
  racks: readonly Rack[],
  most: number,
  across: number,
  area: Size,
  { width, height }: Size,
  gap: number,
): Plan {
  const room = (area.width - (across - 1) * between) / across;
  const fit = Math.floor((room - 2 * pad + gap) / (width + gap));
  const columns = Math.max(1, Math.min(most, fit));
  const rows = Math.ceil(most / columns);
  const lines = Math.ceil(racks.length / across);
  const wide = room / frameWidth(columns, width, gap);
  const whole = lines * frameHeight(rows, height, gap, headOf(racks)) + (lines - 1) * between;
  return { across, columns, rows, scale: Math.min(1, wide, area.height / whole) };
}

const frameWidth = (columns: number, width: number, gap: number): number =>
  2 * pad + columns * (width + gap) - gap;
const frameHeight = (rows: number, height: number, gap: number, head: number): number =>
  head + rows * (height + gap) - gap + pad;

function place(
  racks: readonly Rack[],
  area: Box,
  item: Size,
  gap: number,
  { across, columns, rows, scale }: Plan,
): Packed {
  const width = frameWidth(columns, item.width, gap) * scale;
  const head = headOf(racks);
  const height = frameHeight(rows, item.height, gap, head) * scale;
  const lines = Math.ceil(racks.length / across);
  const used = { x: across * (width + between) - between, y: lines * (height + between) - between };
  const left = area.x + Math.max(0, (area.width - used.x) / 2);
  const top = area.y + Math.max(0, (area.height - used.y) / 2);
  const boxes = new Map<NodeName, Box>();
  const frames = racks.map(({ rack, nodes }, index): RackFrame => {
    const x = left + (index % across) * (width + between);
    const y = top + Math.floor(index / across) * (height + between);
    nodes.forEach((node, at) => {
      boxes.set(node, {
        x: x + (pad + (at % columns) * (item.width + gap)) * scale,
        y: y + (head + Math.floor(at / columns) * (item.height + gap)) * scale,
        width: item.width * scale,
        height: item.height * scale,
      });
    });
    return { rack, nodes, x, y, width, height };
  });
  return { frames, boxes, scale };
}
