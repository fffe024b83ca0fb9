/*
 * Over the stage, never over the logs: why something happened, hop by hop; where a record is; what is inside of messages,
 * nodes and processes; every event around now; each region as a table.
 */
import { h, iconButton, setAttribute, textButton } from "./dom.ts";
import { eventList } from "./event-list.ts";
import { messageTab } from "./look/message-tab.ts";
import { nodeTab } from "./look/node-tab.ts";
import { recordTab } from "./look/record-tab.ts";
import { stateTab } from "./look/state-tab.ts";
import { tablesTab } from "./look/tables-tab.ts";
import { whyTab } from "./why-tab.ts";
import type { Actions, InspectorTab, LabView } from "./view.ts";

export interface InspectorPanel {
  readonly element: HTMLElement;
  show(view: LabView): void;
}

const titles: readonly (readonly [tab: InspectorTab, label: string, title: string])[] = [
  ["why", "Why?", "What led to it (W)"],
  ["record", "Record", "Where a record is, and how it got there"],
  ["message", "Message", "What a message says, and its bytes"],
  ["node", "Broker", "What a broker or controller believes, its files, its settings"],
  ["state", "State", "Everything that a process is"],
  ["events", "Events", "Every event (I)"],
  ["tables", "Tables", "Cluster, logs, timeline and guarantees as tables (A)"],
];

export function inspectorPanel(actions: Actions): InspectorPanel {
  const buttons = titles.map(([tab, label, title]) => {
    const button = textButton(label, title, () => actions.inspect(tab));
    for (const [name, value] of [
      ["role", "tab"],
      ["data-tab", tab],
      ["aria-controls", "inspector-body"],
    ] as const) {
      button.setAttribute(name, value);
    }
    return [tab, button] as const;
  });
  const list = h("div", { class: "tab-list", role: "tablist", "aria-label": "Inspector" });
  list.append(...buttons.map(([, button]) => button));
  list.addEventListener("keydown", (event) => onTabKey(event, buttons, actions));
  const close = iconButton("cross", "Close", "Esc", () => actions.inspect(undefined));
  close.classList.add("inspector-close");
  const tabs = h("div", { class: "tabs" }, list, close);
  const body = h("div", { class: "inspector-body", id: "inspector-body", role: "tabpanel" });
  body.tabIndex = -1;
  const element = h("section", { class: "inspector", "aria-label": "Inspector" }, tabs, body);
  const panels = {
    record: recordTab(actions),
    message: messageTab(actions),
    node: nodeTab(actions),
    state: stateTab(actions),
    why: whyTab(actions),
    events: eventList(actions),
    tables: tablesTab(actions),
  };

  const show = (view: LabView): void => {
    const { tab } = view;
    element.hidden = tab === undefined;
    for (const [name, button] of buttons) {
      setAttribute(button, "aria-selected", String(tab === name));
      button.tabIndex = tab === name ? 0 : -1;
    }
    if (tab === undefined) return;
    const focused = focusIn(body);
    const panel = panels[tab];
    if (panel.element.parentElement !== body) body.replaceChildren(panel.element);
    setAttribute(body, "aria-label", titles.find(([name]) => name === tab)?.[1]);
    panel.show(view);
    if (focused !== undefined) keepFocus(body, focused);
  };
  return { element, show };
}

/** The element in `body` that has the focus. */
function focusIn(body: HTMLElement): Element | undefined {
  const { activeElement } = body.getRootNode() as ShadowRoot;
  return activeElement !== null && body.contains(activeElement) ? activeElement : undefined;
}

/** What had the focus may have been drawn anew: the focus goes to its like, or stays where the keys work. */
function keepFocus(body: HTMLElement, before: Element): void {
  if (focusIn(body) !== undefined) return;
  const seq = before.getAttribute("data-event");
  const again = seq === null ? null : body.querySelector<HTMLElement>(`[data-event="${seq}"]`);
  (again ?? body).focus({ preventScroll: true });
}

/** Left and right move along the tabs. */
function onTabKey(
  event: KeyboardEvent,
  buttons: readonly (readonly [InspectorTab, HTMLButtonElement])[],
  actions: Actions,
): void {
  const at = buttons.findIndex(([, button]) => button === event.target);
  const step = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
  const next = buttons[(at + step + buttons.length) % buttons.length];
  if (at < 0 || step === 0 || next === undefined) return;
  event.preventDefault();
  event.stopPropagation();
  actions.inspect(next[0]);
  next[1].focus();
}
