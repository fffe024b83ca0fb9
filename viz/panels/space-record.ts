/*
 * A second line over the space–time diagram: names the one record that is to be shown, says in words which one is and how
 * much of its life the drawing holds, goes along its steps, and brings the rest back.
 */
import { recordTitle, settled } from "../model/record-life.ts";
import { type RecordWay, stepsAround } from "../model/record-way.ts";
import type { SpaceTime } from "../model/space-time.ts";
import { h, iconButton, setAttribute, setText, textButton } from "./dom.ts";
import { recordIn } from "../looked-into.ts";
import { recordFinder } from "./look/record-finder.ts";
import type { Actions, LabView } from "./view.ts";

export interface SpaceRecord {
  /** Opens the line. */
  readonly button: HTMLElement;
  readonly element: HTMLElement;
  show(view: LabView, drawn: SpaceTime | undefined): void;
}

const fieldNames = { partition: "Where the record is", wanted: "The record to show alone" };

export function spaceRecord(actions: Actions): SpaceRecord {
  let latest: LabView | undefined;
  let steps: RecordWay["steps"] = [];
  let isNaming = false;
  const finder = recordFinder((place) => {
    if (latest === undefined) return;
    const { run, player } = latest;
    isNaming = false;
    button.focus();
    actions.space({ record: settled(run.recording, player.count, place) });
  }, fieldNames);
  const which = h("strong", { role: "status" });
  const held = h("span");
  const visit = (direction: "before" | "after"): void => {
    const step = latest && stepsAround(steps, lastOf(latest))[direction];
    if (step !== undefined) actions.visit(step.event.seq);
  };
  const before = iconButton("back", "Step before in its life", undefined, () => visit("before"));
  const after = iconButton("on", "Next step of its life", undefined, () => visit("after"));
  const all = textButton("All records", "Everything again", () => {
    actions.space({ record: undefined });
    button.focus();
  });
  const told = h("p", { class: "st-about" }, which, " ", held);
  const way = h("div", { class: "st-steps" }, told, before, after, all);
  const element = h("div", { class: "st-record", role: "group", "aria-label": "One record" });
  element.append(finder.element, way);
  const button = textButton("Record…", "Only what concerns one record", () => {
    isNaming = !isNaming;
    if (latest !== undefined) show(latest, undefined);
    if (isNaming) element.querySelector("input")?.focus();
  });
  const show = (view: LabView, drawn: SpaceTime | undefined): void => {
    latest = view;
    const { space } = view;
    const isChosen = space.record !== undefined;
    element.hidden = !isNaming && !isChosen;
    finder.element.hidden = !isNaming;
    way.hidden = !isChosen;
    setAttribute(button, "aria-expanded", String(isNaming));
    finder.show(view, space.record ?? recordIn(view));
    if (drawn?.way === undefined || !isChosen) return;
    ({ steps } = drawn.way);
    setText(which, titleIn(drawn.way));
    setText(held, heldText(drawn));
    const around = stepsAround(steps, lastOf(view));
    setAttribute(before, "aria-disabled", String(around.before === undefined));
    setAttribute(after, "aria-disabled", String(around.after === undefined));
  };
  return { button, element, show };
}

/** The last event that the lab shows. */
const lastOf = ({ run, player }: LabView): number =>
  run.recording.events[player.count - 1]?.seq ?? -1;

const titleIn = ({ life }: RecordWay): string =>
  life === undefined ? "This run has no such record." : `Only ${recordTitle(life)}:`;

/** How much of it the drawing holds. */
function heldText({ way, from, to }: SpaceTime): string {
  if (way?.life === undefined) return "";
  const { steps } = way;
  const here = steps.filter(({ event }) => event.at >= from && event.at <= to).length;
  return `${here} of the ${steps.length} steps of its life are in this stretch.`;
}
