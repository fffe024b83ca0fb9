/*
 * How many a second, written on links that are too busy for dots: on the busiest first, where the figure covers neither a
 * node nor another figure. If some have no room, what all links carry together is told once.
 */
import type { DrawnFlow } from "./messages.ts";
import { type Box, type Point, type StageLayout, pointOn } from "./geometry.ts";

export interface Figure {
  readonly link: string;
  readonly text: string;
  /** Where it begins, and its middle line. */
  readonly at: Point;
}

export interface FlowFigures {
  readonly figures: readonly Figure[];
  /** Of all links, those without a figure of their own included; undefined: there are none. */
  readonly sum: Figure | undefined;
}

export const noFigures: FlowFigures = { figures: [], sum: undefined };

/** More of them are a cloud of numbers. */
const most = 12;
/** So many of the busiest are tried: what fits is found among them, or hardly at all. */
const tried = 40;
/** Places on a link, the best first. */
const fractions = [0.5, 0.38, 0.62, 0.28, 0.72];

/** Where the count of heartbeats stands (stage-heartbeats.ts); what is told of all links stands at the other side. */
export const heartbeatsBox: Box = { x: 8, y: 62, width: 92, height: 24 };

export function flowFigures(
  flows: readonly DrawnFlow[],
  layout: StageLayout,
  size: number,
): FlowFigures {
  const busiest = [...flows].sort((a, b) => b.flow.perSecond - a.flow.perSecond).slice(0, tried);
  const taken = [heartbeatsBox, ...layout.boxes.values()];
  const alone = placed(busiest, taken, size);
  if (alone.length === flows.length) return { figures: alone, sum: undefined };
  const all = flows.reduce((sum, { flow }) => sum + flow.perSecond, 0);
  const text = `${all}/s on ${flows.length} links`;
  const at = { x: layout.width - 16 - widthOf(text, size), y: 74 };
  const sum = { link: "", text, at };
  return { figures: placed(busiest, [...taken, boxOf(sum, size)], size), sum };
}

function placed(
  flows: readonly DrawnFlow[],
  before: readonly Box[],
  size: number,
): readonly Figure[] {
  const taken = [...before];
  const figures: Figure[] = [];
  for (const { flow, path } of flows) {
    if (figures.length === most) break;
    const text = `${flow.perSecond}/s`;
    const figure = fractions
      .map((fraction): Figure => {
        const { x, y } = pointOn(path, fraction);
        return { link: flow.link, text, at: { x: x - widthOf(text, size) / 2, y } };
      })
      .find((one) => !taken.some((box) => overlap(box, boxOf(one, size))));
    if (figure === undefined) continue;
    figures.push(figure);
    taken.push(boxOf(figure, size));
  }
  return figures;
}

/** Figures are about as wide as this; a little more than that is kept free. */
const widthOf = (text: string, size: number): number => text.length * size * 0.58;

/** The room of a figure, with the ground that is drawn around it. */
export const boxOf = ({ text, at }: Figure, size: number): Box => ({
  x: at.x - 2,
  y: at.y - size * 0.6,
  width: widthOf(text, size) + 4,
  height: size * 1.2,
});

const overlap = (a: Box, b: Box): boolean =>
  a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;

/** Finds what it found last while flows and places are the same: figures stand for a while, and frames come fast. */
export function figuresFinder(): typeof flowFigures {
  let known: readonly unknown[] = [];
  let found = noFigures;
  return (flows, layout, size) => {
    const asked = [...flows.map(({ flow }) => flow), layout, size];
    const isSame = asked.length === known.length && asked.every((one, at) => one === known[at]);
    if (!isSame) found = flowFigures(flows, layout, size);
    known = asked;
    return found;
  };
}
