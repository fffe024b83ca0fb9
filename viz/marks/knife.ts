/* A line drawn across links: which of them it crosses. */
import { type Path, type Point, type StageLayout, pathBetween, pointOn } from "./geometry.ts";
import type { LinkView } from "../model/links.ts";

/** Into how many straight pieces a curve is taken apart. */
const pieces = 24;

/** The links that a straight line from `a` to `b` crosses. */
export const crossedBy = (
  links: readonly LinkView[],
  layout: StageLayout,
  a: Point,
  b: Point,
): readonly LinkView[] =>
  links.filter(({ ends: [from, to] }) => {
    const path = pathBetween(layout, from, to);
    return path !== undefined && crosses(path, a, b);
  });

function crosses(path: Path, a: Point, b: Point): boolean {
  let last = pointOn(path, 0);
  for (let piece = 1; piece <= pieces; piece += 1) {
    const next = pointOn(path, piece / pieces);
    if (side(a, b, last) !== side(a, b, next) && side(last, next, a) !== side(last, next, b))
      return true;
    last = next;
  }
  return false;
}

/** On which side of the line from `a` to `b` a point lies. */
const side = (a: Point, b: Point, point: Point): boolean =>
  (b.x - a.x) * (point.y - a.y) - (b.y - a.y) * (point.x - a.x) > 0;
