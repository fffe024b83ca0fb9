/* Records of the reader's own, before they are sent: which field is the key, and what that makes of them. */
import { type RecordTable, type Scenario, ScenarioError, keyedBy, withRecords } from "#sim";
import { h, setText } from "./dom.ts";

export interface RecordsDialog {
  readonly element: HTMLDialogElement;
  /** `scenario` is the one whose producers would send them. */
  open(scenario: Scenario, file: string, table: RecordTable): void;
}

/** How many records are shown as they would be sent. */
const shownRecords = 4;
/** What stands for "no field" in the list of fields. */
const noKey = "";

/** `take` gets the scenario whose producers send the records, and the file's name. */
export function recordsDialog(take: (scenario: Scenario, file: string) => void): RecordsDialog {
  const about = h("p");
  const field = h("select", { "aria-label": "Which field is the key?" });
  const examples = h("ol", { class: "record-examples" });
  const problem = h("p", { class: "record-problem", role: "alert" });
  const send = h("button", { type: "button", class: "record-send" }, "Send them");
  const cancel = h("button", { type: "button" }, "Cancel");
  const element = h("dialog", { class: "records-dialog", "aria-label": "Your records" });
  element.append(
    h("h2", {}, "Your records"),
    about,
    h("p", {}, h("label", {}, "Which field is the key? ", field)),
    examples,
    problem,
    h("p", { class: "hint" }, "The run begins anew: its producers send these, in this order."),
    h("p", { class: "foot" }, send, cancel),
  );
  let asked: { scenario: Scenario; file: string; table: RecordTable } | undefined;
  const keyed = () =>
    asked === undefined
      ? []
      : keyedBy(asked.table, field.value === noKey ? undefined : field.value);
  const show = (): void => {
    setText(problem, "");
    try {
      const lines = keyed().slice(0, shownRecords);
      examples.replaceChildren(
        ...lines.map(({ key, value }) =>
          h("li", {}, h("b", {}, key ?? "no key"), ` ${value.slice(0, 120)}`),
        ),
      );
      send.disabled = false;
    } catch (error) {
      if (!(error instanceof ScenarioError)) throw error;
      examples.replaceChildren();
      setText(problem, error.message);
      send.disabled = true;
    }
  };
  field.addEventListener("change", show);
  cancel.addEventListener("click", () => element.close());
  send.addEventListener("click", () => {
    element.close();
    if (asked !== undefined) take(withRecords(asked.scenario, keyed()), asked.file);
  });
  const open = (scenario: Scenario, file: string, table: RecordTable): void => {
    asked = { scenario, file, table };
    const { fields, rows } = table;
    const are = rows.length === 1 ? "1 record" : `${rows.length} records`;
    setText(about, `${file} has ${are}, with the fields ${fields.join(", ")}.`);
    field.replaceChildren(
      ...fields.map((name) => h("option", { value: name }, name)),
      h("option", { value: noKey }, "none"),
    );
    field.value = fields.find((name) => /key/i.test(name)) ?? fields[0] ?? noKey;
    show();
    element.showModal();
  };
  return { element, open };
}
