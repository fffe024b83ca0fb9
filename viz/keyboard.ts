/* Keys work while the focus is inside the lab, and stop there (WCAG 2.1.4). */
import type { NodeName } from "#sim";
import type { Actions, Jump } from "./panels/view.ts";

export interface Keys {
  readonly actions: Actions;
  /** The node whose card has the focus. */
  focused(): NodeName | undefined;
  /** Does to a node what its menu offers under this key; false if it does not fit now. */
  act(node: NodeName, key: string): boolean;
  /** Why? of what is chosen, else of what was told last; asked again, the next hop (-1: the one before). */
  why(direction: 1 | -1): void;
  /** What the focused process knows, or all again. */
  lens(): void;
  /** Lets the next of what a record has stand in the cells. */
  cells(): void;
  /** Asks for a record by offset or key. */
  find(): void;
  /** Puts the focus into a part of the screen. */
  enter(part: "stage" | "logs"): void;
  /** Opens the space–time diagram, or closes it. */
  space(): void;
  /** Deselects; false if nothing was open, so that the key goes on to whoever is around the lab. */
  close(): boolean;
  leap(share: number): void;
  ends(end: "start" | "end"): void;
}

const jumps: Readonly<Record<string, readonly Jump[]>> = {
  f: ["fault"],
  e: ["election"],
  u: ["truncation"],
  v: ["violation"],
};

export function onKey(event: KeyboardEvent, keys: Keys): void {
  const path = event.composedPath();
  // A dialog has keys of its own; Escape closes it.
  if (path.some((part) => part instanceof HTMLDialogElement)) return;
  const [target] = path;
  if (target instanceof HTMLInputElement && target.type !== "range") return;
  if (target instanceof HTMLTextAreaElement) return;
  if (target instanceof HTMLSelectElement) return;
  if (isPress(target) && (event.key === " " || event.key === "Enter")) return;
  if (!handle(event, keys)) return;
  event.preventDefault();
  event.stopPropagation();
}

const isPress = (target: EventTarget | undefined): boolean =>
  target instanceof HTMLButtonElement ||
  (target instanceof SVGElement && target.getAttribute("role") === "button");

function handle(event: KeyboardEvent, keys: Keys): boolean {
  const key = event.key.toLowerCase();
  if (event.ctrlKey || event.metaKey) {
    if (key !== "z") return false;
    if (event.shiftKey) keys.actions.redo();
    else keys.actions.undo();
    return true;
  }
  if (event.altKey) return false;
  return (
    onTime(event, keys) ||
    onNode(event, keys) ||
    onChange(key, keys) ||
    onPanel(key, event.shiftKey, keys)
  );
}

function onTime(event: KeyboardEvent, { actions, leap, ends }: Keys): boolean {
  const direction = event.key === "ArrowLeft" ? -1 : 1;
  switch (event.key) {
    case " ":
      actions.toggle();
      return true;
    case "ArrowLeft":
    case "ArrowRight":
      if (event.shiftKey) actions.beat(direction);
      else actions.step(direction);
      return true;
    case ",":
      actions.faster(1 / 2);
      return true;
    case ".":
      actions.faster(2);
      return true;
    case "Home":
      ends("start");
      return true;
    case "End":
      ends("end");
      return true;
    case "PageUp":
      leap(-0.1);
      return true;
    case "PageDown":
      leap(0.1);
      return true;
    default:
      return onJump(event, actions);
  }
}

function onJump(event: KeyboardEvent, actions: Actions): boolean {
  const kinds = jumps[event.key.toLowerCase()];
  if (kinds === undefined) return false;
  actions.jump(kinds, event.shiftKey ? -1 : 1);
  return true;
}

function onNode(event: KeyboardEvent, keys: Keys): boolean {
  const node = keys.focused();
  if (node === undefined || event.key.length !== 1) return false;
  return keys.act(node, (event.shiftKey ? "Shift+" : "") + event.key.toUpperCase());
}

/** Changes of the run; what a focused node can do comes first. */
function onChange(key: string, { actions, focused }: Keys): boolean {
  switch (key) {
    case "p":
      actions.dialog("produce");
      return true;
    case "g":
      actions.dialog("settings");
      return true;
    case "x":
      actions.dialog("cut", focused());
      return true;
    case "h":
      actions.heal();
      return true;
    case "j":
      actions.dialog("scenario");
      return true;
    case "y":
      actions.compare();
      return true;
    case "n":
      actions.dialog("stops");
      return true;
    default:
      return false;
  }
}

function onPanel(key: string, isBack: boolean, keys: Keys): boolean {
  const { actions, why, close } = keys;
  switch (key) {
    case "o":
      keys.lens();
      return true;
    case "c":
      keys.cells();
      return true;
    case "/":
      keys.find();
      return true;
    case "1":
      keys.enter("stage");
      return true;
    case "2":
      keys.enter("logs");
      return true;
    case "3":
      keys.space();
      return true;
    case "w":
      why(isBack ? -1 : 1);
      return true;
    case "i":
      actions.inspect("events");
      return true;
    case "a":
      actions.inspect("tables");
      return true;
    case "l":
      actions.share();
      return true;
    case "?":
      actions.help();
      return true;
    case "escape":
      return close();
    default:
      return false;
  }
}
