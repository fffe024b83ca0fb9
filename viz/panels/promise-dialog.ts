/* One guarantee in full: its sentence, why it matters, when it is promised, how it stands. */
import { type AnyGuarantee, guarantees } from "#sim";
import type { VerdictChange } from "../worker-messages.ts";
import { h } from "./dom.ts";
import { standingText } from "./standing.ts";
import type { Actions } from "./view.ts";

export interface PromiseDialog {
  readonly element: HTMLDialogElement;
  open(id: string, standing: VerdictChange | undefined): void;
}

export function promiseDialog(actions: Actions): PromiseDialog {
  const body = h("div");
  const close = h("button", { type: "button" }, "Close");
  const ask = h("button", { type: "button" }, "Show where, and why");
  const element = h("dialog", { class: "promise-dialog", "aria-label": "Guarantee" });
  element.append(body, h("p", { class: "foot" }, close, ask));
  let event: number | null = null;
  close.addEventListener("click", () => element.close());
  ask.addEventListener("click", () => {
    element.close();
    if (event === null) return;
    actions.visit(event);
    actions.select(event);
  });
  const open = (id: string, standing: VerdictChange | undefined): void => {
    const guarantee = guarantees.find((one) => one.id === id);
    if (guarantee === undefined) return;
    event = standing?.event ?? null;
    ask.hidden = event === null;
    body.replaceChildren(...contents(guarantee, standing));
    element.showModal();
  };
  return { element, open };
}

function contents(guarantee: AnyGuarantee, standing: VerdictChange | undefined): readonly Node[] {
  const { sentence, why, preconditions } = guarantee;
  const off = new Set(standing?.off);
  const needs = preconditions.map((one) =>
    h("li", off.has(one.id) ? { class: "is-off" } : {}, one.sentence),
  );
  return [
    h("h2", {}, sentence),
    h("p", {}, why),
    ...(needs.length === 0 ? [] : [h("p", {}, "Promised where:"), h("ul", {}, ...needs)]),
    h("p", { class: "stands" }, standingText(standing)),
    ...(standing?.evidence ? [h("p", {}, standing.evidence)] : []),
  ];
}
