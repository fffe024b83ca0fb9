/* A dialog with fields, one button that does it and one that leaves all as it is. */
import { h, setText } from "../dom.ts";

export interface FormDialog {
  readonly element: HTMLDialogElement;
  /** What stands under the title, between two openings. */
  readonly hint: HTMLElement;
  readonly fields: HTMLElement;
  /** `possible` false: there is nothing to do now, and the hint says why. */
  open(possible?: boolean): void;
}

/** `submit` does it, or says what is wrong with what was put in. */
export function formDialog(
  name: string,
  verb: string,
  submit: () => string | undefined,
): FormDialog {
  const hint = h("p", { class: "hint" });
  const fields = h("div", { class: "fields" });
  const problem = h("p", { class: "problem", role: "alert" });
  const ok = h("button", { type: "submit", class: "is-first" }, verb);
  const cancel = h("button", { type: "button" }, "Cancel");
  const form = h("form", { method: "dialog" });
  form.append(h("h2", {}, name), hint, fields, problem, h("p", { class: "foot" }, cancel, ok));
  const element = h("dialog", { class: "form-dialog", "aria-label": name });
  element.append(form);
  cancel.addEventListener("click", () => element.close());
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const wrong = submit();
    setText(problem, wrong ?? "");
    if (wrong === undefined) element.close();
  });
  element.addEventListener("click", (event) => {
    if (event.target === element) element.close();
  });
  const open = (possible = true): void => {
    setText(problem, "");
    fields.hidden = !possible;
    ok.hidden = !possible;
    element.showModal();
  };
  return { element, hint, fields, open };
}

/** A field with its name before it, and a hint behind it. */
export function field(name: string, control: HTMLElement, hint = ""): HTMLElement {
  // A label around a list would be read out with everything that can be chosen.
  control.setAttribute("aria-label", name);
  const title = h("span", { class: "field-name", "aria-hidden": "true" }, name);
  title.addEventListener("click", () => control.focus());
  const row = h("div", { class: "field" }, title, control);
  if (hint !== "") {
    control.setAttribute("aria-description", hint);
    row.append(h("span", { class: "field-hint", "aria-hidden": "true" }, hint));
  }
  return row;
}

export type Option = readonly [value: string, text: string];

/** Fills a list of choices and picks one. */
export function choose(
  select: HTMLSelectElement,
  options: readonly Option[],
  picked: string | undefined,
): void {
  select.replaceChildren(...options.map(([value, text]) => h("option", { value }, text)));
  if (picked !== undefined) select.value = picked;
}
