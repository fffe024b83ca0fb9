/* What playing stops at: kind of event, guarantee, process, partition and offset. */
import { guarantees, type Scenario } from "#sim";
import { type Stop, kindWord, stopKinds } from "../../model/stops.ts";
import { h } from "../dom.ts";
import type { Actions, LabView } from "../view.ts";
import { choose, field, formDialog, type Option } from "./form.ts";

export interface StopsDialog {
  readonly element: HTMLDialogElement;
  open(view: LabView): void;
}

const anything: Option = ["", "any"];

export function stopsDialog(actions: Actions): StopsDialog {
  const kind = h("select");
  const guarantee = h("select");
  const node = h("select");
  const partition = h("select");
  const offset = h("input", { inputmode: "numeric", placeholder: "any", size: 8 });
  const guaranteeRow = field("Guarantee", guarantee);
  const eventRows = [
    field("On", node),
    field("In", partition),
    field("From offset", offset, "or behind it"),
  ];
  let view: LabView | undefined;
  const dialog = formDialog("Stop when …", "Stop there", () => {
    const asked = offset.value.trim();
    if (asked !== "" && !/^\d{1,12}$/.test(asked)) return "An offset is a whole number from 0 on.";
    const stop: Stop =
      kind.value === "violation"
        ? { kind: "violation", ...named("guarantee", guarantee.value) }
        : {
            kind: kind.value as Stop["kind"],
            ...named("node", node.value),
            ...named("partition", partition.value),
            ...(asked === "" ? {} : { offset: Number(asked) }),
          };
    if (stop.kind === "any" && Object.keys(stop).length === 1)
      return "Anything at all would stop at once: say on which process or in which partition.";
    actions.stops([...(view?.stops ?? []), stop]);
    return undefined;
  });
  const showRows = (): void => {
    guaranteeRow.hidden = kind.value !== "violation";
    for (const row of eventRows) row.hidden = kind.value === "violation";
  };
  kind.addEventListener("change", showRows);
  dialog.fields.append(field("What", kind), guaranteeRow, ...eventRows);
  const open = (now: LabView): void => {
    view = now;
    choose(
      kind,
      stopKinds.map((one): Option => [one, kindWord(one)]),
      "election",
    );
    choose(guarantee, [anything, ...guarantees.map(({ id }): Option => [id, id])], "");
    choose(node, [anything, ...now.places.map(({ name }): Option => [name, name])], "");
    choose(
      partition,
      [anything, ...partitionsOf(now.run.scenario).map((one): Option => [one, one])],
      "",
    );
    offset.value = "";
    showRows();
    dialog.hint.textContent = "Playing stops right behind the first event that fits.";
    dialog.open();
  };
  return { element: dialog.element, open };
}

const partitionsOf = ({ topics }: Scenario): readonly string[] =>
  topics.flatMap(({ name, partitions }) =>
    Array.from({ length: partitions }, (_, index) => `${name}-${index}`),
  );

const named = (key: "guarantee" | "node" | "partition", value: string) =>
  value === "" ? {} : { [key]: value };
