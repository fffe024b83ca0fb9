/* Where is my record? Its life as a list of events, and where it was lost. */
import { sentence } from "../../model/narration.ts";
import {
  type RecordLife,
  type RecordPlace,
  isSameRecord,
  lifeOf,
  recordTitle,
  settled,
} from "../../model/record-life.ts";
import { isLive } from "../../model/told-view.ts";
import { onlyRecord } from "../../model/space-choice.ts";
import { h, setAttribute, textButton } from "../dom.ts";
import { timeText } from "../time.ts";
import type { Actions, LabView } from "../view.ts";
import type { InsideTab } from "./message-tab.ts";
import { bytesButton, eventRow, hint, newsOf } from "./parts.ts";
import { recordIn } from "../../looked-into.ts";
import { recordFinder } from "./record-finder.ts";

export function recordTab(actions: Actions): InsideTab {
  const drawn = drawnButton(actions);
  const found = (record: RecordPlace): void => {
    actions.lookInside({ record }, "record");
    // Its copies are marked, where a narrow lab shows one partition at a time as well.
    if ("partition" in record) actions.partition(record.partition);
  };
  const finder = recordFinder(found, undefined, drawn.element);
  const body = h("div", { class: "look-body" });
  const element = h("div", { class: "look" }, finder.element, body);
  const isNews = newsOf();

  const show = (view: LabView): void => {
    const { run, player } = view;
    const { recording } = run;
    const place = recordIn(view);
    finder.show(view, place);
    drawn.show(view, place);
    if (!isNews(run.id, player.count, JSON.stringify(place))) return;
    if (place === undefined) {
      const text = "Press a record in the logs, or name its partition and offset.";
      return body.replaceChildren(hint(text));
    }
    const life = lifeOf(recording, player.count, place);
    if (life === undefined) return body.replaceChildren(hint(absent(place)));
    body.replaceChildren(...told(life, view, actions));
  };
  return { element, show };
}

interface DrawnButton {
  readonly element: HTMLElement;
  show(view: LabView, place: RecordPlace | undefined): void;
}

/** Leaves on the space–time diagram only what concerns the record, or brings the rest back. */
function drawnButton(actions: Actions): DrawnButton {
  let press = (): void => undefined;
  const title = "Only what concerns this record, on the space–time diagram";
  const button = textButton("Only this on space–time", title, () => press());
  return {
    element: button,
    show: ({ run, player: { count }, space }, place) => {
      button.hidden = place === undefined;
      if (place === undefined) return;
      const { recording } = run;
      const isDrawn =
        space.open &&
        space.record !== undefined &&
        isSameRecord(recording, count, space.record, place);
      setAttribute(button, "aria-pressed", String(isDrawn));
      press = () =>
        actions.space(
          isDrawn ? { record: undefined } : onlyRecord(settled(recording, count, place)),
        );
    },
  };
}

const absent = (place: RecordPlace): string =>
  "called" in place
    ? "Nobody has sent this record yet."
    : `No log of ${place.partition} ever has a record at offset ${place.offset}.`;

function told(life: RecordLife, view: LabView, actions: Actions): readonly HTMLElement[] {
  const { steps, lost } = life;
  const later = view.veiled ? [] : life.later;
  const items = [...steps, ...later].map(({ event, text, kind }, index) => {
    const row = eventRow(event, text, () => actions.visit(event.seq));
    const ask = textButton("why?", "What led to this", () => actions.select(event.seq));
    const isLoss = event === lost?.step.event;
    if (index === steps.length - 1) row.setAttribute("aria-current", "step");
    if (index >= steps.length) row.classList.add("is-later");
    const item = h("li", { "data-step": kind, class: isLoss ? "is-loss" : "" }, row, ask);
    if (kind === "sent" || kind === "received" || kind === "fetched") {
      ask.before(bytesButton(`the message: ${text}`, () => actions.select(event.seq, "message")));
    }
    return item;
  });
  const list = h("ol", { class: "events life", "aria-label": "Life of the record" }, ...items);
  return [h("h3", {}, recordTitle(life)), standing(life, view), ...loss(life, view, actions), list];
}

/** Until the last broker that is up has let it go, it is not lost, though the leader lacks it. */
const isHeld = ({ holders }: RecordLife, { picture }: LabView): boolean =>
  holders.some((name) => isLive(picture.nodes.get(name)?.state));

function standing(life: RecordLife, view: LabView): HTMLElement {
  const { holders, offset, lost } = life;
  const where = holders.length === 0 ? "No broker holds it" : `Held by ${holders.join(", ")}`;
  const text = offset === undefined ? "It is in no log at this moment" : where;
  const how = lost === undefined ? "" : isHeld(life, view) ? "The leader lacks it. " : "Lost. ";
  return h("p", { class: "standing" }, `${how}${text}.`);
}

function loss(life: RecordLife, view: LabView, actions: Actions): readonly HTMLElement[] {
  const { lost } = life;
  const { run } = view;
  if (lost === undefined) return [];
  const isLeft = isHeld(life, view);
  const { step, fault } = lost;
  const rows = [
    h(
      "li",
      {},
      eventRow(step.event, step.text, () => actions.visit(step.event.seq)),
    ),
    ...(fault === undefined
      ? []
      : [
          h(
            "li",
            {},
            h("span", { class: "hop-link" }, "behind it:"),
            eventRow(fault, sentence(fault, run.recording.facts), () => actions.visit(fault.seq)),
          ),
        ]),
  ];
  const all = textButton("Every hop", "The whole chain of causes (W)", () =>
    actions.select(step.event.seq),
  );
  return [
    h(
      "section",
      { class: "loss", "aria-label": isLeft ? "Where it was left behind" : "Where it was lost" },
      h("p", {}, `${isLeft ? "Left behind" : "Lost"} at ${timeText(step.event.at)}`),
      h("ol", { class: "events" }, ...rows),
      all,
    ),
  ];
}
