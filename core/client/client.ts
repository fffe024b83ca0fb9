/*
 * A real Kafka client as plain data: a producer, a consumer or an admin, on top of one network layer. An
 * application's `call` inputs go in, `result` effects come out; between them are real requests to brokers.
 */
import type { Effect, Input, Now, Ports } from "../foundation/process.ts";
import type { Turn } from "../foundation/turn.ts";
import { advanceAdmin, newAdmin, onAdminCall } from "./admin/admin.ts";
import { lose, onBytes } from "./answers.ts";
import type { ClientConfig } from "./config.ts";
import { advanceConsumer, newConsumer, onConsumerCall } from "./consumer/consumer.ts";
import { newCluster, refresh } from "./network/cluster.ts";
import { deadlineOf, newNetwork, onOpened, peerOn } from "./network/peers.ts";
import { advanceProducer, newProducer, onProducerCall } from "./producer/producer.ts";
import type { Client } from "./state.ts";
import { armWake, wakeBy, wakeTimer } from "./wake.ts";

/** A client that has not started yet. */
export const newClient = (config: ClientConfig): Client => ({
  config,
  network: newNetwork(config.bootstrap),
  cluster: newCluster(),
  role:
    config.role === "producer"
      ? newProducer(config.settings)
      : config.role === "consumer"
        ? newConsumer()
        : newAdmin(),
  wakeAt: undefined,
  timer: undefined,
  calls: new Map(),
});

/** Handles one input: moves the state and pushes what is to be done. Never throws for what a broker sends. */
export function stepClient(
  self: Client,
  now: Now,
  input: Input,
  ports: Ports,
  outbox: Effect[],
): void {
  const turn: Turn = { now, input, ports, outbox };
  if (input.type === "stop") {
    outbox.push({ type: "exit" });
    return;
  }
  take(self, turn);
  advance(self, turn);
}

function take(self: Client, turn: Turn): void {
  const { input } = turn;
  switch (input.type) {
    case "started":
      // Connections of an earlier life must not meet new ones: inputs are numbered across lives.
      self.network.nextConnection = (input.id * 2) as typeof self.network.nextConnection;
      return;
    case "opened": {
      const peer = peerOn(self, input.connection);
      if (peer !== undefined) onOpened(self, peer, turn);
      return;
    }
    case "closed": {
      const peer = peerOn(self, input.connection);
      if (peer !== undefined) lose(self, peer, false, turn);
      return;
    }
    case "received": {
      const peer = peerOn(self, input.connection);
      if (peer !== undefined) onBytes(self, peer, input.bytes, turn);
      return;
    }
    case "filled":
    case "drained": {
      const peer = peerOn(self, input.connection);
      if (peer !== undefined) peer.full = input.type === "filled";
      return;
    }
    case "timer":
      if (input.timer === wakeTimer) self.timer = undefined;
      return giveUpOverdue(self, turn);
    case "call": {
      const { config, role } = self;
      self.calls.set(input.call, input.id);
      if (role.type === "producer" && config.role === "producer") {
        onProducerCall(self, role, config.settings, input.call, input.request, turn);
      } else if (role.type === "consumer")
        onConsumerCall(self, role, input.call, input.request, turn);
      else if (role.type === "admin" && config.role === "admin") {
        onAdminCall(self, role, config.settings, input.call, input.request, turn);
      }
      return;
    }
    case "stop":
      return;
  }
}

/** A broker that does not answer in time is not waited for any longer: its connection ends. */
function giveUpOverdue(self: Client, turn: Turn): void {
  for (const peer of self.network.peers.values()) {
    const deadline = deadlineOf(peer);
    if (deadline !== undefined && deadline <= turn.now.monotonic) lose(self, peer, true, turn);
  }
}

/** Does all that can be done now, and asks to be woken for what comes next. */
function advance(self: Client, turn: Turn): void {
  const { config, role } = self;
  refresh(self, turn);
  if (role.type === "producer" && config.role === "producer") {
    advanceProducer(self, role, config.settings, turn);
  } else if (role.type === "consumer" && config.role === "consumer") {
    advanceConsumer(self, role, config.settings, turn);
  } else if (role.type === "admin") advanceAdmin(self, role, turn);
  // What was just found out to be wrong is asked for in the same step.
  refresh(self, turn);
  for (const peer of self.network.peers.values()) {
    const deadline = deadlineOf(peer);
    if (deadline !== undefined) wakeBy(self, deadline);
  }
  armWake(self, turn);
}

export type { Client };
