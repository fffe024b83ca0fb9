/*
 * What a process does with its connections: it asks for one, sends messages, closes. A pipe has a window: what
 * does not fit waits at the sender, who is told `filled`, and `drained` when all of it has left.
 */
import { assert, type ConnectionId, type Endpoint, type FrameLabel, must } from "#core";
import { type Causes, recordEvent, recordSent } from "../../trace/recorder.ts";
import { deliver } from "../inbox.ts";
import { nodeAt } from "../nodes.ts";
import type { Run } from "../runtime.ts";
import type { Node } from "../state.ts";
import { between } from "../stream.ts";
import { isDark, linkOf, newPipe, putOnWire, putSign } from "./links.ts";
import { loseMessage, loseInbound } from "./losses.ts";
import type { Connection, End, Loss, Waiting, Way } from "./state.ts";

const other = (way: Way): Way => (way === 0 ? 1 : 0);

/** A process asks for a connection: the request travels; the answer is `opened`, or `closed` with `refused`. */
export function connect(
  run: Run,
  node: Node,
  local: ConnectionId,
  to: Endpoint,
  causes: Causes,
): void {
  const { world } = run;
  demand(run, !node.ends.has(local), `connection ${local} is new`);
  const peer = world.names.get(to.host);
  demand(run, peer !== undefined, `a process connects to a node, not to ${to.host}`);
  const cause = recordEvent(run, node, causes, {
    type: "connecting",
    connection: local,
    to: to.host,
  });
  const connection: Connection = {
    id: world.nextConnection++,
    port: to.port,
    ends: [newEnd(node.index, local, true), newEnd(peer, -1, false)],
    pipes: [newPipe(), newPipe()],
    hollow: false,
  };
  world.connections.set(connection.id, connection);
  node.ends.set(local, connection.id);
  putSign(world, connection, 0, "syn", cause);
}

/** What a process asks for must make sense: else the mistake is the process's, not the world's. */
function demand(run: Run, fact: boolean, sentence: string): asserts fact {
  if (!fact) run.runtime.blame = "process";
  assert(fact, sentence);
}

const newEnd = (node: number, local: number, live: boolean): End => ({
  node,
  local,
  live,
  told: false,
  goneBy: -1,
  goneWhy: "closed",
});

/** The connection that a process means, and the way that leads from it. */
function ownConnection(run: Run, node: Node, local: ConnectionId): [Connection, Way] {
  const id = node.ends.get(local);
  demand(run, id !== undefined, `${node.spec.name} has a connection ${local}`);
  const connection = must(run.world.connections.get(id), "the connection of an end");
  const way = connection.ends[0].node === node.index && connection.ends[0].local === local ? 0 : 1;
  return [connection, way];
}

/** A process sends one message. */
export function transmit(
  run: Run,
  node: Node,
  local: ConnectionId,
  bytes: Uint8Array,
  frame: FrameLabel,
  causes: Causes,
): void {
  const { world } = run;
  const [connection, way] = ownConnection(run, node, local);
  const pipe = connection.pipes[way];
  const peer = connection.ends[other(way)];
  const message = world.tape.seq;
  let arrival = -1;
  if (!pipe.ended) {
    pipe.waiting.push({ message, bytes, lost: false });
    if (pipe.waiting.length === 1) arrival = pump(run, connection, way);
  }
  const sent = recordSent(
    run,
    node,
    causes,
    local,
    nodeAt(world, peer.node).spec.name,
    bytes,
    frame,
    arrival,
  );
  assert(sent === message, "a message is numbered by its event");
  const why = connection.hollow ? "blackHole" : lossAhead(pipe.ended, peer);
  if (why !== undefined) loseMessage(run, connection, way, message, why, peer.goneBy);
  if (pipe.waiting.length > 0 && !pipe.full) {
    pipe.full = true;
    deliver(run, node, { type: "filled", connection: connection.id, end: way, cause: sent });
  }
}

/** Why a message that leaves now can never arrive; undefined if it can. */
const lossAhead = (ended: boolean, peer: End): Loss | undefined => {
  if (ended) return "reset";
  return peer.live || peer.goneBy < 0 ? undefined : peer.goneWhy;
};

/**
 * Puts on the wire what the window has room for, in chunks cut anywhere. Returns the planned arrival of the last
 * byte that left if nothing waits any more; -1 if something waits or is held.
 */
export function pump(run: Run, connection: Connection, way: Way): number {
  const { world } = run;
  const pipe = connection.pipes[way];
  const { windowBytes } = world.scenario.network;
  let arrival = -1;
  for (;;) {
    const next = pipe.waiting[0];
    if (next === undefined) return arrival;
    const room = windowBytes - pipe.inFlight;
    if (room <= 0 && next.bytes.length > 0) return -1;
    const fits = next.bytes.length <= room;
    const part = fits ? next.bytes : next.bytes.subarray(0, room);
    arrival = putSplit(
      run,
      connection,
      way,
      { message: next.message, bytes: part, lost: next.lost },
      fits,
    );
    if (fits) pipe.waiting.shift();
    else pipe.waiting[0] = { ...next, bytes: next.bytes.subarray(room) };
  }
}

/** Puts bytes of one message on the wire, split where chance says; returns the arrival of the last of them. */
function putSplit(
  run: Run,
  connection: Connection,
  way: Way,
  part: Waiting,
  ends: boolean,
): number {
  const { world } = run;
  const { splitPercent } = world.scenario.network;
  const { stream } = linkOf(world, connection, way);
  let rest = part.bytes;
  while (splitPercent > 0 && rest.length > 1 && between(stream, 0, 99) < splitPercent) {
    const at = between(stream, 1, rest.length - 1);
    putData(run, connection, way, part, rest.subarray(0, at), false);
    rest = rest.subarray(at);
  }
  return putData(run, connection, way, part, rest, ends);
}

function putData(
  run: Run,
  connection: Connection,
  way: Way,
  { message, lost }: Waiting,
  bytes: Uint8Array,
  last: boolean,
): number {
  const chunk = { type: "data" as const, arrival: -1, order: -1, message, bytes, last, lost };
  putOnWire(run.world, connection, way, chunk);
  return chunk.arrival;
}

/** A process closes a connection: what it sent before still arrives, then the peer hears of the end. */
export function close(run: Run, node: Node, local: ConnectionId, causes: Causes): void {
  const [connection, way] = ownConnection(run, node, local);
  const peer = nodeAt(run.world, connection.ends[other(way)].node).spec.name;
  const cause = recordEvent(run, node, causes, { type: "closing", connection: local, peer });
  hangUp(run, connection, way, cause);
}

/** One end leaves the connection in good order: by `close`, or because its process exits. */
export function hangUp(run: Run, connection: Connection, way: Way, cause: number): void {
  forgetEnd(run, connection, way, "closed", cause);
  const pipe = connection.pipes[way];
  if (connection.ends[other(way)].local < 0) {
    run.world.connections.delete(connection.id);
    return;
  }
  if (pipe.waiting.length > 0) pipe.finBy = cause;
  else if (!pipe.ended) putSign(run.world, connection, way, "fin", cause);
  dropIfDone(run, connection);
}

/** An end is gone for its process; what was on its way to it is lost. */
export function forgetEnd(
  run: Run,
  connection: Connection,
  way: Way,
  why: Loss,
  cause: number,
): void {
  const end = connection.ends[way];
  if (end.local >= 0) nodeAt(run.world, end.node).ends.delete(end.local);
  if (!end.live) return;
  end.live = false;
  end.goneBy = cause;
  end.goneWhy = why;
  loseInbound(run, connection, other(way), why, cause);
}

/** A connection that neither end knows any more leaves the world. */
export function dropIfDone(run: Run, connection: Connection): void {
  const [opener, acceptor] = connection.ends;
  if (!opener.live && !acceptor.live) run.world.connections.delete(connection.id);
}

/** After bytes were handled (or news of it came): the window has room again. */
export function giveCredit(
  run: Run,
  connection: Connection,
  way: Way,
  bytes: number,
  cause: number,
): void {
  const pipe = connection.pipes[way];
  pipe.inFlight -= bytes;
  if (pipe.waiting.length === 0) return;
  const sender = nodeAt(run.world, connection.ends[way].node);
  const held = isDark(run.world, connection, way);
  const waited = pipe.waiting.slice();
  pump(run, connection, way);
  if (!held) tellArrivals(run, connection, way, waited, sender, cause);
  if (pipe.waiting.length > 0) return;
  if (pipe.finBy >= 0 && !pipe.ended) putSign(run.world, connection, way, "fin", pipe.finBy);
  if (!pipe.full) return;
  pipe.full = false;
  if (connection.ends[way].live) {
    deliver(run, sender, { type: "drained", connection: connection.id, end: way, cause });
  }
}

/** Messages that waited and have now left altogether have a planned arrival. */
function tellArrivals(
  run: Run,
  connection: Connection,
  way: Way,
  waited: readonly { readonly message: number }[],
  sender: Node,
  cause: number,
): void {
  const { wire } = connection.pipes[way];
  for (const { message } of waited) {
    const last = wire.find((chunk) => chunk.message === message && chunk.last);
    if (last === undefined || last.lost) continue;
    recordEvent(run, sender, cause, { type: "delayed", message, arrival: last.arrival });
  }
}
