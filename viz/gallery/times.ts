/* The run on one line. */
import { type TimelineView, timeline, timelineHeight } from "../marks/timeline.ts";
import type { FaultBar } from "../model/fault-bars.ts";
import { icons, type Icon, isLine } from "../marks/icons.ts";
import { s } from "../panels/dom.ts";
import { hatch } from "../panels/textures.ts";
import { axisText } from "../panels/time.ts";
import type { Chapter, MarkExample } from "./example.ts";

const seconds = (value: number): number => value * 1_000_000;
const width = 772;

const quiet: TimelineView = {
  width,
  end: seconds(10),
  known: seconds(10),
  at: 0,
  reach: undefined,
  faults: [],
  turns: [],
  others: undefined,
  parting: undefined,
  violations: [],
  tick: (at) => axisText(at, seconds(10)),
};

const crash: FaultBar = {
  group: 1,
  seq: 1,
  from: seconds(0.5),
  to: seconds(1.8),
  isEdit: false,
  targets: ["b1"],
  sentence: "b1 crashes",
  name: "crash b1",
  row: 0,
  rows: 1,
};
const faults: readonly FaultBar[] = [
  crash,
  { ...crash, seq: 12, from: seconds(2), to: seconds(5.5), rows: 2, group: 12 },
  { ...crash, seq: 2, from: seconds(4), to: null, row: 1, rows: 2, group: 12 },
  { ...crash, seq: 3, from: seconds(6.5), to: seconds(6.5), isEdit: true, rows: 2, name: "" },
];

const turn = (seq: number, at: number, kind: TimelineView["turns"][number]["kind"]) => ({
  seq,
  at: seconds(at),
  kind,
  sentence: kind,
});

const eventful: TimelineView = {
  ...quiet,
  at: seconds(4.2),
  faults,
  turns: [
    turn(4, 3.1, "election"),
    turn(5, 3.4, "isr"),
    turn(6, 5.7, "truncation"),
    turn(7, 6.2, "loss"),
    turn(8, 8, "phase"),
    turn(9, 8.2, "heal"),
  ],
  violations: [
    { seq: 10, at: seconds(6.1), isPromised: true },
    { seq: 11, at: seconds(7.2), isPromised: false },
  ],
};

/** As in the lab at 1280 x 720. */
const layout = { gutter: 92, isMerged: false };

function line(
  id: string,
  title: string,
  says: string,
  view: TimelineView,
  dark = false,
): MarkExample {
  return {
    id: `time-${id}`,
    title,
    says,
    width,
    height: timelineHeight(layout, view.others !== undefined),
    dark,
    defs: () => hatch("hatch"),
    draw: (host) => timeline(host)(view, layout),
  };
}

export const times: Chapter = {
  id: "times",
  title: "Time",
  marks: [
    line("quiet", "Quiet", "Nothing happened that turns a run.", quiet),
    line(
      "eventful",
      "Eventful",
      "Faults with their ends, an edit, an election, a smaller ISR, a truncation, a loss, the heal; a promise breaks.",
      eventful,
    ),
    line("half-known", "Half known", "What is not computed yet is shaded.", {
      ...eventful,
      known: seconds(4.5),
    }),
    line("compared", "Compared", "The other run has a lane of its own; the two part at 4 s.", {
      ...eventful,
      others: [turn(4, 3.1, "election"), turn(8, 8, "phase")],
      parting: seconds(4),
    }),
    line("eventful-dark", "Eventful, dark", "The same in the dark.", eventful, true),
  ],
};

/** All icons, as they are drawn on buttons and marks. */
export const iconSheet: Chapter = {
  id: "icons",
  title: "Icons",
  marks: [
    {
      id: "icons",
      title: "Icons",
      says: "Paths in a box of 16, so that no font can change them.",
      width: Object.keys(icons).length * 32 + 8,
      height: 40,
      draw: (host) => {
        for (const [index, name] of (Object.keys(icons) as Icon[]).entries()) {
          const look = isLine(name)
            ? { fill: "none", stroke: "var(--ink)", "stroke-width": 2 }
            : { fill: "var(--ink)" };
          const place = { transform: `translate(${12 + index * 32},12)` };
          host.append(s("path", { d: icons[name], ...look, ...place }));
        }
      },
    },
  ],
};
