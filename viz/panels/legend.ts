/* What the marks of the logs mean, in one line of small examples. */
import { healthGlyph } from "../marks/health-glyph.ts";
import { icons } from "../marks/icons.ts";
import type { Health } from "../model/partition-health.ts";
import type { LogsSize } from "../model/sizes.ts";
import { h, s } from "./dom.ts";

type Example = readonly [name: string, draw: () => readonly Node[]];

const cell = (fill: string): Node =>
  s("rect", { x: 1, y: 1, width: 14, height: 12, fill, class: "body" });

/** Words are few: all of it has one line of 772 px. */
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

/** How a partition stands, where there are many. */
const healths: readonly (readonly [name: string, health: Health, isBroken: boolean])[] = [
  ["in sync", "full", false],
  ["under-replicated", "under", false],
  ["under min ISR", "belowMin", false],
  ["offline", "offline", false],
  ["broken", "full", true],
];

export interface Legend {
  readonly element: HTMLElement;
  show(size: LogsSize): void;
}

export function legend(): Legend {
  const items = examples.map(([name, draw]) => item(name, ...draw()));
  const epochs = h("li", {}, epochSwatches(), "epoch");
  const standing = healths.map(([name, health, isBroken]) => {
    const glyph = s("g", { transform: "translate(3,2.5)" });
    healthGlyph(glyph, 10)(health, isBroken);
    return item(name, glyph);
  });
  // Beside them there is room for what a single strip needs most.
  const few = [epochs, ...items.slice(1, 2), ...items.slice(5, 6)];
  const element = h("ul", { class: "legend", "aria-label": "Legend" });
  let shown: LogsSize | undefined;
  const show = (size: LogsSize): void => {
    if (shown === size) return;
    shown = size;
    element.replaceChildren(...(size === "cells" ? [epochs, ...items] : [...standing, ...few]));
  };
  show("cells");
  return { element, show };
}

const item = (name: string, ...drawn: readonly Node[]): HTMLElement =>
  h("li", {}, s("svg", { viewBox: "0 0 16 15", "aria-hidden": "true" }, ...drawn), name);

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
