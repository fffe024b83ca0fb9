/* Brokers among dozens: what of them a chip or a tile tells, and how their racks stand. */
import type { NodeName } from "#sim";
import { byWeight, isSlow, slowWord } from "./ails.ts";
import { type LinkView, isAiling, linkViews } from "./links.ts";
import {
  type NodeKind,
  type NodePicture,
  type NodeState,
  type Picture,
  brokerName,
} from "./picture.ts";
import { roleOf, stateWords } from "./stage-view.ts";

/** From good to bad, as far as one mark can tell. */
export type Standing =
  "up" | "behind" | "slow" | "fenced" | "paused" | "down" | "unborn" | "unknown";

export interface MarkView {
  readonly name: NodeName;
  readonly kind: NodeKind;
  /** `behind`: up, but some of its replicas are out of sync. */
  readonly standing: Standing;
  /** What of all that is down it is; its border tells. */
  readonly state: NodeState | "unborn";
  /** The event that brought its process into this state. */
  readonly event: number;
  /** What a chip has room for beside the name. */
  readonly line: string;
  readonly words: string;
}

/** Of the replicas that a broker holds. */
interface Sums {
  leads: number;
  inSync: number;
  out: number;
}

/** One pass over the partitions for all brokers. */
export function replicaSums(picture: Picture): ReadonlyMap<NodeName, Readonly<Sums>> {
  const sums = new Map<NodeName, Sums>();
  for (const { replicas, leader, isr } of picture.partitions.values()) {
    for (const id of replicas) {
      const name = brokerName(id);
      let sum = sums.get(name);
      if (sum === undefined) sums.set(name, (sum = { leads: 0, inSync: 0, out: 0 }));
      if (leader === id) sum.leads += 1;
      else if (isr.includes(id)) sum.inSync += 1;
      else sum.out += 1;
    }
  }
  return sums;
}

const none: Sums = { leads: 0, inSync: 0, out: 0 };

export function markView(
  picture: Picture,
  {
    name,
    kind,
    rack,
  }: { readonly name: NodeName; readonly kind: NodeKind; readonly rack?: string },
  sums: ReadonlyMap<NodeName, Readonly<Sums>>,
  links: readonly string[] = [],
): MarkView {
  const node = picture.nodes.get(name);
  const sum = sums.get(name) ?? none;
  const standing = standingOf(picture, node, sum);
  const word = stateWord(node, standing);
  const ails = byWeight(node?.ails ?? []);
  const { leads, inSync, out } = sum;
  const held =
    kind === "broker" ? [`leads ${leads}`, `${inSync} in sync`, `${out} out of sync`] : [];
  const role = node === undefined ? undefined : roleOf(node);
  return {
    name,
    kind,
    standing,
    state: node?.state ?? "unborn",
    event: (standing === "slow" ? ails[0]?.event : undefined) ?? node?.event ?? -1,
    line: lineOf(standing, node, sum, kind === "broker" ? undefined : role),
    words: [
      name,
      kind,
      word,
      ...(rack === undefined ? [] : [rack]),
      ...(role ? [role] : []),
      ...ails.flatMap((ail) => [ail.word, ail.words]),
      ...held,
      ...links,
    ]
      .filter((one) => one !== "")
      .join(", "),
  };
}

function standingOf({ eyes }: Picture, node: NodePicture | undefined, { out }: Sums): Standing {
  if (node === undefined) return eyes === undefined ? "unborn" : "unknown";
  if (node.state === "paused") return "paused";
  if (node.state !== "up") return "down";
  if (node.fenced === true) return "fenced";
  if (isSlow(node.ails ?? [])) return "slow";
  return out > 0 ? "behind" : "up";
}

function stateWord(node: NodePicture | undefined, standing: Standing): string {
  if (node === undefined) return standing === "unknown" ? "unknown" : "not started";
  return standing === "fenced" ? "fenced" : stateWords[node.state];
}

/** A chip is narrow: whoever has lost power is off. */
function lineOf(
  standing: Standing,
  node: NodePicture | undefined,
  sum: Sums,
  role: string | undefined,
): string {
  switch (standing) {
    case "slow":
      return slowWord;
    case "up":
      return node?.ails?.[0]?.word ?? role ?? `leads ${sum.leads}`;
    case "behind":
      return node?.ails?.[0]?.word ?? `${sum.out} out`;
    case "unborn":
    case "unknown":
      return "";
    case "fenced":
      return "fenced";
    case "paused":
    case "down":
      return node?.state === "powerLost" ? "off" : stateWord(node, standing);
  }
}

export interface RackView {
  readonly rack: string;
  readonly down: number;
  /** The last change of what becomes of its brokers; -1: none has started. */
  readonly event: number;
}

export function rackView(
  { nodes }: Picture,
  { rack, nodes: names }: { readonly rack: string; readonly nodes: readonly NodeName[] },
): RackView {
  let down = 0;
  let event = -1;
  for (const name of names) {
    const node = nodes.get(name);
    if (node === undefined) continue;
    if (node.state !== "up" && node.state !== "paused") down += 1;
    event = Math.max(event, node.event);
  }
  return { rack, down, event };
}

/** Among many nodes only what ails is drawn as a line, and how many pairs are connected is told. */
export interface FewLinks {
  readonly ailing: readonly LinkView[];
  readonly open: number;
}

/** Connections and faults come and go seldom: while none does, what was found last is found again. */
export function fewLinksFinder(): (picture: Picture) => FewLinks {
  let known: readonly unknown[] = [];
  let found: FewLinks = { ailing: [], open: 0 };
  return (picture) => {
    const seen = [
      ...[...picture.nodes.values()].flatMap(({ connections, silent }) => [connections, silent]),
      ...picture.cuts.values(),
      ...picture.faults.values(),
    ];
    const isSame = seen.length === known.length && seen.every((one, at) => one === known[at]);
    if (!isSame) found = fewLinks(picture);
    known = seen;
    return found;
  };
}

function fewLinks(picture: Picture): FewLinks {
  const all = linkViews(picture);
  return {
    ailing: all.filter(isAiling),
    open: all.filter((link) => link.open && !isAiling(link)).length,
  };
}
