/* Processes and what is between them: cards by their states, and the stage small and large. */
import { type Place, type StageDensity, stageLayout, stageSizes } from "../marks/geometry.ts";
import { links } from "../marks/link.ts";
import { nodeCard } from "../marks/node-card.ts";
import { type LinkView, type WayState, linkWords } from "../model/links.ts";
import type { CardView, ReplicaBadge } from "../model/stage-view.ts";
import { s } from "../panels/dom.ts";
import type { Chapter, MarkExample } from "./example.ts";

const badge = (partition: number, role: ReplicaBadge["role"], epoch: number): ReplicaBadge => ({
  partition: `orders-${partition}`,
  role,
  epoch,
  event: 0,
});

const badges = [badge(0, "leader", 4), badge(1, "in sync", 2), badge(2, "out", 3)];

/** A process that is up and has nothing to tell, but for what is said of it. */
export const card = (name: string, more: Partial<CardView> = {}): CardView => ({
  name,
  kind: "broker",
  state: "up",
  fenced: false,
  event: 0,
  badges: [],
  facts: [],
  ...more,
});

const ail = (word: string): NonNullable<CardView["ails"]>[number] => ({
  event: 0,
  index: 0,
  word,
  words: "",
});

/** Cards of one size in a row. */
function cards(
  id: string,
  title: string,
  says: string,
  views: readonly CardView[],
  dark = false,
): MarkExample {
  const [width, height, gap] = [140, 150, 12];
  return {
    id: `cards-${id}`,
    title,
    says,
    width: views.length * (width + gap) + gap,
    height: height + 2 * gap,
    dark,
    draw: (host) => {
      for (const [index, view] of views.entries()) {
        const group = host.appendChild(s("g"));
        nodeCard(group)(view, { x: gap + index * (width + gap), y: gap, width, height });
      }
    },
  };
}

const facts = ["disk 96 of 98", "files 11"];
const broken = [
  card("b1", { state: "stopped", badges }),
  card("b2", { state: "crashed", badges, facts }),
  card("b3", { state: "powerLost", badges }),
  card("b4", { state: "failed", facts: ["out of space"] }),
];

interface StageMade {
  readonly brokers: number;
  readonly clients: number;
  readonly density: StageDensity;
  /** By the names of two brokers: how each direction fares, first from the first to the second. */
  readonly ails?: Readonly<Record<string, readonly [WayState, WayState]>>;
}

/** A connection between two nodes, and how its directions fare. */
export function wire(
  a: string,
  b: string,
  [there, back]: readonly [WayState, WayState] = ["open", "open"],
): LinkView {
  const ways = [
    { from: a, to: b, state: there, event: there === "open" ? undefined : 0 },
    { from: b, to: a, state: back, event: back === "open" ? undefined : 0 },
  ] as const;
  return { id: `${a}|${b}`, ends: [a, b], open: true, ways, words: linkWords(ways) };
}

/** The cluster: everybody at their places, links between brokers, some of them ailing. */
function stage(id: string, title: string, says: string, made: StageMade): MarkExample {
  const { brokers, clients, density, ails = {} } = made;
  const many = (letter: string, kind: Place["kind"], count: number): readonly Place[] =>
    Array.from({ length: count }, (_, index) => ({ name: `${letter}${index + 1}`, kind }));
  const places = [
    ...many("c", "controller", 3),
    ...many("b", "broker", brokers),
    ...many("p", "producer", clients),
    ...many("k", "consumer", 1),
  ];
  const wires = many("b", "broker", brokers).flatMap(({ name: a }, index, all) =>
    all.slice(index + 1).map(({ name: b }) => wire(a, b, ails[`${a}|${b}`])),
  );
  return {
    id: `stage-${id}`,
    title,
    says,
    ...stageSizes[density],
    draw: (host) => {
      const layout = stageLayout(places, density);
      links(host.appendChild(s("g")))(wires, layout);
      for (const { name, kind } of places) {
        const box = layout.boxes.get(name);
        if (box === undefined) continue;
        const own = kind === "broker" ? badges.slice(0, 2) : [];
        const role = name === "c1" ? { role: "leads e3" } : {};
        nodeCard(host.appendChild(s("g")))(card(name, { kind, badges: own, ...role }), box);
      }
    },
  };
}

export const nodes: Chapter = {
  id: "nodes",
  title: "Processes",
  marks: [
    cards(
      "well",
      "At work",
      "A filled badge where it leads, plain where it follows, struck where it is out.",
      [
        card("b1", { badges, facts }),
        card("c1", { kind: "controller", role: "leads e3", facts: ["metadata 41"] }),
        card("p1", { kind: "producer", facts: ["sent 120", "acked 118"] }),
        card("k1", { kind: "consumer", facts: ["read 117"] }),
      ],
    ),
    cards(
      "waiting",
      "Not at work",
      "Not started, fenced, standing still, and what a lens does not know.",
      [
        card("b1", { state: "unborn" }),
        card("b2", { fenced: true, badges }),
        card("b3", { state: "paused", badges }),
        card("b4", { state: "unknown" }),
      ],
    ),
    cards(
      "ailing",
      "Ailing",
      "Up, and slow, with a full disk, a clock that is off, or fenced as well.",
      [
        card("b1", { badges, ails: [ail("slow")] }),
        card("b2", { badges, ails: [ail("disk full"), ail("clock off")], facts: ["clock off"] }),
        card("b3", { fenced: true, ails: [ail("slow")], facts: ["slow"] }),
        card("c1", { kind: "controller", role: "leads e3", ails: [ail("slow")], facts: ["slow"] }),
      ],
    ),
    cards(
      "broken",
      "Broken",
      "Stopped, crashed, without power, failed: the border and a word say which.",
      broken,
    ),
    cards("broken-dark", "Broken, dark", "The same in the dark.", broken, true),
    stage("small", "A small cluster", "Three brokers; nothing passes between b1 and b2.", {
      brokers: 3,
      clients: 1,
      density: "full",
      ails: { "b1|b2": ["cut", "cut"] },
    }),
    stage(
      "one-way",
      "Cut one way",
      "Nothing passes from b3 to b1, nor from b1 to b2; the rest does.",
      {
        brokers: 3,
        clients: 1,
        density: "full",
        ails: { "b1|b3": ["open", "cut"], "b1|b2": ["cut", "open"] },
      },
    ),
    stage(
      "slow",
      "Slow and silent",
      "Coils where it takes long, open ends where nothing comes out.",
      {
        brokers: 3,
        clients: 1,
        density: "full",
        ails: {
          "b1|b2": ["slow", "slow"],
          "b2|b3": ["silent", "silent"],
          "b1|b3": ["slow", "open"],
        },
      },
    ),
    stage("compact", "On a slide", "Less air and larger text.", {
      brokers: 3,
      clients: 1,
      density: "compact",
    }),
    stage("full", "As many as have cards", "Narrow cards leave their words out.", {
      brokers: 7,
      clients: 3,
      density: "full",
    }),
  ],
};
