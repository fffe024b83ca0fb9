/*
 * What a machine's kernel does with what arrives: it accepts or refuses connections, fills receive buffers, and
 * answers with a reset what belongs to no connection that it knows.
 */
import { recordEvent } from "../../trace/recorder.ts";
import { deliver } from "../inbox.ts";
import { nodeAt } from "../nodes.ts";
import { kinds, pushEntry } from "../queue.ts";
import type { Run } from "../runtime.ts";
import type { Node, World } from "../state.ts";
import { giveCredit } from "./connections.ts";
import { tellCrossing } from "./crossing.ts";
import { drawLatency, isDark, linkOf, putSign } from "./links.ts";
import type { Chunk, Connection, Way } from "./state.ts";

const other = (way: Way): Way => (way === 0 ? 1 : 0);

/** The entry of a chunk is due; stale if the chunk was planned anew, or its connection is gone. */
export function arrive(run: Run, id: number, way: Way, order: number): void {
  const connection = run.world.connections.get(id);
  const chunk = connection?.pipes[way].wire[0];
  if (connection === undefined || chunk === undefined || chunk.order !== order) return;
  connection.pipes[way].wire.shift();
  tellCrossing(run, connection, way, chunk);
  const to = connection.ends[other(way)];
  switch (chunk.type) {
    case "data":
      return onData(run, connection, way, chunk);
    case "syn":
      return onSyn(run, connection, chunk.message);
    case "accepted":
      if (!to.live) return;
      return deliver(run, nodeAt(run.world, to.node), {
        type: "opened",
        connection: id,
        end: other(way),
        cause: chunk.message,
      });
    case "refused":
      return tellEnd(run, connection, other(way), "refused", chunk.message);
    case "fin":
      return tellEnd(run, connection, other(way), "closed", chunk.message);
    case "reset":
      return tellEnd(run, connection, other(way), "reset", chunk.message);
  }
}

function onData(run: Run, connection: Connection, way: Way, chunk: Chunk): void {
  const pipe = connection.pipes[way];
  const to = connection.ends[other(way)];
  if (!to.live) {
    // Nobody knows this connection here any more: the kernel says so.
    if (!connection.pipes[other(way)].ended) {
      putSign(run.world, connection, other(way), "reset", to.goneBy);
    }
    return;
  }
  if (chunk.lost) return;
  pipe.arrived.push(chunk);
  if (pipe.readable) return;
  pipe.readable = true;
  deliver(run, nodeAt(run.world, to.node), {
    type: "received",
    connection: connection.id,
    end: other(way),
  });
}

function onSyn(run: Run, connection: Connection, cause: number): void {
  const { world } = run;
  const end = connection.ends[1];
  const node = nodeAt(world, end.node);
  if (!node.up || node.spec.port === 0 || node.spec.port !== connection.port) {
    return putSign(world, connection, 1, "refused", cause);
  }
  end.local = node.nextAccepted;
  node.nextAccepted += 2;
  end.live = true;
  node.ends.set(end.local, connection.id);
  putSign(world, connection, 1, "accepted", cause);
  deliver(run, node, { type: "opened", connection: connection.id, end: 1, cause });
}

function tellEnd(
  run: Run,
  connection: Connection,
  at: Way,
  reason: "refused" | "closed" | "reset",
  cause: number,
): void {
  const end = connection.ends[at];
  if (!end.live || end.told) return;
  end.told = true;
  const node = nodeAt(run.world, end.node);
  deliver(run, node, { type: "closed", connection: connection.id, end: at, reason, cause });
}

/** A process read `bytes` of what came on `way`: news of it travels back if the sender waits for room. */
export function handled(world: World, connection: Connection, way: Way, bytes: number): void {
  const pipe = connection.pipes[way];
  if (pipe.waiting.length === 0) {
    pipe.inFlight -= bytes;
    return;
  }
  const at = world.now + drawLatency(world, linkOf(world, connection, other(way)));
  pushEntry(world.queue, at, world.nextOrder++, kinds.credit, connection.id, way, bytes);
}

/** News of room arrives at the sender, unless the link is dark by now. */
export function creditArrives(run: Run, id: number, way: Way, bytes: number): void {
  const connection = run.world.connections.get(id);
  if (connection === undefined || !connection.ends[way].live) return;
  if (isDark(run.world, connection, other(way))) connection.pipes[way].creditHeld += bytes;
  else giveCredit(run, connection, way, bytes, -1);
}

/** Tells that messages on a pipe have another planned arrival: once for each, by its last chunk. */
export function tellDelays(
  run: Run,
  connection: Connection,
  way: Way,
  sender: Node,
  cause: number,
): void {
  for (const chunk of connection.pipes[way].wire) {
    if (chunk.type !== "data" || !chunk.last || chunk.lost) continue;
    recordEvent(run, sender, cause, {
      type: "delayed",
      message: chunk.message,
      arrival: chunk.arrival < 0 ? null : chunk.arrival,
    });
  }
}
