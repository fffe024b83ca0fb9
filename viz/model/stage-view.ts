/* The stage as cards and links: what of a picture is drawn about processes, machines and connections. */
import type { NodeName } from "#sim";
import { byWeight } from "./ails.ts";
import { countSynced } from "./batch-at.ts";
import type { AilPicture, NodeKind, NodePicture, NodeState, Picture } from "./picture.ts";
import { brokerName } from "./picture.ts";

export interface ReplicaBadge {
  readonly partition: string;
  readonly role: "leader" | "in sync" | "eligible" | "out";
  readonly epoch: number;
  readonly event: number;
}

export interface CardView {
  readonly name: NodeName;
  readonly kind: NodeKind;
  /** `unknown`: to the process with whose eyes this is seen. */
  readonly state: NodeState | "unborn" | "unknown";
  readonly fenced: boolean;
  readonly event: number;
  /** What ails its machine, the worst first. */
  readonly ails?: readonly AilPicture[];
  /** Instead of the state's word: what the process is busy being. */
  readonly role?: string;
  readonly badges: readonly ReplicaBadge[];
  readonly facts: readonly string[];
  /** What ails its links; said, not written: the links show it. */
  readonly links?: readonly string[];
}

/** What became of a process, in a word or two; none before its first life. */
export const stateWords: Readonly<Record<CardView["state"], string>> = {
  up: "up",
  paused: "paused",
  stopped: "stopped",
  crashed: "crashed",
  powerLost: "no power",
  failed: "failed",
  unborn: "",
  unknown: "?",
};

/** A card for a node, started or not; of more replicas than `room` it tells how many there are. */
export function cardView(
  picture: Picture,
  name: NodeName,
  kind: NodeKind,
  room = Infinity,
): CardView {
  const node = picture.nodes.get(name);
  if (node === undefined) {
    const state = picture.eyes === undefined ? "unborn" : "unknown";
    return { name, kind, state, fenced: false, event: -1, badges: [], facts: [] };
  }
  const role = roleOf(node);
  const badges = kind === "broker" ? badgesOf(picture, name) : [];
  const isSummed = badges.length > room;
  const ails = byWeight(node.ails ?? []);
  return {
    name,
    kind,
    state: node.state,
    fenced: node.fenced === true,
    event: node.event,
    ...(ails.length === 0 ? {} : { ails }),
    ...(role === undefined ? {} : { role }),
    badges: isSummed ? [] : badges,
    facts: [
      ...ails.slice(isTold(node) ? 1 : 0).map(({ word }) => word),
      ...(isSummed ? summed(badges) : []),
      ...factsOf(picture, node),
    ],
  };
}

/** Whether the first of what ails it is told in the place of its state: it is up, and leads no quorum there. */
const isTold = ({ state, leads, fenced }: NodePicture): boolean =>
  state === "up" && leads === undefined && fenced !== true;

/** What a process is busy being, while it is up. */
export function roleOf(node: NodePicture): string | undefined {
  if (node.state !== "up") return undefined;
  if (node.leads !== undefined) return `leads e${node.leads}`;
  return clientFacts(node).at(-1);
}

function badgesOf(picture: Picture, broker: NodeName): readonly ReplicaBadge[] {
  const badges: ReplicaBadge[] = [];
  for (const { name, replicas, leader, isr, elr, epoch, event } of picture.partitions.values()) {
    if (!replicas.some((id) => brokerName(id) === broker)) continue;
    const isAmong = (ids: readonly number[]): boolean =>
      ids.some((id) => brokerName(id) === broker);
    const membership = isAmong(isr) ? "in sync" : isAmong(elr) ? "eligible" : "out";
    const role = brokerName(leader) === broker ? "leader" : membership;
    badges.push({ partition: name, role, epoch, event });
  }
  return badges.sort((a, b) => (a.partition < b.partition ? -1 : 1));
}

function summed(badges: readonly ReplicaBadge[]): readonly string[] {
  const count = (role: ReplicaBadge["role"]): number =>
    badges.filter((badge) => badge.role === role).length;
  const out = count("out");
  return [
    `leads ${count("leader")} of ${badges.length}`,
    `${count("in sync")} in sync${out === 0 ? "" : `, ${out} out`}`,
  ];
}

function factsOf(picture: Picture, node: NodePicture): readonly string[] {
  if (node.kind === "broker") return brokerFacts(picture, node);
  if (node.kind === "controller") {
    return node.metadata === undefined ? [] : [`metadata ${node.metadata}`];
  }
  return clientFacts(node);
}

function brokerFacts(picture: Picture, node: NodePicture): readonly string[] {
  let batches = 0;
  let onDisk = 0;
  for (const { strips } of picture.partitions.values()) {
    const strip = strips.get(node.name);
    if (strip === undefined) continue;
    batches += strip.batches.length;
    onDisk += countSynced(strip);
  }
  const waiting = node.waiting.Produce;
  return [
    ...(waiting === 0 ? [] : [waiting === 1 ? "1 write waits" : `${waiting} writes wait`]),
    ...(batches === 0 || picture.eyes !== undefined ? [] : [`disk ${onDisk} of ${batches}`]),
  ];
}

function clientFacts({ kind, client }: NodePicture): readonly string[] {
  if (client === undefined) return [];
  if (kind === "producer") {
    const doubts = [
      ...(client.unknown === 0 ? [] : [`${client.unknown} ?`]),
      ...(client.failed === 0 ? [] : [`${client.failed} ✕`]),
    ];
    return [`sent ${client.sent}`, [`acked ${client.acknowledged}`, ...doubts].join(" · ")];
  }
  return kind === "admin" ? [] : [`read ${client.seen}`];
}
