// A partition that is read by two groups: the log stays as it is, each group's bookmark moves.
import { type Deck, cell, element, onMove } from "./component.ts";

const keys = "DGDDGDGD";

/** What a group has committed: the next offset that it will read. Each press moves a bookmark. */
const steps = [
  { billing: 3, shipping: 3 },
  { billing: 6, shipping: 3 },
  { billing: 6, shipping: 5 },
] as const;

/** `host` is followed by empty `.fragment` elements of its slide, one for each move. */
export function bookmarks(host: HTMLElement, deck: Deck): void {
  const offsets = element("div", "row offsets", element("span", "label", "offset"));
  const log = element("div", "row", element("span", "label", "orders-0"));
  for (const [offset, key] of [...keys].entries()) {
    offsets.append(element("span", "cell number", String(offset)));
    log.append(cell(key));
  }
  const lanes = (["billing", "shipping"] as const).map((group) => {
    const flag = element("span", "flag", "⚑");
    const lane = element("div", "row lane", element("span", "label", group), flag);
    return { group, flag, lane };
  });
  host.append(offsets, log, ...lanes.map(({ lane }) => lane));

  const show = (): void => {
    const pressed = host.closest("section")?.querySelectorAll(".move.visible").length ?? 0;
    const step = steps[Math.min(pressed, steps.length - 1)] ?? steps[0];
    for (const { group, flag } of lanes) flag.style.setProperty("--at", String(step[group]));
  };
  show();
  onMove(deck, show);
}
