/*
 * What is written beside messages: of how many a mark stands for, and its API while there are few. Each is put beside its
 * own mark where it covers neither a node, nor another mark, nor anything else that is written; what has no such place is
 * left out, the less important first.
 */
import { type FlowFigures, boxOf, heartbeatsBox } from "./flow-figures.ts";
import type { Box, Point, StageLayout } from "./geometry.ts";
import type { Dot } from "./messages.ts";

export interface MessageLabel {
  readonly text: string;
  /** Where it begins, and its middle line. */
  readonly at: Point;
}

/** More names are a crowd, which is read from its shapes. */
const mostNamed = 6;

/** `written`: what flows have already; `size`: of the letters. */
export function messageLabels(
  dots: readonly Dot[],
  layout: StageLayout,
  { figures, sum }: FlowFigures,
  size: number,
): readonly MessageLabel[] {
  const isNamed = dots.length <= mostNamed;
  const wanted = dots.filter(({ count }) => count > 1 || isNamed).sort(byWeight);
  if (wanted.length === 0) return [];
  const taken = [
    heartbeatsBox,
    ...layout.boxes.values(),
    ...[...figures, ...(sum === undefined ? [] : [sum])].map((one) => boxOf(one, size)),
  ];
  const marks = dots.map((dot) => ({ dot, box: markBox(dot) }));
  const labels: MessageLabel[] = [];
  for (const dot of wanted) {
    const others = marks.filter((mark) => mark.dot !== dot).map(({ box }) => box);
    const text = textOf(dot);
    const fits = (label: MessageLabel): boolean => {
      const box = labelBox(label, size);
      return isInside(box, layout) && ![...taken, ...others].some((one) => overlap(one, box));
    };
    const label = placesFor(dot, text, size).find(fits);
    if (label === undefined) continue;
    labels.push(label);
    taken.push(labelBox(label, size));
  }
  return labels;
}

const textOf = ({ count, message: { api, response } }: Dot): string =>
  count > 1 ? `×${count}` : response ? `${api} answer` : api;

/** A sum cannot be told without its number; what is held up is news; answers follow from what was asked. */
function byWeight(a: Dot, b: Dot): number {
  const weight = ({ count, held, message }: Dot): number =>
    count > 1 ? 3 : held ? 2 : message.response ? 0 : 1;
  return weight(b) - weight(a);
}

/** Letters are about as wide as this, or narrower. */
const widthOf = (text: string, size: number): number => text.length * size * 0.62;

/** Beside its mark, then below and above it, the first first. */
function placesFor({ x, y, radius }: Dot, text: string, size: number): readonly MessageLabel[] {
  const width = widthOf(text, size);
  const [far, line] = [radius + 5, radius + 2 + size * 0.6];
  const places: readonly (readonly [x: number, y: number])[] = [
    [x + far, y],
    [x - far - width, y],
    [x + 2, y + line],
    [x - 2 - width, y + line],
    [x + 2, y - line],
    [x - 2 - width, y - line],
  ];
  return places.map(([left, middle]) => ({ text, at: { x: left, y: middle } }));
}

/** The room of a label, with the ground that is drawn around it. */
export const labelBox = ({ text, at }: MessageLabel, size: number): Box => ({
  x: at.x - 2,
  y: at.y - size * 0.6,
  width: widthOf(text, size) + 4,
  height: size * 1.2,
});

/** The room of a mark. */
export const markBox = ({ x, y, radius }: Dot): Box => ({
  x: x - radius,
  y: y - radius,
  width: 2 * radius,
  height: 2 * radius,
});

const isInside = ({ x, y, width, height }: Box, stage: StageLayout): boolean =>
  x >= 0 && y >= 0 && x + width <= stage.width && y + height <= stage.height;

const overlap = (a: Box, b: Box): boolean =>
  a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
