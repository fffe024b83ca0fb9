/* Fields beside their bytes: what has the pointer or the focus on one side is marked on the other. */
import type { FieldView } from "../../look/field-view.ts";
import type { ByteRange } from "../../look/questions.ts";
import { h, setText } from "../dom.ts";
import { hexView } from "./hex.ts";
import { type TreeItem, tree } from "./tree.ts";

export interface FieldsPane {
  readonly element: HTMLElement;
  /** `opened`: lists show what is inside of them. */
  show(fields: FieldView, bytes: Uint8Array, opened: boolean, kept?: readonly ByteRange[]): void;
}

interface Leaf {
  readonly id: string;
  readonly field: FieldView;
}

export function fieldsPane(label: string): FieldsPane {
  const said = h("p", { class: "said", "aria-live": "polite" });
  const where = h("p", { class: "look-where" });
  let byId = new Map<string, FieldView>();
  let leaves: readonly Leaf[] = [];

  const lightField = (id: string | undefined): void => {
    const field = id === undefined ? undefined : byId.get(id);
    bytesView.light(field === undefined ? undefined : [field.from, field.to]);
    setText(where, field === undefined ? "" : `${titleOf(field)}: ${placeOf(field)}`);
  };
  const fieldsTree = tree(label, (id, by) => {
    if (by === "pointer" && id === undefined) return;
    fieldsTree.light(id);
    lightField(id);
  });
  const bytesView = hexView((at, by) => {
    const leaf = at === undefined ? undefined : leafAt(leaves, at);
    if (leaf === undefined) return;
    if (by === "press") return fieldsTree.reveal(leaf.id);
    fieldsTree.light(leaf.id, by === "cursor");
    lightField(leaf.id);
    if (by === "cursor")
      setText(said, `${leaf.field.name} ${leaf.field.text}, ${placeOf(leaf.field)}`);
  });
  const scroller = h("div", { class: "look-fields" }, fieldsTree.element);
  const element = h("div", { class: "look-pane" }, scroller, bytesView.element, where, said);
  return {
    element,
    show: (fields, bytes, opened, kept) => {
      byId = new Map();
      const top = fields.parts ?? [fields];
      const items = top.map((field, i) => itemOf(field, String(i), i, opened, byId));
      leaves = [...byId].flatMap(([id, field]) =>
        field.parts === undefined && field.from < field.to ? [{ id, field }] : [],
      );
      fieldsTree.show(items);
      bytesView.show(bytes, kept);
      setText(where, "");
    },
  };
}

/** Of a long list, so many of its first items are open. */
const openItems = 3;

function itemOf(
  field: FieldView,
  id: string,
  index: number,
  opened: boolean,
  byId: Map<string, FieldView>,
): TreeItem {
  byId.set(id, field);
  const { name, kind, text, problem, parts } = field;
  const content = [
    h("span", { class: "field-name" }, name),
    h("span", { class: "field-text" }, text),
    h("span", { class: "field-bytes" }, rangeText(field)),
  ];
  if (problem !== undefined) content.push(h("span", { class: "field-problem" }, problem));
  const spoken = [`${name}${text === "" ? "" : ` ${text}`}`, placeOf(field), problem];
  const isDeep = parts?.some((part) => part.parts !== undefined) === true;
  const isList = kind === "struct" || kind === "array" || isDeep;
  const isFar = index >= openItems && /^(\[|batch |record |entry )/.test(name);
  const inner = parts?.map((part, i) => itemOf(part, `${id}/${i}`, i, opened, byId));
  return {
    id,
    name: spoken.filter((part) => part !== undefined).join(", "),
    content,
    open: opened && isList && !isFar && name !== "header",
    ...(inner === undefined ? {} : { parts: () => inner }),
  };
}

/** What is made of parts needs no word for how it is written. */
const titleOf = ({ name, kind, parts }: FieldView): string =>
  parts === undefined ? `${name} (${kind})` : name;

const rangeText = ({ from, to }: FieldView): string =>
  to - from <= 1 ? (to === from ? "–" : String(from)) : `${from}–${to - 1}`;

/** Which bytes a field stands in, in words. */
function placeOf({ from, to }: FieldView): string {
  if (from === to) return "no bytes";
  return to - from === 1 ? `byte ${from}` : `bytes ${from} to ${to - 1}`;
}

/** The leaf that holds a byte, by halving: leaves rise. */
function leafAt(leaves: readonly Leaf[], at: number): Leaf | undefined {
  let low = 0;
  let high = leaves.length;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if ((leaves[middle]?.field.to ?? Infinity) <= at) low = middle + 1;
    else high = middle;
  }
  return leaves[low];
}
