/* All panels in their places, inside a shadow root, so that no page's styles reach them and theirs reach none. */
import type { NodeName } from "#sim";
import { barPanel } from "./bar.ts";
import { comparePanel } from "./compare.ts";
import { densities } from "../density.ts";
import { dialogs } from "./dialogs/dialogs.ts";
import { eventsPanel } from "./events.ts";
import { guaranteesPanel } from "./guarantees.ts";
import { helpDialog } from "./help.ts";
import { inspectorPanel } from "./inspector.ts";
import { lensPanel } from "./lens.ts";
import { litMarks } from "./lit.ts";
import { logsPanel } from "./logs.ts";
import { narrationPanel } from "./narration.ts";
import { noticePanel } from "./notice.ts";
import { type FileOpener, fileOpener } from "./file-opener.ts";
import { shareDialog } from "./share-dialog.ts";
import { nodeMenu } from "./node-menu.ts";
import { chipsPanel } from "./phone/chips.ts";
import { playBar } from "./phone/play-bar.ts";
import { sheetPanel } from "./phone/sheet.ts";
import { spaceTimePanel } from "./space-time.ts";
import { type Shape, shapeOf, shapedView, stageDensity, stripKind } from "./shape.ts";
import { stagePanel } from "./stage.ts";
import { timelinePanel } from "./timeline.ts";
import type { LabOptions } from "../options.ts";
import { h } from "./dom.ts";
import { styles } from "../theme/styles.ts";
import type { Actions, LabView } from "./view.ts";

export interface LabPanels {
  readonly element: HTMLElement;
  /** What the lab was asked to take, and what opens a dialog. */
  readonly actions: Actions;
  /** Where marks are that may shine when they are new. */
  readonly drawn: readonly Element[];
  /** What shows the picture, and nothing about how the reader got there. */
  readonly pictured: readonly Element[];
  /** `changed`: more than the time between two events. */
  show(view: LabView, changed: boolean): void;
  focusedNode(): NodeName | undefined;
  /** Asks which record is meant. */
  find(): void;
  /** Puts the focus into a part of the screen. */
  enter(part: "stage" | "logs"): void;
  close(): void;
}

export function labPanels(
  host: HTMLElement,
  asked: Actions,
  names: readonly string[],
  options: LabOptions,
  again: () => void,
): LabPanels {
  const root = host.shadowRoot ?? host.attachShadow({ mode: "open" });
  let view: LabView | undefined;
  const { actions, opener, over } = overlays(
    asked,
    options.address === true,
    () => view,
    () => element,
  );
  let shape = shapeOf(host.clientWidth, host.clientHeight, options.density ?? "lab");
  let isFinding = false;
  const all = makePanels(actions, names, () => shape);
  const { stage, compare, logs, timeline, space } = all;
  const panels = Object.values(all);
  for (const part of parts) all[part].element.setAttribute("part", part);
  const light = litMarks([stage.element, logs.element]);
  const element = labElement(root, options, [...panels.map((panel) => panel.element), ...over]);
  if (options.address === true || options.density !== "teach") opener.listen(element);
  // Whose eyes the logs are seen with stands at their head.
  logs.element.prepend(all.lens.element);
  const measured = [stage, compare, logs, timeline, space];
  const sized = [element, space.plot, ...measured.map((one) => one.element)];
  const sizes = sizesOf(sized, again);
  const measure = (): void => {
    for (const panel of measured) panel.measure();
  };
  const show = (given: LabView, changed: boolean): void => {
    if (view?.theme !== given.theme) {
      host.dataset["theme"] = given.theme;
      sizes.forget();
    }
    shape = shapeOf(host.clientWidth, host.clientHeight, given.density);
    const next = shapedView(given, shape);
    view = next;
    if (reshape(element, next)) sizes.forget();
    if (space.open(element, next.space.open)) sizes.forget();
    sizes.renew(measure);
    if (changed) {
      // A phone has chips in the stage's place.
      for (const panel of panels) if (panel !== stage || !shape.isPhone) panel.show(next);
      light(next);
      if (isFinding) element.querySelector<HTMLElement>(".inspector .finder input")?.focus();
      isFinding = false;
    } else moveTime(all, next);
  };
  const close = (): void => {
    sizes.stop();
    root.replaceChildren();
  };
  return {
    element,
    actions,
    drawn: [stage.element, logs.element],
    pictured: pictureIn(all),
    show,
    focusedNode: () => focusedIn(root),
    find: () => {
      actions.inspect("record");
      isFinding = true;
    },
    enter: (part) => focusFirst(part === "stage" ? stage.element : logs.element),
    close,
  };
}

/** Regions that a page around the lab may style. */
export const parts = [
  "bar",
  "stage",
  "logs",
  "narration",
  "timeline",
  "guarantees",
  "inspector",
] as const;

/** A card or a strip. */
const focusFirst = (part: HTMLElement): void =>
  part.querySelector<SVGElement>('[tabindex="0"]')?.focus();

const focusedIn = (root: ShadowRoot): NodeName | undefined =>
  root.activeElement?.closest("[data-node]")?.getAttribute("data-node") ?? undefined;

/** True if that changed anything. */
function reshape(element: HTMLElement, { density, eyes, other }: LabView): boolean {
  const before = element.className;
  for (const one of densities) element.classList.toggle(`is-${one}`, one === density);
  element.classList.toggle("is-comparing", other !== undefined);
  element.classList.toggle("has-eyes", eyes !== undefined);
  return element.className !== before;
}

function labElement(
  root: ShadowRoot,
  { address = false, regions = "all", controls = "all" }: LabOptions,
  parts: readonly Node[],
): HTMLElement {
  const classes = `lab ${address ? "is-page" : "is-inside"} shows-${regions} controls-${controls}`;
  const element = h("div", { class: classes, role: "group", tabindex: -1 }, ...parts);
  element.setAttribute("aria-label", "Highwater, a simulated Kafka");
  root.replaceChildren(h("style", {}, styles), element);
  return element;
}

/** What lies over the panels (menus, dialogs), and the actions that open it. `isPage`: the lab is the whole page. */
function overlays(
  asked: Actions,
  isPage: boolean,
  view: () => LabView | undefined,
  lab: () => HTMLElement,
): { readonly actions: Actions; readonly opener: FileOpener; readonly over: readonly Element[] } {
  const help = helpDialog(isPage);
  const opener = fileOpener(asked, () => view()?.run.scenario);
  const sharing = shareDialog(lab, opener.choose);
  const onView = (act: (shown: LabView) => void): void => {
    const shown = view();
    if (shown !== undefined) act(shown);
  };
  const actions: Actions = {
    ...asked,
    touch: (node) => onView((shown) => menu.open(shown, node)),
    share: () => onView((shown) => sharing.open(shown, asked.linkHere())),
    help: () => onView(({ run }) => help.open(run.scenario)),
    branch: () => {
      asked.branch();
      actions.dialog("change");
    },
    compare: () => onView(({ left }) => (left === undefined ? actions.branch() : asked.compare())),
    dialog: (name, about, pairs) => onView((shown) => changes.open(shown, name, about, pairs)),
  };
  const menu = nodeMenu(actions);
  const changes = dialogs(actions);
  const over = [
    menu.element,
    help.element,
    ...changes.elements,
    sharing.element,
    ...opener.elements,
  ];
  return { actions, opener, over };
}

/** Between two events only positions and the time change. */
function moveTime({ stage, timeline, space }: ReturnType<typeof makePanels>, view: LabView): void {
  stage.move(view);
  timeline.show(view);
  space.move(view);
}

/** In reading order, which is the order of the focus. */
const makePanels = (actions: Actions, names: readonly string[], shape: () => Shape) => {
  const timeline = timelinePanel(actions, shape);
  return {
    bar: barPanel(actions, names, () => stripKind(shape())),
    stage: stagePanel(actions, () => stageDensity(shape())),
    chips: chipsPanel(actions, () => shape().isPhone),
    compare: comparePanel(actions, () => stripKind(shape())),
    logs: logsPanel(actions, () => stripKind(shape())),
    lens: lensPanel(actions),
    narration: narrationPanel(actions, () => shape().isPhone),
    space: spaceTimePanel(actions),
    events: eventsPanel(actions),
    timeline,
    guarantees: guaranteesPanel(actions),
    sheet: sheetPanel(actions, shape, timeline.transport),
    play: playBar(actions),
    inspector: inspectorPanel(actions),
    notice: noticePanel(actions),
  };
};

const pictureIn = ({
  stage,
  logs,
  narration,
  guarantees,
}: ReturnType<typeof makePanels>): readonly Element[] => [
  ...stage.element.querySelectorAll("svg"),
  logs.element,
  ...narration.told,
  ...guarantees.element.querySelectorAll(".cards"),
];

interface Sizes {
  /** What was read holds no longer. */
  forget(): void;
  /** Reads anew if what was read holds no longer. */
  renew(read: () => void): void;
  stop(): void;
}

/**
 * Sizes and colours are read when they may have changed (one of the elements has another size, the system another
 * theme) and before anything is written in a frame; `changed` asks for that frame.
 */
function sizesOf(elements: readonly Element[], changed: () => void): Sizes {
  let isStale = true;
  const forget = (): void => {
    isStale = true;
  };
  const hear = (): void => {
    forget();
    changed();
  };
  const observer = new ResizeObserver(hear);
  for (const element of elements) observer.observe(element);
  const dark = matchMedia("(prefers-color-scheme: dark)");
  dark.addEventListener("change", hear);
  return {
    forget,
    renew: (read) => {
      if (!isStale) return;
      isStale = false;
      read();
    },
    stop: () => {
      observer.disconnect();
      dark.removeEventListener("change", hear);
    },
  };
}
