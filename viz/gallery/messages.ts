/* The shapes of messages. They are painted on a canvas, so they hang among the panels, each with its words beside it. */
import { messagePainter } from "../marks/draw-messages.ts";
import { noFigures } from "../marks/flow-figures.ts";
import type { Path, Point } from "../marks/geometry.ts";
import type { Dot } from "../marks/messages.ts";
import type { MessagePicture } from "../model/picture.ts";
import { h } from "../panels/dom.ts";

/** Where it goes to, drawn around its place by the panel. */
const arrow: Path = [
  { x: -40, y: 10 },
  { x: 0, y: 0 },
  { x: 40, y: 10 },
];

interface Shape {
  readonly words: string;
  readonly message: Partial<MessagePicture>;
  readonly dot?: Partial<Dot>;
}

const shapes: readonly Shape[] = [
  { words: "request", message: { api: "Produce" } },
  { words: "answer", message: { api: "Produce", response: true } },
  { words: "of the quorum", message: { api: "Vote", traffic: "quorum" } },
  { words: "its answer", message: { api: "Vote", traffic: "quorum", response: true } },
  {
    words: "heartbeat",
    message: { api: "BrokerHeartbeat", traffic: "heartbeat" },
    dot: { radius: 2.5 },
  },
  { words: "carries epoch 3", message: { api: "Fetch", epoch: 3 } },
  { words: "answer, of 4", message: { api: "Fetch", response: true, epoch: 4 } },
  { words: "vote in epoch 5", message: { api: "Vote", traffic: "quorum", epoch: 5 } },
  { words: "held by a cut", message: { api: "Fetch" }, dot: { held: true } },
  { words: "small", message: { api: "Fetch" }, dot: { radius: 4 } },
  { words: "large", message: { api: "Produce" }, dot: { radius: 8 } },
  { words: "not to move", message: { api: "Fetch" }, dot: { way: arrow } },
  { words: "many at once", message: { api: "Fetch" }, dot: { count: 312, radius: 9 } },
];

/** From one shape to the next, and how high the canvas is. */
const pitch = 115;
const height = 40;

const usual: MessagePicture = {
  event: 0,
  from: "p1",
  to: "b1",
  api: "Produce",
  traffic: "other",
  response: false,
  bytes: 80,
  sentAt: 0,
  arrival: 1000,
};

const movedTo = ([a, bend, b]: Path, x: number, y: number): Path => {
  const moved = (point: Point): Point => ({ x: point.x + x, y: point.y + y });
  return [moved(a), moved(bend), moved(b)];
};

export interface MessagesPanel {
  readonly element: HTMLElement;
  show(): void;
}

export function messagesPanel(): MessagesPanel {
  const canvas = h("canvas", { width: shapes.length * pitch, height, "aria-hidden": "true" });
  const names = shapes.map(({ words }) => h("li", {}, words));
  const list = h("ol", { "aria-label": "Shapes of messages" }, ...names);
  const element = h("section", { class: "message-shapes" }, canvas, list);
  const paint = messagePainter();
  const show = (): void => {
    const context = canvas.getContext("2d");
    if (context === null) return;
    const style = getComputedStyle(canvas);
    const colour = (name: string): string => style.getPropertyValue(name);
    const inks = { ink: colour("--ink"), ground: colour("--bg"), bad: colour("--bad") };
    const epochs = ["--epoch-0", "--epoch-1", "--epoch-2"].map(colour);
    const dots = shapes.map(({ message, dot }, index): Dot => {
      const [x, y] = [index * pitch + pitch / 2, height / 2];
      const whole = { ...usual, ...message };
      const one = {
        message: whole,
        count: 1,
        held: false,
        radius: 6,
        way: undefined,
        x,
        y,
        ...dot,
      };
      return { ...one, way: one.way === undefined ? undefined : movedTo(one.way, x, y) };
    });
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, canvas.width, canvas.height);
    paint(
      context,
      { scale: 1, left: 0, top: 0 },
      dots,
      { lines: [], figures: noFigures, labels: [] },
      { ...inks, epochs, size: 12 },
    );
  };
  // Unlike a drawing, a canvas does not follow the style sheet.
  const themes = new MutationObserver(show);
  return {
    element,
    show: () => {
      const root = element.getRootNode();
      if (root instanceof ShadowRoot)
        themes.observe(root.host, { attributeFilter: ["data-theme"] });
      show();
    },
  };
}
