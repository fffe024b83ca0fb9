/* The space–time diagram as a table: a row for each process, what it sent, got and did in the order of time. */
import type { PlaceRow } from "../model/space-places.ts";
import { h } from "./dom.ts";
import { timeText } from "./time.ts";
import type { Actions, LabView } from "./view.ts";

export interface SpaceTable {
  readonly element: HTMLElement;
  show(view: LabView, rows: readonly PlaceRow[]): void;
}

export function spaceTable(actions: Actions): SpaceTable {
  const table = h("table", { role: "grid", "aria-label": "Space–time, a row for each process" });
  const element = h("div", { class: "st-table" }, table);
  let shown: readonly PlaceRow[] = [];
  table.addEventListener("click", (event) => {
    const cell = (event.target as Element).closest("[data-event]");
    if (cell !== null) actions.select(Number(cell.getAttribute("data-event")));
  });
  table.addEventListener("keydown", (event) => onKey(event, table, actions));
  const show = ({ space }: LabView, rows: readonly PlaceRow[]): void => {
    element.hidden = !space.table;
    if (!space.table || rows === shown) return;
    shown = rows;
    const filled = rows.filter(({ places }) => places.length > 0);
    table.replaceChildren(...filled.map(rowElement));
    table.querySelector("td")?.setAttribute("tabindex", "0");
  };
  return { element, show };
}

function rowElement({ node, places }: PlaceRow): HTMLElement {
  const cells = places.map(({ event, at, text }) =>
    h(
      "td",
      { role: "gridcell", tabindex: -1, "data-event": event, "data-at": at },
      h("time", {}, timeText(at)),
      ` ${text}`,
    ),
  );
  return h("tr", {}, h("th", { scope: "row" }, node), ...cells);
}

/** One tab stop; arrows move it along a row and between rows, there to what is nearest in time. */
function onKey(event: KeyboardEvent, table: HTMLElement, actions: Actions): void {
  const cell = (event.target as Element).closest("td");
  if (cell === null || event.shiftKey || event.ctrlKey || event.altKey) return;
  if (event.key === "Enter") actions.select(Number(cell.dataset["event"]));
  else {
    const next = neighbour(cell, event.key);
    if (next === undefined) return;
    for (const one of table.querySelectorAll("td[tabindex='0']")) {
      one.setAttribute("tabindex", "-1");
    }
    next.setAttribute("tabindex", "0");
    next.focus();
  }
  event.preventDefault();
  event.stopPropagation();
}

function neighbour(cell: HTMLElement, key: string): HTMLElement | undefined {
  const row = cell.parentElement;
  switch (key) {
    case "ArrowLeft":
      return asCell(cell.previousElementSibling) ?? cell;
    case "ArrowRight":
      return asCell(cell.nextElementSibling) ?? cell;
    case "ArrowUp":
      return closestIn(row?.previousElementSibling, cell) ?? cell;
    case "ArrowDown":
      return closestIn(row?.nextElementSibling, cell) ?? cell;
    default:
      return undefined;
  }
}

const asCell = (element: Element | null): HTMLElement | undefined =>
  element instanceof HTMLTableCellElement && element.tagName === "TD" ? element : undefined;

function closestIn(row: Element | null | undefined, cell: HTMLElement): HTMLElement | undefined {
  const at = Number(cell.dataset["at"]);
  const far = (one: HTMLElement): number => Math.abs(Number(one.dataset["at"]) - at);
  const cells = [...(row?.querySelectorAll<HTMLElement>("td") ?? [])];
  return cells.sort((a, b) => far(a) - far(b))[0];
}
