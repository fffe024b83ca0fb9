/* What was told so far and comes next, as a list to go through. */
import { sentence } from "../../model/narration.ts";
import { h } from "../dom.ts";
import { eventRow, newsOf } from "../look/parts.ts";
import type { Actions, LabView } from "../view.ts";
import type { SheetTabPanel } from "./faults-tab.ts";

const before = 20;
const after = 10;

export function logTab(actions: Actions): SheetTabPanel {
  const element = h("div", { class: "log-tab" });
  const isNews = newsOf();
  const show = (view: LabView): void => {
    const { run, picture } = view;
    const { beats, events, facts } = run.recording;
    if (!isNews(run.id, picture.beat, Math.min(beats.length, 200))) return;
    const here = beats.findLastIndex((index) => events[index]?.seq === picture.beat);
    const shown = beats.slice(Math.max(0, here - before), here + 1 + after);
    const rows = shown.flatMap((index) => {
      const event = events[index];
      if (event === undefined) return [];
      const row = eventRow(event, sentence(event, facts), () => actions.visit(event.seq));
      if (event.seq === picture.beat) row.setAttribute("aria-current", "step");
      if (event.seq > picture.beat) row.classList.add("is-later");
      return [h("li", {}, row)];
    });
    element.replaceChildren(h("ol", { "aria-label": "Told" }, ...rows));
    const current = element.querySelector<HTMLElement>("[aria-current]");
    // Not scrollIntoView: that would scroll the page as well.
    if (current !== null && element.parentElement !== null)
      element.parentElement.scrollTop = current.offsetTop - element.offsetTop;
  };
  return { element, show };
}
