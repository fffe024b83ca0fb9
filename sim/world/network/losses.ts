import { recordEvent } from "../../trace/recorder.ts";
import { nodeAt } from "../nodes.ts";
import type { Run } from "../runtime.ts";
import type { Chunk, Connection, Loss, Way } from "./state.ts";

/** Tells that a message will never arrive (whole), and marks what is left of it. `cause` -1: nothing to name. */
export function loseMessage(
  run: Run,
  connection: Connection,
  way: Way,
  message: number,
  why: Loss,
  cause: number,
): void {
  const pipe = connection.pipes[way];
  for (const chunk of pipe.wire) if (chunk.message === message) chunk.lost = true;
  for (const part of pipe.waiting) if (part.message === message) part.lost = true;
  const sender = nodeAt(run.world, connection.ends[way].node);
  recordEvent(run, sender, cause, { type: "lost", message, why });
}

/** All that was on its way to an end that is gone. The wire keeps its chunks: the window is still taken. */
export function loseInbound(
  run: Run,
  connection: Connection,
  way: Way,
  why: Loss,
  cause: number,
): void {
  const pipe = connection.pipes[way];
  const messages = new Set<number>();
  addMessages(messages, pipe.arrived);
  addMessages(messages, pipe.wire);
  for (const { message, lost } of pipe.waiting) if (!lost) messages.add(message);
  for (const message of messages) loseMessage(run, connection, way, message, why, cause);
  pipe.arrived = [];
  pipe.readable = false;
}

/** All that has not reached the receiver's buffer yet. The window stays taken. */
export function loseUnderWay(
  run: Run,
  connection: Connection,
  way: Way,
  why: Loss,
  cause: number,
): void {
  const messages = new Set<number>();
  addMessages(messages, connection.pipes[way].wire);
  for (const { message, lost } of connection.pipes[way].waiting) if (!lost) messages.add(message);
  for (const message of messages) loseMessage(run, connection, way, message, why, cause);
}

/** What a sender had not put on the wire when it went. */
export function loseWaiting(
  run: Run,
  connection: Connection,
  way: Way,
  why: Loss,
  cause: number,
): void {
  const pipe = connection.pipes[way];
  const waited = pipe.waiting;
  pipe.waiting = [];
  for (const { message, lost } of waited) {
    if (!lost) loseMessage(run, connection, way, message, why, cause);
  }
}

function addMessages(messages: Set<number>, chunks: readonly Chunk[]): void {
  for (const chunk of chunks) {
    if (chunk.type === "data" && !chunk.lost) messages.add(chunk.message);
  }
}
