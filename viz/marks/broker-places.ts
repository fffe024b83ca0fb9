/* Where brokers stand: cards while there are few, chips and tiles by rack where there are many. */
import type { NodeName } from "#sim";
import { type StageSize, stageSizeOf } from "../model/sizes.ts";
import type { Box, Form, Place, StageDensity } from "./geometry.ts";
import { type Packed, type Rack, type RackFrame, type Size, pack } from "./racks.ts";

export const chipSize: Size = { width: 56, height: 40 };
export const tileSize: Size = { width: 16, height: 16 };

/** From large to small: the first that needs no shrinking is taken. */
const cardSizes: readonly Size[] = [
  { width: 140, height: 150 },
  { width: 140, height: 108 },
  { width: 140, height: 72 },
  { width: 100, height: 72 },
];

/**
 * Where cards of several rows, or of racks, may stand, and where chips and tiles, which leave two lines for what they
 * mean.
 */
const areas: Readonly<Record<StageDensity, Readonly<Record<"cards" | "many", Box>>>> = {
  full: {
    cards: { x: 6, y: 86, width: 480, height: 252 },
    many: { x: 6, y: 76, width: 480, height: 250 },
  },
  compact: {
    cards: { x: 4, y: 66, width: 484, height: 216 },
    many: { x: 4, y: 62, width: 484, height: 190 },
  },
};

export interface BrokerPlaces {
  readonly size: StageSize;
  readonly frames: readonly RackFrame[];
  readonly boxes: ReadonlyMap<NodeName, Box>;
  /** A line below them. */
  readonly below: number;
}

/** undefined: they stand in one row, as cards. */
export function brokerPlaces(
  brokers: readonly Place[],
  density: StageDensity,
): BrokerPlaces | undefined {
  const size = stageSizeOf(brokers.length);
  const racks = racksOf(brokers);
  if (size === "cards" && racks.length < 2 && brokers.length <= 3) return undefined;
  const { cards, many } = areas[density];
  const packed =
    size === "cards"
      ? packCards(racks, cards)
      : pack(racks, many, size === "chips" ? chipSize : tileSize, size === "chips" ? 6 : 5);
  // A single rack needs no frame.
  const frames = racks.length < 2 ? [] : packed.frames;
  return { size, boxes: packed.boxes, frames, below: many.y + many.height + 13 };
}

/** Several rows rather than one in which nothing can be read. */
function packCards(racks: readonly Rack[], area: Box): Packed {
  let packed: Packed | undefined;
  for (const size of cardSizes) {
    packed = pack(racks, area, size, 12);
    if (packed.scale === 1) return packed;
  }
  return packed ?? { frames: [], boxes: new Map(), scale: 1 };
}

/** In the order in which they are named first. */
function racksOf(brokers: readonly Place[]): readonly Rack[] {
  const racks = new Map<string, NodeName[]>();
  for (const { name, rack = "" } of brokers) {
    const nodes = racks.get(rack);
    if (nodes === undefined) racks.set(rack, [name]);
    else nodes.push(name);
  }
  return [...racks].map(([rack, nodes]) => ({ rack, nodes }));
}

/** Controllers or clients of which too many are in a row for cards: smaller, in as many lines as it takes. */
export function crowdIn(
  places: readonly Place[],
  row: Box,
  whole: number,
): { readonly form: Form; readonly boxes: ReadonlyMap<NodeName, Box> } | undefined {
  if (places.length <= mostInRow) return undefined;
  const nodes = places.map(({ name }) => name);
  const area = { x: 4, y: row.y - 14, width: whole - 8, height: row.height + 20 };
  const chips = pack([{ rack: "", nodes }], area, chipSize, 6);
  if (chips.scale === 1) return { form: "chip", boxes: chips.boxes };
  return { form: "tile", boxes: pack([{ rack: "", nodes }], area, tileSize, 5).boxes };
}

/** Cards that still have room for what they say, two of them the small ones of those who only help. */
const mostInRow = 6;
