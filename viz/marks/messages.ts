/*
 * Messages under way, on one canvas: square = request, circle = response, dot = heartbeat, diamond = between controllers
 * or for the metadata log. A message stands where its own latency puts it: position is data. Too many on a link are one mark
 * with their number; those too fast for an eye are a thicker link (flows.ts). Nothing here is kept.
 */
import type { Micros } from "#sim";
import type { Flow } from "../model/flows.ts";
import type { MessagePicture, Picture } from "../model/picture.ts";
import { linkName, wayName } from "../model/picture.ts";
import { type Path, type Point, type StageLayout, pathBetween, pointOn } from "./geometry.ts";

/** How messages are seen: `still`, or moving at so many virtual microseconds a real millisecond. */
export type Motion = "paused" | "still" | number;

/** A message with a place on the stage, for drawing and for finding what is under a pointer. */
export interface Dot extends Point {
  readonly message: MessagePicture;
  /** More than one: it stands for all messages on its link, and `message` is the oldest of them. */
  readonly count: number;
  readonly held: boolean;
  readonly radius: number;
  /** Not to move at all: its way is drawn as well. */
  readonly way: Path | undefined;
}

/** Shorter journeys on the screen are seen as a thicker link. */
const shortestMs = 120;
/** More than so many on a link are one dot. */
const mostOnLink = 60;

/** Below which time under way a message is too fast for an eye; undefined: none is. */
export const tooFast = (motion: Motion): Micros | undefined =>
  typeof motion === "number" ? shortestMs * motion : undefined;

export function dotsAt(
  picture: Picture,
  layout: StageLayout,
  at: Micros,
  motion: Motion,
  heartbeats = false,
): readonly Dot[] {
  const links = new Map<string, Dot[]>();
  const least = tooFast(motion) ?? 0;
  for (const message of picture.messages.values()) {
    if (!heartbeats && message.traffic === "heartbeat") continue;
    const link = linkName(message.from, message.to);
    const held = isHeld(picture, message);
    if (!held && journey(message) < least) continue;
    const path = pathBetween(layout, message.from, message.to);
    if (path === undefined) continue;
    const still = motion === "still" ? 0.5 : progress(message, at);
    const { x, y } = pointOn(path, held ? heldAt : still);
    const way = motion === "still" ? path : undefined;
    const dot = { x, y, message, count: 1, held, radius: radiusOf(message), way };
    const others = links.get(link);
    if (others === undefined) links.set(link, [dot]);
    else others.push(dot);
  }
  return [...links.values()].flatMap((dots) =>
    dots.length > mostOnLink ? sumOf(dots, layout) : dots,
  );
}

/** Before what it does not get past, which lies in the middle of its way. */
const heldAt = 0.38;

/** It does not get through, because its direction is cut. What had arrived before the cut is not held. */
const isHeld = ({ cuts }: Picture, { from, to, arrival }: MessagePicture): boolean =>
  arrival === null && cuts.has(wayName(from, to));

/** One for all on a link, in its middle. */
function sumOf(dots: readonly Dot[], layout: StageLayout): readonly Dot[] {
  const [oldest] = dots;
  if (oldest === undefined) return [];
  const { from, to } = oldest.message;
  const path = from < to ? pathBetween(layout, from, to) : pathBetween(layout, to, from);
  if (path === undefined) return [];
  return [
    { ...oldest, ...pointOn(path, 0.5), count: dots.length, radius: sumRadius, way: undefined },
  ];
}

const sumRadius = 9;

/** How many heartbeats are under way. */
export function heartbeatsIn({ messages }: Picture): number {
  let count = 0;
  for (const { traffic } of messages.values()) if (traffic === "heartbeat") count += 1;
  return count;
}

/** What waits for room at its receiver has not left yet, as far as an eye can tell. */
function progress({ sentAt, arrival }: MessagePicture, at: Micros): number {
  if (arrival === null) return 0;
  if (arrival <= sentAt) return 1;
  return Math.max(0, Math.min(1, (at - sentAt) / (arrival - sentAt)));
}

const journey = ({ sentAt, arrival }: MessagePicture): number => (arrival ?? Infinity) - sentAt;

/** Larger frames are larger, by steps that an eye can tell. */
const radiusOf = ({ bytes, traffic }: MessagePicture): number =>
  traffic === "heartbeat" ? heartbeatRadius : bytes < 120 ? 4 : bytes < 600 ? 6 : 8;

/** All heartbeats are alike, and smaller than all else. */
const heartbeatRadius = 2.5;

/** A link's flow and where it runs. */
export interface DrawnFlow {
  readonly flow: Flow;
  readonly path: Path;
}

export const drawnFlows = (flows: readonly Flow[], layout: StageLayout): readonly DrawnFlow[] =>
  flows.flatMap((flow) => {
    const path = pathBetween(layout, ...flow.ends);
    return path === undefined ? [] : [{ flow, path }];
  });

/** The nearest message within reach of a pointer. */
export function dotNear(dots: readonly Dot[], { x, y }: Point, reach: number): Dot | undefined {
  let best: Dot | undefined;
  let least = reach;
  for (const dot of dots) {
    const distance = Math.hypot(dot.x - x, dot.y - y) - dot.radius;
    if (distance < least) {
      least = distance;
      best = dot;
    }
  }
  return best;
}
