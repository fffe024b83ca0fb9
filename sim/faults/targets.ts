import { must } from "#core";
import { nodeAt } from "../world/nodes.ts";
import type { FaultTarget } from "../scenario/schema.ts";
import type { World } from "../world/state.ts";

/**
 * The nodes that a target means now, in the order of the world. Leader and followers are what the controller
 * committed last; a target that means nobody is an empty list. `others` means everybody but `besides`.
 */
export function resolveTarget(
  world: World,
  target: FaultTarget,
  besides: readonly number[] = [],
): number[] {
  if ("node" in target) return named(world, [target.node]);
  if ("nodes" in target) return named(world, target.nodes);
  if ("leaderOf" in target) {
    const view = world.partitions.get(target.leaderOf);
    return view === undefined ? [] : brokers(world, [view.leader]);
  }
  if ("followersOf" in target) {
    const view = world.partitions.get(target.followersOf);
    if (view === undefined) return [];
    return brokers(
      world,
      view.replicas.filter((id) => id !== view.leader),
    );
  }
  if ("role" in target) return withRole(world, target.role);
  if ("rack" in target) return inRack(world, target.rack);
  return indexes(world).filter((index) => !besides.includes(index));
}

/** With each node its whole machine: a broker and a controller that are one process share what befalls it. */
export function withMates(world: World, nodes: readonly number[]): number[] {
  const { controllers } = world.scenario.cluster;
  if (controllers.every(({ on }) => on === undefined)) return [...nodes];
  const hit = new Set(nodes.map((index) => machineOf(world, index)));
  return indexes(world).filter((index) => hit.has(machineOf(world, index)));
}

/** The name of a node's machine: that of the broker on it, or its own. */
export function machineOf({ nodes, scenario }: World, index: number): string {
  const { spec } = must(nodes[index], "a node of the world");
  if (spec.kind !== "controller") return spec.name;
  const on = scenario.cluster.controllers.find(({ id }) => id === spec.id)?.on;
  return on === undefined ? spec.name : `b${on}`;
}

const indexes = (world: World): number[] => world.nodes.map(({ index }) => index);

function named(world: World, names: readonly string[]): number[] {
  return indexes(world).filter((index) => names.includes(nodeAt(world, index).spec.name));
}

function brokers(world: World, ids: readonly number[]): number[] {
  return indexes(world).filter((index) => {
    const { kind, id } = nodeAt(world, index).spec;
    return kind === "broker" && ids.includes(id);
  });
}

function inRack(world: World, rack: string): number[] {
  const { brokers: all } = world.scenario.cluster;
  return brokers(
    world,
    all.filter((broker) => broker.rack === rack).map(({ id }) => id),
  );
}

function withRole(world: World, role: "brokers" | "controllers" | "clients" | "all"): number[] {
  return indexes(world).filter((index) => {
    const { kind } = nodeAt(world, index).spec;
    if (role === "all") return true;
    if (role === "brokers") return kind === "broker";
    if (role === "controllers") return kind === "controller";
    return kind !== "broker" && kind !== "controller";
  });
}
