/*
 * One run from its scenario to its end: what everybody uses who wants to see what happens.
 */
import type { Audit } from "./audit/audit.ts";
import type { Scenario } from "./scenario/schema.ts";
import type { TraceEvent } from "./trace/events.ts";
import { printHash } from "./trace/hash.ts";
import { kafkaMachines } from "./workload/kafka.ts";
import { advance } from "./world/advance.ts";
import { createWorld } from "./world/create.ts";
import type { Crossing } from "./world/network/crossing.ts";
import { newRuntime } from "./world/runtime.ts";

/** What a run came to; times are virtual. */
export interface RunResult {
  readonly scenario: Scenario;
  /** The fingerprint of everything that happened. */
  readonly hash: string;
  /** Inputs that processes handled. */
  readonly inputs: number;
  readonly virtualMs: number;
  /** Whether the fresh readers read everything after the heal. */
  readonly complete: boolean;
}

/**
 * Runs a scenario to its end. Listeners hear every event of the trace in order (`traffic: false`: all but messages,
 * timers and disk operations); they change nothing. `auditor` is told what looks into the processes show, `wire`
 * hears what crosses the network.
 */
export function runScenario(
  scenario: Scenario,
  options: {
    readonly listeners?: readonly ((event: TraceEvent) => void)[];
    readonly traffic?: boolean;
    readonly auditor?: (audit: Audit) => void;
    readonly wire?: (crossing: Crossing) => void;
  } = {},
): RunResult {
  const { listeners = [], traffic = true, auditor, wire } = options;
  const world = createWorld(scenario);
  const listener = (event: TraceEvent): void => {
    for (const listen of listeners) listen(event);
  };
  advance(
    world,
    newRuntime(kafkaMachines),
    { ...(listeners.length === 0 ? {} : { listener }), traffic, auditor, wire },
    Infinity,
  );
  const { tape, inputs, now, complete } = world;
  return { scenario, hash: printHash(tape), inputs, virtualMs: now / 1000, complete };
}
