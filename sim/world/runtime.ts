/*
 * What a world needs to run and is no part of it: the machines' functions, memory to cut frames from, and
 * buffers that are empty between two inputs. Any runtime moves any world the same way.
 */
import { assert, type Effect, must, type Ports, type Uint32, uint32 } from "#core";
import { DiskFiles } from "./disk/files-port.ts";
import type { Audit } from "../audit/audit.ts";
import type { ApplicationEffect, Machines } from "./machines.ts";
import type { TraceEvent } from "../trace/events.ts";
import { endStep, handle } from "./step.ts";
import type { Crossing } from "./network/crossing.ts";
import type { Node, Pending, World } from "./state.ts";
import { drawUint32 } from "./stream.ts";

export interface Runtime {
  readonly machines: Machines;
  /** Handles one input: here, so that the parts that hand inputs over need not import all that a step may do. */
  readonly handle: (run: Run, node: Node, pending: Pending) => void;
  readonly endStep: (run: Run, node: Node) => void;
  slab: Uint8Array;
  slabUsed: number;
  /** Cuts fresh zeroed memory. */
  readonly bytes: (length: number) => Uint8Array;
  /** Empty between two steps. */
  outbox: Effect[];
  readonly applicationOutbox: ApplicationEffect[];
  /** The node whose step is being carried out. */
  stepping: Node | undefined;
  readonly files: DiskFiles;
  readonly ports: Ports;
  readonly chance: Chance;
  /**
   * Who is at work, and so to blame for an error: a process (its step, or its application's), which then fails, or the
   * world itself with all who listen to it, whose error ends the run and reaches whoever started it.
   */
  blame: "process" | "world";
  /** Errors thrown by processes since the runtime was made, for whoever debugs: the trace tells only their message. */
  readonly thrown: { readonly node: string; readonly error: unknown }[];
}

const slabBytes = 65_536;

/** A runtime; `machines` are Kafka's unless told otherwise. */
export function newRuntime(machines: Machines): Runtime {
  const files = new DiskFiles((length) => cut(runtime, length));
  const runtime: Runtime = {
    machines,
    handle,
    endStep,
    slab: new Uint8Array(slabBytes),
    slabUsed: 0,
    bytes: (length) => cut(runtime, length),
    outbox: [],
    applicationOutbox: [],
    stepping: undefined,
    files,
    ports: {
      files,
      random: () => drawOf(runtime, "chance"),
      bytes: (length) => cut(runtime, length),
    },
    chance: () => drawOf(runtime, "applicationChance"),
    blame: "world",
    thrown: [],
  };
  return runtime;
}

const drawOf = (runtime: Runtime, of: "chance" | "applicationChance"): Uint32 =>
  uint32(drawUint32(must(runtime.stepping, "a process in its step")[of]));

function cut(runtime: Runtime, length: number): Uint8Array {
  assert(length >= 0, "memory is asked for by a length");
  if (length > slabBytes >> 2) return new Uint8Array(length);
  if (runtime.slabUsed + length > slabBytes) {
    runtime.slab = new Uint8Array(slabBytes);
    runtime.slabUsed = 0;
  }
  const from = runtime.slabUsed;
  runtime.slabUsed += length;
  return runtime.slab.subarray(from, from + length);
}

/** A world on the move: what every part of it is handed. */
export interface Run {
  readonly world: World;
  readonly runtime: Runtime;
  readonly listener: ((event: TraceEvent) => void) | undefined;
  /** Who hears messages, timers and disk operations too. */
  readonly trafficListener: ((event: TraceEvent) => void) | undefined;
  /** Who wants to be told what a look into the processes shows. */
  readonly auditor: ((audit: Audit) => void) | undefined;
  /** Who hears what crosses the network. */
  readonly wire: ((crossing: Crossing) => void) | undefined;
  /** Who wants the bytes of messages. */
  readonly frames: ((message: number, bytes: Uint8Array) => void) | undefined;
}

/** A draw as a process gets it. */
export type Chance = () => Uint32;
