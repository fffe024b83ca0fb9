/* All that can be changed about a run at this moment, one press away; each has a key of its own. */
import { h, icon } from "../dom.ts";
import type { Icon } from "../../marks/icons.ts";
import type { Actions, DialogName } from "../view.ts";

interface Change {
  readonly label: string;
  readonly what: string;
  readonly key: string;
  readonly icon: Icon;
  readonly do: (actions: Actions) => void;
}

const opening = (name: DialogName) => (actions: Actions) => actions.dialog(name);

/** Keys as the help lists them. */
const changes: readonly Change[] = [
  {
    label: "Send a record",
    what: "With a key and a value of your own",
    key: "P",
    icon: "on",
    do: opening("produce"),
  },
  {
    label: "Settings",
    what: "acks, min.insync.replicas, unclean elections",
    key: "G",
    icon: "dots",
    do: opening("settings"),
  },
  {
    label: "Break the network",
    what: "Between any two; or drag a line across links on the stage",
    key: "X",
    icon: "cross",
    do: opening("cut"),
  },
  {
    label: "Heal everything",
    what: "Whatever is down, cut or slow is well again",
    key: "H",
    icon: "check",
    do: (actions) => actions.heal(),
  },
  {
    label: "Scenario as JSON",
    what: "Everything that the run is made of",
    key: "J",
    icon: "link",
    do: opening("scenario"),
  },
];

/** What the menu returns unless nothing is to be changed. */
const chosen = "chosen";

export function changeMenu(actions: Actions): HTMLDialogElement {
  // Not closed by a press beside it: the lifting of what has dragged the time line up would be one.
  const element = h("dialog", { class: "node-menu", "aria-label": "Change the run" });
  const buttons = changes.map((change) => {
    const button = h("button", { type: "button", class: "deed", "data-key": change.key });
    button.append(
      icon(change.icon),
      h("span", { class: "deed-label" }, change.label),
      h("kbd", {}, change.key),
      h("span", { class: "deed-what" }, change.what),
    );
    button.addEventListener("click", () => {
      element.close(chosen);
      change.do(actions);
    });
    return button;
  });
  const cancel = h("button", { type: "button" }, "Leave it alone");
  cancel.addEventListener("click", () => element.close());
  element.append(
    h("h2", {}, "Change the run"),
    h("div", { class: "deeds" }, ...buttons),
    h("p", { class: "hint" }, "To kill, pause or slow a broker, press it on the stage."),
    h("p", { class: "foot" }, cancel),
  );
  element.addEventListener("keydown", (event) => {
    const key = event.key.toUpperCase();
    buttons.find((button) => button.dataset["key"] === key)?.click();
  });
  element.addEventListener("close", () => {
    if (element.returnValue !== chosen) actions.stay();
  });
  element.addEventListener("click", (event) => {
    if (event.target === element) element.close();
  });
  return element;
}
