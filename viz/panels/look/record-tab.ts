/* Where is my record? Its life as a list of events, and where it was lost. */
import { type RecordLife, type RecordPlace, lifeOf, recordOf } from "../../model/record-life.ts";
import { sentence } from "../../model/narration.ts";
import { findRecord } from "../../model/find-record.ts";
import { h, setText, textButton } from "../dom.ts";
import { timeText } from "../time.ts";
import type { Actions, LabView } from "../view.ts";
import type { InsideTab } from "./message-tab.ts";
import { bytesButton, eventRow, hint, newsOf } from "./parts.ts";

export function recordTab(actions: Actions): InsideTab {
  const finder = recordFinder(actions);
  const body = h("div", { class: "look-body" });
  const element = h("div", { class: "look" }, finder.element, body);
  const isNews = newsOf();

  const show = (view: LabView): void => {
    const { run, player, inside, selected } = view;
    const { recording } = run;
    const place =
      inside.record ?? (selected === undefined ? undefined : recordOf(recording, selected));
    finder.show(view, place);
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

const absent = (place: RecordPlace): string =>
  "called" in place
    ? "Nobody has sent this record yet."
    : `No log of ${place.partition} ever has a record at offset ${place.offset}.`;

function told(life: RecordLife, view: LabView, actions: Actions): readonly HTMLElement[] {
  const { steps, later, lost } = life;
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
  return [h("h3", {}, titleOf(life)), standing(life), ...loss(life, view, actions), list];
}

function titleOf({ value, key, partition, offset }: RecordLife): string {
  const name = value ?? "A record of the cluster's own";
  const keyed = key === null ? "" : `, key ${key}`;
  const where = offset === undefined ? "" : ` at offset ${offset}`;
  return `${name}${keyed}${partition === undefined ? "" : `, in ${partition}${where}`}`;
}

function standing({ holders, offset, lost }: RecordLife): HTMLElement {
  const where = holders.length === 0 ? "No broker holds it" : `Held by ${holders.join(", ")}`;
  const text = offset === undefined ? "It is in no log at this moment" : where;
  return h("p", { class: "standing" }, lost === undefined ? `${text}.` : `Lost. ${text}.`);
}

function loss({ lost }: RecordLife, { run }: LabView, actions: Actions): readonly HTMLElement[] {
  if (lost === undefined) return [];
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
      { class: "loss", "aria-label": "Where it was lost" },
      h("p", {}, `Lost at ${timeText(step.event.at)}`),
      h("ol", { class: "events" }, ...rows),
      all,
    ),
  ];
}

interface Finder {
  readonly element: HTMLElement;
  /** `place`: the record that is shown. */
  show(view: LabView, place: RecordPlace | undefined): void;
}

/** Names a record by its partition and its offset or key. */
function recordFinder(actions: Actions): Finder {
  const partition = h("select", { "aria-label": "Partition" });
  const wanted = h("input", {
    value: "0",
    size: 10,
    "aria-label": "Offset or key",
    title: "An offset, or a key: the newest record with it",
  });
  const find = h("button", { type: "submit" }, "Find");
  const missing = h("p", { class: "hint", role: "status" });
  const form = h("form", { class: "look-head finder" }, "Record ", partition, wanted, find);
  const element = h("div", {}, form, missing);
  let offered = "";
  let latest: LabView | undefined;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const text = wanted.value.trim();
    if (text === "" || latest === undefined) return;
    const { picture, run } = latest;
    const place = findRecord(picture, run.recording.facts, partition.value, text);
    setText(missing, place === undefined ? `No log of ${partition.value} holds key ${text}.` : "");
    if (place !== undefined) actions.lookInside({ record: place }, "record");
  });
  const isNews = newsOf();
  return {
    element,
    show: (view, place) => {
      latest = view;
      const { picture } = view;
      const names = [...picture.partitions.keys()].sort();
      const isOther = isNews(JSON.stringify(place));
      if (offered !== names.join()) {
        offered = names.join();
        const { value } = partition;
        partition.replaceChildren(...names.map((name) => h("option", { value: name }, name)));
        if (names.includes(value)) partition.value = value;
      }
      // What somebody is typing stays until another record is shown.
      if (!isOther || place === undefined || "called" in place) return;
      partition.value = place.partition;
      wanted.value = String(place.offset);
    },
  };
}
