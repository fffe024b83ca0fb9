/* What the marks of the logs mean, in one line of small examples; each says more when it is pointed at. */
import { healthGlyph } from "../marks/health-glyph.ts";
import { icons } from "../marks/icons.ts";
import type { Health } from "../model/partition-health.ts";
import type { LogsSize } from "../model/sizes.ts";
import type { PartitionView } from "../model/strip-view.ts";
import { h, s } from "./dom.ts";

type Example = readonly [name: string, meaning: string, draw: () => readonly Node[]];

const cell = (fill: string): Node =>
  s("rect", { x: 1, y: 1, width: 14, height: 12, fill, class: "body" });

const hollow = (): readonly Node[] => [
  cell("var(--bg)"),
  s("rect", { x: 1.5, y: 1.5, width: 13, height: 4, fill: "var(--epoch-0)" }),
];

/** Words are few: all of it has one line of 772 px. */
const examples: readonly Example[] = [
  ["safe", "its broker knows that all in-sync replicas have it", () => [cell("var(--epoch-0)")]],
  ["not yet safe", "its broker does not know yet that all in-sync replicas have it", hollow],
  [
    "on disk",
    "it outlives a power loss of its broker",
    () => [s("path", { d: "M1,11H15", class: "line synced" })],
  ],
  [
    "in memory",
    "only in the machine's memory: gone with the power",
    () => [s("path", { d: "M1,11H15", class: "line cached" })],
  ],
  [
    "client told",
    "a producer was told that it is written",
    () => [s("path", { d: icons.check, class: "told-kept" })],
  ],
  [
    "high watermark",
    "what is left of it, readers get",
    () => [s("path", { d: "M8,0V15", class: "mark-line" })],
  ],
  [
    "log end",
    "where this replica writes next",
    () => [s("path", { d: "M5,2H12V13H5", class: "log-end" })],
  ],
  ["reader", "where a consumer reads on", () => [s("path", { d: icons.flag, class: "flag-line" })]],
];

const lost: Example = [
  "told, lost",
  "a producer was told that it is written, and no broker that is up has it",
  () => [s("path", { d: icons.cross, class: "told-broken" })],
];

const unknown: Example = [
  "told: unknown",
  "a producer was told that nobody knows whether it is written: here it is",
  () => [s("path", { d: icons.question, class: "told-unknown" })],
];

const struck: Example = [
  "cut off",
  "this replica had it, and has just thrown it away to follow its leader",
  () => [...hollow(), s("path", { d: "M3,11L13,4", class: "differs" })],
];

const differs: Example = [
  "≠ differs",
  "the leader has another record at this offset, or none; a tag behind it tells its epoch",
  () => [
    cell("var(--epoch-0)"),
    s("path", { d: "M1,13l2,-4l2,4l2,-4l3,4l2,-4l3,4", class: "differs" }),
  ],
];

const torn: Example = [
  "log start",
  "what was before is let go: its time was over, or somebody deleted it",
  () => [s("path", { d: "M7,0l-3,2l3,2l-3,2l3,2l-3,2l3,2l-3,2", class: "log-start" })],
];

const chosen: Example = [
  "looked into",
  "the record whose life the inspector tells, in every log that holds it",
  () => [
    s("rect", { x: 1, y: 1, width: 14, height: 13, class: "ring" }),
    s("rect", { x: 4, y: 4, width: 8, height: 7, fill: "var(--epoch-0)", class: "body" }),
  ],
];

const epochMeaning = "one colour for each time that a leader was chosen";

/** How a partition stands, where there are many. */
const healths: readonly (readonly [
  name: string,
  meaning: string,
  health: Health,
  isBroken: boolean,
])[] = [
  ["in sync", "every replica has all that is safe", "full", false],
  ["under-replicated", "a replica is not in the ISR", "under", false],
  ["under min ISR", "too few in sync: writes with acks=all are refused", "belowMin", false],
  ["offline", "nobody leads it", "offline", false],
  ["broken", "a promise about it is broken", "full", true],
];

/** Marks that are explained while they are on the screen. */
export interface Struck {
  /** A record that a client was told of is lost. */
  readonly lost: boolean;
  /** A record stands of which its client does not know. */
  readonly unknown: boolean;
  /** A record is struck off. */
  readonly struck: boolean;
  /** A record is not what the leader has. */
  readonly differs: boolean;
  /** A log begins. */
  readonly torn: boolean;
}

/** Which of them some partitions show. */
export const marksIn = (views: readonly PartitionView[]): Struck => ({
  lost: views.some(({ told }) => told.some(({ standing }) => standing === "lost")),
  unknown: views.some(({ told }) => told.some(({ standing }) => standing === "unknown")),
  struck: views.some(({ rows }) => rows.some(({ ghosts }) => ghosts.length > 0)),
  differs: views.some(({ rows }) =>
    rows.some(({ cells }) => cells.some(({ divergent }) => divergent)),
  ),
  torn: views.some(({ rows, first, width }) =>
    rows.some(({ start }) => start > 0 && start >= first && start <= first + width),
  ),
});

export interface Legend {
  readonly element: HTMLElement;
  show(size: LogsSize, marks: Struck): void;
}

/** In this order, as many as there are places for. */
const passing = ["lost", "unknown", "struck", "differs", "torn"] as const;
const mostPassing = 3;

/** What is there for a while takes the places of the marks that need a word least. */
export function legend(): Legend {
  const items = examples.map(item);
  const drawn = { lost, unknown, struck, differs, torn };
  const extra = passing.map((mark) => [mark, item(drawn[mark])] as const);
  const epochs = epochItem();
  const standing = healths.map((one) => item(healthExample(one)));
  // Beside them there is room for what a single strip needs most.
  const few = [epochs, ...items.slice(1, 2), ...items.slice(5, 6)];
  const element = h("ul", { class: "legend", "aria-label": "Legend" });
  let shown = "";
  const show: Legend["show"] = (size, marks) => {
    const key = `${size} ${JSON.stringify(marks)}`;
    if (shown === key) return;
    shown = key;
    const more = extra
      .filter(([mark]) => marks[mark])
      .map(([, one]) => one)
      .slice(0, mostPassing);
    const cells = [epochs, ...items.slice(0, items.length - more.length), ...more];
    element.replaceChildren(...(size === "cells" ? cells : [...standing, ...few, ...more]));
  };
  show("cells", marksIn([]));
  return { element, show };
}

/** Every mark of the logs, each with what it means. */
export function legendInFull(): HTMLElement {
  const line = (name: string, meaning: string, drawn: Node): HTMLElement =>
    h("li", {}, drawn, h("span", {}, h("b", {}, name), `: ${meaning}`));
  const all = [
    ...examples,
    lost,
    unknown,
    struck,
    differs,
    torn,
    chosen,
    ...healths.map(healthExample),
  ];
  return h(
    "ul",
    { class: "marks-in-full", "aria-label": "Marks of the logs" },
    line("epoch", epochMeaning, epochSwatches()),
    ...all.map(([name, meaning, draw]) => line(name, meaning, glyph(draw()))),
  );
}

const healthExample = ([name, meaning, health, isBroken]: (typeof healths)[number]): Example => [
  name,
  meaning,
  () => {
    const square = s("g", { transform: "translate(3,2.5)" });
    healthGlyph(square, 10)(health, isBroken);
    return [square];
  },
];

const glyph = (drawn: readonly Node[]): Node =>
  s("svg", { viewBox: "0 0 16 15", "aria-hidden": "true" }, ...drawn);

const item = ([name, meaning, draw]: Example): HTMLElement =>
  h("li", { title: meaning }, glyph(draw()), name);

const epochItem = (): HTMLElement => h("li", { title: epochMeaning }, epochSwatches(), "epoch");

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
