/*
 * The one shape of everything that runs: a process is plain data, and a synchronous step moves it. An input
 * comes in, the state changes in place, effects go into an outbox. `sim` carries the effects out in a virtual
 * world; a real one can do it with sockets, files and clocks, and nothing in core can tell the two apart.
 */
import type { ClientCall, ClientOutcome } from "./calls.ts";
import type { CoreEvent } from "./events.ts";
import type { CallId, ConnectionId, Endpoint, InputId, Millis, Uint32 } from "./ids.ts";

/** Integer milliseconds. Timers and time-outs use monotonic; timestamps in records use wall, which a fault may step. */
export interface Now {
  readonly monotonic: Millis;
  readonly wall: Millis;
}

/** What a process may use while it handles one input. Synchronous, like a blocking pread or fsync. */
export interface Ports {
  readonly files: Files;
  /** A draw from the process's own seeded stream, uniform over [0, 2^32). */
  random(): Uint32;
  /** Fresh zeroed memory, cut from slabs that lie outside the world. Fill it in this step; it is sealed after. */
  bytes(length: number): Uint8Array;
}

/** Why a connection ended. `local` is never told: a process that closes a connection hears no more of it. */
export type CloseReason = "refused" | "reset" | "closed" | "timedOut";

/**
 * One thing handed to a process.
 * - `started`: the process begins (again); its state was made new just before, its files are as the last life left them.
 * - `opened`: a connection is up; `listener` is set on the side that accepted it.
 * - `closed`: a connection is gone (never after the process's own `close`).
 * - `received`: the next bytes of a connection's stream, cut anywhere. They are sealed.
 * - `filled` / `drained`: what was sent on a connection no longer fits into its send buffer / all of it has left.
 * - `call`: an application asks something of its client.
 * - `stop`: please stop cleanly (controlled shutdown); answered with the effect `exit`.
 */
export type Input = { readonly id: InputId } & (
  | { readonly type: "started" }
  | { readonly type: "timer"; readonly timer: string }
  | {
      readonly type: "opened";
      readonly connection: ConnectionId;
      readonly listener?: string;
      readonly remote: Endpoint;
    }
  | { readonly type: "closed"; readonly connection: ConnectionId; readonly reason: CloseReason }
  | { readonly type: "received"; readonly connection: ConnectionId; readonly bytes: Uint8Array }
  | { readonly type: "filled"; readonly connection: ConnectionId }
  | { readonly type: "drained"; readonly connection: ConnectionId }
  | { readonly type: "call"; readonly call: CallId; readonly request: ClientCall }
  | { readonly type: "stop" }
);

/** Nothing was heard from peer after the input `since` (absent: since this process started). */
export interface Silence {
  readonly peer: Endpoint;
  readonly since?: InputId;
}

/** What a sent frame is, for traces; the bytes say the same. One `send` carries exactly one frame. */
export interface FrameLabel {
  /** Kafka's api key. */
  readonly api: number;
  readonly version: number;
  readonly correlation: number;
  readonly response: boolean;
}

/** Besides the input in hand, an effect names what else caused it. */
export type Effect = {
  readonly causes?: readonly InputId[];
  readonly silences?: readonly Silence[];
} & (
  | { readonly type: "connect"; readonly connection: ConnectionId; readonly to: Endpoint }
  | {
      readonly type: "send";
      readonly connection: ConnectionId;
      readonly bytes: Uint8Array;
      readonly frame: FrameLabel;
    }
  | { readonly type: "close"; readonly connection: ConnectionId }
  /** Fires once at `at` (monotonic) or up to 999 µs later. Setting a name again moves it. */
  | { readonly type: "setTimer"; readonly timer: string; readonly at: Millis }
  | { readonly type: "cancelTimer"; readonly timer: string }
  | { readonly type: "result"; readonly call: CallId; readonly outcome: ClientOutcome }
  | { readonly type: "note"; readonly event: CoreEvent }
  /** The process has stopped cleanly and hands itself back; nothing is handled after it. */
  | { readonly type: "exit" }
);

/** A disk operation failed, asked for a file that is not there, or found one that makes no sense. */
export class DiskError extends Error {
  override readonly name = "DiskError";
  /** The file, or the folder, that it is about. */
  readonly path: string;

  constructor(path: string, problem: string) {
    super(problem);
    this.path = path;
  }
}

/**
 * A folder tree of one process. Paths are relative, with `/`; folders exist as soon as a file in them does.
 * What is written is in the page cache at once and on the platter only after fsync (or the world's own
 * write-back); names (new, renamed, removed) are on the platter only after fsyncFolder.
 */
export interface Files {
  /** Adds bytes at the end; makes the file if it is not there. The bytes are copied: the caller keeps its memory. */
  append(path: string, bytes: Uint8Array): void;
  /** Overwrites (or extends) from `position`; makes the file if it is not there. */
  writeAt(path: string, position: number, bytes: Uint8Array): void;
  /** A sealed view (or copy) of up to `length` bytes; shorter only where the file ends. @throws DiskError if missing. */
  read(path: string, position: number, length: number): Uint8Array;
  /** Bytes in the file, or undefined if there is none. */
  size(path: string): number | undefined;
  /** Cuts the file, or extends it with zeroes. @throws DiskError if missing. */
  truncate(path: string, size: number): void;
  fsync(path: string): void;
  /** Atomic; replaces `to`. */
  rename(from: string, to: string): void;
  /** Removes the file; nothing happens if there is none. */
  remove(path: string): void;
  /** Names of the files and folders directly in `folder` ("" is the root), sorted by code unit. Empty if there is none. */
  list(folder: string): readonly string[];
  fsyncFolder(folder: string): void;
}
