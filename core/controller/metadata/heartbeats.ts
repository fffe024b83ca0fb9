/*
 * Who is alive (Kafka's BrokerHeartbeatManager and ClusterControlManager): a broker that is not heard for
 * broker.session.timeout.ms is fenced; one that has caught up is let in; one that wants to leave is let go once it
 * leads nothing and the others know.
 */
import { brokerEpoch, type BrokerId, brokerId } from "../../foundation/ids.ts";
import { hasFlaw } from "../../foundation/flaws.ts";
import type { Silence } from "../../foundation/process.ts";
import { setTimer, type Turn } from "../../foundation/turn.ts";
import type {
  BrokerHeartbeatRequest,
  BrokerHeartbeatResponse,
} from "../../wire/api/broker-heartbeat.ts";
import { errorCode, type ErrorName } from "../../wire/errors.ts";
import { metadataRecord, type MetadataRecord } from "../../wire/metadata-records.ts";
import { commit } from "../quorum/commit.ts";
import type { Controller } from "../state.ts";
import { updatesFor } from "./elections.ts";
import { allPartitions, type BrokerImage } from "./image.ts";

export const sessionTimer = "sessions";

/** Why a broker's request is refused: it is not registered, or it is of an earlier life. */
export function checkBrokerEpoch(self: Controller, id: number, epoch: number): ErrorName {
  const broker = self.image.brokers.get(brokerId(id));
  if (broker === undefined) return "BROKER_ID_NOT_REGISTERED";
  // KIP-380: what an earlier life of that broker sent must not act on the one that lives now.
  const isCurrent = broker.epoch === epoch || hasFlaw(self.config.settings, "no-broker-epoch");
  return isCurrent ? "NONE" : "STALE_BROKER_EPOCH";
}

/** Notes that a broker was heard. */
export function touch(self: Controller, id: BrokerId, applied: number, turn: Turn): void {
  const before = self.heartbeats.get(id);
  self.heartbeats.set(id, {
    last: turn.now.monotonic,
    input: turn.input.id,
    applied,
    shutdownOffset: before?.shutdownOffset,
  });
  armSessions(self, turn);
}

/** Whether a broker has been heard within the session time-out. */
export function hasSession(self: Controller, id: BrokerId, turn: Turn): boolean {
  const heartbeat = self.heartbeats.get(id);
  const timeout = self.config.settings["broker.session.timeout.ms"];
  return heartbeat !== undefined && turn.now.monotonic - heartbeat.last <= timeout;
}

/** A heartbeat: answers where the broker stands, and changes that if it is time. */
export function onHeartbeat(
  self: Controller,
  request: BrokerHeartbeatRequest,
  turn: Turn,
): BrokerHeartbeatResponse {
  const refusal = checkBrokerEpoch(self, request.brokerId, request.brokerEpoch);
  const id = brokerId(request.brokerId);
  const broker = self.image.brokers.get(id);
  if (refusal !== "NONE" || broker === undefined) return answer(refusal, false, true, false);
  touch(self, id, request.currentMetadataOffset, turn);
  const caughtUp = request.currentMetadataOffset >= broker.epoch;
  const next = nextState(self, broker, request, caughtUp);
  // The record says which life asked for the change: its own, as the check above made sure.
  move(self, { ...broker, epoch: brokerEpoch(request.brokerEpoch) }, next, turn);
  const fenced = next === "fenced" || next === "gone";
  return answer("NONE", caughtUp, fenced, next === "gone");
}

const answer = (
  error: ErrorName,
  isCaughtUp: boolean,
  isFenced: boolean,
  shouldShutDown: boolean,
): BrokerHeartbeatResponse => ({
  throttleTimeMs: 0,
  errorCode: errorCode(error),
  isCaughtUp,
  isFenced,
  shouldShutDown,
});

type BrokerState = "fenced" | "active" | "leaving" | "gone";

const stateOf = (broker: BrokerImage): BrokerState =>
  broker.fenced ? "fenced" : broker.inControlledShutdown ? "leaving" : "active";

/** Kafka's BrokerHeartbeatManager.calculateNextBrokerState. */
function nextState(
  self: Controller,
  broker: BrokerImage,
  request: BrokerHeartbeatRequest,
  caughtUp: boolean,
): BrokerState {
  const { wantFence, wantShutDown } = request;
  switch (stateOf(broker)) {
    case "fenced":
      if (wantShutDown) return "gone";
      return wantFence || !caughtUp ? "fenced" : "active";
    case "active":
      if (wantFence) return wantShutDown ? "gone" : "fenced";
      if (!wantShutDown) return "active";
      return leads(self, broker.id) ? "leaving" : "gone";
    default: {
      if (leads(self, broker.id)) return "leaving";
      const since = self.heartbeats.get(broker.id)?.shutdownOffset ?? 0;
      return since <= lowestActiveOffset(self) ? "gone" : "leaving";
    }
  }
}

function leads(self: Controller, id: BrokerId): boolean {
  for (const { partition } of allPartitions(self.image)) if (partition.leader === id) return true;
  return false;
}

/** How far every active broker has applied metadata. */
function lowestActiveOffset(self: Controller): number {
  let lowest = Number.MAX_SAFE_INTEGER;
  for (const broker of self.image.brokers.values()) {
    if (stateOf(broker) !== "active") continue;
    lowest = Math.min(lowest, self.heartbeats.get(broker.id)?.applied ?? -1);
  }
  return lowest;
}

function move(self: Controller, broker: BrokerImage, next: BrokerState, turn: Turn): void {
  if (next === stateOf(broker)) return;
  if (next === "fenced" || next === "gone") {
    if (!broker.fenced) fence(self, broker, [], turn);
    return;
  }
  const change = {
    type: "brokerRegistrationChange",
    brokerId: broker.id,
    brokerEpoch: broker.epoch,
  } as const;
  const unclean = self.config.settings["unclean.leader.election.enable"];
  if (next === "active") {
    const updates = updatesFor(self.image, { add: broker.id }, unclean);
    commit(self, [metadataRecord({ ...change, fenced: -1 }), ...updates], turn);
    return;
  }
  const updates = updatesFor(self.image, { remove: broker.id }, unclean);
  commit(self, [metadataRecord({ ...change, inControlledShutdown: 1 }), ...updates], turn);
  const heartbeat = self.heartbeats.get(broker.id);
  if (heartbeat === undefined) return;
  self.heartbeats.set(broker.id, { ...heartbeat, shutdownOffset: self.committed - 1 });
}

function fence(
  self: Controller,
  broker: BrokerImage,
  silences: readonly Silence[],
  turn: Turn,
): void {
  const change = metadataRecord({
    type: "brokerRegistrationChange",
    brokerId: broker.id,
    brokerEpoch: broker.epoch,
    fenced: 1,
  });
  const unclean = self.config.settings["unclean.leader.election.enable"];
  const updates: MetadataRecord[] = updatesFor(self.image, { remove: broker.id }, unclean);
  commit(self, [change, ...updates], turn, silences.length === 0 ? undefined : { silences });
}

/** Fences who has not been heard in time. */
export function onSessionTimer(self: Controller, turn: Turn): void {
  self.sessionTimer = undefined;
  for (const broker of [...self.image.brokers.values()]) {
    if (broker.fenced || hasSession(self, broker.id, turn)) continue;
    const since = self.heartbeats.get(broker.id)?.input;
    const peer = broker.endpoint;
    fence(self, broker, [since === undefined ? { peer } : { peer, since }], turn);
  }
  armSessions(self, turn);
}

/** A controller that begins to lead gives every broker a whole session to be heard in. */
export function beginSessions(self: Controller, turn: Turn): void {
  for (const { id } of self.image.brokers.values()) {
    const fresh = {
      last: turn.now.monotonic,
      input: undefined,
      applied: -1,
      shutdownOffset: undefined,
    };
    self.heartbeats.set(id, fresh);
  }
  armSessions(self, turn);
}

/** One timer for all: it fires when the first session may be over, and looks. */
function armSessions(self: Controller, turn: Turn): void {
  if (self.sessionTimer !== undefined) return;
  let earliest: number | undefined;
  for (const { id, fenced } of self.image.brokers.values()) {
    const last = self.heartbeats.get(id)?.last;
    if (fenced || last === undefined) continue;
    if (earliest === undefined || last < earliest) earliest = last;
  }
  if (earliest === undefined) return;
  const at = earliest + self.config.settings["broker.session.timeout.ms"] + 1;
  self.sessionTimer = at as typeof turn.now.monotonic;
  setTimer(turn, sessionTimer, at);
}
