/*
 * Many marks in a grid of fixed order: one tab stop, arrows from one to the next, and a press anywhere takes the nearest.
 * Whichever is focused is chosen.
 */
import { select } from "d3";
import { eventOf } from "../marks/event-of.ts";
import { s, setAttribute } from "./dom.ts";

/** What every tile tells, whatever it looks like. */
export interface Tile {
  readonly name: string;
  readonly words: string;
  readonly event: number;
}

/** How tiles lie: `gutter` is left of each row, for the name of its first tile. */
export interface TileLayout {
  readonly width: number;
  readonly height: number;
  readonly columns: number;
  readonly gutter: number;
}

export interface TileGrid<View extends Tile> {
  readonly element: SVGSVGElement;
  show(views: readonly View[], layout: TileLayout, chosen: string | undefined): void;
}

/** `mark` draws a tile; `choose` hears of the one that is focused. */
export function tileGrid<View extends Tile>(
  label: string,
  mark: (host: SVGGElement) => (view: View) => void,
  choose: (name: string) => void,
): TileGrid<View> {
  const rows = s("g", { class: "tile-rows" });
  const frame = s("path", { class: "tile-chosen", d: "" });
  const element = s("svg", { class: "tiles", role: "grid", "aria-label": label }, rows, frame);
  element.setAttribute("preserveAspectRatio", "xMinYMin meet");
  const draw = new WeakMap<SVGGElement, (view: View) => void>();
  /** What each tile shows: the same view is not drawn again. */
  const drawn = new WeakMap<SVGGElement, View>();
  let stop = -1;
  let shown: readonly View[] = [];
  let names = "";
  let laid: TileLayout = { width: 1, height: 1, columns: 1, gutter: 0 };

  const tileAt = (index: number): SVGGElement | null =>
    rows.querySelector<SVGGElement>(`[data-index="${index}"]`);
  const go = (index: number): void => {
    const view = shown[index];
    if (view === undefined) return;
    choose(view.name);
    tileAt(index)?.focus({ preventScroll: false });
  };
  listen(element, () => [laid, shown.length], go);

  const show = (views: readonly View[], layout: TileLayout, chosen: string | undefined): void => {
    shown = views;
    laid = layout;
    const { columns, gutter, width, height } = layout;
    // Who stands where changes with the run or with the room, not from one picture to the next.
    const key = `${width} ${height} ${columns} ${views.map(({ name }) => name).join()}`;
    if (key !== names) {
      names = key;
      const lines = rowsOf(views, columns);
      const size = `0 0 ${gutter + columns * width} ${lines.length * height}`;
      setAttribute(element, "viewBox", size);
      setAttribute(element, "aria-rowcount", String(lines.length));
      setAttribute(element, "aria-colcount", String(columns));
      showRows(rows, lines, layout);
    }
    const at = Math.max(
      0,
      views.findIndex(({ name }) => name === chosen),
    );
    rows.querySelectorAll<SVGGElement>("g.tile").forEach((host, index) => {
      const view = views[index];
      const isStop = index === at;
      if (view === undefined || (drawn.get(host) === view && isStop === (index === stop))) return;
      drawn.set(host, view);
      const drawTile = draw.get(host) ?? mark(host.lastElementChild as SVGGElement);
      draw.set(host, drawTile);
      drawTile(view);
      tell(host, view, isStop);
    });
    stop = at;
    const [x, y] = [gutter + (at % columns) * width, Math.floor(at / columns) * height];
    const isChosen = views.some(({ name }) => name === chosen);
    setAttribute(frame, "d", isChosen ? `M${x},${y}h${width}v${height}h${-width}z` : "");
  };
  return { element, show };
}

/** A press takes the nearest tile, an arrow the next. */
function listen(
  element: SVGSVGElement,
  now: () => readonly [layout: TileLayout, count: number],
  go: (index: number) => void,
): void {
  element.addEventListener("click", (event) => {
    event.stopPropagation();
    go(nearest(element, ...now(), event));
  });
  element.addEventListener("keydown", (event) => {
    const from = Number((event.target as Element).getAttribute("data-index") ?? -1);
    const [{ columns }, count] = now();
    const to = from < 0 ? undefined : stepOf(event, from, columns, count);
    if (to === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    go(to);
  });
}

interface Line<View> {
  readonly index: number;
  readonly views: readonly View[];
}

const rowsOf = <View>(views: readonly View[], columns: number): readonly Line<View>[] =>
  Array.from({ length: Math.ceil(views.length / columns) }, (_, index) => ({
    index,
    views: views.slice(index * columns, (index + 1) * columns),
  }));

function showRows<View extends Tile>(
  host: SVGGElement,
  lines: readonly Line<View>[],
  { width, height, columns, gutter }: TileLayout,
): void {
  select(host)
    .selectAll<SVGGElement, Line<View>>("g.tile-row")
    .data(lines, ({ index }) => index)
    .join((enter) => {
      const row = enter.append("g").attr("class", "tile-row").attr("role", "row");
      row.append("text").attr("class", "tile-row-name").attr("aria-hidden", "true");
      return row;
    })
    .attr("transform", ({ index }) => `translate(0,${index * height})`)
    .each(function (line) {
      select(this)
        .select("text")
        .attr("x", 0)
        .attr("y", height - 3)
        .text(gutter === 0 ? "" : (line.views[0]?.name ?? ""));
      select(this)
        .selectAll<SVGGElement, View>("g.tile")
        .data(line.views, ({ name }) => name)
        .join((enter) => {
          const tile = enter.append("g").attr("class", "tile").attr("role", "gridcell");
          tile.append("rect").attr("class", "tile-hit").attr("width", width).attr("height", height);
          tile.append("g");
          return tile;
        })
        .attr("data-index", (_, column) => line.index * columns + column)
        .attr("transform", (_, column) => `translate(${gutter + column * width},0)`);
    });
}

/** Names and states stay as they are for most tiles from one picture to the next. */
function tell(host: SVGGElement, { name, words, event }: Tile, isStop: boolean): void {
  setAttribute(host, "data-partition", name);
  setAttribute(host, "aria-label", words);
  setAttribute(host, "tabindex", isStop ? "0" : "-1");
  const seq = eventOf(event);
  setAttribute(host, "data-event", seq === null ? undefined : String(seq));
}

/** The tile under a pointer, else the nearest. */
function nearest(
  element: SVGSVGElement,
  { width, height, columns, gutter }: TileLayout,
  count: number,
  { clientX, clientY }: MouseEvent,
): number {
  const matrix = element.getScreenCTM();
  if (matrix === null) return -1;
  const { x, y } = new DOMPoint(clientX, clientY).matrixTransform(matrix.inverse());
  const column = Math.max(0, Math.min(columns - 1, Math.floor((x - gutter) / width)));
  const row = Math.max(0, Math.floor(y / height));
  return Math.min(count - 1, row * columns + column);
}

/** Where a key leads; undefined: it is no key of the grid. */
function stepOf(
  { key, ctrlKey }: KeyboardEvent,
  from: number,
  columns: number,
  count: number,
): number | undefined {
  const rowStart = from - (from % columns);
  switch (key) {
    case "ArrowRight":
      return Math.min(count - 1, from + 1);
    case "ArrowLeft":
      return Math.max(0, from - 1);
    case "ArrowDown":
      return from + columns < count ? from + columns : from;
    case "ArrowUp":
      return from - columns >= 0 ? from - columns : from;
    case "Home":
      return ctrlKey ? 0 : rowStart;
    case "End":
      return ctrlKey ? count - 1 : Math.min(count - 1, rowStart + columns - 1);
    default:
      return undefined;
  }
}
