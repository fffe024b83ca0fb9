/*
 * How a broker joins, stays and leaves (Kafka's BrokerLifecycleManager): it registers its incarnation, catches
 * up with the metadata log, heartbeats, and asks to leave before it stops.
 */
import type { BrokerEpoch, Millis } from "../foundation/ids.ts";
import { note, setTimer, type Turn } from "../foundation/turn.ts";
import { brokerHeartbeat, type BrokerHeartbeatResponse } from "../wire/api/broker-heartbeat.ts";
import {
  brokerRegistration,
  type BrokerRegistrationResponse,
} from "../wire/api/broker-registration.ts";
import { errorName } from "../wire/errors.ts";
import { ask } from "./channel.ts";
import { shutDown } from "./shutdown.ts";
import type { Broker } from "./state.ts";

export const lifecycleTimer = "lifecycle";

/** Registers this incarnation with the controller. */
export function register(self: Broker, turn: Turn): void {
  const { config, lifecycle } = self;
  if (lifecycle.phase === "starting") lifecycle.phase = "registering";
  ask(
    self,
    self.toController.lifecycle,
    brokerRegistration,
    {
      brokerId: config.nodeId,
      clusterId: config.clusterId,
      incarnationId: lifecycle.incarnation,
      listeners: [
        {
          name: "PLAINTEXT",
          host: config.endpoint.host,
          port: config.endpoint.port,
          securityProtocol: 0,
        },
      ],
      features: [],
      rack: config.rack,
      isMigratingZkBroker: false,
      logDirs: [lifecycle.directory],
      previousBrokerEpoch: lifecycle.previousEpoch,
    },
    { type: "register" },
    config.settings["controller.quorum.request.timeout.ms"],
    turn,
  );
}

/** The controller answered the registration; undefined: nothing was heard in time. */
export function onRegistered(
  self: Broker,
  response: BrokerRegistrationResponse | undefined,
  turn: Turn,
): void {
  if (self.lifecycle.phase === "stopping") return;
  if (response === undefined || response.errorCode !== 0) {
    if (response !== undefined) {
      const error = errorName(response.errorCode);
      note(turn, { type: "refused", api: "BrokerRegistration", error });
    }
    again(self, turn);
    return;
  }
  self.lifecycle.epoch = response.brokerEpoch as BrokerEpoch;
  self.lifecycle.phase = "catchingUp";
  heartbeat(self, turn);
}

const again = (self: Broker, turn: Turn): void =>
  setTimer(
    turn,
    lifecycleTimer,
    turn.now.monotonic + self.config.settings["broker.heartbeat.interval.ms"],
  );

/** Time for what is next: another try to register, another heartbeat, or the end of a shutdown's patience. */
export function onLifecycleTimer(self: Broker, turn: Turn): void {
  const { lifecycle } = self;
  if (lifecycle.stopBy !== undefined && turn.now.monotonic >= lifecycle.stopBy)
    shutDown(self, turn);
  else if (lifecycle.epoch === -1) register(self, turn);
  else heartbeat(self, turn);
}

/** Tells the controller that this broker lives, how far it has applied metadata, and whether it wants to leave. */
function heartbeat(self: Broker, turn: Turn): void {
  const { config, lifecycle, metadata } = self;
  if (self.toController.lifecycle.pending.length > 0) return again(self, turn);
  const applied = metadata === undefined ? 0 : metadata.applied;
  ask(
    self,
    self.toController.lifecycle,
    brokerHeartbeat,
    {
      brokerId: config.nodeId,
      brokerEpoch: lifecycle.epoch,
      currentMetadataOffset: applied - 1,
      wantFence: lifecycle.phase === "catchingUp" && applied <= lifecycle.epoch,
      wantShutDown: lifecycle.phase === "stopping",
    },
    { type: "heartbeat" },
    config.settings["controller.quorum.request.timeout.ms"],
    turn,
  );
  again(self, turn);
}

/** The controller answered a heartbeat; undefined: nothing was heard in time. */
export function onHeartbeat(
  self: Broker,
  response: BrokerHeartbeatResponse | undefined,
  turn: Turn,
): void {
  if (response === undefined) return;
  if (response.errorCode !== 0) {
    const error = errorName(response.errorCode);
    note(turn, { type: "refused", api: "BrokerHeartbeat", error });
    return;
  }
  if (self.lifecycle.phase === "stopping" && response.shouldShutDown) shutDown(self, turn);
}

/** Metadata was applied: a broker that has seen its own registration may serve, and says so at once. */
export function onCaughtUp(self: Broker, turn: Turn): void {
  const { lifecycle, metadata } = self;
  if (lifecycle.phase !== "catchingUp" || metadata === undefined) return;
  if (metadata.applied <= lifecycle.epoch) return;
  lifecycle.phase = "running";
  self.serving = true;
  for (const connection of self.sessions.keys()) self.ready.push(connection);
  heartbeat(self, turn);
}

/** A clean stop was asked for: hand over leaderships first (controlled shutdown, KIP-631), but not for ever. */
export function beginShutdown(self: Broker, turn: Turn): void {
  const { lifecycle } = self;
  if (lifecycle.epoch === -1) return shutDown(self, turn);
  lifecycle.phase = "stopping";
  const patience = 2 * self.config.settings["broker.session.timeout.ms"];
  lifecycle.stopBy = (turn.now.monotonic + patience) as Millis;
  heartbeat(self, turn);
}
