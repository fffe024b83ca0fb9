import type { Micros } from "../../trace/events.ts";
import { kinds, pushEntry } from "../queue.ts";
import type { World } from "../state.ts";
import { between, newStream } from "../stream.ts";
import type { Chunk, Connection, Link, Pipe, Way } from "./state.ts";
import { nodeAt } from "../nodes.ts";

/** The number of a directed link. */
export const linkId = (world: World, from: number, to: number): number =>
  from * world.nodes.length + to;

/** The directed link between two nodes; made when it is first used. */
export function linkBetween(world: World, from: number, to: number): Link {
  const id = linkId(world, from, to);
  let link = world.links.get(id);
  if (link === undefined) {
    const name = `network/${nodeAt(world, from).spec.name}-${nodeAt(world, to).spec.name}`;
    link = { stream: newStream(world.scenario.seed, name), cuts: 0, cutBy: -1, slowness: [] };
    world.links.set(id, link);
  }
  return link;
}

/** The link on which a connection's pipe runs. */
export const linkOf = (world: World, { ends }: Connection, way: Way): Link =>
  linkBetween(world, ends[way].node, ends[way === 0 ? 1 : 0].node);

/** Whether what is put on the wire now is held: the link is cut, or the machine at its end has no power. */
export const isDark = (world: World, connection: Connection, way: Way): boolean =>
  connection.hollow ||
  linkOf(world, connection, way).cuts > 0 ||
  !nodeAt(world, connection.ends[way === 0 ? 1 : 0].node).power;

/** A latency of the link, in microseconds. */
export function drawLatency(world: World, link: Link): number {
  const [low, high] = world.scenario.network.latencyUs;
  let latency = between(link.stream, low, high);
  for (const one of link.slowness)
    if (one.type === "delay") latency += between(link.stream, one.low, one.high);
  return latency;
}

/** How long a link needs for so many bytes on top of its latency, in microseconds. */
function transferTime({ slowness }: Link, bytes: number): number {
  let time = 0;
  for (const one of slowness)
    if (one.type === "slowLink") time += Math.floor((bytes * 1000) / one.bytesPerMs);
  return time;
}

/** Puts a chunk on the wire, or among those that are held. */
export function putOnWire(world: World, connection: Connection, way: Way, chunk: Chunk): void {
  const pipe = connection.pipes[way];
  pipe.wire.push(chunk);
  pipe.inFlight += chunk.bytes.length;
  if (!isDark(world, connection, way)) planArrival(world, connection, way, chunk, 0);
}

/** Plans when a chunk of the wire arrives: after a latency and `delay`, and never before what is ahead of it. */
export function planArrival(
  world: World,
  connection: Connection,
  way: Way,
  chunk: Chunk,
  delay: number,
): void {
  const pipe = connection.pipes[way];
  const link = linkOf(world, connection, way);
  const soonest = world.now + delay + drawLatency(world, link);
  chunk.arrival = later(soonest, pipe.lastArrival) + transferTime(link, chunk.bytes.length);
  chunk.order = world.nextOrder++;
  pipe.lastArrival = chunk.arrival;
  pushEntry(world.queue, chunk.arrival, chunk.order, kinds.chunk, connection.id, way, 0);
}

const later = (a: Micros, b: Micros): Micros => (a > b ? a : b);

/** Puts a sign of the connection itself on the wire; `cause` is the event that brought it about. */
export function putSign(
  world: World,
  connection: Connection,
  way: Way,
  type: Chunk["type"],
  cause: number,
): void {
  if (type === "fin" || type === "reset") connection.pipes[way].ended = true;
  putOnWire(world, connection, way, {
    type,
    arrival: -1,
    order: -1,
    message: cause,
    bytes: nothing,
    last: true,
    lost: false,
  });
}

const nothing = new Uint8Array(0);

export const newPipe = (): Pipe => ({
  wire: [],
  arrived: [],
  waiting: [],
  inFlight: 0,
  lastArrival: 0,
  readable: false,
  full: false,
  ended: false,
  finBy: -1,
  creditHeld: 0,
});
