/* Lights the place of the hop that is looked at: the node it happened on, and the marks that it put there. */
import { rowOf } from "../model/space-time.ts";
import type { LabView } from "./view.ts";

/** `roots`: where marks are. Returns what shows a view. */
export function litMarks(roots: readonly Element[]): (view: LabView) => void {
  let lit: Element[] = [];
  return ({ chain, hop, places, tab }) => {
    for (const mark of lit) mark.removeAttribute("data-lit");
    lit = [];
    const event = tab === "why" ? chain[hop]?.event : undefined;
    if (event === undefined) return;
    const node = rowOf(
      event,
      places.map(({ name }) => name),
    );
    const wanted = [`[data-event="${event.seq}"]`, ...(node ? [`.card[data-node="${node}"]`] : [])];
    lit = roots.flatMap((root) => [...root.querySelectorAll(wanted.join())]);
    for (const mark of lit) mark.setAttribute("data-lit", String(hop + 1));
  };
}
