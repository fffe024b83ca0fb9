/* Nodes and links: starts, ends, pauses, connections, cuts, and what the controller says of brokers. */
import type { Down, NodeName, TraceEvent } from "#sim";
import { type ClientPicture, type NodePicture, type NodeState, type Picture } from "./picture.ts";
import { brokerName, wayName } from "./picture.ts";
import { without } from "../without.ts";

type Of<Type extends TraceEvent["type"]> = Extract<TraceEvent, { readonly type: Type }>;

const noneWaiting = { Produce: 0, Fetch: 0, DeleteRecords: 0 } as const;

const newClient = (): ClientPicture => ({
  sent: 0,
  acknowledged: 0,
  unknown: 0,
  failed: 0,
  seen: 0,
  positions: new Map(),
});

/** Replaces a node; what was never started is not drawn. */
export function changeNode(
  picture: Picture,
  name: NodeName,
  change: (node: NodePicture) => Partial<NodePicture>,
): void {
  const node = picture.nodes.get(name);
  if (node !== undefined) picture.nodes.set(name, { ...node, ...change(node) });
}

export function foldStarted(picture: Picture, event: Of<"started">): void {
  const before = picture.nodes.get(event.node);
  const client = event.kind === "broker" || event.kind === "controller" ? undefined : newClient();
  picture.nodes.set(event.node, {
    name: event.node,
    kind: event.kind,
    state: "up",
    life: event.life,
    event: event.seq,
    since: event.at,
    ...(before?.fenced === undefined ? {} : { fenced: before.fenced }),
    ...(before?.ails === undefined ? {} : { ails: before.ails }),
    waiting: noneWaiting,
    connections: new Map(),
    ...(client === undefined ? {} : { client }),
  });
}

/** What is left of a process. */
export const stateAfter: Record<Down["how"], NodeState> = {
  crash: "crashed",
  powerLoss: "powerLost",
  stopped: "stopped",
  halted: "crashed",
  failed: "failed",
};

export function foldDown(picture: Picture, event: Of<"down">): void {
  const node = picture.nodes.get(event.node);
  if (node === undefined) return;
  picture.nodes.set(event.node, {
    ...without(without(node, "leads"), "silent"),
    state: stateAfter[event.how],
    event: event.seq,
    since: event.at,
    waiting: noneWaiting,
    connections: new Map(),
  });
}

export function foldPausing(picture: Picture, event: Of<"paused" | "resumed">): void {
  const state = event.type === "paused" ? "paused" : "up";
  changeNode(picture, event.node, () => ({ state, event: event.seq, since: event.at }));
}

export function foldConnection(picture: Picture, event: Of<"opened" | "closed" | "closing">): void {
  changeNode(picture, event.node, (node) => {
    const connections = new Map(node.connections);
    if (event.type === "opened") connections.set(event.connection, event.peer);
    else connections.delete(event.connection);
    if (event.type === "opened" || !node.silent?.has(event.connection)) return { connections };
    const silent = new Map(node.silent);
    silent.delete(event.connection);
    return { connections, silent };
  });
}

export function foldLink(picture: Picture, event: Of<"linkCut" | "linkHealed">): void {
  const { type, node, peer, oneWay } = event;
  const ways =
    oneWay === true ? [[node, peer] as const] : [[node, peer] as const, [peer, node] as const];
  for (const [from, to] of ways) {
    const way = wayName(from, to);
    if (type === "linkCut") picture.cuts.set(way, { from, to, event: event.seq });
    else picture.cuts.delete(way);
  }
}

/** Notes about a process as a whole. */
export function foldNodeNote(picture: Picture, { node: name, event }: Of<"note">): void {
  switch (event.type) {
    case "parked":
      return changeNode(picture, name, ({ waiting }) => ({
        waiting: { ...waiting, [event.api]: waiting[event.api] + 1 },
      }));
    case "completed":
      return changeNode(picture, name, ({ waiting }) => ({
        waiting: { ...waiting, [event.api]: Math.max(0, waiting[event.api] - 1) },
      }));
    case "brokerRegistered":
      return changeNode(picture, brokerName(event.broker), () => ({ fenced: true }));
    case "brokerFenced":
    case "brokerUnfenced":
      return changeNode(picture, brokerName(event.broker), () => ({
        fenced: event.type === "brokerFenced",
      }));
    case "controllerElected":
      return changeNode(picture, name, () => ({ leads: event.epoch }));
    case "metadataApplied":
    case "metadataCommitted":
      return changeNode(picture, name, () => ({ metadata: event.next }));
    default:
      return;
  }
}
