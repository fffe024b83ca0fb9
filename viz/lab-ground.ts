/* A press beside everything closes what is open, as Esc does. */
import type { State } from "./lab-state.ts";
import type { LabPanels } from "./panels/lab-panels.ts";

/** What is pressed for its own sake, or is read. */
const things = [
  "button, select, input, textarea, label, a, summary, dialog, table",
  "[role=button], [role=tab], [role=slider], [role=gridcell], [role=treeitem]",
  "[data-event], [data-node], [data-look], .partition-name, .lanes, .palette",
  ".inspector, .space-time, .event-table, .sheet, .notice",
].join();

export function listenForGround(panels: LabPanels, state: State): void {
  panels.element.addEventListener("click", (event) => {
    const isOpen = state.selected !== undefined || state.tab !== undefined;
    // Whoever has taken the press says so; whoever marks text does not press.
    if (!isOpen || event.defaultPrevented || !(document.getSelection()?.isCollapsed ?? true))
      return;
    const path = event.composedPath();
    const inner = path.slice(0, path.indexOf(panels.element));
    if (inner.some((part) => part instanceof Element && part.matches(things))) return;
    panels.actions.select(undefined);
  });
}
