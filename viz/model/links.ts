/* What is between two nodes: open connections, and what the network does to each of the two directions. */
import type { NodeName } from "#sim";
import { type Picture, linkName, wayName } from "./picture.ts";

/** How one direction carries. */
export type WayState = "open" | "cut";

export interface WayView {
  readonly from: NodeName;
  readonly to: NodeName;
  readonly state: WayState;
  /** The event that brought it into this state; undefined: nothing has befallen it. */
  readonly event: number | undefined;
}

export interface LinkView {
  readonly id: string;
  readonly ends: readonly [NodeName, NodeName];
  /** A connection over it is open, as at least one end sees it. */
  readonly open: boolean;
  /** From the first end to the second, and back. */
  readonly ways: readonly [WayView, WayView];
  /** What ails it, in a sentence; empty: nothing does. */
  readonly words: string;
}

/** Every pair that is connected or ails, each once. */
export function linkViews(picture: Picture): readonly LinkView[] {
  const open = new Map<string, readonly [NodeName, NodeName]>();
  for (const { name, connections } of picture.nodes.values()) {
    for (const peer of connections.values()) open.set(linkName(name, peer), endsOf(name, peer));
  }
  const views = [...ailingPairs(picture)].map(([id, ends]) =>
    linkView(picture, ends, open.has(id)),
  );
  const ailing = new Set(views.map(({ id }) => id));
  for (const [id, ends] of open) if (!ailing.has(id)) views.push(linkView(picture, ends, true));
  return views.sort((a, b) => (a.id < b.id ? -1 : 1));
}

/** Only those that do not carry as they should. */
export const ailingLinks = (picture: Picture): readonly LinkView[] =>
  [...ailingPairs(picture).values()].map((ends) => linkView(picture, ends, false));

export const isAiling = ({ words }: LinkView): boolean => words !== "";

function ailingPairs({ cuts }: Picture): ReadonlyMap<string, readonly [NodeName, NodeName]> {
  const pairs = new Map<string, readonly [NodeName, NodeName]>();
  for (const { from, to } of cuts.values()) pairs.set(linkName(from, to), endsOf(from, to));
  return pairs;
}

const endsOf = (a: NodeName, b: NodeName): readonly [NodeName, NodeName] =>
  a < b ? [a, b] : [b, a];

function linkView(picture: Picture, ends: readonly [NodeName, NodeName], open: boolean): LinkView {
  const [a, b] = ends;
  const ways = [wayView(picture, a, b), wayView(picture, b, a)] as const;
  return { id: linkName(a, b), ends, open, ways, words: linkWords(ways) };
}

function wayView({ cuts }: Picture, from: NodeName, to: NodeName): WayView {
  const cut = cuts.get(wayName(from, to));
  return { from, to, state: cut === undefined ? "open" : "cut", event: cut?.event };
}

/** What ails a link, in a sentence; empty: nothing does. */
export function linkWords([there, back]: LinkView["ways"]): string {
  const cut = [there, back].filter(({ state }) => state === "cut");
  const [one, both] = cut;
  if (one === undefined) return "";
  return both === undefined
    ? `Nothing passes from ${one.from} to ${one.to}`
    : `Nothing passes between ${one.from} and ${one.to}`;
}

/** What ails the links of each node, as it is told of the node; only nodes with such a link are in it. */
export function linkWordsByNode(picture: Picture): ReadonlyMap<NodeName, readonly string[]> {
  const words = new Map<NodeName, Map<string, NodeName[]>>();
  const tell = (node: NodeName, how: string, peer: NodeName): void => {
    const own = words.get(node) ?? new Map<string, NodeName[]>();
    words.set(node, own);
    own.set(how, [...(own.get(how) ?? []), peer]);
  };
  for (const { ends, ways } of ailingLinks(picture)) {
    const [a, b] = ends;
    const cut = ways.filter(({ state }) => state === "cut");
    const [one] = cut;
    if (one === undefined) continue;
    if (cut.length === 2) {
      tell(a, "cut off from", b);
      tell(b, "cut off from", a);
    } else {
      tell(one.from, "does not reach", one.to);
      tell(one.to, "not reached by", one.from);
    }
  }
  return new Map(
    [...words].map(([node, own]) => [
      node,
      [...own].map(([how, peers]) => `${how} ${peers.join(" and ")}`),
    ]),
  );
}
