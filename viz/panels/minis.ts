/* All partitions but the one that is shown large, each in small, to be chosen. */
import { select } from "d3";
import { miniColumns, miniHeight, miniStrip } from "../marks/mini-strip.ts";
import type { PartitionPicture } from "../model/picture.ts";
import { type PartitionView, partitionView } from "../model/strip-view.ts";
import { h, s, setText } from "./dom.ts";
import type { Actions, LabView } from "./view.ts";

export interface Minis {
  readonly element: HTMLElement;
  show(view: LabView, partitions: readonly PartitionPicture[]): void;
  measure(): void;
}

/** Of a button, what its name takes and the air around it. */
const nameWidth = 130;
const gap = 16;

export function minis(actions: Actions): Minis {
  const element = h("nav", { class: "minis", "aria-label": "Partition" });
  const draw = new WeakMap<Element, (view: PartitionView) => void>();
  let width = 0;
  const show = (view: LabView, partitions: readonly PartitionPicture[]): void => {
    const columns = miniColumns(width / (partitions.length > 1 ? 2 : 1) - nameWidth - gap);
    const { facts } = view.run.recording;
    const views = partitions.map((one) => partitionView(view.seen, facts, one, columns));
    select(element)
      .selectAll<HTMLButtonElement, PartitionView>("button")
      .data(views, ({ name }) => name)
      .join((enter) => enter.append(newMini))
      .each(function (mini) {
        const [name, svg] = this.children;
        const host = svg?.firstElementChild;
        if (name === undefined || svg === undefined || !(host instanceof SVGGElement)) return;
        const drawMini = draw.get(this) ?? miniStrip(host);
        draw.set(this, drawMini);
        setText(name, mini.name);
        const height = miniHeight(mini.rows.length);
        svg.setAttribute("viewBox", `0 0 ${columns * 10} ${height}`);
        svg.setAttribute("height", String(height));
        this.title = `Show ${mini.name}`;
        this.onclick = () => actions.partition(mini.name);
        drawMini(mini);
      })
      .order();
    element.hidden = partitions.length === 0;
  };
  const measure = (): void => {
    width = element.clientWidth || (element.parentElement?.clientWidth ?? 0);
  };
  return { element, show, measure };
}

function newMini(): HTMLButtonElement {
  const svg = s("svg", { preserveAspectRatio: "xMinYMid meet", "aria-hidden": "true" }, s("g"));
  return h("button", { type: "button", class: "mini" }, h("span", {}), svg);
}
