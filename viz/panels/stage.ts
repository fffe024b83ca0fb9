/* The cluster: controllers, brokers and clients at their places, links, and messages on their way. */
import type { NodeName, Scenario } from "#sim";
import {
  type Point,
  type StageDensity,
  type StageLayout,
  stageLayout,
  stageSizes,
} from "../marks/geometry.ts";
import { crossedBy } from "../marks/knife.ts";
import { links } from "../marks/link.ts";
import { rackFrames } from "../marks/rack-frames.ts";
import { type LinkView, linkViews } from "../model/links.ts";
import { fewLinksFinder, rackView } from "../model/stage-many.ts";
import { h, s, setAttribute } from "./dom.ts";
import { stageCanvas } from "./stage-canvas.ts";
import { heartbeatToggle } from "./stage-heartbeats.ts";
import { type StagePalette, stagePalette } from "./stage-palette.ts";
import { knife } from "./stage-knife.ts";
import { markNear, stageNodes } from "./stage-nodes.ts";
import { stageWords } from "./stage-words.ts";
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
  const racks = s("g");
  const words = stageWords();
  const palette = stagePalette(actions);
  const touch = (node: NodeName): void => {
    if (!palette.take(node)) actions.touch(node);
  };
  const nodes = stageNodes(touch, words.tell);
  const svg = s(
    "svg",
    { class: "stage-svg" },
    unknownTexture(),
    racks,
    wires,
    nodes.element,
    words.element,
  );
  svg.setAttribute("role", "group");
  svg.setAttribute("aria-label", "Cluster: press a node to see what can be done to it");
  const canvas = stageCanvas();
  const heartbeats = heartbeatToggle(actions);
  const element = h("section", { class: "stage", "aria-label": "Cluster" }, svg, canvas.element);
  element.append(palette.element);
  svg.append(heartbeats.element);
  const showLinks = links(wires);
  const showRacks = rackFrames(racks);
  const fewLinks = fewLinksFinder();
  /** What may be cut by a line, whether it is drawn or not. */
  let wired = (): readonly LinkView[] => [];
  let layout: StageLayout = stageLayout([], densityOf());
  const laid = layouts();

  const placeOf = (event: MouseEvent): Point => canvas.placeOf(event, layout);
  const wasDrawn = knife(element, svg, placeOf, (from, to) => {
    const pairs = crossedBy(wired(), layout, from, to).map(({ ends }) => ends);
    if (pairs.length > 0) actions.dialog("cut", undefined, pairs);
  });
  onGround(element, palette, (event) => {
    if (wasDrawn()) return true;
    const place = placeOf(event);
    const dot = canvas.near(place);
    // A tile is smaller than a finger: the nearest is meant.
    const near = dot === undefined ? markNear(layout, place, 12) : undefined;
    if (near !== undefined) touch(near);
    else if (dot !== undefined && !palette.drop()) actions.select(dot.message.event, "message");
    return near !== undefined || dot !== undefined;
  });

  const move = (view: LabView): void => canvas.move(view, layout);
  const show = (view: LabView): void => {
    const density = densityOf();
    const { width, height } = stageSizes[density];
    setAttribute(svg, "viewBox", `0 0 ${width} ${height}`);
    layout = laid(view, density);
    const { seen } = view;
    const few = layout.size === "cards" ? undefined : fewLinks(seen);
    wired = () => linkViews(seen);
    showLinks(few?.ailing ?? wired(), layout);
    showRacks(layout.racks.map((frame) => ({ ...rackView(seen, frame), frame })));
    nodes.show(view, layout);
    words.show(layout, few?.open ?? 0);
    heartbeats.show(view);
    palette.show(view, layout.size === "cards" && density === "full");
    move(view);
  };
  return { element, show, move, measure: () => canvas.measure(densityOf()) };
}

/** What takes presses of its own. */
const pressed = ".card, .palette";

/** Presses beside them: `press` says whether one struck anything; else, as with Esc, what is picked is put away. */
function onGround(
  stage: HTMLElement,
  palette: StagePalette,
  press: (event: MouseEvent) => boolean,
): void {
  stage.addEventListener("click", (event) => {
    if ((event.target as Element).closest(pressed) !== null) return;
    // A press that has done something is none beside everything.
    if (press(event) || palette.drop()) event.preventDefault();
  });
  stage.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && palette.drop()) event.stopPropagation();
  });
}

/** Places are a scenario's: it is asked for them with every picture. */
function layouts(): (view: LabView, density: StageDensity) => StageLayout {
  let known: Scenario | undefined;
  let dense: StageDensity | undefined;
  let layout: StageLayout | undefined;
  return ({ run, places }, density) => {
    if (layout === undefined || known !== run.scenario || dense !== density)
      layout = stageLayout(places, density);
    [known, dense] = [run.scenario, density];
    return layout;
  };
}
