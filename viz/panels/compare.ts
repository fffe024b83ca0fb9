/* The other of two compared runs: its logs at the same time, in the stage's place, and where the two part. */
import { sentence } from "../model/narration.ts";
import type { TraceEvent } from "#sim";
import { h, setAttribute, setText, textButton } from "./dom.ts";
import type { StripKind } from "../marks/strip-layout.ts";
import { logsPanel } from "./logs.ts";
import { timeText } from "./time.ts";
import type { Actions, LabView, OtherRun } from "./view.ts";

export interface ComparePanel {
  readonly element: HTMLElement;
  show(view: LabView): void;
  measure(): void;
}

export function comparePanel(actions: Actions, kind: () => StripKind): ComparePanel {
  const title = h("h2");
  const swap = textButton("Turn to this one", "Makes this the run that is played", () =>
    actions.swap(),
  );
  const close = textButton("Close", "One run alone (Y)", () => actions.compare());
  const parts = h("p", { class: "parts" });
  const there = textButton("Go there", "To the first event that differs", () => {
    if (seq !== undefined) actions.visit(seq);
  });
  let seq: number | undefined;
  // What is chosen there belongs to the other run.
  const logs = logsPanel(
    {
      ...actions,
      select: (chosen) => {
        actions.swap();
        actions.select(chosen);
      },
    },
    kind,
  );
  const head = h("header", {}, title, swap, close);
  const element = h("section", { class: "compare", "aria-label": "The other run" });
  element.append(head, h("div", { class: "parts-row" }, parts, there), logs.element);
  const show = (view: LabView): void => {
    const { other } = view;
    element.hidden = other === undefined;
    if (other === undefined) return;
    setText(title, other.isBefore ? "Without the last change" : "With the change");
    const parting = partingText(view, other);
    setText(parts, parting);
    setAttribute(parts, "title", parting);
    seq = other.parting?.here?.seq;
    there.hidden = seq === undefined;
    const { picture: seen, run } = other;
    logs.show({ ...view, run, picture: seen, seen, other: { ...other, picture: view.seen } });
  };
  return { element, show, measure: logs.measure };
}

function partingText(view: LabView, { parting, run, isBefore }: OtherRun): string {
  if (parting === undefined) {
    const isWhole = run.hash !== undefined && view.run.hash !== undefined && !view.veiled;
    return isWhole ? "The two are the same to the end." : "Nothing differs so far.";
  }
  const at = Math.min(parting.here?.at ?? Infinity, parting.there?.at ?? Infinity);
  // What comes next in one of them may come later than the parting.
  const told = (event: TraceEvent | undefined, from: LabView["run"]): string => {
    if (event === undefined) return "it is over";
    const what = sentence(event, from.recording.facts);
    return event.at === at ? what : `next, at ${timeText(event.at)}, ${what}`;
  };
  const sides = [
    { name: isBefore ? "With" : "Without", event: parting.here, of: view.run },
    { name: isBefore ? "Without" : "With", event: parting.there, of: run },
  ];
  // Before a class the change alone says enough.
  const change = sides.filter(({ event }) => event?.type === "fault");
  const said = view.density === "teach" && change.length === 1 ? change : sides;
  const words = said.map(({ name, event, of }) => `${name}: ${told(event, of)}.`);
  return [`They part at ${timeText(at)}.`, ...words].join(" ");
}
