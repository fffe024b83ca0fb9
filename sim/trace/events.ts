/*
 * The trace: what happened, in order. It is the only bridge from the simulation to checkers, exporters and
 * pictures. Ordered by `seq`; virtual time never falls. JSON-safe: numbers, strings, booleans, null, arrays.
 */
import type { CoreEvent } from "#core";
import type { Fault } from "../scenario/schema.ts";

/** Integer virtual microseconds since the start of the run. */
export type Micros = number;

/** `b1`, `c1`, `p1`, `k1`: the name of a node; "" is the world itself. */
export type NodeName = string;

/** Nothing was heard from `peer` after the input event `since` (-1: since the process started). */
export interface TraceSilence {
  readonly peer: NodeName;
  readonly since: number;
}

interface TraceBase {
  readonly seq: number;
  readonly at: Micros;
  readonly node: NodeName;
  /** Sequence numbers of the events that brought this one about, the nearest first. */
  readonly causes: readonly number[];
  readonly silences?: readonly TraceSilence[];
}

/** A process began (again). `life` counts from 1. Caused by a fault's heal, an edit, or nothing (the run's start). */
export interface Started {
  readonly type: "started";
  readonly life: number;
  readonly kind: "broker" | "controller" | "producer" | "consumer" | "admin" | "verifier";
}

/** A timer fired; caused by the input that set it. */
export interface TimerFired {
  readonly type: "timer";
  readonly timer: string;
}

/** A connection is up at this end. */
export interface Opened {
  readonly type: "opened";
  readonly connection: number;
  readonly peer: NodeName;
  readonly accepted: boolean;
}

/** A connection ended at this end, or could not be made. */
export interface Closed {
  readonly type: "closed";
  readonly connection: number;
  readonly peer: NodeName;
  readonly reason: string;
}

/** Bytes of messages were handled. Caused by the `sent` events of the messages; `done` lists those now complete. */
export interface Received {
  readonly type: "received";
  readonly connection: number;
  readonly from: NodeName;
  readonly bytes: number;
  readonly done: readonly number[];
}

/** The send buffer of a connection is full, or empty again. */
export interface Pressure {
  readonly type: "filled" | "drained";
  readonly connection: number;
}

/** An application called its client. */
export interface Called {
  readonly type: "called";
  readonly call: number;
  readonly request: TraceCall;
}

/** What was asked, as people read it: keys and values as text (a value by its first word, which is unique, or by a header that names it). */
export type TraceCall =
  | {
      readonly type: "send";
      readonly topic: string;
      readonly partition: number | null;
      readonly key: string | null;
      readonly value: string;
      readonly bytes: number;
    }
  | { readonly type: "poll" }
  | { readonly type: "createTopics" | "deleteTopics"; readonly topics: readonly string[] }
  | { readonly type: "assign"; readonly topic: string }
  | {
      readonly type: "seek";
      readonly topic: string;
      readonly partition: number;
      readonly to: number | "earliest" | "latest";
    }
  | { readonly type: "createPartitions"; readonly topic: string; readonly count: number }
  | {
      readonly type: "alterConfigs";
      readonly resource: "topic" | "broker";
      readonly name: string;
      readonly configs: Readonly<Record<string, string | null>>;
    }
  | {
      readonly type: "electLeaders";
      readonly election: "preferred" | "unclean";
      /** Names. */
      readonly partitions: readonly string[];
    }
  | {
      readonly type: "deleteRecords";
      readonly partition: string;
      /** null: at the high watermark. */
      readonly before: number | null;
    }
  | { readonly type: "flush" | "endOffsets" | "describeCluster" };

/** A process asks for a connection. */
export interface Connecting {
  readonly type: "connecting";
  readonly connection: number;
  readonly to: NodeName;
}

/** A process ended a connection itself. */
export interface Closing {
  readonly type: "closing";
  readonly connection: number;
  readonly peer: NodeName;
}

/** A message (one frame) left; its `seq` names the message. `arrival` is planned: null while a link is cut. */
export interface Sent {
  readonly type: "sent";
  readonly connection: number;
  readonly to: NodeName;
  readonly api: string;
  readonly version: number;
  readonly correlation: number;
  readonly response: boolean;
  readonly bytes: number;
  /** CRC-32C of the whole frame. */
  readonly crc: number;
  readonly arrival: Micros | null;
  /** The one leader epoch that it carries; absent: it carries none, or several. */
  readonly epoch?: number;
}

/** The planned arrival of a message changed (held by a cut, sent again after it). */
export interface Delayed {
  readonly type: "delayed";
  readonly message: number;
  readonly arrival: Micros | null;
}

/** A message, or the rest of it, will never arrive. */
export interface Lost {
  readonly type: "lost";
  readonly message: number;
  readonly why: "reset" | "crash" | "powerLoss" | "closed" | "refused" | "blackHole";
}

/** A client told its application. */
export interface Told {
  readonly type: "result";
  readonly call: number;
  readonly outcome: TraceOutcome;
}

/** A record as a consumer got it. */
export interface SeenRecord {
  readonly partition: string;
  readonly offset: number;
  /** Leader epoch of its batch. */
  readonly epoch: number;
  readonly key: string | null;
  /** The record's unique name: the first word of the value, or what a header says. */
  readonly value: string;
  /** CRC-32C of the whole value. */
  readonly crc: number;
}

export type TraceOutcome =
  | { readonly type: "acknowledged"; readonly partition: string; readonly offset: number }
  | { readonly type: "sent"; readonly partition: string }
  | { readonly type: "failed"; readonly error: string; readonly reason: string }
  | { readonly type: "unknown"; readonly reason: string }
  | {
      readonly type: "polled";
      readonly records: readonly SeenRecord[];
      readonly positions: readonly { readonly partition: string; readonly offset: number }[];
    }
  | {
      readonly type: "endOffsets";
      readonly offsets: readonly { readonly partition: string; readonly offset: number }[];
    }
  | { readonly type: "cluster"; readonly brokers: readonly number[] }
  | { readonly type: "done" };

/** Something that only the core knows; see CoreEvent. */
export interface Noted {
  readonly type: "note";
  readonly event: CoreEvent;
  /** When the step began that tells of it, if that took time (µs): what the core did it did then. */
  readonly began?: Micros;
}

/** A disk operation, complete at `until`. */
export interface DiskDone {
  readonly type: "disk";
  readonly op: "append" | "write" | "truncate" | "fsync" | "rename" | "remove" | "fsyncFolder";
  readonly file: string;
  readonly position: number;
  readonly length: number;
  readonly until: Micros;
}

/** The operating system wrote dirty pages of a file to the platter by itself: half-open byte ranges. */
export interface WriteBack {
  readonly type: "writeBack";
  readonly file: string;
  readonly ranges: readonly (readonly [number, number])[];
}

/** What a crash or a power loss did to a file: bytes before and after, and from where on they may differ. */
export interface FileHurt {
  readonly type: "fileHurt";
  readonly file: string;
  readonly why: "undone" | "torn" | "unsynced" | "emptied" | "rotten";
  readonly before: number;
  readonly after: number;
  readonly from: number;
}

/** A fault strikes. `index` is its place in the scenario (-1: the final heal). */
export interface FaultStruck {
  readonly type: "fault";
  readonly index: number;
  readonly fault: Fault;
  readonly targets: readonly NodeName[];
  /** Of what befalls the network: who is on each side; with `oneWay` it befalls only what goes from the first to the second. */
  readonly sides?: readonly [readonly NodeName[], readonly NodeName[]];
  /** True if at least one target was alive and was met. */
  readonly met: boolean;
  readonly sentence: string;
}

/** A fault's heal (`index` -1: the final heal of everything). */
export interface Healed {
  readonly type: "healed";
  readonly index: number;
  readonly targets: readonly NodeName[];
  /** Of the final heal: who is not part of it, and stays as they are; absent: nobody. */
  readonly left?: readonly NodeName[];
  readonly sentence: string;
}

/** A process is gone; `how` says what is left of it. */
export interface Down {
  readonly type: "down";
  readonly how: "crash" | "powerLoss" | "stopped" | "halted" | "failed";
  /** With `failed`: the assertion that did not hold; with `halted`: what its disk did not do. */
  readonly reason?: string;
}

/** A process stands still, or goes on. */
export interface Pausing {
  readonly type: "paused" | "resumed";
}

/** A link carries nothing in either direction, or carries again. */
export interface LinkChanged {
  readonly type: "linkCut" | "linkHealed";
  readonly peer: NodeName;
  /** Only what goes to the peer; absent: both directions. */
  readonly oneWay?: true;
}

/** Where the run stands: the workload has ended and everything is healed; fresh readers begin; the end. */
export interface PhaseBegan {
  readonly type: "phase";
  readonly phase: "heal" | "verify" | "end";
  /**
   * With `verify`: whether every partition has a leader and enough replicas in sync again; with `end`: whether the fresh
   * readers read everything.
   */
  readonly complete: boolean;
}

export type TraceBody =
  | Started
  | TimerFired
  | Opened
  | Closed
  | Received
  | Pressure
  | Called
  | Connecting
  | Closing
  | Sent
  | Delayed
  | Lost
  | Told
  | Noted
  | DiskDone
  | WriteBack
  | FileHurt
  | FaultStruck
  | Healed
  | Down
  | Pausing
  | LinkChanged
  | PhaseBegan
  | { readonly type: "stopAsked" };

export type TraceEvent = TraceBase & TraceBody;
