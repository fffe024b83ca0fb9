/* The cluster: controllers, brokers and clients at their places, links, and messages on their way. */
import { select } from "d3";
import {
  type Point,
  type StageDensity,
  type StageLayout,
  stageLayout,
  stageSizes,
} from "../marks/geometry.ts";
import { crossedBy } from "../marks/knife.ts";
import { links } from "../marks/link.ts";
import {
  type Dot,
  type Ink,
  type Motion,
  dotNear,
  dotsAt,
  drawMessages,
} from "../marks/messages.ts";
import { nodeCard } from "../marks/node-card.ts";
import { type CardView, type LinkView, cardView, linkViews } from "../model/stage-view.ts";
import { h, s, setAttribute } from "./dom.ts";
import { knife } from "./stage-knife.ts";
import { unknownTexture } from "./textures.ts";
import type { Actions, LabView } from "./view.ts";

export interface StagePanel {
  readonly element: HTMLElement;
  show(view: LabView): void;
  /** Messages only: positions between two events. */
  move(view: LabView): void;
  /** Reads sizes and colours; before anything is written, or the browser lays out twice in a frame. */
  measure(): void;
}

export function stagePanel(actions: Actions, densityOf: () => StageDensity): StagePanel {
  const wires = s("g");
  const cards = s("g", { class: "cards" });
  const svg = s("svg", { class: "stage-svg" }, unknownTexture(), wires, cards);
  svg.setAttribute("role", "group");
  svg.setAttribute("aria-label", "Cluster: press a node to see what can be done to it");
  const canvas = h("canvas", { "aria-hidden": "true" });
  const element = h("section", { class: "stage", "aria-label": "Cluster" }, svg, canvas);
  const showLinks = links(wires);
  const draw = new WeakMap<SVGGElement, ReturnType<typeof nodeCard>>();
  let dots: readonly Dot[] = [];
  let wired: readonly LinkView[] = [];
  let layout: StageLayout = stageLayout([], densityOf());
  let room: Room = { width: 0, height: 0, ink: { ink: "", ground: "", bad: "", size: 12 } };

  listenToCards(cards, actions);
  const placeOf = (event: MouseEvent): Point => {
    const box = canvas.getBoundingClientRect();
    const fit = fitOf(room, layout);
    return {
      x: (event.clientX - box.left - fit.left) / fit.scale,
      y: (event.clientY - box.top - fit.top) / fit.scale,
    };
  };
  const wasDrawn = knife(element, svg, placeOf, (from, to) => {
    const pairs = crossedBy(wired, layout, from, to).map(({ ends }) => ends);
    if (pairs.length > 0) actions.dialog("cut", undefined, pairs);
  });
  element.addEventListener("click", (event) => {
    if (wasDrawn() || (event.target as Element).closest(".card") !== null) return;
    const dot = dotNear(dots, placeOf(event), 10);
    if (dot !== undefined) actions.select(dot.message.event, "message");
  });

  const move = (view: LabView): void => {
    dots = dotsAt(view.seen, layout, view.player.at, motionOf(view));
    paint(canvas, room, layout, dots);
  };
  const show = (view: LabView): void => {
    const density = densityOf();
    const { width, height } = stageSizes[density];
    setAttribute(svg, "viewBox", `0 0 ${width} ${height}`);
    layout = stageLayout(view.places, density);
    wired = linkViews(view.seen);
    showLinks(wired, layout);
    const shown = view.places.filter(({ name }) => layout.boxes.has(name));
    const views = shown.map(({ name, kind }) => cardView(view.seen, name, kind));
    select(cards)
      .selectAll<SVGGElement, CardView>("g.card")
      .data(views, ({ name }) => name)
      .join("g")
      .each(function (card) {
        const drawCard = draw.get(this) ?? nodeCard(this);
        draw.set(this, drawCard);
        const box = layout.boxes.get(card.name);
        if (box !== undefined) drawCard(card, box);
      })
      .order();
    move(view);
  };
  const measure = (): void => {
    room = roomOf(canvas, densityOf());
  };
  return { element, show, move, measure };
}

/** A card is a button. */
function listenToCards(cards: SVGElement, actions: Actions): void {
  const nodeAt = (event: Event): string | undefined =>
    (event.target as Element).closest("[data-node]")?.getAttribute("data-node") ?? undefined;
  cards.addEventListener("click", (event) => {
    const node = nodeAt(event);
    if (node !== undefined) actions.touch(node);
  });
  cards.addEventListener("keydown", (event) => {
    const node = nodeAt(event);
    if (node === undefined || (event.key !== "Enter" && event.key !== " ")) return;
    event.preventDefault();
    event.stopPropagation();
    actions.touch(node);
  });
}

function motionOf({ player: { pace, playing, speed, sweep } }: LabView): Motion {
  if (pace === "still") return "still";
  if (sweep !== undefined) return (sweep.to - sweep.from) / sweep.duration;
  return playing ? speed : "paused";
}

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
  const ink = { ink: colour("--ink"), ground: colour("--bg"), bad: colour("--bad"), size };
  return { width: canvas.clientWidth, height: canvas.clientHeight, ink };
}

/** How the drawing's box lies in the canvas: whole, centred. */
function fitOf(room: Room, { width, height }: StageLayout): Fit {
  const scale = Math.min(room.width / width, room.height / height);
  const left = (room.width - width * scale) / 2;
  return { scale, left, top: (room.height - height * scale) / 2 };
}

function paint(
  canvas: HTMLCanvasElement,
  room: Room,
  layout: StageLayout,
  dots: readonly Dot[],
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
  context.setTransform(scale * ratio, 0, 0, scale * ratio, left * ratio, top * ratio);
  drawMessages(context, dots, room.ink);
}
