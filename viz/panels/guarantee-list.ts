/* All guarantees of the catalogue in a dialog: what the cards have no room for. */
import type { VerdictChange } from "../worker-messages.ts";
import { h, setAttribute, setText } from "./dom.ts";
import { titleOf } from "./guarantee-titles.ts";
import { standingText } from "./standing.ts";

/** One line of the list. */
export interface ListedGuarantee {
  readonly id: string;
  readonly standing: VerdictChange | undefined;
  /** When it broke, in microseconds. */
  readonly brokenAt: number | undefined;
}

export interface GuaranteeList {
  readonly element: HTMLDialogElement;
  open(this: void): void;
  /** Cheap while the dialog is closed. */
  show(all: readonly ListedGuarantee[]): void;
}

/** `choose` is told which guarantee was pressed. */
export function guaranteeList(
  choose: (id: string, standing: VerdictChange | undefined) => void,
): GuaranteeList {
  const lines = h("ul", { class: "guarantee-list" });
  const close = h("button", { type: "button" }, "Close");
  const element = h("dialog", {
    closedby: "any",
    class: "guarantee-dialog",
    "aria-label": "All guarantees",
  });
  element.append(h("h2", {}, "All guarantees"), lines, h("p", { class: "foot" }, close));
  close.addEventListener("click", () => element.close());
  let latest: readonly ListedGuarantee[] = [];
  const fill = (): void => {
    lines.replaceChildren(
      ...latest.map(({ id, standing, brokenAt }) => {
        const name = h("span", { class: "promise" });
        const stands = h("span", { class: "evidence" });
        setText(name, titleOf(id));
        setText(stands, standingText(standing, brokenAt));
        const line = h("button", { type: "button" }, name, stands);
        setAttribute(line, "data-listed", id);
        setAttribute(line, "data-state", standing?.state ?? "open");
        line.addEventListener("click", () => {
          element.close();
          choose(id, standing);
        });
        return h("li", {}, line);
      }),
    );
  };
  const open = (): void => {
    fill();
    element.showModal();
  };
  const show = (all: readonly ListedGuarantee[]): void => {
    latest = all;
  };
  return { element, open, show };
}
