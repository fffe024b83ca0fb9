/* What a message looks like, drawn once for all that look the same. */
import type { MessagePicture } from "../model/picture.ts";
import type { Ink } from "./draw-messages.ts";
import type { Dot } from "./messages.ts";

/** The line around a shape. */
const edge = 1.5;
/** How much of an answer is hollow that has a leader epoch's colour around it. */
const hollow = 0.45;

/** Keeps stamps as long as neither their size nor their colours change. */
export function stamps(): (dot: Dot, scale: number, ink: Ink) => HTMLCanvasElement {
  const made = new Map<string, HTMLCanvasElement>();
  let kept = "";
  return (dot, scale, ink) => {
    const now = `${scale} ${ink.ink} ${ink.ground} ${ink.bad} ${ink.epochs.join(" ")}`;
    if (now !== kept) made.clear();
    kept = now;
    const { radius, held, message } = dot;
    const { response, traffic, epoch } = message;
    const key = `${radius} ${held} ${response} ${traffic} ${epoch === undefined ? "" : epoch % 3}`;
    let stamp = made.get(key);
    if (stamp === undefined) made.set(key, (stamp = stampOf(dot, scale, ink)));
    return stamp;
  };
}

export type Shape = "square" | "circle" | "diamond";

/** A heartbeat is a dot by its size; an answer is hollow, whatever its shape. */
export function shapeOf({
  traffic,
  response,
}: Pick<MessagePicture, "traffic" | "response">): Shape {
  switch (traffic) {
    case "heartbeat":
      return "circle";
    case "quorum":
      return "diamond";
    case "other":
      return response ? "circle" : "square";
  }
}

function stampOf({ radius, held, message }: Dot, scale: number, ink: Ink): HTMLCanvasElement {
  const stamp = document.createElement("canvas");
  const side = 2 * Math.ceil((radius + edge) * scale);
  stamp.width = side;
  stamp.height = side;
  const context = stamp.getContext("2d");
  if (context === null) return stamp;
  context.setTransform(scale, 0, 0, scale, side / 2, side / 2);
  context.lineWidth = edge;
  context.fillStyle = fillOf(message, ink);
  context.strokeStyle = held ? ink.bad : ink.ink;
  context.beginPath();
  shape(context, radius, message);
  context.fill();
  context.stroke();
  if (message.response && message.epoch !== undefined) {
    context.fillStyle = ink.ground;
    context.beginPath();
    shape(context, radius * hollow, message);
    context.fill();
  }
  return stamp;
}

/** The colour of the leader epoch that it carries, as the cells of a log have it. */
const fillOf = ({ epoch, response }: MessagePicture, { ink, ground, epochs }: Ink): string =>
  (epoch === undefined ? undefined : epochs[epoch % 3]) ?? (response ? ground : ink);

function shape(context: CanvasRenderingContext2D, radius: number, message: MessagePicture): void {
  switch (shapeOf(message)) {
    case "diamond":
      context.moveTo(0, -radius);
      context.lineTo(radius, 0);
      context.lineTo(0, radius);
      context.lineTo(-radius, 0);
      return context.closePath();
    case "circle":
      return context.arc(0, 0, radius, 0, 2 * Math.PI);
    case "square":
      return context.rect(-radius, -radius, 2 * radius, 2 * radius);
  }
}
