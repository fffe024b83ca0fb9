import { must } from "#core";
import type { Node, World } from "./state.ts";

/** The node with that number. */
export const nodeAt = (world: World, index: number): Node =>
  must(world.nodes[index], "a node of the world");

/** The node with that name. */
export const nodeNamed = (world: World, name: string): Node =>
  nodeAt(world, must(world.names.get(name), `a node called ${name}`));
