/* A cut, a delay or silence between two sides: who they are was drawn across links, or is picked here. */
import type { Fault, NodeName } from "#sim";
import { h } from "../dom.ts";
import { atMs } from "../node-menu.ts";
import type { Actions, LabView } from "../view.ts";
import { choose, field, formDialog, type Option } from "./form.ts";
import { isOver, momentText } from "./moment.ts";

export type Pair = readonly [NodeName, NodeName];

export interface CutDialog {
  readonly element: HTMLDialogElement;
  /** `pairs`: the links that were crossed; empty: two ends are picked. `from`: one end is known. */
  open(view: LabView, pairs: readonly Pair[], from?: NodeName): void;
}

const everybody = "others";
/** What can be done between two sides, as they are called. */
const kindsOf = (a: string, b: string): readonly Option[] => [
  ["both", "Cut it, both ways"],
  ["forth", `Cut only ${a} → ${b}`],
  ["back", `Cut only ${b} → ${a}`],
  ["delay", "Make it slow: 50 to 100 ms more"],
  ["reset", "Reset open connections"],
  ["blackHole", "Open connections fall silent"],
];

export function cutDialog(actions: Actions): CutDialog {
  const first = h("select");
  const second = h("select");
  const kind = h("select");
  const ends = h("div", { class: "ends" });
  ends.append(field("Between", first), field("and", second));
  const crossed = h("p", { class: "crossed" });
  let view: LabView | undefined;
  let pairs: readonly Pair[] = [];
  const dialog = formDialog("Break the network", "Do it", () => {
    if (view === undefined) return undefined;
    const at = atMs(view.player);
    const chosen: readonly Pair[] = pairs.length > 0 ? pairs : [[first.value, second.value]];
    if (chosen.some(([a, b]) => a === b)) return "Pick two different ends.";
    actions.fork(chosen.map((pair) => faultOf(kind.value, pair, at)));
    return undefined;
  });
  /** Each way is called by its ends; where several links were crossed, by where they stand in their list. */
  const nameWays = (): void => {
    const [only, ...more] = pairs;
    const picked = [first.value, second.value === everybody ? "the others" : second.value] as const;
    const [a, b] = more.length > 0 ? ["left", "right"] : (only ?? picked);
    choose(kind, kindsOf(a, b), kind.value === "" ? "both" : kind.value);
  };
  for (const end of [first, second]) end.addEventListener("change", nameWays);
  dialog.fields.append(ends, crossed, field("What", kind));
  const open = (now: LabView, drawn: readonly Pair[], from?: NodeName): void => {
    view = now;
    pairs = drawn;
    const names = now.places.filter(({ kind: of }) => of !== "verifier").map(({ name }) => name);
    const options = names.map((name): Option => [name, name]);
    choose(first, options, from ?? names[0]);
    choose(second, [[everybody, "everybody else"], ...options], everybody);
    ends.hidden = drawn.length > 0;
    crossed.textContent = drawn.map(([a, b]) => `${a} – ${b}`).join(", ");
    kind.value = "both";
    nameWays();
    dialog.hint.textContent = momentText(now);
    dialog.open(!isOver(now));
  };
  return { element: dialog.element, open };
}

function faultOf(kind: string, [a, b]: Pair, at: number): Fault {
  const side = (name: NodeName) =>
    name === everybody ? { others: true as const } : { node: name };
  const [from, to] = kind === "back" ? [side(b), side(a)] : [side(a), side(b)];
  const between = [from, to] as const;
  switch (kind) {
    case "forth":
    case "back":
      return { type: "cut", atMs: at, between, oneWay: true };
    case "delay":
      return { type: "delay", atMs: at, between, addMs: [50, 100] };
    case "reset":
      return { type: "reset", atMs: at, between };
    case "blackHole":
      return { type: "blackHole", atMs: at, between };
    default:
      return { type: "cut", atMs: at, between };
  }
}
