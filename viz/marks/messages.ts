/*
 * Messages under way, on one canvas: square = request, circle = response, diamond = between controllers or for
 * the metadata log. A message stands where its own latency puts it: position is data. Nothing here is kept.
 */
import type { Micros } from "#sim";
import type { MessagePicture, Picture } from "../model/picture.ts";
import { linkName } from "../model/picture.ts";
import { type Path, type Point, type StageLayout, pathBetween, pointOn } from "./geometry.ts";

export interface Ink {
  readonly ink: string;
  readonly ground: string;
  readonly bad: string;
  /** How large names are written, in the drawing's own pixels. */
  readonly size: number;
}

/** How messages are seen: `still`, or moving at so many virtual microseconds a real millisecond. */
export type Motion = "paused" | "still" | number;

/** A message with a place on the stage, for drawing and for finding what is under a pointer. */
export interface Dot extends Point {
  readonly message: MessagePicture;
  readonly held: boolean;
  readonly radius: number;
  /** Too fast for an eye to follow, or not to move at all: its way is drawn instead. */
  readonly way: Path | undefined;
  readonly isBlur: boolean;
}

/** Shorter journeys on the screen are seen as a thicker link. */
const shortestMs = 120;

/** Heartbeats say nothing while they come; what is missing is drawn on the node. */
const isDrawn = ({ api }: MessagePicture): boolean => api !== "BrokerHeartbeat";

export function dotsAt(
  picture: Picture,
  layout: StageLayout,
  at: Micros,
  motion: Motion,
): readonly Dot[] {
  const dots: Dot[] = [];
  for (const message of picture.messages.values()) {
    if (!isDrawn(message)) continue;
    const path = pathBetween(layout, message.from, message.to);
    if (path === undefined) continue;
    const held = picture.cuts.has(linkName(message.from, message.to));
    const isBlur = typeof motion === "number" && !held && journey(message) < shortestMs * motion;
    const { x, y } = pointOn(path, held || motion === "still" ? 0.5 : progress(message, at));
    const way = isBlur || motion === "still" ? path : undefined;
    dots.push({ x, y, message, held, radius: radiusOf(message), way, isBlur });
  }
  return dots;
}

/** What waits for room at its receiver has not left yet, as far as an eye can tell. */
function progress({ sentAt, arrival }: MessagePicture, at: Micros): number {
  if (arrival === null) return 0;
  if (arrival <= sentAt) return 1;
  return Math.max(0, Math.min(1, (at - sentAt) / (arrival - sentAt)));
}

const journey = ({ sentAt, arrival }: MessagePicture): number => (arrival ?? Infinity) - sentAt;

/** Larger frames are larger, by steps that an eye can tell. */
const radiusOf = ({ bytes }: MessagePicture): number => (bytes < 120 ? 4 : bytes < 600 ? 6 : 8);

export function drawMessages(
  context: CanvasRenderingContext2D,
  dots: readonly Dot[],
  { ink, ground, bad, size }: Ink,
): void {
  context.lineWidth = 1.5;
  for (const dot of dots) {
    if (dot.way !== undefined) drawWay(context, dot.way, ink);
    if (dot.isBlur) continue;
    context.beginPath();
    shape(context, dot);
    context.fillStyle = dot.message.response ? ground : ink;
    context.strokeStyle = dot.held ? bad : ink;
    context.fill();
    context.stroke();
  }
  drawNames(
    context,
    dots.filter(({ isBlur }) => !isBlur),
    { ink, ground, size },
  );
}

function drawWay(context: CanvasRenderingContext2D, [a, bend, b]: Path, ink: string): void {
  context.beginPath();
  context.moveTo(a.x, a.y);
  context.quadraticCurveTo(bend.x, bend.y, b.x, b.y);
  context.strokeStyle = ink;
  context.stroke();
}

const isQuorum = ({ from, to, api }: MessagePicture): boolean =>
  (from.startsWith("c") || to.startsWith("c")) && (api === "Fetch" || api === "Vote");

function shape(context: CanvasRenderingContext2D, { x, y, radius, message }: Dot): void {
  if (isQuorum(message)) {
    context.moveTo(x, y - radius);
    context.lineTo(x + radius, y);
    context.lineTo(x, y + radius);
    context.lineTo(x - radius, y);
    context.closePath();
  } else if (message.response) context.arc(x, y, radius, 0, 2 * Math.PI);
  else context.rect(x - radius, y - radius, 2 * radius, 2 * radius);
}

/** Names while there are few; a crowd is read from its shapes. */
function drawNames(
  context: CanvasRenderingContext2D,
  dots: readonly Dot[],
  { ink, ground, size }: Omit<Ink, "bad">,
): void {
  if (dots.length > 6) return;
  context.font = `${size}px system-ui, sans-serif`;
  context.textBaseline = "middle";
  context.lineWidth = 4;
  context.strokeStyle = ground;
  context.fillStyle = ink;
  for (const { x, y, radius, message } of dots) {
    const name = message.response ? `${message.api} answer` : message.api;
    context.strokeText(name, x + radius + 5, y);
    context.fillText(name, x + radius + 5, y);
  }
}

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
