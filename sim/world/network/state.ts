/*
 * The network's part of the world: directed links, and connections of two ends and two pipes. Way 0 of a
 * connection runs from its opener (end 0) to its acceptor (end 1), way 1 back.
 */
import type { Micros } from "../../trace/events.ts";
import type { Stream } from "../stream.ts";

export type Way = 0 | 1;

/** One direction between two nodes. */
export interface Link {
  readonly stream: Stream;
  /** How many faults cut it now. */
  cuts: number;
  /** The event that cut it last. */
  cutBy: number;
  /** What makes it slow; `fault` is the place of the fault in the scenario. */
  slowness: Slowness[];
}

export type Slowness = { readonly fault: number } & (
  | { readonly type: "delay"; readonly low: Micros; readonly high: Micros }
  | { readonly type: "slowLink"; readonly bytesPerMs: number }
);

/** Why messages never arrive; see the trace's `lost`. */
export type Loss = "reset" | "crash" | "powerLoss" | "closed" | "refused" | "blackHole";

/** What travels: bytes of one message, or a sign of the connection itself. */
export interface Chunk {
  readonly type: "data" | "syn" | "accepted" | "refused" | "fin" | "reset";
  /** When it arrives; -1 while it is held because the link is dark. */
  arrival: Micros;
  /** Order of its entry in the queue. */
  order: number;
  /** Data: the `sent` event of its message. Others: the event that brought it about. */
  readonly message: number;
  readonly bytes: Uint8Array;
  /** The message ends with it. */
  readonly last: boolean;
  /** It was told that the message is lost; the chunk takes its room in the window still. */
  lost: boolean;
}

/** What a sender's buffer holds back because the window is full. */
export interface Waiting {
  readonly message: number;
  readonly bytes: Uint8Array;
  lost: boolean;
}

/** One direction of a connection. */
export interface Pipe {
  /** Under way or held, in order. */
  wire: Chunk[];
  /** In the receiver's buffer, not handled yet. */
  arrived: Chunk[];
  waiting: Waiting[];
  /** Bytes under way or in the receiver's buffer. */
  inFlight: number;
  /** Nothing may arrive before it. */
  lastArrival: Micros;
  /** A `received` waits in the receiver's inbox. */
  readable: boolean;
  /** The sender was told `filled` and not yet `drained`. */
  full: boolean;
  /** The last chunk was put on the wire (end or reset); nothing follows. */
  ended: boolean;
  /** The sender closed: the end follows what waits. */
  finBy: number;
  /** Bytes handled whose news is held by a cut. */
  creditHeld: number;
}

/** One end of a connection. */
export interface End {
  readonly node: number;
  /** The process's number for it; -1: the acceptor has not got one yet. */
  local: number;
  /** The process knows this end. */
  live: boolean;
  /** The end of the connection waits in the inbox. */
  told: boolean;
  /** The event that ended it; -1 before. */
  goneBy: number;
  goneWhy: Loss;
}

export interface Connection {
  readonly id: number;
  readonly port: number;
  readonly ends: readonly [End, End];
  readonly pipes: readonly [Pipe, Pipe];
  /** It carries nothing any more, and nobody hears of it. */
  hollow: boolean;
}
