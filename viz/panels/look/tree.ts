/* A tree that opens and closes, as the ARIA pattern has it: one tab stop, arrows move, right opens, left closes. */
import { h, setAttribute } from "../dom.ts";

export interface TreeItem {
  /** Unique in its tree; begins with that of the item around it and a slash. */
  readonly id: string;
  /** What a reader who does not see it hears. */
  readonly name: string;
  readonly content: readonly (Node | string)[];
  /** Absent: nothing is inside. */
  readonly parts?: () => readonly TreeItem[];
  /** Whether it is open until somebody closes it. */
  readonly open: boolean;
}

export interface Tree {
  readonly element: HTMLElement;
  /** What was opened, closed and focused under the same ids stays so. */
  show(items: readonly TreeItem[]): void;
  /** Opens what is around an item and moves the focus to it. */
  reveal(id: string): void;
  /** Marks an item, or what is around it while that is closed, in view if `isSought`; undefined: none. */
  light(id: string | undefined, isSought?: boolean): void;
}

/** `pointed`: an item has the focus or the pointer; undefined: the pointer has left. */
export function tree(
  label: string,
  pointed: (id: string | undefined, by: "focus" | "pointer") => void,
): Tree {
  const root = h("ul", { class: "tree", role: "tree", "aria-label": label });
  const chosen = new Map<string, boolean>();
  let shown: readonly TreeItem[] = [];
  let current = "";

  const isOpen = (item: TreeItem): boolean => chosen.get(item.id) ?? item.open;
  const itemOf = (id: string | undefined): HTMLElement | undefined =>
    [...root.querySelectorAll<HTMLElement>("[role=treeitem]")].find(
      ({ dataset }) => dataset["id"] === id,
    );
  const drawAll = (): void => {
    const top = root.parentElement?.scrollTop ?? 0;
    const hadFocus = (root.getRootNode() as ShadowRoot).activeElement?.closest(".tree") === root;
    root.replaceChildren(...drawn(shown, 1, current, isOpen));
    const focused = itemOf(current) ?? root.querySelector<HTMLElement>("[role=treeitem]");
    if (focused) {
      current = focused.dataset["id"] ?? "";
      focused.tabIndex = 0;
      if (hadFocus) focused.focus({ preventScroll: true });
    }
    if (root.parentElement !== null) root.parentElement.scrollTop = top;
  };
  const focus = (element: HTMLElement | null | undefined): void => {
    if (!element) return;
    const before = itemOf(current);
    if (before !== undefined) before.tabIndex = -1;
    current = element.dataset["id"] ?? "";
    element.tabIndex = 0;
    element.focus();
    element.querySelector(".tree-row")?.scrollIntoView({ block: "nearest" });
  };
  const toggle = (id: string, open: boolean): void => {
    chosen.set(id, open);
    current = id;
    drawAll();
    focus(itemOf(id));
  };

  listen(root, { focus, toggle, pointed });
  return {
    element: root,
    show: (items) => {
      shown = items;
      drawAll();
    },
    reveal: (id) => {
      for (let at = id.indexOf("/"); at >= 0; at = id.indexOf("/", at + 1)) {
        chosen.set(id.slice(0, at), true);
      }
      drawAll();
      focus(itemOf(id));
    },
    light: (id, isSought = false) => {
      const lit = nearest(id, itemOf);
      if (isSought) lit?.querySelector(".tree-row")?.scrollIntoView({ block: "nearest" });
      for (const element of root.querySelectorAll("[role=treeitem]")) {
        setAttribute(element, "data-lit", element === lit ? "true" : undefined);
      }
    },
  };
}

/** The items as list elements, those inside of open ones too. */
function drawn(
  items: readonly TreeItem[],
  level: number,
  current: string,
  isOpen: (item: TreeItem) => boolean,
): readonly HTMLElement[] {
  return items.map((item) => {
    const row = h("div", { class: "tree-row" }, ...item.content);
    const element = h("li", { role: "treeitem", "aria-label": item.name, "aria-level": level });
    element.dataset["id"] = item.id;
    element.tabIndex = item.id === current ? 0 : -1;
    element.append(row);
    if (item.parts === undefined) return element;
    const open = isOpen(item);
    element.setAttribute("aria-expanded", String(open));
    if (open) {
      const inner = drawn(item.parts(), level + 1, current, isOpen);
      element.append(h("ul", { role: "group" }, ...inner));
    }
    return element;
  });
}

/** The item, or the nearest one around it that is drawn. */
function nearest(
  id: string | undefined,
  itemOf: (id: string) => HTMLElement | undefined,
): HTMLElement | undefined {
  let outer = id ?? "";
  let found = itemOf(outer);
  while (found === undefined && outer.includes("/")) {
    outer = outer.slice(0, outer.lastIndexOf("/"));
    found = itemOf(outer);
  }
  return found;
}

interface Hands {
  readonly focus: (element: HTMLElement | null | undefined) => void;
  readonly toggle: (id: string, open: boolean) => void;
  readonly pointed: (id: string | undefined, by: "focus" | "pointer") => void;
}

function listen(root: HTMLElement, { focus, toggle, pointed }: Hands): void {
  const itemAt = (event: Event): HTMLElement | null =>
    (event.target as Element).closest<HTMLElement>("[role=treeitem]");
  const flip = (item: HTMLElement): void => {
    const state = item.getAttribute("aria-expanded");
    if (state !== null) toggle(item.dataset["id"] ?? "", state === "false");
  };
  root.addEventListener("click", (event) => {
    const item = itemAt(event);
    if (item === null) return;
    focus(item);
    flip(item);
  });
  root.addEventListener("focusin", (event) => pointed(itemAt(event)?.dataset["id"], "focus"));
  root.addEventListener("pointerover", (event) => {
    pointed(itemAt(event)?.dataset["id"], "pointer");
  });
  root.addEventListener("pointerleave", () => pointed(undefined, "pointer"));
  root.addEventListener("keydown", (event) => {
    const item = itemAt(event);
    if (item === null || event.ctrlKey || event.altKey || event.metaKey) return;
    if (!onKey(event.key, root, item, focus, flip)) return;
    event.preventDefault();
    event.stopPropagation();
  });
}

function onKey(
  key: string,
  root: HTMLElement,
  item: HTMLElement,
  focus: Hands["focus"],
  flip: (item: HTMLElement) => void,
): boolean {
  const all = [...root.querySelectorAll<HTMLElement>("[role=treeitem]")];
  const at = all.indexOf(item);
  const expanded = item.getAttribute("aria-expanded");
  switch (key) {
    case "ArrowDown":
      focus(all[at + 1]);
      return true;
    case "ArrowUp":
      focus(all[at - 1]);
      return true;
    case "ArrowRight":
      if (expanded === "false") flip(item);
      else if (expanded === "true") focus(all[at + 1]);
      return true;
    case "ArrowLeft":
      if (expanded === "true") flip(item);
      else focus(item.parentElement?.closest<HTMLElement>("[role=treeitem]"));
      return true;
    case "Home":
      focus(all[0]);
      return true;
    case "End":
      focus(all.at(-1));
      return true;
    case "Enter":
    case " ":
      flip(item);
      return true;
    default:
      return false;
  }
}
