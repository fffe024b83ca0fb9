/* What can be done to a node, now: each choice edits the scenario, and the run goes on from this moment. */
import type { Fault, NodeName } from "#sim";
import type { Icon } from "../marks/icons.ts";
import type { NodePicture } from "../model/picture.ts";
import type { Player } from "../player/player.ts";
import { h, icon } from "./dom.ts";
import { timeText } from "./time.ts";
import { type Actions, type LabView, isAllowed } from "./view.ts";

interface Deed {
  readonly label: string;
  readonly what: string;
  readonly key: string;
  readonly icon: Icon;
  readonly fault: (target: { readonly node: NodeName }, atMs: number) => Fault;
  readonly fits: (node: NodePicture) => boolean;
}

const isUp = ({ state }: NodePicture): boolean => state === "up";

/** Keys as the help lists them. */
export const deeds: readonly Deed[] = [
  {
    label: "Kill",
    what: "The process is gone; what it wrote stays in the machine's memory",
    key: "K",
    icon: "cross",
    fault: (target, atMs) => ({ type: "crash", target, atMs }),
    fits: ({ state }) => state === "up" || state === "paused",
  },
  {
    label: "Cut the power",
    what: "The machine goes dark; what is not on its disk is gone",
    key: "Shift+K",
    icon: "plug",
    fault: (target, atMs) => ({ type: "powerLoss", target, atMs }),
    fits: ({ state }) => state !== "powerLost" && state !== "failed",
  },
  {
    label: "Pause",
    what: "It stands still, connections stay open",
    key: "Z",
    icon: "pause",
    fault: (target, atMs) => ({ type: "pause", target, atMs }),
    fits: isUp,
  },
  {
    label: "Slow down",
    what: "Every step takes 20 ms more",
    key: "S",
    icon: "dots",
    fault: (target, atMs) => ({ type: "slow", target, atMs, stepMs: 20 }),
    fits: isUp,
  },
  {
    label: "Isolate",
    what: "Nothing gets to it or from it; X picks one link",
    key: "Shift+X",
    icon: "link",
    fault: (target, atMs) => ({ type: "cut", between: [target, { others: true }], atMs }),
    fits: ({ state }) => state !== "failed",
  },
  {
    label: "Stop cleanly",
    what: "It ends in order; a broker hands its partitions over first",
    key: "T",
    icon: "hourglass",
    fault: (target, atMs) => ({ type: "stop", target, atMs }),
    fits: isUp,
  },
  {
    label: "Start again",
    what: "With what is on its disk, or go on after a pause",
    key: "R",
    icon: "restart",
    fault: (target, atMs) => ({ type: "restart", target, atMs }),
    fits: ({ state }) => state !== "up" && state !== "failed",
  },
  {
    label: "Empty the disk",
    what: "The machine is gone, and comes back with a new disk",
    key: "D",
    icon: "disc",
    fault: (target, atMs) => ({ type: "emptyDisk", target, atMs, forMs: 1000 }),
    fits: ({ kind }) => kind === "broker" || kind === "controller",
  },
];

/** What fits a node as it is, and may be done here. */
export const deedsFor = (view: LabView, node: NodePicture): readonly Deed[] =>
  deeds.filter(
    ({ fits, fault }) => fits(node) && isAllowed(view, fault({ node: node.name }, 0).type),
  );

export interface NodeMenu {
  readonly element: HTMLDialogElement;
  open(view: LabView, name: NodeName): void;
}

const knowButton = (): HTMLButtonElement =>
  h("button", { type: "button", title: "Only what this process knows (O)" }, "What it knows");

const askButton = (): HTMLButtonElement =>
  h("button", { type: "button", title: "What led to the state it is in" }, "Why is it so?");

const insideButton = (): HTMLButtonElement =>
  h("button", { type: "button", title: "What it believes, its files, its state" }, "Look inside");

export function nodeMenu(actions: Actions): NodeMenu {
  const title = h("h2");
  const when = h("p", { class: "hint" });
  const choices = h("div", { class: "deeds" });
  const cancel = h("button", { type: "button" }, "Leave it alone");
  const name = "What to do to this node";
  const element = h("dialog", { closedby: "any", class: "node-menu", "aria-label": name });
  const ask = askButton();
  const inside = insideButton();
  const know = knowButton();
  const foot = h("p", { class: "foot" }, cancel, ask, inside, know);
  element.append(title, when, choices, foot);
  let asked = -1;
  ask.addEventListener("click", () => {
    element.close();
    actions.select(asked);
  });
  let opened: NodePicture | undefined;
  inside.addEventListener("click", () => {
    element.close();
    if (opened === undefined) return;
    const { kind, name } = opened;
    const hasDisk = kind === "broker" || kind === "controller";
    actions.lookInside({ node: name, path: undefined }, hasDisk ? "node" : "state");
  });
  know.addEventListener("click", () => {
    element.close();
    actions.lens(opened?.name);
  });
  cancel.addEventListener("click", () => element.close());
  element.addEventListener("click", (event) => {
    if (event.target === element) element.close();
  });
  element.addEventListener("keydown", (event) => {
    const key = (event.shiftKey ? "Shift+" : "") + event.key.toUpperCase();
    const wanted = [...choices.children].find((deed) => deed.getAttribute("data-key") === key);
    if (wanted instanceof HTMLElement) wanted.click();
  });

  const sendButton = (name: NodeName): HTMLButtonElement =>
    deedButton(sendDeed, () => {
      element.close();
      actions.dialog("produce", name);
    });

  const open = (view: LabView, name: NodeName): void => {
    const node = view.picture.nodes.get(name);
    if (node === undefined) return;
    asked = node.event;
    opened = node;
    title.textContent = `${name}, ${node.kind}`;
    const isOver = atMs(view.player) >= view.run.scenario.durationMs;
    when.textContent = isOver
      ? "The applications are done and everything heals: go back in time to break something."
      : `At ${timeText(view.player.at)}: the run goes its own way from here.`;
    const possible = isOver ? [] : deedsFor(view, node);
    const buttons = possible.map((deed) =>
      deedButton(deed, () => {
        element.close();
        actions.fork([deed.fault({ node: name }, atMs(view.player))]);
      }),
    );
    const sends = isOver || node.kind !== "producer" ? [] : [sendButton(name)];
    choices.replaceChildren(...sends, ...buttons);
    element.showModal();
  };
  return { element, open };
}

/** Scenario times are milliseconds with up to three decimals. */
export const atMs = ({ at }: Player): number => Math.floor(at) / 1000;

/** What only a producer can do. */
const sendDeed = {
  label: "Send a record",
  what: "With a key and a value of your own",
  key: "P",
  icon: "on",
} as const;

type Shown = Pick<Deed, "label" | "what" | "key" | "icon">;

function deedButton({ label, what, key, icon: sign }: Shown, press: () => void): HTMLButtonElement {
  const button = h("button", {
    type: "button",
    class: "deed",
    "data-deed": label,
    "data-key": key,
  });
  button.append(
    icon(sign),
    h("span", { class: "deed-label" }, label),
    h("kbd", {}, key),
    h("span", { class: "deed-what" }, what),
  );
  button.addEventListener("click", press);
  return button;
}
