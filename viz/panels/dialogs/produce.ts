/* A record of one's own, sent through one of the producers. */
import type { NodeName } from "#sim";
import { h } from "../dom.ts";
import { atMs } from "../node-menu.ts";
import type { Actions, LabView } from "../view.ts";
import { choose, field, formDialog } from "./form.ts";
import { isOver, momentText } from "./moment.ts";

export interface ProduceDialog {
  readonly element: HTMLDialogElement;
  open(view: LabView, producer?: NodeName): void;
}

/** The most characters of a key or a value (as the scenario's schema has it). */
const mostText = 200;

export function produceDialog(actions: Actions): ProduceDialog {
  const producer = h("select");
  const key = h("input", { maxlength: mostText, spellcheck: "false", placeholder: "none" });
  const value = h("input", { maxlength: mostText, spellcheck: "false" });
  const partition = h("select");
  let view: LabView | undefined;
  const dialog = formDialog("Send a record", "Send it", () => {
    if (view === undefined) return undefined;
    actions.fork([
      {
        type: "produce",
        atMs: atMs(view.player),
        producer: producer.value,
        value: value.value,
        ...(key.value === "" ? {} : { key: key.value }),
        ...(partition.value === "" ? {} : { partition: Number(partition.value) }),
      },
    ]);
    return undefined;
  });
  dialog.fields.append(
    field("Producer", producer),
    field("Key", key, "The same key always comes to the same partition."),
    field("Value", value),
    field("Partition", partition),
  );
  const showPartitions = (): void => {
    if (view === undefined) return;
    const { topics, workload } = view.run.scenario;
    const topic = workload.producers.find(({ name }) => name === producer.value)?.topic;
    const count = topics.find(({ name }) => name === topic)?.partitions ?? 1;
    const each = Array.from({ length: count }, (_, i) => [String(i), `${topic}-${i}`] as const);
    choose(partition, [["", "as the key says"], ...each], "");
  };
  producer.addEventListener("change", showPartitions);
  const open = (now: LabView, asked?: NodeName): void => {
    view = now;
    const names = now.run.scenario.workload.producers.map(({ name }) => name);
    choose(
      producer,
      names.map((name) => [name, name]),
      asked ?? names[0],
    );
    showPartitions();
    const isPossible = !isOver(now) && names.length > 0;
    dialog.hint.textContent = names.length > 0 ? momentText(now) : "There is no producer.";
    dialog.open(isPossible);
    if (isPossible) key.focus();
  };
  return { element: dialog.element, open };
}
