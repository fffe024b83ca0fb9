/* One guarantee in full: its sentence, why it matters, when it is promised, how it stands. */
import { type AnyGuarantee, guarantees } from "#sim";
import type { VerdictChange } from "../worker-messages.ts";
import { h, setText } from "./dom.ts";
import { evidenceList } from "./evidence-list.ts";
import { standingText } from "./standing.ts";
import type { Actions, LabView } from "./view.ts";

export interface PromiseDialog {
  readonly element: HTMLDialogElement;
  open(view: LabView, id: string, standing: VerdictChange | undefined): void;
}

export function promiseDialog(actions: Actions): PromiseDialog {
  const body = h("div");
  const close = h("button", { type: "button" }, "Close");
  const pin = h("button", { type: "button" });
  const element = h("dialog", {
    closedby: "any",
    class: "promise-dialog",
    "aria-label": "Guarantee",
  });
  element.append(body, h("p", { class: "foot" }, pin, close));
  close.addEventListener("click", () => element.close());
  const ask = (event: number): void => {
    element.close();
    actions.visit(event);
    actions.select(event);
  };
  const open: PromiseDialog["open"] = (view, id, standing) => {
    const guarantee = guarantees.find((one) => one.id === id);
    if (guarantee === undefined) return;
    const isPinned = view.pinned.includes(id);
    setText(pin, isPinned ? "Unpin" : "Pin to the cards");
    pin.onclick = () => {
      element.close();
      actions.pin(id);
    };
    body.replaceChildren(...contents(guarantee, standing, evidenceList(view, standing, ask)));
    element.showModal();
  };
  return { element, open };
}

function contents(
  guarantee: AnyGuarantee,
  standing: VerdictChange | undefined,
  evidence: readonly Node[],
): readonly Node[] {
  const { sentence, why, preconditions } = guarantee;
  const off = new Set(standing?.off);
  const needs = preconditions.map((one) =>
    h("li", off.has(one.id) ? { class: "is-off" } : {}, one.sentence),
  );
  return [
    // Takes the focus, or the dialog would be scrolled to its first button, which is its last line.
    h("h2", { tabindex: -1, autofocus: true }, sentence),
    h("p", { class: "stands" }, standingText(standing)),
    ...(standing?.evidence ? [h("p", {}, standing.evidence)] : []),
    ...evidence,
    h("p", {}, h("b", {}, "Why it matters: "), why),
    ...(needs.length === 0 ? [] : [h("p", {}, "Promised where:"), h("ul", {}, ...needs)]),
  ];
}
