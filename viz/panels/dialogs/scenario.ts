/* The scenario as text: whatever is wrong with it is said at its place while it is typed. */
import { parseScenarioText, type Scenario, ScenarioError } from "#sim";
import { h, setText } from "../dom.ts";
import type { Actions, LabView } from "../view.ts";
import { formDialog } from "./form.ts";
import { placeOf } from "./json-place.ts";

export interface ScenarioDialog {
  readonly element: HTMLDialogElement;
  open(view: LabView): void;
}

export function scenarioDialog(actions: Actions): ScenarioDialog {
  const text = h("textarea", { spellcheck: "false", "aria-label": "Scenario as JSON", rows: 20 });
  const state = h("p", { class: "schema-state", role: "status" });
  const dialog = formDialog("The scenario as JSON", "Run it", () => {
    const scenario = read(text, state);
    if (scenario === undefined) return "Mend it first: the line above says what is wrong.";
    actions.replace(scenario);
    return undefined;
  });
  dialog.element.classList.add("scenario-dialog");
  dialog.fields.append(text, state);
  text.addEventListener("input", () => void read(text, state));
  // Enter is a new line here, and Tab leaves: nobody is caught in it.
  text.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) text.form?.requestSubmit();
  });
  const open = ({ run }: LabView): void => {
    text.value = JSON.stringify(run.scenario, undefined, 2);
    dialog.hint.textContent =
      "Edit anything. The run begins anew and comes back to this time; Ctrl+Z takes it back. Ctrl+Enter runs it.";
    read(text, state);
    dialog.open();
    text.setSelectionRange(0, 0);
    text.scrollTop = 0;
  };
  return { element: dialog.element, open };
}

/** The scenario, or undefined, having said what is wrong and where. */
function read(text: HTMLTextAreaElement, state: HTMLElement): Scenario | undefined {
  try {
    const scenario = parseScenarioText(text.value);
    setText(state, "✓ This is a scenario.");
    state.classList.remove("is-bad");
    text.removeAttribute("aria-invalid");
    return scenario;
  } catch (error) {
    if (!(error instanceof ScenarioError)) throw error;
    const line = placeOf(text.value, error.path);
    setText(state, `${line === undefined ? "" : `Line ${line}: `}${error.message}`);
    state.classList.add("is-bad");
    text.setAttribute("aria-invalid", "true");
    return undefined;
  }
}
