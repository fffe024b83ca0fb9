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
import { ask } from "../wire/channel.ts";
import { knowsController } from "./controllers.ts";
import { shutDown } from "./shutdown.ts";
import type { Broker } from "./state.ts";

export const lifecycleTimer = "lifecycle";

/** Registers this incarnation with the controller. */
function register(self: Broker, turn: Turn): void {
  const { config, lifecycle } = self;
  lifecycle.mayBeRegistered = true;
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
  const { lifecycle } = self;
  const isStopping = lifecycle.phase === "stopping";
  if (response === undefined) return afterFailure(self, turn);
  if (response.errorCode !== 0) {
    const error = errorName(response.errorCode);
    note(turn, { type: "refused", api: "BrokerRegistration", error });
    // Whoever has lost its office meanwhile may have written it down all the same.
    if (error !== "NOT_CONTROLLER") lifecycle.mayBeRegistered = false;
    if (isStopping && !lifecycle.mayBeRegistered) return shutDown(self, turn);
    return afterFailure(self, turn);
  }
  lifecycle.failures = 0;
  lifecycle.epoch = response.brokerEpoch as BrokerEpoch;
  if (!isStopping) lifecycle.phase = "catchingUp";
  heartbeat(self, turn);
}

/** A controller was found that leads: it is told of this broker at once. */
export function greetController(self: Broker, turn: Turn): void {
  if (self.lifecycle.phase !== "starting") speak(self, turn);
}

/** What the controller is to hear next; nothing while one is not known, or has not answered yet. */
function speak(self: Broker, turn: Turn): void {
  if (!knowsController(self) || self.toController.lifecycle.pending.length > 0) return;
  if (self.lifecycle.epoch === -1) register(self, turn);
  else heartbeat(self, turn);
}

/** ms (BrokerLifecycleManager): the wait after a failure doubles up to half of a session. */
function afterFailure(self: Broker, turn: Turn): void {
  const { lifecycle, config } = self;
  const most = Math.floor(config.settings["broker.session.timeout.ms"] / 2);
  let wait = 100;
  for (let i = 0; i < lifecycle.failures && wait < most; i++) wait *= 2;
  lifecycle.failures += 1;
  speakIn(turn, wait < most ? wait : most);
}

const speakIn = (turn: Turn, wait: number): void =>
  setTimer(turn, lifecycleTimer, turn.now.monotonic + wait);

/** Time for what is next: another try to register, another heartbeat, or the end of a shutdown's patience. */
export function onLifecycleTimer(self: Broker, turn: Turn): void {
  const { lifecycle } = self;
  if (lifecycle.stopBy !== undefined && turn.now.monotonic >= lifecycle.stopBy)
    shutDown(self, turn);
  else {
    speak(self, turn);
    // Whoever has nobody to speak to looks again; finding a controller comes sooner.
    if (!knowsController(self)) afterFailure(self, turn);
  }
}

/** Tells the controller that this broker lives, how far it has applied metadata, and whether it wants to leave. */
function heartbeat(self: Broker, turn: Turn): void {
  const { config, lifecycle, metadata } = self;
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
}

/** The controller answered a heartbeat; undefined: nothing was heard in time. */
export function onHeartbeat(
  self: Broker,
  response: BrokerHeartbeatResponse | undefined,
  turn: Turn,
): void {
  if (response === undefined) return afterFailure(self, turn);
  if (response.errorCode !== 0) {
    const error = errorName(response.errorCode);
    note(turn, { type: "refused", api: "BrokerHeartbeat", error });
    return afterFailure(self, turn);
  }
  self.lifecycle.failures = 0;
  // Whoever has caught up since it asked is let in by the next heartbeat, so that one leaves at once.
  if (self.lifecycle.phase === "running" && response.isFenced) return speak(self, turn);
  speakIn(turn, self.config.settings["broker.heartbeat.interval.ms"]);
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
  speak(self, turn);
}

/**
 * A clean stop was asked for: hand over leaderships first (controlled shutdown, KIP-631), but not for ever. Who may be
 * registered asks for its epoch before: the marker has to name it, or the next life is taken for one that was killed.
 */
export function beginShutdown(self: Broker, turn: Turn): void {
  const { lifecycle } = self;
  if (lifecycle.epoch === -1 && !lifecycle.mayBeRegistered) return shutDown(self, turn);
  lifecycle.phase = "stopping";
  const patience = 2 * self.config.settings["broker.session.timeout.ms"];
  lifecycle.stopBy = (turn.now.monotonic + patience) as Millis;
  speak(self, turn);
}
