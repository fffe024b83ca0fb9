/* Events around now, each to go to, to look into and to ask about. */
import { isBeat } from "../model/beats.ts";
import { messageOf } from "../model/message-of.ts";
import { sentence } from "../model/narration.ts";
import { h, textButton } from "./dom.ts";
import { bytesButton, eventRow, newsOf } from "./look/parts.ts";
import type { Actions, LabView } from "./view.ts";

export interface EventList {
  readonly element: HTMLElement;
  show(view: LabView): void;
}

/** Events shown before and after the present one. */
const before = 60;
const after = 20;

/** Nobody reads a list that changes more often (real milliseconds). */
const readingMs = 250;

export function eventList(actions: Actions): EventList {
  const element = h("div", { class: "event-list" });
  const isNews = newsOf();
  let since = 0;
  const show = (view: LabView): void => {
    const { player, run } = view;
    const isMoving = player.playing || player.sweep !== undefined;
    if (isMoving && performance.now() - since < readingMs) return;
    if (!isNews(player.count, run.id, run.recording.events.length - player.count < after)) return;
    since = performance.now();
    element.replaceChildren(listOf(view, actions));
    element.querySelector("[aria-current]")?.scrollIntoView({ block: "nearest" });
  };
  return { element, show };
}

function listOf({ run, player }: LabView, actions: Actions): HTMLElement {
  const { events, facts } = run.recording;
  const from = Math.max(0, player.count - before);
  const rows = events.slice(from, player.count + after).map((event, index) => {
    const row = eventRow(event, sentence(event, facts), () => actions.visit(event.seq));
    const place = from + index + 1;
    if (place === player.count) row.setAttribute("aria-current", "step");
    if (place > player.count) row.classList.add("is-later");
    if (isBeat(event)) row.classList.add("is-beat");
    const ask = textButton("why?", "What led to this", () => actions.select(event.seq));
    const message = messageOf(run.recording, event.seq);
    if (message === undefined) return h("li", {}, row, ask);
    const name = `${message.api} ${message.response ? "answer" : "request"} from ${message.node}`;
    const look = bytesButton(name, () => actions.select(event.seq, "message"));
    return h("li", {}, row, look, ask);
  });
  return h("ol", { class: "events", "aria-label": "Events" }, ...rows);
}
