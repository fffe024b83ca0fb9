/*
 * The space–time diagram as a region of the lab: a window around now, what is shown in it, and the same as a table.
 * Arrows move along a row and between rows, Enter asks why.
 */
import { type SpaceTimeMarks, spaceTimeMarks } from "../marks/space-time.ts";
import {
  type SpaceTimeLayout,
  microsPerPixel,
  nearest,
  rowY,
  spaceTimeHeight,
  timeX,
  xTime,
} from "../marks/space-time-layout.ts";
import { endOf } from "../model/recording.ts";
import { type RecordWay, wayOf } from "../model/record-way.ts";
import {
  type PlaceRow,
  type SpacePlace,
  lineText,
  placeText,
  spacePlaces,
  stepFrom,
} from "../model/space-places.ts";
import { type SpaceTime, spaceTime, windowAround } from "../model/space-time.ts";
import { h, s, setAttribute, setText } from "./dom.ts";
import { spaceControls } from "./space-controls.ts";
import { spaceTable } from "./space-table.ts";
import { axisText, timeText } from "./time.ts";
import { hatch } from "./textures.ts";
import type { RecordPlace } from "../model/record-life.ts";
import type { Run } from "../run.ts";
import type { Actions, LabView } from "./view.ts";

export interface SpaceTimePanel {
  readonly element: HTMLElement;
  /** Gives way to what stands above it. */
  readonly plot: HTMLElement;
  /** Makes room in the lab, or takes it away; true if that changed anything. */
  open(this: void, lab: HTMLElement, isOpen: boolean): boolean;
  /** Only where now is. */
  move(view: LabView): void;
  show(view: LabView): void;
  measure(): void;
}

/** What was drawn last, and from what. */
interface Shown {
  readonly key: string;
  readonly view: SpaceTime;
  readonly layout: SpaceTimeLayout;
  readonly rows: readonly PlaceRow[];
}

/** Pixels within which equal neighbours are one. */
const foldPixels = 7;
/** Pixels that a pointer may be away from what it means. */
const reach = 9;

/** The region's own state: what was measured, drawn and pointed at. */
interface Region {
  readonly plot: HTMLElement;
  readonly svg: SVGSVGElement;
  /** Says what is pointed at; no words: nothing is. */
  readonly point: (place: SpacePlace | undefined, words: string) => void;
  room: Size;
  shown: Shown | undefined;
  latest: LabView | undefined;
  cursor: SpacePlace | undefined;
  /** What concerns the record that is asked for, and what it was found in. */
  way: { readonly key: string; readonly way: RecordWay } | undefined;
}

export function spaceTimePanel(actions: Actions): SpaceTimePanel {
  const controls = spaceControls(actions);
  const drawing = s("g");
  const focus = s("g", { class: "st-focus" }, s("circle", { r: 8 }), s("text"));
  const svg = s(
    "svg",
    { class: "st-svg", "aria-hidden": "true" },
    hatch("st-hatch"),
    drawing,
    focus,
  );
  const label = "Space–time: arrows move along a row and between rows, Enter asks why";
  const plot = h("div", { class: "st-plot", role: "group", tabindex: 0, "aria-label": label }, svg);
  const said = h("p", { class: "said", "aria-live": "polite" });
  const table = spaceTable(actions);
  const element = h("section", { class: "space-time", "aria-label": "Space–time" });
  element.append(controls.element, plot, table.element, said);
  const marks: SpaceTimeMarks = spaceTimeMarks(drawing);
  const region: Region = {
    plot,
    svg,
    point: (place, words) => showPointed(focus, region.shown?.layout, place, words),
    room: { width: 0, height: 0 },
    shown: undefined,
    latest: undefined,
    cursor: undefined,
    way: undefined,
  };
  listenToPointer(region, actions);
  listenToKeys(region, said, actions);

  const move = (view: LabView): void => {
    if (!view.space.open) return;
    const layout = layoutOf(view, region.room);
    const { shown } = region;
    const isThere = shown?.layout.from === layout.from && shown.layout.to === layout.to;
    if (!isThere || view.veiled) return show(view);
    marks.move(shown.layout, view.player.at, view.chain.length === 0 ? undefined : view.hop + 1);
  };
  const show = (view: LabView): void => {
    region.latest = view;
    controls.show(view, region.shown?.view);
    if (!view.space.open) return;
    const room = layoutOf(view, region.room);
    const key = keyOf(view, room);
    const shown = region.shown?.key === key ? region.shown : drawn(region, view, room, key);
    const { layout } = shown;
    if (shown !== region.shown) {
      const stood = region.cursor?.event;
      const places = shown.rows.flatMap(({ places: all }) => all);
      Object.assign(region, { shown, cursor: places.find(({ event }) => event === stood) });
      region.point(region.cursor, isFocused(plot) && region.cursor ? placeText(region.cursor) : "");
      setAttribute(svg, "width", String(layout.width));
      setAttribute(svg, "height", String(layout.height));
      marks.show(shown.view, layout, tickOf(layout));
      controls.show(view, shown.view);
    }
    plot.hidden = view.space.table;
    table.show(view, shown.rows);
    marks.move(layout, view.player.at, view.chain.length === 0 ? undefined : view.hop + 1);
  };
  const measure = (): void => {
    if (plot.clientWidth > 0) region.room = { width: plot.clientWidth, height: plot.clientHeight };
  };
  const open: SpaceTimePanel["open"] = (lab, isOpen) => openRegion(element, lab, isOpen);
  return { element, plot, open, move, show, measure };
}

/** Neighbours in an order may be microseconds apart. */
const tickOf =
  ({ from, to, order }: SpaceTimeLayout) =>
  (at: number): string =>
    axisText(at, order === undefined ? to - from : 0);

const isFocused = (element: HTMLElement): boolean => element.matches(":focus");

function openRegion(element: HTMLElement, lab: HTMLElement, isOpen: boolean): boolean {
  const changes = lab.classList.contains("has-space-time") !== isOpen;
  lab.classList.toggle("has-space-time", isOpen);
  element.hidden = !isOpen;
  return changes;
}

function listenToPointer(region: Region, actions: Actions): void {
  const { plot, svg, point } = region;
  plot.addEventListener("pointermove", (event) => {
    const { hit } = found(event, svg, region.shown);
    if (hit === undefined) point(undefined, "");
    else point(...pointed(hit, region.shown));
  });
  plot.addEventListener("pointerleave", () => point(undefined, ""));
  plot.addEventListener("click", (event) => {
    const { hit, at } = found(event, svg, region.shown);
    const mark = (event.target as Element).closest(".st-hop, .st-faults rect");
    const own = mark?.getAttribute("data-event");
    const hop = region.latest?.chain.findIndex(({ event: one }) => String(one.seq) === own) ?? -1;
    if (mark?.matches(".st-hop") && hop !== -1) actions.hop(hop);
    else if (own) actions.select(Number(own));
    else if (hit !== undefined) actions.select(hit.event);
    else if (at !== undefined) actions.seek(at);
  });
}

function listenToKeys(region: Region, said: HTMLElement, actions: Actions): void {
  const { plot, point } = region;
  plot.addEventListener("keydown", (event) => {
    const next = onPlotKey(event, region, actions);
    if (next === undefined) return;
    region.cursor = next;
    point(next, placeText(next));
    setText(said, `${timeText(next.at)} ${placeText(next)}`);
  });
  plot.addEventListener("blur", () => point(undefined, ""));
}

function layoutOf({ places, player, run, space }: LabView, room: Size): SpaceTimeLayout {
  const nodes = places.map(({ name }) => name);
  return {
    width: room.width,
    height: spaceTimeHeight(nodes.length, room.height),
    gutter: room.width < 600 ? 40 : 92,
    ...windowAround(player.at, space.span, endOf(run.recording)),
    nodes,
  };
}

interface Size {
  readonly width: number;
  readonly height: number;
}

/** Whatever changes what is drawn. */
function keyOf(
  { run, space, selected, chain, eyes, veiled }: LabView,
  layout: SpaceTimeLayout,
): string {
  const { partition, node, api, heartbeats, order } = space;
  const isWhole = run.hash !== undefined && !veiled;
  const isThere = isWhole || endOf(run.recording) > layout.to + 1_000_000;
  const known = isThere ? "all" : run.recording.events.length;
  const { from, to, width, height } = layout;
  const record = space.record === undefined ? "" : wayKey(run, space.record);
  const choice = [partition, node, api, record, heartbeats, order, selected, chain.length, eyes];
  return [run.id, known, from, to, width, height, ...choice].join(" ");
}

/** A record's life may go on as long as events are added. */
const wayKey = ({ id, recording }: Run, record: RecordPlace): string =>
  `${id} ${recording.events.length} ${JSON.stringify(record)}`;

function wayIn(region: Region, { run, space: { record } }: LabView): RecordWay | undefined {
  if (record === undefined) return undefined;
  const key = wayKey(run, record);
  if (region.way?.key !== key) region.way = { key, way: wayOf(run.recording, record) };
  return region.way.way;
}

function drawn(region: Region, view: LabView, layout: SpaceTimeLayout, key: string): Shown {
  const { from, to, nodes } = layout;
  const { partition, node, api, heartbeats, order: inOrder } = view.space;
  const near = microsPerPixel(layout) * foldPixels;
  const { selected, chain, run } = view;
  const filter = { partition, node, api, heartbeats };
  const way = wayIn(region, view);
  const asked = {
    from,
    to,
    nodes,
    near,
    inOrder,
    ...filter,
    way,
    selected,
    chain,
    eyes: view.eyes,
  };
  const stretch = spaceTime(run.recording, asked);
  const placed = { ...layout, order: stretch.order };
  return { key, view: stretch, layout: placed, rows: spacePlaces(run.recording, stretch) };
}

interface Found {
  readonly hit: ReturnType<typeof nearest>;
  /** The time under the pointer, inside the plot. */
  readonly at: number | undefined;
}

function found(event: MouseEvent, svg: SVGSVGElement, shown: Shown | undefined): Found {
  if (shown === undefined) return { hit: undefined, at: undefined };
  const box = svg.getBoundingClientRect();
  const place = { x: event.clientX - box.left, y: event.clientY - box.top };
  const { layout, view } = shown;
  const at = place.x < layout.gutter ? undefined : xTime(layout, place.x);
  return { hit: nearest(layout, view, place, reach), at };
}

/** What a pointer means, at its place and in words. */
function pointed(
  hit: NonNullable<Found["hit"]>,
  shown: Shown | undefined,
): [SpacePlace | undefined, string] {
  const places = shown?.rows.flatMap(({ places: all }) => all) ?? [];
  const place = places.find(({ event }) => event === hit.event);
  if ("api" in hit) {
    const start = { event: hit.event, node: hit.from, at: hit.sentAt, text: "" };
    return [place ?? start, lineText(hit)];
  }
  return [place, place === undefined ? "" : placeText(place)];
}

function onPlotKey(
  event: KeyboardEvent,
  { shown, cursor, latest }: Region,
  actions: Actions,
): SpacePlace | undefined {
  if (shown === undefined || event.shiftKey || event.ctrlKey || event.altKey) return undefined;
  const { key } = event;
  const isEnter = key === "Enter" && cursor !== undefined;
  if (isEnter) actions.select(cursor.event);
  const isArrow =
    key === "ArrowLeft" || key === "ArrowRight" || key === "ArrowUp" || key === "ArrowDown";
  if (!isEnter && !isArrow) return undefined;
  event.preventDefault();
  event.stopPropagation();
  return isArrow ? stepFrom(shown.rows, cursor, key, latest?.player.at ?? 0) : undefined;
}

function showPointed(
  focus: SVGGElement,
  layout: SpaceTimeLayout | undefined,
  place: SpacePlace | undefined,
  words: string,
): void {
  const [circle, text] = [focus.children[0], focus.children[1]];
  focus.toggleAttribute("data-on", words !== "");
  if (layout === undefined || circle === undefined || text === undefined || words === "") return;
  const [x, y] = [timeX(layout, place?.at ?? 0), rowY(layout, place?.node)];
  setAttribute(circle, "cx", String(x));
  setAttribute(circle, "cy", String(y));
  showWords(text, words, x, y, layout);
}

/** Beside the place, where there is room. */
function showWords(
  text: Element,
  words: string,
  x: number,
  y: number,
  layout: SpaceTimeLayout,
): void {
  const isLeft = x > layout.width / 2;
  setText(text, words);
  setAttribute(text, "x", String(isLeft ? x - 12 : x + 12));
  setAttribute(text, "y", String(Math.max(14, y - 6)));
  setAttribute(text, "text-anchor", isLeft ? "end" : "start");
}
