/*
 * Who is alive (Kafka's BrokerHeartbeatManager and ClusterControlManager): a broker that is not heard for
 * broker.session.timeout.ms is fenced; one that has caught up is let in; one that wants to leave is let go once it
 * leads nothing and the others know.
 */
import { brokerEpoch, type BrokerId, brokerId } from "../../foundation/ids.ts";
import { type Flawed, hasFlaw } from "../../foundation/flaws.ts";
import type { Silence } from "../../foundation/process.ts";
import type { Turn } from "../../foundation/turn.ts";
import type {
  BrokerHeartbeatRequest,
  BrokerHeartbeatResponse,
} from "../../wire/api/broker-heartbeat.ts";
import { errorCode, type ErrorName } from "../../wire/errors.ts";
import { metadataRecord, type MetadataRecord } from "../../wire/metadata-records.ts";
import type { Active, Decision } from "../active.ts";
import { activeOf, decide } from "../decisions.ts";
import type { Controller } from "../state.ts";
import { armTimer } from "../timers.ts";
import { updatesFor } from "./elections.ts";
import { allPartitions, type BrokerImage, type MetadataImage } from "./image.ts";

/** Why a broker's request is refused: it is not registered, or it is of an earlier life. */
export function checkBrokerEpoch(
  settings: Flawed,
  image: MetadataImage,
  id: number,
  epoch: number,
): ErrorName {
  const broker = image.brokers.get(brokerId(id));
  if (broker === undefined) return "BROKER_ID_NOT_REGISTERED";
  // KIP-380: what an earlier life of that broker sent must not act on the one that lives now.
  const isCurrent = broker.epoch === epoch || hasFlaw(settings, "no-broker-epoch");
  return isCurrent ? "NONE" : "STALE_BROKER_EPOCH";
}

/** Notes that a broker was heard. */
export function touch(
  self: Controller,
  active: Active,
  id: BrokerId,
  applied: number,
  turn: Turn,
): void {
  const before = active.heartbeats.get(id);
  active.heartbeats.set(id, {
    last: turn.now.monotonic,
    input: turn.input.id,
    applied,
    shutdownOffset: before?.shutdownOffset,
  });
  armSessions(self, active, turn);
}

/** Whether a broker has been heard within the session time-out. */
export function hasSession(self: Controller, active: Active, id: BrokerId, turn: Turn): boolean {
  const heartbeat = active.heartbeats.get(id);
  const timeout = self.config.settings["broker.session.timeout.ms"];
  return heartbeat !== undefined && turn.now.monotonic - heartbeat.last <= timeout;
}

/** A heartbeat: answers where the broker stands, and changes that if it is time. */
export function onHeartbeat(
  self: Controller,
  active: Active,
  request: BrokerHeartbeatRequest,
  turn: Turn,
): Decision<BrokerHeartbeatResponse> {
  const refusal = checkBrokerEpoch(
    self.config.settings,
    active.image,
    request.brokerId,
    request.brokerEpoch,
  );
  const id = brokerId(request.brokerId);
  const broker = active.image.brokers.get(id);
  if (refusal !== "NONE" || broker === undefined)
    return { records: [], body: refuseHeartbeat(refusal) };
  touch(self, active, id, request.currentMetadataOffset, turn);
  const isCaughtUp = request.currentMetadataOffset >= broker.epoch;
  const next = nextState(active, broker, request, isCaughtUp);
  // The record says which life asked for the change: its own, as the check above made sure.
  const asking = { ...broker, epoch: brokerEpoch(request.brokerEpoch) };
  const records = recordsOf(self, active, asking, next);
  const shouldShutDown = next === "gone";
  const isFenced = next === "fenced" || shouldShutDown;
  const body = {
    throttleTimeMs: 0,
    errorCode: errorCode("NONE"),
    isCaughtUp,
    isFenced,
    shouldShutDown,
  };
  return { records, body };
}

export const refuseHeartbeat = (error: ErrorName): BrokerHeartbeatResponse => ({
  throttleTimeMs: 0,
  errorCode: errorCode(error),
  isCaughtUp: false,
  isFenced: true,
  shouldShutDown: false,
});

type BrokerState = "fenced" | "active" | "leaving" | "gone";

const stateOf = (broker: BrokerImage): BrokerState =>
  broker.fenced ? "fenced" : broker.inControlledShutdown ? "leaving" : "active";

/** Kafka's BrokerHeartbeatManager.calculateNextBrokerState. */
function nextState(
  active: Active,
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
      return leads(active.image, broker.id) ? "leaving" : "gone";
    default: {
      if (leads(active.image, broker.id)) return "leaving";
      const since = active.heartbeats.get(broker.id)?.shutdownOffset ?? 0;
      return since <= lowestActiveOffset(active) ? "gone" : "leaving";
    }
  }
}

function leads(image: MetadataImage, id: BrokerId): boolean {
  for (const { partition } of allPartitions(image)) if (partition.leader === id) return true;
  return false;
}

/** How far every active broker has applied metadata. */
function lowestActiveOffset({ image, heartbeats }: Active): number {
  let lowest = Number.MAX_SAFE_INTEGER;
  for (const broker of image.brokers.values()) {
    if (stateOf(broker) !== "active") continue;
    lowest = Math.min(lowest, heartbeats.get(broker.id)?.applied ?? -1);
  }
  return lowest;
}

/** What brings a broker into its next state. */
function recordsOf(
  self: Controller,
  active: Active,
  broker: BrokerImage,
  next: BrokerState,
): MetadataRecord[] {
  if (next === stateOf(broker)) return [];
  if (next === "fenced" || next === "gone")
    return broker.fenced ? [] : fencing(self, active, broker);
  const { settings } = self.config;
  const { id, epoch } = broker;
  const change = { type: "brokerRegistrationChange", brokerId: id, brokerEpoch: epoch } as const;
  if (next === "active") {
    return [
      metadataRecord({ ...change, fenced: -1 }),
      ...updatesFor(active.image, { add: id }, settings),
    ];
  }
  const records = [
    metadataRecord({ ...change, inControlledShutdown: 1 }),
    ...updatesFor(active.image, { remove: id }, settings),
  ];
  const heartbeat = active.heartbeats.get(id);
  if (heartbeat !== undefined) {
    const shutdownOffset = active.next + records.length - 1;
    active.heartbeats.set(id, { ...heartbeat, shutdownOffset });
  }
  return records;
}

/** It leads nothing any more and leaves the ISRs; then it is fenced. */
function fencing(
  self: Controller,
  { image }: Active,
  { id, epoch }: BrokerImage,
): MetadataRecord[] {
  const change = metadataRecord({
    type: "brokerRegistrationChange",
    brokerId: id,
    brokerEpoch: epoch,
    fenced: 1,
  });
  return [...updatesFor(image, { remove: id }, self.config.settings), change];
}

/** Fences who has not been heard in time. */
export function onSessionTimer(self: Controller, turn: Turn): void {
  const active = activeOf(self);
  if (active === undefined) return;
  for (const broker of [...active.image.brokers.values()]) {
    if (broker.fenced || hasSession(self, active, broker.id, turn)) continue;
    const since = active.heartbeats.get(broker.id)?.input;
    const peer = broker.endpoint;
    const silences: Silence[] = [since === undefined ? { peer } : { peer, since }];
    decide(self, active, fencing(self, active, broker), undefined, turn, { silences });
  }
  armSessions(self, active, turn);
}

/** A controller that begins to lead gives every broker a whole session to be heard in. */
export function beginSessions(self: Controller, active: Active, turn: Turn): void {
  for (const { id } of active.image.brokers.values()) {
    active.heartbeats.set(id, {
      last: turn.now.monotonic,
      input: undefined,
      applied: -1,
      shutdownOffset: undefined,
    });
  }
  armSessions(self, active, turn);
}

/** One timer for all: it fires when the first session may be over, and looks. */
function armSessions(self: Controller, { image, heartbeats }: Active, turn: Turn): void {
  let earliest: number | undefined;
  for (const { id, fenced } of image.brokers.values()) {
    const last = heartbeats.get(id)?.last;
    if (fenced || last === undefined) continue;
    if (earliest === undefined || last < earliest) earliest = last;
  }
  if (earliest === undefined) return;
  armTimer(
    self,
    "sessions",
    earliest + self.config.settings["broker.session.timeout.ms"] + 1,
    turn,
  );
}
