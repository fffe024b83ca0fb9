/* What can be done to the run with a thumb: choose a node, then what becomes of it; or two ends of a link, to cut it. */
import type { NodeName } from "#sim";
import type { Icon } from "../../marks/icons.ts";
import { h, icon, textButton } from "../dom.ts";
import { isOver } from "../dialogs/moment.ts";
import { newsOf } from "../look/parts.ts";
import { atMs, deedsFor } from "../node-menu.ts";
import { type Actions, type LabView, isAllowed } from "../view.ts";

export interface SheetTabPanel {
  readonly element: HTMLElement;
  show(view: LabView): void;
}

/** What was picked so far. */
interface Picked {
  node: NodeName | undefined;
  /** The next node that is picked is the other end of a link from `node`. */
  isCutting: boolean;
}

export function faultsTab(actions: Actions): SheetTabPanel {
  const nodes = h("div", { class: "sheet-row", role: "group", "aria-label": "Node" });
  const acts = h("div", {
    class: "sheet-row is-wrapping",
    role: "group",
    "aria-label": "What to do",
  });
  const element = h("div", { class: "faults-tab" }, nodes, acts);
  const picked: Picked = { node: undefined, isCutting: false };
  const isNews = newsOf();
  let latest: LabView | undefined;
  const again = (): void => {
    if (latest !== undefined) fill(latest);
  };
  const pick = (name: NodeName): void => {
    if (picked.isCutting && picked.node !== undefined && picked.node !== name) {
      actions.dialog("cut", undefined, [[picked.node, name]]);
      picked.isCutting = false;
    } else picked.node = name;
    again();
  };
  const fill = (view: LabView): void => {
    picked.node ??= view.places.find(({ kind }) => kind === "broker")?.name;
    nodes.replaceChildren(...nodeButtons(view, picked, pick));
    const cut = (): void => {
      picked.isCutting = !picked.isCutting;
      again();
    };
    acts.replaceChildren(...actButtons(view, picked, cut, actions));
  };
  const show = (view: LabView): void => {
    latest = view;
    const states = [...view.picture.nodes.values()].map(({ name, state }) => `${name} ${state}`);
    if (isNews(view.run.id, isOver(view), states.join())) fill(view);
  };
  return { element, show };
}

function nodeButtons(
  { places }: LabView,
  { node, isCutting }: Picked,
  pick: (name: NodeName) => void,
): readonly Node[] {
  const shown = places.filter(({ kind }) => kind !== "verifier");
  const ends = isCutting ? shown.filter(({ name }) => name !== node) : shown;
  const buttons = ends.map(({ name }) => {
    const title = isCutting ? `Cut between ${node ?? ""} and ${name}` : `Choose ${name}`;
    const button = textButton(name, title, () => pick(name));
    button.setAttribute("aria-pressed", String(name === node));
    return button;
  });
  return isCutting ? [h("span", {}, `${node ?? ""} and …`), ...buttons] : buttons;
}

const over = "The applications are done and everything heals: go back in time to break something.";

function actButtons(
  view: LabView,
  { node: name, isCutting }: Picked,
  cut: () => void,
  actions: Actions,
): readonly Node[] {
  if (isOver(view)) return [h("p", { class: "hint" }, over)];
  const cutting = act("link", isCutting ? "Cut nothing" : "Cut a link", cut);
  cutting.setAttribute("aria-pressed", String(isCutting));
  const node = name === undefined ? undefined : view.picture.nodes.get(name);
  const possible = node === undefined ? [] : deedsFor(view, node);
  const own = possible.map(({ label, icon: sign, fault }) =>
    act(sign, label, () => actions.fork([fault({ node: name ?? "" }, atMs(view.player))])),
  );
  const send = act("on", "Send a record", () =>
    actions.dialog("produce", node?.kind === "producer" ? name : undefined),
  );
  const sends = node?.kind === "producer" ? [send, ...own] : own;
  return [
    ...(isCutting ? [] : sends),
    ...(isAllowed(view, "cut") ? [cutting] : []),
    ...(node?.kind === "producer" ? [] : [send]),
    act("dots", "Settings", () => actions.dialog("settings")),
    act("check", "Heal everything", () => actions.heal()),
  ];
}

function act(sign: Icon, label: string, press: () => void): HTMLButtonElement {
  const button = h("button", { type: "button" }, icon(sign), label);
  button.addEventListener("click", press);
  return button;
}
