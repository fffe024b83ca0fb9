/*
 * What an ear on the network hears: everything that reaches a machine, with its bytes. A trace tells of frames by length
 * and checksum only; whoever wants the bytes runs the world again and listens here.
 */
import type { Micros, NodeName } from "../../trace/events.ts";
import { nodeAt } from "../nodes.ts";
import type { Run } from "../runtime.ts";
import type { Chunk, Connection, Way } from "./state.ts";

/** Something arrived: bytes of one message, or a sign of the connection itself. */
export interface Crossing {
  readonly at: Micros;
  readonly type: Chunk["type"];
  /** Unique in a run. */
  readonly connection: number;
  /** 0: from the one who opened the connection to the one who accepted it; 1: back. */
  readonly way: Way;
  readonly from: NodeName;
  readonly to: NodeName;
  /** Where the acceptor listens. */
  readonly port: number;
  /** Data: the `sent` event of its message. */
  readonly message: number;
  readonly bytes: Uint8Array;
  /** The message ends with it. */
  readonly last: boolean;
}

/** Tells whoever listens to the wire what arrives; it changes nothing. */
export function tellCrossing(run: Run, connection: Connection, way: Way, chunk: Chunk): void {
  if (run.wire === undefined) return;
  const { world } = run;
  const { id, port, ends } = connection;
  const { type, message, bytes, last } = chunk;
  const from = nodeAt(world, ends[way].node).spec.name;
  const to = nodeAt(world, ends[way === 0 ? 1 : 0].node).spec.name;
  run.wire({ at: world.now, type, connection: id, way, from, to, port, message, bytes, last });
}
