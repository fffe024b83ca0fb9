/*
 * Under a hop of an explanation: what else it needed. A press goes there and opens how that came, hop by hop, with further
 * reasons of its own; the explanation that was asked for stays where it is.
 */
import type { TraceEvent } from "#sim";
import { type Reason, furtherReasons } from "../model/further-reasons.ts";
import { sentence } from "../model/narration.ts";
import type { Recording } from "../model/recording.ts";
import { type Hop, why } from "../model/why.ts";
import { h, setAttribute } from "./dom.ts";
import { eventRow } from "./look/parts.ts";
import { linkText } from "./why-words.ts";
import type { Actions } from "./view.ts";

type Told = ReadonlySet<number>;

/** None if the chain that `told` holds says it all. */
export const reasonsOf = (
  recording: Recording,
  event: TraceEvent,
  told: Told,
  actions: Actions,
): readonly HTMLElement[] =>
  furtherReasons(recording, event, told).map((reason) =>
    reasonElement(recording, reason, told, actions),
  );

function reasonElement(
  recording: Recording,
  { event, words }: Reason,
  told: Told,
  actions: Actions,
): HTMLElement {
  const more = h("ol", { class: "why-more", "aria-label": "What led to that, nearest first" });
  const open = (isOpen: boolean): void => {
    more.hidden = !isOpen;
    setAttribute(row, "aria-expanded", String(isOpen));
    if (isOpen && more.childElementCount === 0)
      more.append(...chainOf(recording, event, told, actions));
  };
  const row = eventRow(event, sentence(event, recording.facts), () => {
    const isOpen = more.hidden !== false;
    open(isOpen);
    if (isOpen) actions.visit(event.seq);
  });
  open(false);
  const link = h("span", { class: "hop-link" }, `also because ${words}`);
  return h("div", { class: "also", "data-reason": event.seq }, link, row, more);
}

/** What led to a reason, without itself. */
function chainOf(
  recording: Recording,
  event: TraceEvent,
  told: Told,
  actions: Actions,
): readonly HTMLElement[] {
  const hops = why(recording, event.seq);
  const all = new Set([...told, ...hops.map((hop) => hop.event.seq)]);
  const own = reasonsOf(recording, event, all, actions);
  const items = hops
    .slice(1)
    .map((_, index) => hopElement(recording, hops, index + 1, all, actions));
  return [...(own.length === 0 ? [] : [h("li", {}, ...own)]), ...items];
}

function hopElement(
  recording: Recording,
  hops: readonly Hop[],
  index: number,
  told: Told,
  actions: Actions,
): HTMLElement {
  const event = hops[index]?.event;
  if (event === undefined) return h("li", {});
  const row = eventRow(event, sentence(event, recording.facts), () => actions.visit(event.seq));
  const link = h("span", { class: "hop-link" }, linkText(hops, index));
  return h("li", {}, link, row, ...reasonsOf(recording, event, told, actions));
}
