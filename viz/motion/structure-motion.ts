/*
 * Leads the eye from one drawing to the next, in stages. The drawing is already what it will be: motion is only played
 * over it and leaves nothing behind, so that a moment looks the same whichever way it was reached.
 */
import { fresh } from "../halo.ts";
import { type Places, ghostsIn, leadersIn, marksIn, placesIn } from "./places.ts";
import { type Stage, timesOf } from "./stages.ts";

/** A part of the drawing that moves: from where, in its own units, it comes to where it stands. */
interface Motion {
  readonly stage: Stage;
  readonly element: SVGElement;
  readonly path: readonly string[];
}

export interface StructureMotion {
  /** Before the drawing changes: ends what still moves, and looks where everything stands. */
  begin(roots: readonly Element[]): void;
  /** After it has changed by the events after `before` up to `now`; `untilNext`: real milliseconds to what is told next. */
  play(roots: readonly Element[], before: number, now: number, untilNext: number): void;
}

export function structureMotion(): StructureMotion {
  let places: Places | undefined;
  let running: readonly Animation[] = [];
  const begin = (roots: readonly Element[]): void => {
    for (const one of running) one.cancel();
    running = [];
    places = placesIn(roots);
  };
  const play: StructureMotion["play"] = (roots, before, now, untilNext) => {
    if (places === undefined || matchMedia("(prefers-reduced-motion: reduce)").matches) return;
    const changed = fresh(roots, before, now);
    const motions = [
      ...leads(roots, places),
      ...glides(roots, places),
      ...drops(roots, places),
      ...arrivals(changed),
    ];
    const present = new Set<Stage>(motions.map(({ stage }) => stage));
    // What falls out is struck first.
    if (present.has("drop") || changed.some((mark) => isStill(mark, motions))) present.add("mark");
    const times = timesOf(present, untilNext);
    running = motions.flatMap(({ stage, element, path }) => {
      const time = times?.get(stage);
      if (time === undefined) return [];
      const frames = path.map((translate) => ({ translate }));
      return [element.animate(frames, { ...time, id: stage, easing, fill: "backwards" })];
    });
  };
  return { begin, play };
}

/** Cubic, in and out. */
const easing = "cubic-bezier(0.65, 0, 0.35, 1)";

/** More at once is no lead. */
const most = 30;

const isStill = (mark: Element, motions: readonly Motion[]): boolean =>
  !motions.some(({ element }) => mark.contains(element) || element.contains(mark));

/** A star goes over to who leads. */
function leads(roots: readonly Element[], { leaders }: Places): readonly Motion[] {
  return leadersIn(roots).flatMap(([key, element]) => {
    const from = leaders.get(key);
    if (!(from instanceof SVGPathElement) || from === element || !from.isConnected) return [];
    const [was, is] = [from.getCTM(), element.getCTM()];
    const parent = element.parentElement instanceof SVGGElement ? element.parentElement : undefined;
    const scale = parent?.getCTM()?.a ?? 1;
    if (was === null || is === null || was.a === 0) return [];
    const path = [`${(was.e - is.e) / scale}px ${(was.f - is.f) / scale}px`, "0px 0px"];
    return [{ stage: "move", element, path }];
  });
}

/** Lines slide along the offsets; flags are lifted, carried and set down. */
function glides(roots: readonly Element[], { marks }: Places): readonly Motion[] {
  return marksIn(roots).flatMap(({ key, element, offset, pitch }) => {
    const by = ((marks.get(key) ?? offset) - offset) * pitch;
    if (!(Math.abs(by) >= 1 && Math.abs(by) <= farthest * pitch)) return [];
    const isFlag = !element.classList.contains("high-watermark");
    const lifted = isFlag ? [`${by / 2}px -5px`] : [];
    return [{ stage: "move", element, path: [`${by}px 0px`, ...lifted, "0px 0px"] }];
  });
}

/** Offsets; from farther away it is no way that anybody follows. */
const farthest = 24;

/** What is struck off falls out of its row. */
function drops(roots: readonly Element[], { ghosts }: Places): readonly Motion[] {
  const fallen = ghostsIn(roots).filter(({ key }) => !ghosts.has(key));
  if (fallen.length > most) return [];
  return fallen.map(({ element }) => ({
    stage: "drop",
    element,
    path: ["0px -6px", "0px 0px"],
  }));
}

/** Records come to rest on the logs that have them. */
function arrivals(changed: readonly Element[]): readonly Motion[] {
  const records = changed.filter((mark) => mark.matches(".live > .cell"));
  if (records.length > most) return [];
  return records.map((element) => ({
    stage: "settle",
    element: element as SVGElement,
    path: ["0px -5px", "0px 0px"],
  }));
}
