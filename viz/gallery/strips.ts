/* One partition's rows, from empty to broken. */
import { partitionStrip } from "../marks/partition-strip.ts";
import { fitted, stripHeight, stripWidth, strips as layouts } from "../marks/strip-layout.ts";
import { unknownTexture } from "../panels/textures.ts";
import type { Chapter, MarkExample } from "./example.ts";
import { type StripMade, row, strip } from "./hand-made.ts";

/** What the logs have at 1280 x 720, and on a phone. */
const widths = { lab: 772, teach: 772, phone: 374 } as const;

function example(
  id: string,
  title: string,
  says: string,
  made: Omit<StripMade, "columns">,
  more: Pick<MarkExample, "density" | "dark"> = {},
): MarkExample {
  const density = more.density ?? "lab";
  const layout = fitted(layouts[density], widths[density]);
  return {
    id: `strip-${id}`,
    title,
    says,
    width: stripWidth(layout),
    height: stripHeight(layout, made.rows.length),
    ...more,
    density,
    defs: unknownTexture,
    draw: (host) => {
      partitionStrip(host, layout)(strip({ ...made, columns: layout.columns }), true);
    },
  };
}

const diverged: Omit<StripMade, "columns"> = {
  rows: [
    row("b1", {
      log: [
        [4, "A B A C"],
        [4, "D A"],
      ],
      mark: 4,
      synced: 4,
      divergesAt: 4,
      strays: [[4, 4, 6]],
      inSync: false,
    }),
    row("b2", {
      log: [
        [4, "A B A C"],
        [5, "E F E"],
      ],
      leads: true,
      synced: 5,
    }),
    row("b3", {
      log: [
        [4, "A B A C"],
        [5, "E F E"],
      ],
      mark: 6,
    }),
  ],
  mark: 7,
  told: 7,
  bookmarks: { k1: 6 },
};

const long = "AB A C ABA C D AB A C D A B C A";

const broken: Omit<StripMade, "columns"> = {
  rows: [
    row("b1", { log: [[0, "A B A C"]], cut: [[0, "D A"]], synced: 4 }),
    row("b2", { log: [[0, "A B A C"]], leads: true }),
    row("b3", { log: [[0, "A B A C"]], cut: [[0, "D A"]], mark: 4 }),
  ],
  mark: 4,
  told: 4,
  lost: [4, 5],
  bookmarks: { k1: 6 },
};

export const strips: Chapter = {
  id: "strips",
  title: "Partitions",
  marks: [
    example("empty", "Empty", "Three replicas in sync, no record yet.", {
      rows: [row("b1", { log: [], leads: true }), row("b2", { log: [] }), row("b3", { log: [] })],
      mark: 0,
    }),
    example(
      "small",
      "Small",
      "One replica alone; a tick for each record that its client was told of.",
      {
        rows: [row("b1", { log: [[0, "A B AC"]], leads: true, synced: 3 })],
        mark: 4,
        told: 4,
        bookmarks: { k1: 2 },
      },
    ),
    example(
      "not-yet-safe",
      "Not yet safe",
      "Hollow: written, and its broker does not know that all in-sync replicas have it.",
      {
        rows: [
          row("b1", { log: [[0, "A B A C D"]], mark: 3, leads: true, synced: 2 }),
          row("b2", { log: [[0, "A B A C"]], mark: 3 }),
          row("b3", { log: [[0, "A B A"]], mark: 2 }),
        ],
        mark: 3,
        told: 2,
        bookmarks: { k1: 3, k2: 1 },
      },
    ),
    example("epochs", "Four epochs", "Three hues come round again; the lane tells the epoch.", {
      rows: [
        row("b1", {
          log: [
            [0, "A B"],
            [1, "A C D"],
            [2, "A A"],
            [3, "B C"],
          ],
          synced: 7,
        }),
        row("b2", {
          log: [
            [0, "A B"],
            [1, "A C D"],
            [2, "A A"],
            [3, "B C"],
          ],
          leads: true,
        }),
        row("b3", {
          log: [
            [0, "A B"],
            [1, "A C D"],
            [2, "A A"],
          ],
          inSync: false,
        }),
      ],
      mark: 9,
      told: 9,
    }),
    example(
      "diverged",
      "Diverged",
      "b1 comes back with what it alone had written: from offset 4 on its log differs.",
      diverged,
    ),
    example(
      "truncated",
      "Truncated",
      "What nobody was told of is struck off, and stays as a ghost until the next beat.",
      {
        ...diverged,
        rows: [
          row("b1", { log: [[4, "A B A C"]], cut: [[4, "D A"]], inSync: false, synced: 4 }),
          ...diverged.rows.slice(1),
        ],
      },
    ),
    example(
      "chosen",
      "Looked into",
      "The record that the inspector tells of has a second outline on every replica that holds it.",
      {
        rows: [
          row("b1", { log: [[0, "A BAC C"]], leads: true, mark: 4, synced: 4, chosen: 3 }),
          row("b2", { log: [[0, "A BAC"]], mark: 3, chosen: 3 }),
          row("b3", { log: [[0, "A BA"]], mark: 3, inSync: false, chosen: 3 }),
        ],
        mark: 4,
        told: 4,
        chosen: 3,
      },
    ),
    example(
      "broken",
      "A broken promise",
      "Offsets 4 and 5 were acknowledged, and no log has them any more.",
      broken,
    ),
    example(
      "lacked",
      "Out of reach",
      "The new leader lacks 4 and 5, of which clients were told; a replica that is up has them until it follows.",
      {
        rows: [
          row("b1", {
            log: [[0, "A B A C D A"]],
            mark: 6,
            divergesAt: 4,
            strays: [[0, 4, 6]],
            inSync: false,
            synced: 6,
          }),
          row("b2", { log: [[0, "A B A C"]], leads: true }),
          row("b3", { log: [[0, "A B"]], state: "crashed", inSync: false }),
        ],
        mark: 4,
        told: 4,
        lacked: [4, 5],
        bookmarks: { k1: 6 },
      },
    ),
    example(
      "unknown",
      "Told: unknown",
      "The client of 3 and 4 was told that nobody knows whether they are written: there they are.",
      {
        rows: [
          row("b1", { log: [[0, "A B A CD"]], leads: true, mark: 5, synced: 3 }),
          row("b2", { log: [[0, "A B A CD"]], mark: 3 }),
        ],
        mark: 5,
        told: 3,
        unknown: [3, 4],
      },
    ),
    example("log-start", "Log start", "What was before 3 is let go; b3 has not heard of it yet.", {
      rows: [
        row("b1", { log: [[0, "ABC D"]], from: 3, start: 3, leads: true, synced: 7 }),
        row("b2", { log: [[0, "ABC D"]], from: 3, start: 3, mark: 6 }),
        row("b3", { log: [[0, "A BA ABC"]], mark: 6 }),
      ],
      mark: 7,
      told: 7,
    }),
    example("down", "Down", "The leader crashed, another lost power, the last one stands still.", {
      rows: [
        row("b1", { log: [[0, "A B A C D"]], state: "crashed", inSync: false, mark: 4 }),
        row("b2", { log: [[0, "A B A"]], state: "powerLost", inSync: false, synced: 3 }),
        row("b3", { log: [[0, "A B A C"]], state: "paused", mark: 4 }),
      ],
      mark: 4,
      told: 4,
    }),
    example(
      "paused-leader",
      "The leader stands still",
      "Until the controllers notice, it leads; star and word both fit.",
      {
        rows: [
          row("b1", { log: [[0, "A B A C"]], state: "paused", leads: true, mark: 4 }),
          row("b2", { log: [[0, "A B A C"]], mark: 3 }),
        ],
        mark: 4,
        told: 4,
      },
    ),
    example("lens", "With b2's eyes", "What b2 does not know is hatched, not guessed.", {
      rows: [
        row("b1", { log: [] }),
        row("b2", { log: [[0, "A B A C"]], mark: 3, leads: true }),
        row("b3", { log: [] }),
      ],
      eyes: "b2",
      mark: 3,
    }),
    example(
      "large",
      "Large",
      "The window stands at the tail; what is left out on both sides is counted, and what is gone there.",
      {
        rows: [
          row("b1", { log: [[7, long]], from: 384, leads: true, synced: 390 }),
          row("b2", { log: [[7, long]], from: 384, mark: 401 }),
          row("b3", { log: [[7, "AB A C ABA C"]], from: 384, inSync: false }),
        ],
        first: 384,
        mark: 402,
        told: 402,
        reach: 431,
        broken: [2, 0],
        bookmarks: { k1: 401, k2: 386 },
      },
    ),
    example("teach", "For the last row", "The same marks on a slide.", diverged, {
      density: "teach",
    }),
    example("phone", "On a phone", "The same marks, twelve columns wide.", diverged, {
      density: "phone",
    }),
    example(
      "diverged-dark",
      "Diverged, dark",
      "Epoch fills stay; lines and glyphs change.",
      diverged,
      { dark: true },
    ),
    example("broken-dark", "Broken, dark", "Vermilion is lighter in the dark.", broken, {
      dark: true,
    }),
  ],
};
