/*
 * What can be broken, below the cluster: pick what, then press whom; of a link, its two ends. The menus of the nodes do the
 * same the other way round.
 */
import type { NodeName } from "#sim";
import { stateWords } from "../model/stage-view.ts";
import { isOver } from "./dialogs/moment.ts";
import { h, setAttribute, setText, textButton } from "./dom.ts";
import { atMs, deeds } from "./node-menu.ts";
import { type Actions, type LabView, isAllowed } from "./view.ts";

export interface StagePalette {
  readonly element: HTMLElement;
  /** `isShown`: there is room for it; what cannot be seen is not picked either. */
  show(view: LabView, isShown: boolean): void;
  /** A node is pressed; false: nothing is picked that could be done to it. */
  take(node: NodeName): boolean;
  /** Puts away what is picked; false: nothing is. */
  drop(): boolean;
}

/** What is picked: something that a node suffers (by its label in the menu of nodes), or a cut. */
interface Tool {
  readonly word: string;
  readonly name: string;
  readonly deed: string | undefined;
}

const tools: readonly Tool[] = [
  { word: "Kill", name: "Kill a node", deed: "Kill" },
  { word: "Power off", name: "Power off a node", deed: "Cut the power" },
  { word: "Pause", name: "Make a node pause", deed: "Pause" },
  { word: "Slow", name: "Slow a node down", deed: "Slow down" },
  { word: "Cut", name: "Cut between two nodes", deed: undefined },
];

export function stagePalette(actions: Actions): StagePalette {
  const state: Picked = { tool: undefined, end: undefined };
  const hint = h("output", { class: "palette-hint" });
  const buttons = tools.map((tool) => {
    const button = textButton(tool.word, tool.name, () => pick(tool));
    setAttribute(button, "aria-label", tool.name);
    return { tool, button };
  });
  const heal = textButton("Heal all", "Whatever is down, cut or slow is well again (H)", () =>
    actions.heal(),
  );
  const topic = topicButton(actions);
  const element = h("div", { class: "palette", role: "toolbar", "aria-label": "Break something" });
  element.append(...buttons.map(({ button }) => button), hint, heal, topic.element);
  let latest: LabView | undefined;

  const again = (): void => {
    for (const { tool, button } of buttons)
      setAttribute(button, "aria-pressed", String(tool === state.tool));
    const isIdle = state.tool === undefined;
    setText(hint, hintOf(state));
    hint.hidden = isIdle;
    heal.hidden = !isIdle;
    topic.element.hidden = !isIdle || !topic.isThere();
  };
  const set = (tool: Tool | undefined, end?: NodeName): void => {
    Object.assign(state, { tool, end });
    again();
  };
  const pick = (tool: Tool): void => set(tool === state.tool ? undefined : tool);
  const take = (node: NodeName): boolean => {
    const { tool, end } = state;
    if (tool === undefined || latest === undefined) return false;
    if (tool.deed !== undefined) {
      set(undefined);
      suffer(actions, latest, node, tool.deed);
    } else if (end === undefined || end === node) set(tool, end === node ? undefined : node);
    else {
      set(undefined);
      actions.dialog("cut", undefined, [[end, node]]);
    }
    return true;
  };
  const drop = (): boolean => {
    const wasPicked = state.tool !== undefined;
    set(undefined);
    return wasPicked;
  };
  const show = (view: LabView, isShown: boolean): void => {
    latest = view;
    element.hidden = !isShown;
    const isLate = isOver(view);
    for (const { tool, button } of buttons) {
      button.hidden = !isAllowed(view, typeOf(tool));
      button.disabled = isLate;
    }
    heal.disabled = isLate;
    topic.show(view);
    const { end } = state;
    const isEndThere = end === undefined || view.places.some(({ name }) => name === end);
    if (isLate || !isShown || !isEndThere) set(undefined);
    else again();
  };
  return { element, show, take, drop };
}

interface Picked {
  tool: Tool | undefined;
  /** Of a cut, the end that is known. */
  end: NodeName | undefined;
}

const hintOf = ({ tool, end }: Picked): string => {
  if (tool === undefined) return "";
  if (tool.deed !== undefined) return `${tool.word}: press a node`;
  return end === undefined ? "Cut: press one end" : `${end}: press the other end`;
};

const typeOf = ({ deed }: Tool) => {
  const done = deeds.find(({ label }) => label === deed);
  return done === undefined ? "cut" : done.fault({ node: "" }, 0).type;
};

/** Does it, or says why not. */
function suffer(actions: Actions, view: LabView, name: NodeName, label: string): void {
  const node = view.picture.nodes.get(name);
  const deed = deeds.find((one) => one.label === label);
  if (deed === undefined) return;
  if (node !== undefined && deed.fits(node))
    return actions.fork([deed.fault({ node: name }, atMs(view.player))]);
  const state = node === undefined ? "not started" : stateWords[node.state];
  actions.notify(`${name} is ${state}: “${label}” does nothing to it.`);
}

/** The menu of the topic; of several topics, of all. */
function topicButton(actions: Actions): {
  readonly element: HTMLButtonElement;
  isThere(): boolean;
  show(view: LabView): void;
} {
  let only: string | undefined;
  let isThere = false;
  const element = textButton("", "Change a setting of a topic (G)", () =>
    actions.dialog("settings", only),
  );
  element.classList.add("topic-button");
  const show = (view: LabView): void => {
    const [first, ...more] = view.run.scenario.topics;
    only = more.length === 0 ? first?.name : undefined;
    isThere = first !== undefined && isAllowed(view, "configChange");
    setText(element, only === undefined ? "Topics …" : `${only} …`);
    setAttribute(
      element,
      "aria-label",
      `Settings of ${only ?? "the topics"}: ${element.textContent}`,
    );
    element.disabled = isOver(view);
  };
  return { element, isThere: () => isThere, show };
}
