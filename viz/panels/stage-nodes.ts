/*
 * The nodes of the stage: cards while there are few, each a button; among many small marks in one tool bar, with arrows
 * from one to the nearest in their direction, and a line that says what the focused one is.
 */
import { select } from "d3";
import type { NodeName } from "#sim";
import type { Box, Place, StageLayout } from "../marks/geometry.ts";
import { badgeRoom, nodeCard } from "../marks/node-card.ts";
import { nodeMark } from "../marks/node-mark.ts";
import { linkWordsByNode } from "../model/links.ts";
import { cardView } from "../model/stage-view.ts";
import { markView, replicaSums } from "../model/stage-many.ts";
import { s, setAttribute } from "./dom.ts";
import type { LabView } from "./view.ts";

export interface StageNodes {
  readonly element: SVGGElement;
  show(view: LabView, layout: StageLayout): void;
}

/** `touch` hears which node is pressed; `told`, what a small mark stands for while it is looked at; undefined: none is. */
export function stageNodes(
  touch: (node: NodeName) => void,
  told: (words: string | undefined) => void,
): StageNodes {
  const element = s("g", { class: "cards" });
  const drawCard = new WeakMap<Element, ReturnType<typeof nodeCard>>();
  const drawMark = new WeakMap<Element, ReturnType<typeof nodeMark>>();
  let laid: StageLayout | undefined;
  let stop: string | undefined;

  listen(element, touch);
  element.addEventListener("keydown", (event) => {
    const from = nodeAt(event);
    const to = laid === undefined || from === undefined ? undefined : step(laid, from, event.key);
    if (to === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    element.querySelector<SVGElement>(`[data-node="${to}"]`)?.focus();
  });
  element.addEventListener("focusin", (event) => {
    stop = nodeAt(event) ?? stop;
    if (laid?.size !== "cards") setStop(element, stop);
    told(wordsAt(event));
  });
  element.addEventListener("pointerover", (event) => told(wordsAt(event)));
  for (const end of ["focusout", "pointerout"])
    element.addEventListener(end, () => told(undefined));

  const show = (view: LabView, layout: StageLayout): void => {
    const shown = view.places.filter(({ name }) => layout.boxes.has(name));
    const isMany = layout.size !== "cards";
    laid = layout;
    setAttribute(element, "role", isMany ? "toolbar" : undefined);
    setAttribute(element, "aria-label", isMany ? "Nodes" : undefined);
    const links = linkWordsByNode(view.seen);
    const sums = layout.forms.size === 0 ? new Map() : replicaSums(view.seen);
    select(element)
      .selectAll<SVGGElement, Place>("g.card")
      .data(shown, ({ name }) => `${name} ${layout.forms.get(name) ?? "card"}`)
      .join((enter) => enter.append("g").attr("class", "card"))
      .each(function (place) {
        const box = layout.boxes.get(place.name);
        const form = layout.forms.get(place.name);
        const ails = links.get(place.name) ?? [];
        if (box === undefined) return;
        if (form === undefined) {
          const draw = drawCard.get(this) ?? nodeCard(this);
          drawCard.set(this, draw);
          const card = cardView(view.seen, place.name, place.kind, badgeRoom(box));
          draw({ ...card, links: ails }, box);
        } else {
          const draw = drawMark.get(this) ?? nodeMark(this);
          drawMark.set(this, draw);
          draw(markView(view.seen, place, sums, ails), box, form);
        }
      })
      .order();
    if (isMany) setStop(element, shown.some(({ name }) => name === stop) ? stop : firstOf(shown));
  };
  return { element, show };
}

const firstOf = (places: readonly Place[]): string | undefined =>
  (places.find(({ kind }) => kind === "broker") ?? places[0])?.name;

/** One of them takes part in the order of the tab key. */
function setStop(element: SVGGElement, stop: string | undefined): void {
  for (const card of element.children) {
    setAttribute(card, "tabindex", card.getAttribute("data-node") === stop ? "0" : "-1");
  }
}

const nodeAt = (event: Event): string | undefined =>
  (event.target as Element).closest("[data-node]")?.getAttribute("data-node") ?? undefined;

const wordsAt = (event: Event): string | undefined =>
  (event.target as Element).closest(".mark")?.getAttribute("aria-label") ?? undefined;

/** A card is a button. */
function listen(element: SVGGElement, touch: (node: NodeName) => void): void {
  element.addEventListener("click", (event) => {
    const node = nodeAt(event);
    if (node !== undefined) touch(node);
  });
  element.addEventListener("keydown", (event) => {
    const node = nodeAt(event);
    if (node === undefined || (event.key !== "Enter" && event.key !== " ")) return;
    event.preventDefault();
    event.stopPropagation();
    touch(node);
  });
}

const directions: Readonly<Record<string, readonly [x: number, y: number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

/** The nearest node in the direction of an arrow; undefined: the key is none, or there are only cards. */
function step({ size, boxes }: StageLayout, from: string, key: string): string | undefined {
  const direction = directions[key];
  const here = boxes.get(from);
  if (size === "cards" || direction === undefined || here === undefined) return undefined;
  const [a, way] = [middle(here), direction];
  let best: string = from;
  let least = Infinity;
  for (const [name, box] of boxes) {
    const b = middle(box);
    const [dx, dy] = [b[0] - a[0], b[1] - a[1]];
    const ahead = dx * way[0] + dy * way[1];
    const aside = Math.abs(dx * way[1]) + Math.abs(dy * way[0]);
    // What lies more to the side than ahead is not in this direction.
    if (ahead <= 1 || aside > 2 * ahead) continue;
    const far = ahead + 3 * aside;
    if (far < least) [best, least] = [name, far];
  }
  return best;
}

const middle = (box: Box): readonly [number, number] => [
  box.x + box.width / 2,
  box.y + box.height / 2,
];

/** The small mark that is nearest to a place, within reach. */
export function markNear(
  { boxes, forms }: StageLayout,
  { x, y }: { readonly x: number; readonly y: number },
  reach: number,
): string | undefined {
  let best: string | undefined;
  let least = reach;
  for (const [name, box] of boxes) {
    if (!forms.has(name)) continue;
    const dx = Math.max(box.x - x, 0, x - box.x - box.width);
    const dy = Math.max(box.y - y, 0, y - box.y - box.height);
    const far = Math.hypot(dx, dy);
    if (far < least) [best, least] = [name, far];
  }
  return best;
}
