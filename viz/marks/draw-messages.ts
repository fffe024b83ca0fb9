/* Paints messages and flows: one path for all marks that look alike, because a thousand paths a frame are too slow. */
import type { MessagePicture } from "../model/picture.ts";
import { type Path, pointOn } from "./geometry.ts";
import type { Dot, DrawnFlow } from "./messages.ts";

export interface Ink {
  readonly ink: string;
  readonly ground: string;
  readonly bad: string;
  /** How large text is written, in the drawing's own pixels. */
  readonly size: number;
}

export function drawMessages(
  context: CanvasRenderingContext2D,
  dots: readonly Dot[],
  flows: readonly DrawnFlow[],
  ink: Ink,
): void {
  drawFlows(context, flows, ink);
  drawWays(context, dots, ink);
  const alike = new Map<string, Dot[]>();
  for (const dot of dots) {
    if (dot.count > 1) continue;
    const look = `${dot.message.response} ${dot.held}`;
    const others = alike.get(look);
    if (others === undefined) alike.set(look, [dot]);
    else others.push(dot);
  }
  for (const group of alike.values()) drawAlike(context, group, ink);
  drawSums(context, dots, ink);
  drawNames(context, dots, ink);
}

/** Thicker by the logarithm of how many, so that ten and a thousand can both be told. */
export const flowWidth = (perSecond: number): number => 1 + Math.log2(1 + perSecond) * 0.8;

/** Figures have room beside so many links; more of them are told as one. */
const mostFigures = 12;

function drawFlows(
  context: CanvasRenderingContext2D,
  flows: readonly DrawnFlow[],
  { ink, ground, size }: Ink,
): void {
  context.strokeStyle = ink;
  for (const { flow, path } of flows) {
    context.lineWidth = flowWidth(flow.perSecond);
    context.beginPath();
    along(context, path);
    context.stroke();
  }
  if (flows.length > mostFigures) {
    const all = flows.reduce((sum, { flow }) => sum + flow.perSecond, 0);
    write(context, `${all}/s on ${flows.length} links`, { x: 16, y: 74 }, { ink, ground, size });
    return;
  }
  for (const { flow, path } of flows) {
    write(context, `${flow.perSecond}/s`, pointOn(path, 0.5), { ink, ground, size });
  }
}

function drawWays(context: CanvasRenderingContext2D, dots: readonly Dot[], { ink }: Ink): void {
  context.lineWidth = 1.5;
  context.strokeStyle = ink;
  context.beginPath();
  for (const { way } of dots) if (way !== undefined) along(context, way);
  context.stroke();
}

function along(context: CanvasRenderingContext2D, [a, bend, b]: Path): void {
  context.moveTo(a.x, a.y);
  context.quadraticCurveTo(bend.x, bend.y, b.x, b.y);
}

function drawAlike(
  context: CanvasRenderingContext2D,
  dots: readonly Dot[],
  { ink, ground, bad }: Ink,
): void {
  const [first] = dots;
  context.lineWidth = 1.5;
  context.fillStyle = first?.message.response === true ? ground : ink;
  context.strokeStyle = first?.held === true ? bad : ink;
  context.beginPath();
  for (const dot of dots) shape(context, dot);
  context.fill();
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
  } else if (message.response) {
    context.moveTo(x + radius, y);
    context.arc(x, y, radius, 0, 2 * Math.PI);
  } else context.rect(x - radius, y - radius, 2 * radius, 2 * radius);
}

/** One for many, with its number. */
function drawSums(
  context: CanvasRenderingContext2D,
  dots: readonly Dot[],
  { ink, ground, bad, size }: Ink,
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
    write(context, `×${count}`, { x: x + radius + 5, y }, { ink, ground, size });
  }
}

/** Names while there are few; a crowd is read from its shapes. */
function drawNames(
  context: CanvasRenderingContext2D,
  dots: readonly Dot[],
  { ink, ground, size }: Ink,
): void {
  if (dots.length > 6) return;
  for (const { x, y, radius, message, count } of dots) {
    const name = message.response ? `${message.api} answer` : message.api;
    if (count === 1) write(context, name, { x: x + radius + 5, y }, { ink, ground, size });
  }
}

function write(
  context: CanvasRenderingContext2D,
  text: string,
  { x, y }: { readonly x: number; readonly y: number },
  { ink, ground, size }: Omit<Ink, "bad">,
): void {
  context.font = `${size}px system-ui, sans-serif`;
  context.textBaseline = "middle";
  context.lineWidth = 4;
  context.strokeStyle = ground;
  context.fillStyle = ink;
  context.strokeText(text, x, y);
  context.fillText(text, x, y);
}
