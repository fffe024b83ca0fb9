/*
 * A strip by keyboard: one stop for the Tab key, in it arrows go from record to record (row = replica, column = offset).
 * The strip keeps the focus and names the record that is looked at, so that cells may come and go while time runs.
 */
import type { NodeName } from "#sim";
import type { CellView, PartitionView, RowView } from "../model/strip-view.ts";
import { setAttribute } from "./dom.ts";

/** Where the reader stands in a strip. */
export interface GridPlace {
  readonly node: NodeName;
  readonly offset: number;
}

const steps: Readonly<Record<string, readonly [rows: -1 | 0 | 1, columns: -1 | 0 | 1]>> = {
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
};

/** The record that an arrow leads to; `from` itself where there is none. Without a place: the leader's newest. */
export function walk(
  view: PartitionView,
  from: GridPlace | undefined,
  key: string,
): GridPlace | undefined {
  if (from === undefined) return entrance(view);
  const [rows, columns] = steps[key] ?? [0, 0];
  const filled = view.rows.filter(({ cells }) => cells.length > 0);
  const row = filled.findIndex(({ node }) => node === from.node);
  const next = filled[row + rows];
  if (row === -1 || next === undefined) return row === -1 ? entrance(view) : from;
  const { node, cells } = next;
  const offsets = cells.map(({ offset }) => offset);
  const offset =
    columns === 0
      ? nearest(offsets, from.offset)
      : columns === 1
        ? offsets.find((one) => one > from.offset)
        : offsets.findLast((one) => one < from.offset);
  return offset === undefined ? from : { node, offset };
}

function entrance({ rows }: PartitionView): GridPlace | undefined {
  const filled = rows.filter(({ cells }) => cells.length > 0);
  const row = filled.find(({ leads }) => leads) ?? filled[0];
  const cell = row?.cells.at(-1);
  return row === undefined || cell === undefined
    ? undefined
    : { node: row.node, offset: cell.offset };
}

const nearest = (offsets: readonly number[], wanted: number): number | undefined =>
  offsets.reduce<number | undefined>(
    (best, one) =>
      best === undefined || Math.abs(one - wanted) < Math.abs(best - wanted) ? one : best,
    undefined,
  );

/** A record in a replica's log, for readers who do not see it. */
export function cellInWords(
  { node }: RowView,
  cell: CellView,
  leader: NodeName | undefined,
): string {
  return [
    `${node}, offset ${cell.offset}`,
    ...(cell.text === "" ? [] : [`key ${cell.text}`]),
    ...(cell.value === "" ? [] : [cell.value]),
    `epoch ${cell.epoch}`,
    cell.known ? "safe" : "not yet safe",
    cell.synced ? "on disk" : "in memory",
    ...(cell.divergent ? [`differs from ${leader ?? "the leader"}`] : []),
  ].join(", ");
}

export interface StripGrid {
  /** Shows in a strip where its reader stands. */
  show(strip: SVGSVGElement, view: PartitionView): void;
}

/** What a strip is walked with. */
export interface GridHands {
  /** What pressing a mark does. */
  press(mark: Element): void;
  /** Asks why its event happened. */
  why(mark: Element): void;
  /** The record under a pointer. */
  cellAt(target: Element, x: number): Element | undefined;
}

export function stripGrid(host: HTMLElement, { press, why, cellAt }: GridHands): StripGrid {
  const views = new WeakMap<Element, PartitionView>();
  const places = new WeakMap<Element, GridPlace>();
  /** The strip that is about to get the focus by a pointer: the reader stands where that points to, or nowhere yet. */
  let pressed: SVGSVGElement | undefined;
  const moveTo = (strip: SVGSVGElement, view: PartitionView, key: string): void => {
    const place = walk(view, places.get(strip), key);
    if (place !== undefined) places.set(strip, place);
    showPlace(strip, view, place);
  };
  const stripOf = (event: Event): SVGSVGElement | undefined =>
    event.target instanceof SVGSVGElement ? event.target : undefined;
  host.addEventListener("keydown", (event) => {
    const strip = stripOf(event);
    const view = strip === undefined ? undefined : views.get(strip);
    if (strip === undefined || view === undefined) return;
    if (event.shiftKey || event.ctrlKey || event.metaKey || event.altKey) return;
    const mark = strip.querySelector(".is-walked");
    if (Object.hasOwn(steps, event.key)) moveTo(strip, view, event.key);
    else if (event.key === "Enter" && mark !== null) press(mark);
    else if (event.key === "w" && mark !== null) why(mark);
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  // Comes before the focus.
  host.addEventListener("mousedown", ({ target, clientX }) => {
    const strip = target instanceof Element ? target.closest<SVGSVGElement>("svg.strip") : null;
    if (!(target instanceof Element) || strip === null) return;
    const place = placeOf(cellAt(target, clientX));
    if (place === undefined) places.delete(strip);
    else places.set(strip, place);
    pressed = hasFocus(strip) ? undefined : strip;
    showPlace(strip, views.get(strip), place);
  });
  host.addEventListener("focusin", (event) => {
    const strip = stripOf(event);
    const view = strip === undefined ? undefined : views.get(strip);
    const isPressed = strip !== undefined && strip === pressed;
    pressed = undefined;
    if (strip !== undefined && view !== undefined && !isPressed) moveTo(strip, view, "");
  });
  host.addEventListener("focusout", (event) => {
    const strip = stripOf(event);
    if (strip !== undefined) showPlace(strip, undefined, undefined);
  });
  const show: StripGrid["show"] = (strip, view) => {
    views.set(strip, view);
    setAttribute(strip, "tabindex", "0");
    if (hasFocus(strip)) showPlace(strip, view, places.get(strip));
  };
  return { show };
}

function hasFocus(strip: SVGSVGElement): boolean {
  const root = strip.getRootNode();
  return root instanceof ShadowRoot && root.activeElement === strip;
}

/** Where a cell stands. */
function placeOf(cell: Element | undefined): GridPlace | undefined {
  const node = cell?.closest(".replica")?.getAttribute("data-node");
  const offset = cell?.getAttribute("data-offset");
  return node && offset ? { node, offset: Number(offset) } : undefined;
}

/** Marks and names one record; none without a view. */
function showPlace(
  strip: SVGSVGElement,
  view: PartitionView | undefined,
  place: GridPlace | undefined,
): void {
  const row = view?.rows.find(({ node }) => node === place?.node);
  const cell = row?.cells.find(({ offset }) => offset === place?.offset);
  const mark =
    row === undefined || cell === undefined
      ? null
      : strip.querySelector(
          `.replica[data-node="${row.node}"] .live .cell[data-offset="${cell.offset}"]`,
        );
  for (const old of strip.querySelectorAll(".is-walked")) {
    if (old !== mark) leave(old);
  }
  if (view === undefined || row === undefined || cell === undefined || mark === null) {
    return strip.removeAttribute("aria-activedescendant");
  }
  mark.classList.add("is-walked");
  const id = `${view.name}-${row.node}-${cell.offset}`;
  setAttribute(mark, "id", id);
  setAttribute(mark, "aria-label", cellInWords(row, cell, view.leader));
  setAttribute(strip, "aria-activedescendant", id);
}

function leave(mark: Element): void {
  mark.classList.remove("is-walked");
  mark.removeAttribute("id");
  mark.removeAttribute("aria-label");
}
