/*
 * The world as a value: plain data and a tree. One part names another by its number; what is shared (sealed
 * bytes, inputs' requests) never changes. Copy, hash and compare it with copy-world, hash-world, compare-worlds.
 */
import type { BrokerId, CallId, ClientCall, CloseReason, Effect, ProducerSettings } from "#core";
import type { Scenario } from "../scenario/schema.ts";
import type { Tape } from "../trace/hash.ts";
import type { Micros } from "../trace/events.ts";
import type { Disk } from "./disk/state.ts";
import type { Connection, Link } from "./network/state.ts";
import type { Queue } from "./queue.ts";
import type { Stream } from "./stream.ts";

/**
 * How far a run is: its workload and faults; healed, waiting for the cluster to recover; fresh readers at work;
 * over (nothing moves any more).
 */
export type Phase = "run" | "heal" | "verify" | "end";

export type NodeKind = "broker" | "controller" | "producer" | "consumer" | "admin" | "verifier";

/** What a node is, for good. */
export interface NodeSpec {
  readonly name: string;
  readonly kind: NodeKind;
  /** Broker or controller id; 0 for clients. */
  readonly id: number;
  /** Where it listens; 0 if it does not. */
  readonly port: number;
}

/** A timer of a process, known by its name; `at` -1: not set. The queue holds at most one live entry for it. */
export interface Timer {
  readonly name: string;
  readonly slot: number;
  at: Micros;
  /** Sequence of the setting; orders timers that fire at one microsecond. */
  order: number;
  /** The input that set it. */
  setBy: number;
  /** The live entry in the queue: its time (-1: none) and order. */
  queuedAt: Micros;
  queuedOrder: number;
}

/** An input that waits for its process: it is at work on its disk, or paused. `cause` is an event's number. */
export type Pending =
  | { readonly type: "started"; readonly cause: number }
  | { readonly type: "timer"; readonly slot: number; readonly order: number }
  | {
      readonly type: "opened";
      readonly connection: number;
      readonly end: 0 | 1;
      readonly cause: number;
    }
  | {
      readonly type: "closed";
      readonly connection: number;
      readonly end: 0 | 1;
      readonly reason: CloseReason;
      readonly cause: number;
    }
  | { readonly type: "received"; readonly connection: number; readonly end: 0 | 1 }
  | {
      readonly type: "filled" | "drained";
      readonly connection: number;
      readonly end: 0 | 1;
      readonly cause: number;
    }
  | {
      readonly type: "call";
      readonly call: CallId;
      readonly request: ClientCall;
      readonly cause: number;
    }
  | { readonly type: "wake"; readonly cause: number }
  | { readonly type: "stop"; readonly cause: number };

/** Something that is wrong with a machine for a while; `fault` is the place of the fault in the scenario. */
export type Ail = { readonly fault: number } & (
  | { readonly type: "slow"; readonly stepUs: number }
  | { readonly type: "diskLatency"; readonly times: number }
  | { readonly type: "diskFull" | "diskError" | "lyingFsync" }
);

/** A machine's wall clock against the true one. */
export interface WallClock {
  offsetMs: number;
  /** How fast it runs away, in millionths, and since when. */
  ppm: number;
  since: Micros;
}

/** One machine and the process on it. */
export interface Node {
  readonly index: number;
  readonly spec: NodeSpec;
  /** How many lives its process has begun. */
  life: number;
  /** Whether the machine has power: its kernel answers, its page cache is there. */
  power: boolean;
  /** Whether the process is there. */
  up: boolean;
  paused: boolean;
  /** It was asked to stop and has not done so yet. */
  stopping: boolean;
  /** It shall start again once it has stopped, because of that event; -1: it shall not. */
  restartBy: number;
  /** Why the process is down; undefined before its first life and while it is up. */
  downBy: "crash" | "powerLoss" | "stopped" | "halted" | "failed" | undefined;
  /** The event that took it down last; -1: none. */
  downEvent: number;
  /** A connection between this broker and a controller has fallen silent in its life. */
  hushed: boolean;
  /** Settings that somebody gave its client by hand: from its next life on. */
  settings: Partial<ProducerSettings>;
  ails: Ail[];
  readonly clock: WallClock;
  /** Its disk was replaced by an empty one. */
  wiped: boolean;
  /** Its disk has said that it had flushed what it had not. */
  lied: boolean;
  /** The machine's state (broker, controller, client); undefined while down. */
  process: unknown;
  /** The application on top of a client; undefined for others and while down. */
  application: unknown;
  /** Its application has nothing more to do. */
  finished: boolean;
  nextCall: number;
  /** Calls that the operator made: their outcomes are not for the application. */
  operatorCalls: Set<CallId>;
  /** When the last step began, be it in hand or over. */
  beganAt: Micros;
  /** When the step in hand ends; -1: none is under way. */
  busyUntil: Micros;
  /** The input of the step in hand. */
  inHand: number;
  /** Effects of the step in hand, which leave when its last disk operation is over. */
  held: Effect[];
  inbox: Pending[];
  timers: Map<string, number>;
  slots: (Timer | null)[];
  freeSlots: number[];
  /** How many slots there may be before unused names are forgotten. */
  sweepAt: number;
  /** Local number of a connection to the world's. */
  ends: Map<number, number>;
  nextAccepted: number;
  readonly disk: Disk;
  readonly chance: Stream;
  readonly applicationChance: Stream;
  readonly timerChance: Stream;
}

/** A planned heal of a fault that has struck. `nodes` and `links` are what it touched. */
export interface PlannedHeal {
  readonly at: Micros;
  /** Place of the fault in the scenario. */
  readonly index: number;
  readonly nodes: readonly number[];
  /** Lives that the fault ended or paused, one for each of `nodes`. */
  readonly lives: readonly number[];
  /** Directed links that were cut, two numbers each. */
  readonly links: readonly number[];
  readonly cause: number;
}

/** What is left of a rolling restart: node indexes, those of one machine together. */
export interface PlannedRoll {
  readonly at: Micros;
  /** Place of the fault in the scenario. */
  readonly index: number;
  /** Asked to stop last. */
  readonly under: readonly number[];
  readonly left: readonly (readonly number[])[];
  readonly cause: number;
}

/** Faults have their own list, never the queue. */
export interface Plan {
  /** Whether the fault at that place has struck. */
  struck: boolean[];
  heals: PlannedHeal[];
  rolls: PlannedRoll[];
  /** The end of the run was reached and everything healed: no fault strikes any more. */
  ended: boolean;
  /** When the conditional fault at that place strikes; Infinity: its condition has not come true. */
  dueAt: Micros[];
  /** How often what the conditional fault at that place waits for has happened. */
  seen: number[];
  /** How many faults wait for something that has not happened. */
  waiting: number;
  /** When the next fault or heal is due; Infinity: none. */
  nextAt: Micros;
}

/** What the controller committed last about a partition, as its note told. */
export interface PartitionView {
  leader: BrokerId | number;
  replicas: number[];
  isr: number[];
  elr: number[];
}

/** The value that runs. */
export interface World {
  scenario: Scenario;
  now: Micros;
  phase: Phase;
  /** With phase `end`: whether the fresh readers read everything. */
  complete: boolean;
  /** Since when everything looks recovered (phase heal); -1: it does not. */
  wholeSince: Micros;
  /** Inputs handled by processes so far. */
  inputs: number;
  nextOrder: number;
  readonly tape: Tape;
  readonly nodes: Node[];
  readonly names: Map<string, number>;
  readonly queue: Queue;
  readonly links: Map<number, Link>;
  readonly connections: Map<number, Connection>;
  nextConnection: number;
  readonly plan: Plan;
  readonly partitions: Map<string, PartitionView>;
  /** By broker id: how far the metadata log is applied in its present life (the offset behind the last record). */
  readonly applied: Map<number, number>;
  /** By broker and partition: the log end offset, and what that replica believes the high watermark to be. */
  readonly ends: Map<string, number>;
  readonly marks: Map<string, number>;
  /** Indexes of the nodes that belong to what the last heal healed; empty before. */
  healed: readonly number[];
  /** By broker id: the life of it that the controller knows. */
  readonly registered: Map<number, number>;
  /** Index of the node that was elected to lead the quorum last (-1: none yet), and when. */
  controller: number;
  controllerSince: Micros;
  /** The highest offset of the metadata log that the trace was told of; -1: none. */
  metadataTold: number;
}
