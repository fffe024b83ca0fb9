/*
 * What a world needs to run and is no part of it: the machines' functions, memory to cut frames from, and
 * buffers that are empty between two inputs. Any runtime moves any world the same way.
 */
import { assert, type Effect, type Uint32 } from "#core";
import type { ApplicationEffect, Machines } from "./machines.ts";
import type { TraceEvent } from "../trace/events.ts";
import type { World } from "./state.ts";

export interface Runtime {
  readonly machines: Machines;
  slab: Uint8Array;
  slabUsed: number;
  /** Cuts fresh zeroed memory. */
  readonly bytes: (length: number) => Uint8Array;
  /** Empty between two steps. */
  outbox: Effect[];
  readonly applicationOutbox: ApplicationEffect[];
  /** Errors thrown by processes since the runtime was made, for whoever debugs: the trace tells only their message. */
  readonly thrown: { readonly node: string; readonly error: unknown }[];
}

const slabBytes = 65_536;

/** A runtime; `machines` are Kafka's unless told otherwise. */
export function newRuntime(machines: Machines): Runtime {
  const runtime: Runtime = {
    machines,
    slab: new Uint8Array(slabBytes),
    slabUsed: 0,
    bytes: (length) => cut(runtime, length),
    outbox: [],
    applicationOutbox: [],
    thrown: [],
  };
  return runtime;
}

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
}

/** A draw as a process gets it. */
export type Chance = () => Uint32;
