/*
 * What runs on the nodes, as functions beside the world. The world knows no Kafka: tests give it machines of
 * their own.
 */
import type { CallId, ClientCall, ClientOutcome, Effect, Input, Now, Ports, Uint32 } from "#core";
import type { Look } from "../audit/audit.ts";
import type { Scenario } from "../scenario/schema.ts";
import type { Micros } from "../trace/events.ts";
import type { NodeSpec } from "./state.ts";

/** A process: plain data from `create`, moved by `step`. */
export interface Machine<State> {
  /** The state of a process that has not started; `life` counts from 1. `wiped`: its first disk is gone. */
  create(scenario: Scenario, node: NodeSpec, life: number, wiped: boolean): State;
  step(self: State, now: Now, input: Input, ports: Ports, outbox: Effect[]): void;
}

/** What an application hears: its time has come, or one of its calls was answered. Calls count from 1. */
export type ApplicationEvent =
  | { readonly type: "wake" }
  | { readonly type: "result"; readonly call: CallId; readonly outcome: ClientOutcome };

/** What an application does: calls its client, asks to be woken, has nothing more to do. */
export type ApplicationEffect =
  | { readonly type: "call"; readonly request: ClientCall }
  | { readonly type: "wake"; readonly at: Micros }
  | { readonly type: "finished" };

/** An application on top of a client. It is woken once when its client has started. */
export interface ApplicationMachine<State> {
  create(scenario: Scenario, node: NodeSpec, life: number): State;
  step(
    self: State,
    now: Micros,
    event: ApplicationEvent,
    random: () => Uint32,
    outbox: ApplicationEffect[],
  ): void;
}

export interface Machines {
  readonly broker: Machine<unknown>;
  readonly controller: Machine<unknown>;
  readonly client: Machine<unknown>;
  readonly application: ApplicationMachine<unknown>;
  /** Looks into a broker or a controller; absent: there is nothing to look at. */
  readonly look?: Look;
}
