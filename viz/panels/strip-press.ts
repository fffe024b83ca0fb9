/* What pressing a mark of the logs does, by pointer, fingertip or key. */
import { topicOf } from "../model/sizes.ts";
import type { RecordPlace } from "../model/record-life.ts";
import { type StripGrid, stripGrid } from "./strip-grid.ts";
import type { Actions } from "./view.ts";

/** Marks can be pressed, and walked to by keyboard. */
export function pressable(actions: Actions, element: HTMLElement, body: HTMLElement): StripGrid {
  element.addEventListener("click", (event) => {
    const target = event.target as Element;
    const stub = target.closest("[data-look]");
    if (stub !== null) {
      const partition = stub.closest("[data-partition]")?.getAttribute("data-partition") ?? "";
      return actions.look(partition, Number(stub.getAttribute("data-look")));
    }
    const name = target.closest(".partition-name")?.textContent ?? "";
    if (name !== "") return actions.dialog("settings", topicOf(name));
    const mark = nearestCell(target, event.clientX) ?? target.closest("[data-event]");
    if (mark !== null) press(actions, mark);
  });
  return stripGrid(body, {
    press: (mark) => press(actions, mark),
    why: (mark) => actions.select(seqOf(mark), "why"),
    cellAt: nearestCell,
  });
}

const seqOf = (mark: Element): number => Number(mark.getAttribute("data-event") ?? -1);

/** Opens what a mark stands for: a record's life, else why its event happened. */
function press(actions: Actions, mark: Element): void {
  const seq = seqOf(mark);
  if (seq < 0) return;
  const record = recordIn(mark, seq);
  actions.select(seq, record === undefined ? "why" : "record");
  if (record !== undefined) actions.lookInside({ record }, "record");
}

/** The record that a cell stands for. */
function recordIn(mark: Element, event: number): RecordPlace | undefined {
  const offset = mark.getAttribute("data-offset");
  const partition = mark.closest("[data-partition]")?.getAttribute("data-partition");
  if (offset === null || !partition) return undefined;
  return { partition, offset: Number(offset), event };
}

/**
 * The record that is pressed. A row takes presses for its records, which are too small for a fingertip: the nearest within
 * reach of one.
 */
function nearestCell(target: Element, x: number): Element | undefined {
  const pressed = target.closest(".cell");
  if (pressed !== null || !target.matches(".row-ground")) return pressed ?? undefined;
  const centre = (cell: Element): number => {
    const { left, right } = cell.getBoundingClientRect();
    return Math.abs(x - (left + right) / 2);
  };
  const cells = [...(target.closest(".replica")?.querySelectorAll(".live .cell") ?? [])];
  const near = cells.filter((cell) => centre(cell) < fingertip);
  return near.sort((a, b) => centre(a) - centre(b))[0];
}

const fingertip = 44;
