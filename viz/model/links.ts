/* What is between two nodes: open connections, and what the network does to each of the two directions. */
import type { NodeName } from "#sim";
import { type Picture, linkName, wayName } from "./picture.ts";

/**
 * How one direction carries. `cut`: nothing; `silent`: nothing of what connections carry that were open when it began;
 * `slow`: late. The worst is told.
 */
export type WayState = "open" | "cut" | "silent" | "slow";

export interface WayView {
  readonly from: NodeName;
  readonly to: NodeName;
  readonly state: WayState;
  /** The event that brought it into this state; undefined: nothing has befallen it. */
  readonly event: number | undefined;
}

export type Ends = readonly [NodeName, NodeName];

export interface LinkView {
  readonly id: string;
  readonly ends: Ends;
  /** A connection over it is open, as at least one end sees it. */
  readonly open: boolean;
  /** From the first end to the second, and back. */
  readonly ways: readonly [WayView, WayView];
  /** What ails it, in a sentence; empty: nothing does. */
  readonly words: string;
}

/** Every pair that is connected or ails, each once. */
export function linkViews(picture: Picture): readonly LinkView[] {
  const open = new Map<string, Ends>();
  for (const { name, connections } of picture.nodes.values()) {
    for (const peer of connections.values()) open.set(linkName(name, peer), endsOf(name, peer));
  }
  const views = ailingLinks(picture).map((view) => ({ ...view, open: open.has(view.id) }));
  const ailing = new Set(views.map(({ id }) => id));
  for (const [id, ends] of open) {
    if (ailing.has(id)) continue;
    const [from, to] = ends;
    const ways = [wellWay(from, to), wellWay(to, from)] as const;
    views.push({ id, ends, open: true, ways, words: "" });
  }
  return views.sort((a, b) => (a.id < b.id ? -1 : 1));
}

const wellWay = (from: NodeName, to: NodeName): WayView => ({
  from,
  to,
  state: "open",
  event: undefined,
});

const endsOf = (a: NodeName, b: NodeName): Ends => (a < b ? [a, b] : [b, a]);

export const isAiling = ({ words }: LinkView): boolean => words !== "";

/** Only those that do not carry as they should. */
export function ailingLinks(picture: Picture): readonly LinkView[] {
  const ailing = ailingWays(picture);
  const pairs = new Map<string, Ends>();
  for (const { from, to } of ailing.values()) pairs.set(linkName(from, to), endsOf(from, to));
  return [...pairs].map(([id, ends]) => {
    const [a, b] = ends;
    const there = ailing.get(wayName(a, b));
    const back = ailing.get(wayName(b, a));
    const ways = [there ?? wellWay(a, b), back ?? wellWay(b, a)] as const;
    return { id, ends, open: false, ways, words: linkWords(ways) };
  });
}

interface AilingWay extends WayView {
  /** How slow it is. */
  readonly slowness?: string;
}

/** Directions by their names; what is told last of one is the worst. */
function ailingWays({ cuts, nodes, faults }: Picture): ReadonlyMap<string, AilingWay> {
  const ways = new Map<string, AilingWay>();
  for (const { slows, event } of faults.values()) {
    if (slows === undefined) continue;
    const { sides, oneWay, words, left } = slows;
    for (const from of sides[0])
      for (const to of sides[1]) {
        const isOver = left !== undefined && !left.includes(from) && !left.includes(to);
        if (from === to || isOver) continue;
        const way = { from, to, state: "slow", event, slowness: words } as const;
        ways.set(wayName(from, to), way);
        if (!oneWay) ways.set(wayName(to, from), { ...way, from: to, to: from });
      }
  }
  for (const { name, connections, silent } of nodes.values()) {
    for (const [connection, event] of silent ?? []) {
      const peer = connections.get(connection);
      if (peer === undefined) continue;
      const way = { from: name, to: peer, state: "silent", event } as const;
      ways.set(wayName(name, peer), way);
      ways.set(wayName(peer, name), { ...way, from: peer, to: name });
    }
  }
  for (const { from, to, event } of cuts.values())
    ways.set(wayName(from, to), { from, to, state: "cut", event });
  return ways;
}

/** What ails a link, in a sentence; empty: nothing does. */
export function linkWords([there, back]: readonly [AilingWay, AilingWay]): string {
  if (there.state === back.state && there.slowness === back.slowness)
    return waysWords(there, "between", "and");
  return [there, back]
    .map((way) => waysWords(way, "from", "to"))
    .filter((words) => words !== "")
    .join("; ");
}

function waysWords({ from, to, state, slowness }: AilingWay, first: string, then: string): string {
  const where = `${first} ${from} ${then} ${to}`;
  switch (state) {
    case "open":
      return "";
    case "cut":
      return `Nothing passes ${where}`;
    case "silent":
      return `Open connections ${where} carry nothing, and nobody is told`;
    case "slow":
      return `The network ${where} ${slowness ?? "is slow"}`;
  }
}

/** What ails the links of each node, as it is told of the node; only nodes with such a link are in it. */
export function linkWordsByNode(picture: Picture): ReadonlyMap<NodeName, readonly string[]> {
  const words = new Map<NodeName, Map<string, NodeName[]>>();
  const tell = (node: NodeName, how: string, peer: NodeName): void => {
    let own = words.get(node);
    if (own === undefined) words.set(node, (own = new Map<string, NodeName[]>()));
    const peers = own.get(how);
    if (peers === undefined) own.set(how, [peer]);
    else peers.push(peer);
  };
  for (const { ends, ways } of ailingLinks(picture)) {
    const [a, b] = ends;
    if (ways[0].state === ways[1].state) {
      tell(a, nodeWords[ways[0].state].both, b);
      tell(b, nodeWords[ways[0].state].both, a);
      continue;
    }
    for (const { from, to, state } of ways) {
      if (state === "open") continue;
      tell(from, nodeWords[state].sender, to);
      tell(to, nodeWords[state].receiver, from);
    }
  }
  return new Map(
    [...words].map(([node, own]) => [
      node,
      [...own].map(([how, peers]) => `${how} ${peers.join(" and ")}`),
    ]),
  );
}

/** What is said of a node before the names of those at the other end. */
const nodeWords = {
  open: { both: "", sender: "", receiver: "" },
  cut: { both: "cut off from", sender: "does not reach", receiver: "not reached by" },
  silent: {
    both: "silent connections with",
    sender: "silent connections to",
    receiver: "silent connections from",
  },
  slow: { both: "slow network to", sender: "slow network to", receiver: "slow network from" },
} as const satisfies Readonly<
  Record<WayState, Readonly<Record<"both" | "sender" | "receiver", string>>>
>;
