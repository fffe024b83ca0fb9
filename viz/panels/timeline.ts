/* The run as a place to go to: lanes to drag over, a slider for keys. */
import {
  type TimelineView,
  type TurnMark,
  timeline,
  timelineHeight,
  timelineScale,
} from "../marks/timeline.ts";
import { faultBars } from "../model/fault-bars.ts";
import { windowAround } from "../model/space-time.ts";
import { sentence } from "../model/narration.ts";
import { type Recording, endOf, eventOf } from "../model/recording.ts";
import { isOver } from "./dialogs/moment.ts";
import { h, s, setAttribute } from "./dom.ts";
import { type Run, breaksOf } from "../run.ts";
import { spanText, tickText, timeText } from "./time.ts";
import { type Shape, type TimelineShape, timelineShape } from "./shape.ts";
import { dragOver } from "./timeline-drag.ts";
import { transportPanel } from "./transport.ts";
import { hatch } from "./textures.ts";
import type { Actions, LabView } from "./view.ts";

export interface TimelinePanel {
  readonly element: HTMLElement;
  /** Its buttons; on a phone they have another place. */
  readonly transport: HTMLElement;
  show(view: LabView): void;
  /** Reads its width; before anything is written, or the browser lays out twice in a frame. */
  measure(): void;
}

export function timelinePanel(actions: Actions, shape: () => Shape): TimelinePanel {
  const transport = transportPanel(actions);
  const drawing = s("g");
  const svg = s("svg", { class: "lanes-svg", "aria-hidden": "true" }, hatch("hatch"), drawing);
  const leap = h("span", { class: "leap", "aria-hidden": "true" });
  const lanes = h("div", { class: "lanes", role: "slider", tabindex: 0, "aria-label": "Time" });
  let latest: LabView | undefined;
  const element = h("section", { class: "timeline", "aria-label": "Timeline" });
  element.append(transport.element, lanes);
  const draw = timeline(drawing);
  let end = 1;
  let room = 0;
  let form = timelineShape(shape());

  const seekTo = (event: PointerEvent): void => {
    const box = lanes.getBoundingClientRect();
    const { scale } = form;
    const x = (event.clientX - box.left) / scale;
    actions.seek(timelineScale(form, box.width / scale, end).invert(x));
  };
  const lifted = dragOver(lanes, {
    press: (event) => {
      const mark = nearestMark(lanes, event, form);
      if (mark === undefined) seekTo(event);
      else actions.visit(mark);
    },
    seek: seekTo,
    hold: () => actions.pause(),
    words: () => (latest === undefined ? "" : liftWords(latest)),
    lift: () => {
      if (latest !== undefined) liftedAt(latest, actions);
    },
  });
  lanes.append(svg, leap, lifted.element);

  const show = (view: LabView): void => {
    latest = view;
    transport.show(view);
    if (!shape().isPhone && transport.element.parentElement !== element)
      element.prepend(transport.element);
    const { run, player } = view;
    const known = endOf(run.recording);
    const isWhole = run.hash !== undefined && !view.veiled;
    end = isWhole ? known : Math.max(known, run.scenario.durationMs * 1000);
    const others = laneBeside(view, timelineShape(shape()));
    form = withLane(timelineShape(shape()), others !== undefined);
    const { scale } = form;
    const width = room / scale;
    setAttribute(svg, "width", String(room));
    setAttribute(svg, "height", String(timelineHeight(form, others !== undefined) * scale));
    setAttribute(drawing, "transform", `scale(${scale})`);
    draw(timelineView(view, width, known, end, others), form);
    const { sweep } = player;
    leap.textContent =
      sweep === undefined || !player.playing ? "" : spanText(sweep.to - sweep.from);
    const here = timelineScale(form, width, end)(player.at) * scale;
    leap.style.left = `${here}px`;
    // Never beyond either side.
    const { style } = lifted.element;
    style.left = `${here}px`;
    style.translate = `${room === 0 ? 0 : (-100 * here) / room}% 0`;
    lifted.show();
    tellTime(lanes, player.at, end);
  };
  const measure = (): void => {
    room = lanes.clientWidth;
  };
  return { element, transport: transport.element, show, measure };
}

/** What a slider says of itself. */
function tellTime(lanes: HTMLElement, at: number, end: number): void {
  setAttribute(lanes, "aria-valuemin", "0");
  setAttribute(lanes, "aria-valuemax", String(Math.round(end / 1000)));
  setAttribute(lanes, "aria-valuenow", String(Math.round(at / 1000)));
  setAttribute(lanes, "aria-valuetext", timeText(at));
}

/** Two runs that lie beside each other already can be compared; else the reader says what is to be different. */
const hasTwo = ({ left, other }: LabView): boolean => left !== undefined && other === undefined;

function liftWords(view: LabView): string {
  const at = timeText(view.player.at);
  if (hasTwo(view)) return `Let go: both runs side by side at ${at}`;
  if (isOver(view)) return "The applications are done: fork at an earlier time";
  return `Let go: fork at ${at} and compare`;
}

function liftedAt(view: LabView, actions: Actions): void {
  if (hasTwo(view)) actions.compare();
  else if (!isOver(view)) actions.branch();
}

/** The run that somebody has left by a change keeps a lane, where there is room; of two compared ones each has one. */
const laneBeside = ({ other, left }: LabView, { isMerged }: TimelineShape): Run | undefined =>
  other?.run ?? (isMerged ? undefined : left);

/** The other's lane takes the place of the broken promises', which are marked among the events then: nothing moves. */
const withLane = (form: TimelineShape, isTwo: boolean): TimelineShape =>
  isTwo ? { ...form, isMerged: true } : form;

function timelineView(
  view: LabView,
  width: number,
  known: number,
  end: number,
  others: Run | undefined,
): TimelineView {
  const { recording } = view.run;
  return {
    width,
    end,
    known: view.veiled ? view.player.at : known,
    at: view.player.at,
    others: others === undefined ? undefined : turnMarks(others.recording),
    parting: partingAt(view),
    reach: reachOf(view),
    faults: faultBars(recording),
    turns: turnMarks(recording),
    violations: breaksOf(view.run),
    tick: tickText,
  };
}

/** What the space–time diagram shows of the run. */
function reachOf({ space, player, run }: LabView): readonly [number, number] | undefined {
  if (!space.open) return undefined;
  const { from, to } = windowAround(player.at, space.span, endOf(run.recording));
  return [from, to];
}

function partingAt({ other }: LabView): number | undefined {
  const parting = other?.parting;
  if (parting === undefined) return undefined;
  return Math.min(parting.here?.at ?? Infinity, parting.there?.at ?? Infinity);
}

function turnMarks(recording: Recording): readonly TurnMark[] {
  return recording.marks.flatMap(({ seq, at, turn }) => {
    const event = eventOf(recording, seq);
    if (turn === "fault" || event === undefined) return [];
    return [{ seq, at, kind: turn, sentence: sentence(event, recording.facts) }];
  });
}

/** A mark within a finger's reach of a press on the faults, events or broken lane. */
function nearestMark(
  lanes: HTMLElement,
  event: PointerEvent,
  { gutter, isMerged, scale }: TimelineShape,
): number | undefined {
  const box = lanes.getBoundingClientRect();
  const y = event.clientY - box.top;
  const lanesBottom = (isMerged ? 32 : 48) * scale;
  if (event.clientX - box.left < gutter * scale || y > lanesBottom) return undefined;
  let best: number | undefined;
  let least = 8;
  for (const mark of lanes.querySelectorAll("[data-event]")) {
    const place = mark.getBoundingClientRect();
    if (Math.abs(event.clientY - (place.top + place.bottom) / 2) > 9) continue;
    const isBar = mark.tagName === "rect";
    const x = isBar ? place.left : (place.left + place.right) / 2;
    const distance = Math.abs(event.clientX - x);
    if (distance < least) {
      least = distance;
      best = Number(mark.getAttribute("data-event"));
    }
  }
  return best;
}
