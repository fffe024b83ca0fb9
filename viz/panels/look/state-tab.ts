/* Everything that a process is, as a tree. */
import type { StateNode } from "../../look/questions.ts";
import { h } from "../dom.ts";
import type { Actions, LabView } from "../view.ts";
import type { InsideTab } from "./message-tab.ts";
import { hint, momentOf, newsOf, nodeIn, nodePicker, waitingFor } from "./parts.ts";
import { type TreeItem, tree } from "./tree.ts";

const any = (): boolean => true;

export function stateTab(actions: Actions): InsideTab {
  const picker = nodePicker(actions, "state", any);
  const states = tree("State of the process", () => undefined);
  const body = h("div", { class: "look-body" });
  const element = h("div", { class: "look" }, picker.element, body);
  const isNews = newsOf();

  const show = (view: LabView): void => {
    const node = nodeIn(view, any);
    picker.show(view, node);
    if (node === undefined) return body.replaceChildren(hint("Nothing runs here."));
    const looked = view.look({ type: "state", node, moment: momentOf(view) });
    const { answer } = looked;
    if (answer?.type !== "state") return body.replaceChildren(waitingFor(looked));
    if (!isNews(answer)) return;
    if (answer.state === undefined) {
      return body.replaceChildren(hint(`${node} is down: there is no process and no state.`));
    }
    if (states.element.parentElement !== body) body.replaceChildren(states.element);
    states.show((answer.state.parts ?? []).map((part) => itemOf(part, `${node}/${part.name}`)));
  };
  return { element, show };
}

function itemOf(node: StateNode, id: string): TreeItem {
  const { name, text, parts } = node;
  return {
    id,
    name: `${name}: ${text}`,
    content: [h("span", { class: "field-name" }, name), h("span", { class: "field-text" }, text)],
    open: false,
    ...(parts === undefined
      ? {}
      : { parts: () => parts.map((part) => itemOf(part, `${id}/${part.name}`)) }),
  };
}
