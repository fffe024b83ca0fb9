/*
 * Paints messages and flows. Messages that look alike are stamped from one small picture: rendered in software, a
 * thousand stamps take a third of the time of a thousand shapes, alone or in one path.
 */
import type { FlowFigures } from "./flow-figures.ts";
import { type Path, arrowHead } from "./geometry.ts";
import type { MessageLabel } from "./message-labels.ts";
import { stamps } from "./message-stamp.ts";
import type { Dot, DrawnFlow } from "./messages.ts";

export interface Ink {
  readonly ink: string;
  readonly ground: string;
  readonly bad: string;
  /** Of leader epochs, by the remainder of three. */
  readonly epochs: readonly string[];
  /** How large text is written, in the drawing's own pixels. */
  readonly size: number;
}

/** Where the drawing lies on the canvas: device pixels for one of its own, and where it begins. */
export interface Placing {
  readonly scale: number;
  readonly left: number;
  readonly top: number;
}

export type MessagePainter = (
  context: CanvasRenderingContext2D,
  placing: Placing,
  dots: readonly Dot[],
  flows: DrawnFlows,
  ink: Ink,
) => void;

/** Links that are too busy for dots, and what is written on them. */
export interface DrawnFlows {
  readonly lines: readonly DrawnFlow[];
  readonly figures: FlowFigures;
  /** What is written beside messages. */
  readonly labels: readonly MessageLabel[];
}

export function messagePainter(): MessagePainter {
  const stampOf = stamps();
  return (context, placing, dots, flows, ink) => {
    const { scale, left, top } = placing;
    context.setTransform(scale, 0, 0, scale, left, top);
    drawFlows(context, flows.lines, ink);
    drawWays(context, dots, ink);
    context.setTransform(1, 0, 0, 1, 0, 0);
    for (const dot of dots) {
      if (dot.count > 1) continue;
      const stamp = stampOf(dot, scale, ink);
      const half = stamp.width / 2;
      const [x, y] = [left + dot.x * scale - half, top + dot.y * scale - half];
      // On whole pixels a stamp is copied; between them it would be drawn anew.
      context.drawImage(stamp, Math.round(x), Math.round(y));
    }
    context.setTransform(scale, 0, 0, scale, left, top);
    drawFigures(context, flows.figures, ink);
    drawSums(context, dots, ink);
    for (const { text, at } of flows.labels) write(context, text, at, ink);
  };
}

/** Thicker by the logarithm of how many, so that ten and a thousand can both be told. */
export const flowWidth = (perSecond: number): number => 1 + Math.log2(1 + perSecond) * 0.8;

function drawFlows(
  context: CanvasRenderingContext2D,
  flows: readonly DrawnFlow[],
  { ink }: Ink,
): void {
  context.strokeStyle = ink;
  for (const { flow, path } of flows) {
    context.lineWidth = flowWidth(flow.perSecond);
    context.beginPath();
    along(context, path);
    context.stroke();
  }
}

function drawFigures(
  context: CanvasRenderingContext2D,
  { figures, sum }: FlowFigures,
  { ink, ground, size }: Ink,
): void {
  for (const { text, at } of figures) write(context, text, at, { ink, ground, size });
  if (sum !== undefined) write(context, sum.text, sum.at, { ink, ground, size });
}

/** Arrows from sender to receiver. */
export function drawWays(
  context: CanvasRenderingContext2D,
  dots: readonly Dot[],
  { ink }: Pick<Ink, "ink">,
): void {
  context.lineWidth = 1.5;
  context.strokeStyle = ink;
  context.beginPath();
  for (const { way } of dots) {
    if (way === undefined) continue;
    along(context, way);
    const [left, tip, right] = arrowHead(way);
    context.moveTo(left.x, left.y);
    context.lineTo(tip.x, tip.y);
    context.lineTo(right.x, right.y);
  }
  context.stroke();
}

function along(context: CanvasRenderingContext2D, [a, bend, b]: Path): void {
  context.moveTo(a.x, a.y);
  context.quadraticCurveTo(bend.x, bend.y, b.x, b.y);
}

/** One for many; its number stands beside it. */
function drawSums(
  context: CanvasRenderingContext2D,
  dots: readonly Dot[],
  { ink, ground, bad }: Ink,
): void {
  for (const { x, y, radius, count, held } of dots) {
    if (count === 1) continue;
    context.lineWidth = 3;
    context.fillStyle = ground;
    context.strokeStyle = held ? bad : ink;
    context.beginPath();
    context.arc(x, y, radius, 0, 2 * Math.PI);
    context.fill();
    context.stroke();
  }
}

function write(
  context: CanvasRenderingContext2D,
  text: string,
  { x, y }: { readonly x: number; readonly y: number },
  { ink, ground, size }: Pick<Ink, "ink" | "ground" | "size">,
): void {
  context.font = `${size}px system-ui, sans-serif`;
  context.textBaseline = "middle";
  context.lineWidth = 4;
  context.strokeStyle = ground;
  context.fillStyle = ink;
  context.strokeText(text, x, y);
  context.fillText(text, x, y);
}
