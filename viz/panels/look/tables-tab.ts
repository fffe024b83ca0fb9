/*
 * Each region as a table: nodes, replicas, faults and turning points, promises. They follow the time; a row's name leads
 * to the event that made it so.
 */
import { guarantees } from "#sim";
import { type TableView, logsTable, nodesTable, timelineTable } from "../../model/tables.ts";
import { verdictsAt } from "../../run.ts";
import { h, setAttribute, setText } from "../dom.ts";
import { titleOf } from "../guarantee-titles.ts";
import { standingText } from "../standing.ts";
import { timeText } from "../time.ts";
import type { Actions, LabView } from "../view.ts";

export interface TablesTab {
  readonly element: HTMLElement;
  show(view: LabView): void;
}

interface Region {
  readonly name: string;
  /** Its rows are times: a press goes there, where that of another asks why. */
  readonly isInTime?: true;
  readonly tableOf: (view: LabView) => TableView;
}

/** In the order in which they stand on the screen. */
const regions: readonly Region[] = [
  { name: "Cluster", tableOf: ({ seen, places }) => nodesTable(seen, places) },
  { name: "Logs", tableOf: ({ seen, run }) => logsTable(seen, run.recording.facts) },
  {
    name: "Timeline",
    isInTime: true,
    tableOf: ({ run }) => timelineTable(run.recording, timeText),
  },
  { name: "Guarantees", isInTime: true, tableOf: guaranteesTable },
];

export function tablesTab(actions: Actions): TablesTab {
  let chosen = regions[0];
  let latest: LabView | undefined;
  const buttons = regions.map((region) => {
    const attributes = { type: "button", "aria-label": `${region.name} table` };
    const button = h("button", attributes, region.name);
    button.addEventListener("click", () => {
      chosen = region;
      if (latest !== undefined) show(latest);
    });
    return [region, button] as const;
  });
  const choice = h("div", { class: "table-choice", role: "group", "aria-label": "Which table" });
  choice.append(...buttons.map(([, button]) => button));
  const caption = h("caption");
  const head = h("thead");
  const body = h("tbody");
  const table = h("table", { class: "region-table" }, caption, head, body);
  const scroller = h("div", { class: "table-scroller", tabindex: 0, role: "group" }, table);
  body.addEventListener("click", ({ target }) => {
    const seq = (target as Element).closest("button")?.dataset["row"];
    if (seq === undefined) return;
    if (chosen?.isInTime === true) actions.visit(Number(seq));
    else actions.select(Number(seq));
  });
  const element = h("div", { class: "tables-tab" }, choice, scroller);
  const show = (view: LabView): void => {
    latest = view;
    if (chosen === undefined) return;
    for (const [region, button] of buttons)
      setAttribute(button, "aria-pressed", String(region === chosen));
    const { columns, rows } = chosen.tableOf(view);
    const which = chosen.name === "Timeline" ? "of the whole run, seen from" : "at";
    setText(caption, `${chosen.name} ${which} ${timeText(view.player.at)}`);
    setAttribute(scroller, "aria-label", `${chosen.name} as a table`);
    fill(head, 1, () => ({ event: -1, cells: columns }), "col");
    fill(body, rows.length, (index) => rows[index], "row");
  };
  return { element, show };
}

function guaranteesTable({ run, player }: LabView): TableView {
  const last = run.recording.events[player.count - 1]?.seq ?? -1;
  const standing = verdictsAt(run, last);
  const rows = guarantees.map(({ id, sentence }) => {
    const now = standing.get(id);
    const told = now?.evidence ?? "";
    return { event: now?.event ?? -1, cells: [titleOf(id), standingText(now), told, sentence] };
  });
  return { columns: ["Promise", "Stands", "What broke it", "In full"], rows };
}

/** Rows and cells stay where they are, and get other words: whoever reads one goes on reading. */
function fill(
  part: HTMLTableSectionElement,
  count: number,
  rowAt: (index: number) => TableView["rows"][number] | undefined,
  scope: "col" | "row",
): void {
  while (part.rows.length > count) part.deleteRow(-1);
  for (let index = 0; index < count; index += 1) {
    const row = rowAt(index);
    if (row === undefined) continue;
    const line = part.rows[index] ?? part.insertRow();
    setAttribute(line, "data-event", row.event < 0 ? undefined : String(row.event));
    while (line.cells.length > row.cells.length) line.deleteCell(-1);
    for (const [place, text] of row.cells.entries()) {
      const isName = scope === "col" || place === 0;
      const cell = line.cells[place] ?? line.appendChild(isName ? h("th", { scope }) : h("td"));
      if (scope === "row" && place === 0) name(cell, text, row.event);
      else setText(cell, text);
    }
  }
}

/** A row that an event has made is a button by its name. */
function name(cell: HTMLElement, text: string, event: number): void {
  const button = cell.querySelector("button");
  if (event < 0) {
    if (button !== null) cell.replaceChildren();
    return setText(cell, text);
  }
  const own = button ?? h("button", { type: "button" });
  if (button === null) cell.replaceChildren(own);
  setText(own, text);
  own.dataset["row"] = String(event);
}
