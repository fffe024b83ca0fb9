/* What the marks of the logs mean, in one line of small examples. */
import { icons } from "../marks/icons.ts";
import { h, s } from "./dom.ts";

type Example = readonly [name: string, draw: () => readonly Node[]];

const cell = (fill: string): Node =>
  s("rect", { x: 1, y: 1, width: 14, height: 12, fill, class: "body" });

/** Words are few: all of it has one line of 772 px (VISUAL.md section 2). */
const examples: readonly Example[] = [
  ["safe", () => [cell("var(--epoch-0)")]],
  [
    "not yet safe",
    () => [
      cell("var(--bg)"),
      s("rect", { x: 1.5, y: 1.5, width: 13, height: 4, fill: "var(--epoch-0)" }),
    ],
  ],
  ["on disk", () => [s("path", { d: "M1,11H15", class: "line synced" })]],
  ["in memory", () => [s("path", { d: "M1,11H15", class: "line cached" })]],
  ["client told", () => [s("path", { d: icons.check, class: "told-kept" })]],
  ["high watermark", () => [s("path", { d: "M8,0V15", class: "mark-line" })]],
  ["log end", () => [s("path", { d: "M5,2H12V13H5", class: "log-end" })]],
  ["reader", () => [s("path", { d: icons.flag, class: "flag-line" })]],
];

export function legend(): HTMLElement {
  const items = examples.map(([name, draw]) =>
    h("li", {}, s("svg", { viewBox: "0 0 16 15", "aria-hidden": "true" }, ...draw()), name),
  );
  const epochs = h("li", {}, epochSwatches(), "epoch");
  return h("ul", { class: "legend", "aria-label": "Legend" }, epochs, ...items);
}

function epochSwatches(): SVGSVGElement {
  const swatches = [0, 1, 2].map((epoch) =>
    s("rect", {
      x: 1 + epoch * 11,
      y: 2,
      width: 11,
      height: 11,
      fill: `var(--epoch-${epoch})`,
      class: "body",
    }),
  );
  return s("svg", { viewBox: "0 0 35 15", class: "wide", "aria-hidden": "true" }, ...swatches);
}
