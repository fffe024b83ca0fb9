/*
 * A real Kafka client as plain data: a producer, a consumer or an admin, on top of one network layer. An
 * application's `call` inputs go in, `result` effects come out; between them are real requests to brokers.
 */
import type { Effect, Input, Now, Ports } from "../foundation/process.ts";
import type { ClientConfig } from "./config.ts";

/** A client's state. */
export interface Client {
  readonly config: ClientConfig;
}

/** A client that has not started yet. */
export function newClient(config: ClientConfig): Client {
  return { config };
}

/** Handles one input: moves the state and pushes what is to be done. Never throws for what a broker sends. */
export function stepClient(
  self: Client,
  _now: Now,
  input: Input,
  _ports: Ports,
  outbox: Effect[],
): void {
  void self;
  if (input.type === "stop") outbox.push({ type: "exit" });
}
