/* Messages on the stage: a canvas over the drawing of the nodes, and what lies under a pointer. */
import {
  type DrawnFlows,
  type Ink,
  type MessagePainter,
  messagePainter,
} from "../marks/draw-messages.ts";
import { figuresFinder } from "../marks/flow-figures.ts";
import type { Point, StageDensity, StageLayout } from "../marks/geometry.ts";
import { messageLabels } from "../marks/message-labels.ts";
import { type Dot, type Motion, dotNear, dotsAt, drawnFlows, tooFast } from "../marks/messages.ts";
import { flowsFinder } from "../model/flows.ts";
import { h, setAttribute } from "./dom.ts";
import type { LabView } from "./view.ts";

export interface StageCanvas {
  readonly element: HTMLCanvasElement;
  /** Draws the messages where they are at this time. */
  move(view: LabView, layout: StageLayout): void;
  /** Reads size and colours; before anything is written, or the browser lays out twice in a frame. */
  measure(density: StageDensity): void;
  /** A pointer's place in the drawing's own units. */
  placeOf(event: MouseEvent, layout: StageLayout): Point;
  /** The message that is drawn near a place. */
  near(place: Point): Dot | undefined;
}

export function stageCanvas(): StageCanvas {
  const element = h("canvas", { "aria-hidden": "true" });
  const flowsOf = flowsFinder();
  const figuresOf = figuresFinder();
  const painter = messagePainter();
  let dots: readonly Dot[] = [];
  let room: Room = { width: 0, height: 0, ink: noInk };

  const move = (view: LabView, layout: StageLayout): void => {
    const motion = motionOf(view);
    const { heartbeats, eyes, seen, player } = view;
    const shorterThan = tooFast(motion);
    const flows =
      shorterThan === undefined
        ? []
        : flowsOf(view.run.recording, { at: player.at, shorterThan, heartbeats, eyes });
    dots = dotsAt(seen, layout, player.at, motion, heartbeats);
    const lines = drawnFlows(flows, layout);
    const figures = figuresOf(lines, layout, room.ink.size);
    const drawn = { lines, figures, labels: messageLabels(dots, layout, figures, room.ink.size) };
    tell(element, seen.messages.size, dots, drawn);
    paint(painter, element, room, layout, dots, drawn);
  };
  const placeOf = (event: MouseEvent, layout: StageLayout): Point => {
    const box = element.getBoundingClientRect();
    const fit = fitOf(room, layout);
    return {
      x: (event.clientX - box.left - fit.left) / fit.scale,
      y: (event.clientY - box.top - fit.top) / fit.scale,
    };
  };
  const measure = (density: StageDensity): void => {
    room = roomOf(element, density);
  };
  return { element, move, measure, placeOf, near: (place) => dotNear(dots, place, 10) };
}

/** What cannot be read off pixels: how many are under way, and how many of them are drawn in which way. */
function tell(
  canvas: HTMLCanvasElement,
  underWay: number,
  dots: readonly Dot[],
  { lines, figures: { figures, sum }, labels }: DrawnFlows,
): void {
  let single = 0;
  let held = 0;
  const sums: number[] = [];
  for (const dot of dots) {
    if (dot.count === 1) single += 1;
    else sums.push(dot.count);
    if (dot.held) held += 1;
  }
  setAttribute(canvas, "data-under-way", String(underWay));
  setAttribute(canvas, "data-dots", String(single));
  setAttribute(canvas, "data-held", String(held));
  setAttribute(canvas, "data-sums", sums.join(" "));
  setAttribute(
    canvas,
    "data-flows",
    listed(lines, ({ flow }) => `${flow.link} ${flow.perSecond}`),
  );
  setAttribute(
    canvas,
    "data-figures",
    listed(figures, ({ link, text }) => `${link} ${text}`),
  );
  setAttribute(canvas, "data-flow-sum", sum?.text ?? "");
  setAttribute(
    canvas,
    "data-labels",
    listed(labels, ({ text }) => text),
  );
}

const listed = <T>(all: readonly T[], told: (one: T) => string): string => all.map(told).join(", ");

function motionOf({ player: { pace, playing, speed, sweep } }: LabView): Motion {
  if (pace === "still") return "still";
  if (sweep !== undefined) return (sweep.to - sweep.from) / sweep.duration;
  return playing ? speed : "paused";
}

const noInk: Ink = { ink: "", ground: "", bad: "", epochs: [], size: 12 };

interface Fit {
  readonly scale: number;
  readonly left: number;
  readonly top: number;
}

interface Room {
  readonly width: number;
  readonly height: number;
  readonly ink: Ink;
}

function roomOf(canvas: HTMLCanvasElement, density: StageDensity): Room {
  const style = getComputedStyle(canvas);
  const colour = (token: string): string => style.getPropertyValue(token);
  const size = density === "compact" ? 18 : 12;
  const inks = { ink: colour("--ink"), ground: colour("--bg"), bad: colour("--bad") };
  const epochs = ["--epoch-0", "--epoch-1", "--epoch-2"].map(colour);
  const ink = { ...inks, epochs, size };
  return { width: canvas.clientWidth, height: canvas.clientHeight, ink };
}

/** How the drawing's box lies in the canvas: whole, centred. */
function fitOf(room: Room, { width, height }: StageLayout): Fit {
  const scale = Math.min(room.width / width, room.height / height);
  const left = (room.width - width * scale) / 2;
  return { scale, left, top: (room.height - height * scale) / 2 };
}

function paint(
  painter: MessagePainter,
  canvas: HTMLCanvasElement,
  room: Room,
  layout: StageLayout,
  dots: readonly Dot[],
  flows: DrawnFlows,
): void {
  const ratio = window.devicePixelRatio;
  const [width, height] = [Math.round(room.width * ratio), Math.round(room.height * ratio)];
  if (canvas.width !== width) canvas.width = width;
  if (canvas.height !== height) canvas.height = height;
  const context = canvas.getContext("2d");
  if (context === null) return;
  const { scale, left, top } = fitOf(room, layout);
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.clearRect(0, 0, width, height);
  // Not shown, as beside a second run: a stamp of no size cannot be drawn.
  if (width === 0 || height === 0) return;
  const placing = { scale: scale * ratio, left: left * ratio, top: top * ratio };
  painter(context, placing, dots, flows, room.ink);
}
