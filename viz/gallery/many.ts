/* Where there is no room for cards and cells: partitions as tiles and lines, brokers as chips and tiles in their racks. */
import { type Place, stageLayout, stageSizes } from "../marks/geometry.ts";
import { heatColumns, heatPitch, heatTile } from "../marks/heat-tile.ts";
import { links } from "../marks/link.ts";
import { miniColumns, miniHeight, miniStrip } from "../marks/mini-strip.ts";
import { nodeMark } from "../marks/node-mark.ts";
import { nodeCard } from "../marks/node-card.ts";
import { rackFrames } from "../marks/rack-frames.ts";
import { multiple, multipleHeight, smallMultiple } from "../marks/small-multiple.ts";
import { standingWords } from "../marks/standing-glyph.ts";
import type { LineMark, MultipleView, RunView } from "../model/multiple-view.ts";
import type { Health, PartitionHealth } from "../model/partition-health.ts";
import type { MarkView, Standing } from "../model/stage-many.ts";
import { s } from "../panels/dom.ts";
import { stageWords } from "../panels/stage-words.ts";
import type { Chapter, MarkExample } from "./example.ts";
import { card, wire } from "./nodes.ts";
import { type StripMade, row, strip } from "./hand-made.ts";

const healths: readonly (readonly [health: Health, isBroken: boolean, words: string])[] = [
  ["full", false, "all in sync"],
  ["under", false, "under-replicated"],
  ["belowMin", false, "under min ISR"],
  ["offline", false, "offline"],
  ["absent", false, "not created"],
  ["full", true, "promise broken"],
  ["offline", true, "offline, broken"],
];

const partition = (name: string, health: Health, isBroken = false): PartitionHealth => {
  const leader = health === "offline" || health === "absent" ? -1 : 1;
  return { name, health, isBroken, event: 0, leader, epoch: 2, words: name };
};

const tileRoom = 124;

/** Every state with its word, three times as large as in the lab. */
const tileStates = (id: string, title: string, dark: boolean): MarkExample => ({
  id,
  title,
  says: "What one tile among hundreds can tell, three times as large; a ring is a broken promise.",
  width: healths.length * tileRoom,
  height: 56,
  dark,
  draw: (host) => {
    for (const [index, [health, isBroken, words]] of healths.entries()) {
      const x = index * tileRoom;
      const tile = s("g");
      host.append(s("g", { transform: `translate(${x + tileRoom / 2 - 21},0) scale(3)` }, tile));
      heatTile(tile)(partition(words, health, isBroken));
      const text = s("text", {
        class: "multiple-name",
        x: x + tileRoom / 2,
        y: 54,
        "text-anchor": "middle",
      });
      text.textContent = words;
      host.append(text);
    }
  },
});

/** As the lab draws hundreds: nearly all are well. */
const heatStrip: MarkExample = {
  id: "heat-large",
  title: "Four hundred partitions",
  says: "Most are well; one broker is gone, so some are under-replicated, a few can elect nobody.",
  width: heatColumns * heatPitch,
  height: 8 * heatPitch,
  draw: (host) => {
    for (let index = 0; index < 8 * heatColumns; index += 1) {
      const [x, y] = [index % heatColumns, Math.floor(index / heatColumns)];
      const tile = s("g");
      host.append(s("g", { transform: `translate(${x * heatPitch},${y * heatPitch})` }, tile));
      const health = index % 67 === 5 ? "offline" : index % 9 === 4 ? "under" : "full";
      heatTile(tile)(partition(`p-${index}`, index === 211 ? "belowMin" : health, index === 72));
    }
  },
};

const run = (epoch: number, from: number, to: number, known = true): RunView => ({
  id: `${epoch}/${from}`,
  epoch,
  from,
  to,
  known,
  event: from,
});

const small = (
  name: string,
  lines: readonly (readonly [mark: LineMark, ...runs: RunView[]])[],
  more: Partial<MultipleView> = {},
): MultipleView => ({
  ...partition(name, "full"),
  from: 0,
  to: 40,
  highWatermark: 30,
  highWatermarkEvent: 0,
  lines: lines.map(([mark, ...runs], index) => ({ node: `b${index + 1}`, mark, event: 0, runs })),
  ...more,
});

const even = [run(0, 0, 18), run(1, 18, 30)];
const multiples: readonly MultipleView[] = [
  small("orders-0", [
    ["leader", ...even],
    ["in sync", ...even],
    ["in sync", ...even],
  ]),
  small(
    "orders-1",
    [
      ["leader", ...even, run(1, 30, 36, false)],
      ["in sync", ...even],
      ["out", run(0, 0, 18)],
    ],
    { health: "under" },
  ),
  small(
    "orders-2",
    [
      ["down", run(0, 0, 18), run(0, 18, 26, false)],
      ["leader", run(0, 0, 18), run(2, 18, 30)],
      ["in sync", run(0, 0, 18), run(2, 18, 30)],
    ],
    { health: "under", isBroken: true, epoch: 2, leader: 2 },
  ),
  small(
    "orders-3",
    [
      ["down", ...even],
      ["down", ...even],
      ["out", run(0, 0, 12)],
    ],
    {
      health: "offline",
      leader: -1,
      highWatermark: -1,
    },
  ),
  small("a-very-long-name-17", [["leader"], ["in sync"], ["in sync"]], { highWatermark: 0 }),
];

const multiplesOf = (id: string, title: string, dark: boolean): MarkExample => ({
  id,
  title,
  says: "In sync, behind, diverged with a promise broken, offline, and empty with a long name.",
  width: multiples.length * (multiple.width + 8),
  height: multipleHeight(3),
  dark,
  draw: (host) => {
    for (const [index, view] of multiples.entries()) {
      const x = index * (multiple.width + 8);
      const group = s("g", { transform: `translate(${x},0)` });
      host.append(group);
      smallMultiple(group)(view);
    }
  },
});

const mini: Omit<StripMade, "columns"> = {
  rows: [
    row("b1", { log: [[4, "ABACDA"]], state: "crashed", mark: 4 }),
    row("b2", {
      log: [
        [4, "ABAC"],
        [5, "EFE"],
      ],
      leads: true,
    }),
    row("b3", {
      log: [
        [4, "ABAC"],
        [5, "EF"],
      ],
      mark: 5,
    }),
  ],
  mark: 6,
};

const miniOf: MarkExample = {
  id: "mini",
  title: "A partition beside the lesson",
  says: "Records as stretches of one epoch, hollow above the mark; b1 is down and has its own.",
  width: 240,
  height: miniHeight(3),
  draw: (host) => miniStrip(host)(strip({ ...mini, columns: miniColumns(240) })),
};

interface CrowdMade {
  readonly brokers: number;
  readonly racks: number;
  /** Of every broker in turn, as often as it goes round. */
  readonly standings: readonly Standing[];
  readonly cut?: readonly (readonly [string, string])[];
  readonly dark?: boolean;
}

const lines: Readonly<Record<Standing, string>> = {
  up: "leads 3",
  behind: "2 out",
  slow: "slow",
  fenced: "fenced",
  paused: "paused",
  down: "crashed",
  unborn: "",
  unknown: "",
};

const states: Readonly<Record<Standing, MarkView["state"]>> = {
  up: "up",
  behind: "up",
  slow: "up",
  fenced: "up",
  paused: "paused",
  down: "crashed",
  unborn: "unborn",
  unknown: "unborn",
};

function crowd(id: string, title: string, says: string, made: CrowdMade): MarkExample {
  const { brokers, racks, standings, cut = [], dark = false } = made;
  const rest: readonly Place[] = [
    ...["c1", "c2", "c3"].map((name) => ({ name, kind: "controller" }) as const),
    { name: "p1", kind: "producer" },
    { name: "k1", kind: "consumer" },
  ];
  const crowded = Array.from({ length: brokers }, (_, index): Place => {
    const rack = `rack-${Math.floor((index * racks) / brokers) + 1}`;
    return { name: `b${index + 1}`, kind: "broker", rack };
  });
  const standing = (index: number): Standing => standings[index % standings.length] ?? "up";
  return {
    id: `stage-${id}`,
    title,
    says,
    ...stageSizes.full,
    dark,
    draw: (host) => {
      const layout = stageLayout([...rest, ...crowded], "full");
      const frames = layout.racks.map((frame) => {
        const all = frame.nodes.filter((node) => standing(Number(node.slice(1)) - 1) === "down");
        return { rack: frame.rack, down: all.length, event: 0, frame };
      });
      rackFrames(host.appendChild(s("g")))(frames);
      const wires = cut.map(([a, b]) => wire(a, b, ["cut", "cut"]));
      links(host.appendChild(s("g")))(wires, layout);
      for (const { name, kind } of rest) {
        const box = layout.boxes.get(name);
        if (box !== undefined) nodeCard(host.appendChild(s("g")))(card(name, { kind }), box);
      }
      for (const [index, { name, kind }] of crowded.entries()) {
        const box = layout.boxes.get(name);
        if (box === undefined) continue;
        const how = standing(index);
        const view: MarkView = {
          name,
          kind,
          standing: how,
          state: states[how],
          event: 0,
          line: lines[how],
          words: name,
        };
        nodeMark(host.appendChild(s("g")))(view, box, layout.forms.get(name) ?? "tile");
      }
      const words = stageWords();
      host.append(words.element);
      words.show(layout, (brokers * (brokers - 1)) / 2);
    },
  };
}

const well: readonly Standing[] = ["up"];
const mixed: readonly Standing[] = [
  ...standingWords.map(([one]) => one),
  "up",
  "up",
  "up",
  "up",
  "up",
];

const twelve: CrowdMade = {
  brokers: 12,
  racks: 3,
  standings: mixed,
  cut: [
    ["b1", "b2"],
    ["b4", "b9"],
  ],
};

export const many: Chapter = {
  id: "many",
  title: "Many",
  marks: [
    tileStates("heat-states", "Partitions as tiles", false),
    tileStates("heat-states-dark", "Partitions as tiles, dark", true),
    heatStrip,
    multiplesOf("multiples", "Partitions in small", false),
    multiplesOf("multiples-dark", "Partitions in small, dark", true),
    miniOf,
    crowd("12", "Twelve brokers", "Chips by rack: a name and one fact; two pairs are cut.", twelve),
    crowd("12-dark", "Twelve brokers, dark", "The same in the dark.", { ...twelve, dark: true }),
    crowd("60", "Sixty brokers", "Tiles by rack: each tells only how it stands.", {
      brokers: 60,
      racks: 4,
      standings: mixed,
    }),
    crowd("100", "A hundred brokers", "All of them well: there is nothing to look at.", {
      brokers: 100,
      racks: 5,
      standings: well,
    }),
  ],
};
