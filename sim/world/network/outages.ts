/*
 * What faults do to connections. A dark link loses nothing: TCP sends again, so bytes are held and arrive some
 * time after the link carries again.
 */
import { recordEvent } from "../../trace/recorder.ts";
import { nodeAt } from "../nodes.ts";
import type { Run } from "../runtime.ts";
import type { Node, World } from "../state.ts";
import { between } from "../stream.ts";
import { tellDelays } from "./arrivals.ts";
import { dropIfDone, forgetEnd, giveCredit } from "./connections.ts";
import { isDark, linkBetween, linkOf, planArrival, putSign } from "./links.ts";
import { loseInbound, loseUnderWay, loseWaiting } from "./losses.ts";
import type { Connection, Way } from "./state.ts";

const ways = [0, 1] as const;
const other = (way: Way): Way => (way === 0 ? 1 : 0);

/** The longest that TCP waits before it sends again what a dark link held, in microseconds. */
const longestRetransmit = 200_000;

/** Cuts the link from one node to another; `cause` is the fault. Cuts of several faults add up. */
export function cutLink(run: Run, from: number, to: number, cause: number, oneWay = false): void {
  const link = linkBetween(run.world, from, to);
  if (link.cuts++ > 0) return;
  // Most cuts have two directions, which are cut and healed together: one event tells of both, unless another fault has
  // cut one of them before.
  const back = linkBetween(run.world, to, from).cuts;
  if (oneWay || from < to || back > 1) {
    const peer = nodeAt(run.world, to).spec.name;
    const isHalf = oneWay || back > 0;
    const body = { type: "linkCut" as const, peer, ...(isHalf ? { oneWay: true as const } : {}) };
    link.cutBy = recordEvent(run, nodeAt(run.world, from), cause, body);
  } else link.cutBy = cause;
  for (const [connection, way] of pipesOn(run.world, from, to)) {
    hold(run, connection, way, link.cutBy);
  }
}

/** Takes one cut away; what was held is sent again once the last is gone. */
export function healLink(run: Run, from: number, to: number, cause: number, oneWay = false): void {
  const link = linkBetween(run.world, from, to);
  if (link.cuts === 0 || --link.cuts > 0) return;
  let healed = cause;
  const back = linkBetween(run.world, to, from).cuts;
  if (oneWay || from < to || back > 0) {
    const peer = nodeAt(run.world, to).spec.name;
    // Another fault may cut the way back as well, or may be all that cut it.
    const isHalf = oneWay || from > to || back > 1;
    const body = {
      type: "linkHealed" as const,
      peer,
      ...(isHalf ? { oneWay: true as const } : {}),
    };
    healed = recordEvent(run, nodeAt(run.world, from), cause, body);
  }
  for (const [connection, way] of pipesOn(run.world, from, to)) {
    sendAgain(run, connection, way, healed);
  }
}

/** Connections in their order, with the way that runs over a directed link. */
function* pipesOn(world: World, from: number, to: number): Generator<[Connection, Way]> {
  for (const connection of [...world.connections.values()]) {
    for (const way of ways) {
      const { node } = connection.ends[way];
      if (node === from && connection.ends[other(way)].node === to) yield [connection, way];
    }
  }
}

function hold(run: Run, connection: Connection, way: Way, cause: number): void {
  const pipe = connection.pipes[way];
  if (pipe.wire.every((chunk) => chunk.arrival < 0)) return;
  for (const chunk of pipe.wire) {
    chunk.arrival = -1;
    chunk.order = -1;
  }
  pipe.lastArrival = run.world.now;
  tellDelays(run, connection, way, nodeAt(run.world, connection.ends[way].node), cause);
}

function sendAgain(run: Run, connection: Connection, way: Way, cause: number): void {
  const { world } = run;
  if (isDark(world, connection, way)) return;
  const pipe = connection.pipes[way];
  if (pipe.wire.length > 0) {
    const delay = between(linkOf(world, connection, way).stream, 0, longestRetransmit);
    for (const chunk of pipe.wire) {
      if (chunk.arrival < 0) planArrival(world, connection, way, chunk, delay);
    }
    tellDelays(run, connection, way, nodeAt(world, connection.ends[way].node), cause);
  }
  const back = connection.pipes[other(way)];
  const credit = back.creditHeld;
  back.creditHeld = 0;
  if (credit > 0) giveCredit(run, connection, other(way), credit, cause);
}

/** A process is gone and its kernel lives: peers hear a reset behind what was already under way. */
export function resetEnds(run: Run, node: Node, cause: number): void {
  for (const [connection, way] of endsOf(run.world, node)) {
    loseWaiting(run, connection, way, "crash", cause);
    forgetEnd(run, connection, way, "crash", cause);
    if (connection.ends[other(way)].live && !connection.pipes[way].ended) {
      putSign(run.world, connection, way, "reset", cause);
    }
    dropIfDone(run, connection);
  }
}

/** A machine has lost its power: silence. What it had put on the wire still arrives; peers learn nothing. */
export function silenceEnds(run: Run, node: Node, cause: number): void {
  for (const [connection, way] of endsOf(run.world, node)) {
    loseWaiting(run, connection, way, "powerLoss", cause);
    loseHeld(run, connection, way, cause);
    forgetEnd(run, connection, way, "powerLoss", cause);
    dropIfDone(run, connection);
  }
  for (const connection of [...run.world.connections.values()]) {
    for (const way of ways) {
      if (connection.ends[other(way)].node === node.index) hold(run, connection, way, cause);
    }
  }
}

/** What a cut held is lost with the machine that would have sent it again. */
function loseHeld(run: Run, connection: Connection, way: Way, cause: number): void {
  const pipe = connection.pipes[way];
  if (pipe.wire.every((chunk) => chunk.arrival >= 0)) return;
  loseInbound(run, connection, way, "powerLoss", cause);
  pipe.wire = [];
  // The peer has not heard of an end either: a reset may still tell it.
  pipe.ended = false;
}

/** A machine has power again: what its peers sent meanwhile is sent again, and finds nobody. */
export function answerAgain(run: Run, node: Node, cause: number): void {
  for (const connection of [...run.world.connections.values()]) {
    for (const way of ways) {
      if (connection.ends[other(way)].node === node.index) sendAgain(run, connection, way, cause);
    }
  }
}

/** Every connection between two nodes ends with a reset at both ends. Returns how many there were. */
export function resetBetween(run: Run, a: number, b: number, cause: number): number {
  let met = 0;
  for (const connection of [...run.world.connections.values()]) {
    const [opener, acceptor] = connection.ends;
    const between =
      (opener.node === a && acceptor.node === b) || (opener.node === b && acceptor.node === a);
    if (!between || !opener.live) continue;
    met++;
    for (const way of ways) {
      loseInbound(run, connection, way, "reset", cause);
      loseWaiting(run, connection, way, "reset", cause);
      connection.pipes[way].wire = [];
      connection.ends[way].goneBy = cause;
      connection.ends[way].goneWhy = "reset";
      if (!connection.pipes[way].ended || connection.ends[other(way)].live) {
        putSign(run.world, connection, way, "reset", cause);
      }
    }
  }
  return met;
}

/** Connections between two nodes carry nothing any more, and neither end hears of it. Returns how many there were. */
export function hollowBetween(run: Run, a: number, b: number, cause: number): number {
  let met = 0;
  for (const connection of run.world.connections.values()) {
    const [opener, acceptor] = connection.ends;
    const between =
      (opener.node === a && acceptor.node === b) || (opener.node === b && acceptor.node === a);
    if (!between || connection.hollow) continue;
    met++;
    connection.hollow = true;
    for (const way of ways) {
      loseUnderWay(run, connection, way, "blackHole", cause);
      hold(run, connection, way, cause);
    }
  }
  return met;
}

/** A node's connections, oldest first, with the way that leads from it. */
function endsOf(world: World, node: Node): [Connection, Way][] {
  const found: [Connection, Way][] = [];
  for (const connection of world.connections.values()) {
    for (const way of ways) {
      if (connection.ends[way].node === node.index && connection.ends[way].live) {
        found.push([connection, way]);
      }
    }
  }
  return found;
}
