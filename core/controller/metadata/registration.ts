/*
 * A broker's process joins (Kafka's ClusterControlManager.registerBroker): its epoch is the offset of its record, so
 * that each incarnation has a later one (KIP-380, KIP-631).
 */
import { type BrokerEpoch, brokerEpoch, brokerId } from "../../foundation/ids.ts";
import type { Turn } from "../../foundation/turn.ts";
import type {
  BrokerRegistrationRequest,
  BrokerRegistrationResponse,
} from "../../wire/api/broker-registration.ts";
import { errorCode, type ErrorName } from "../../wire/errors.ts";
import { metadataRecord } from "../../wire/metadata-records.ts";
import type { Active, Decision } from "../active.ts";
import type { Controller } from "../state.ts";
import { updatesFor } from "./elections.ts";
import { hasEligibleLeaders } from "./image.ts";
import { hasSession, touch } from "./heartbeats.ts";

/** Registers an incarnation, or tells a known one its epoch again. */
export function onRegistration(
  self: Controller,
  active: Active,
  request: BrokerRegistrationRequest,
  turn: Turn,
): Decision<BrokerRegistrationResponse> {
  const { image } = active;
  if (request.clusterId !== self.config.clusterId) return refusal("INCONSISTENT_CLUSTER_ID");
  if (request.listeners.length === 0) return refusal("INVALID_REGISTRATION");
  const id = brokerId(request.brokerId);
  const known = image.brokers.get(id);
  const same = known?.incarnation === request.incarnationId;
  if (known !== undefined && same) {
    touch(self, active, id, -1, turn);
    return { records: [], body: accepted(known.epoch) };
  }
  // Another process with this id may still be alive, unless it said that it is leaving. It may be fenced as yet: what a
  // dead one asked long ago must not take the place of one that has just registered.
  if (known !== undefined && !known.inControlledShutdown && hasSession(self, active, id, turn)) {
    return refusal("DUPLICATE_BROKER_REGISTRATION");
  }
  const epoch = brokerEpoch(active.next);
  const registration = metadataRecord({
    type: "registerBroker",
    brokerId: id,
    incarnationId: request.incarnationId,
    brokerEpoch: epoch,
    endPoints: request.listeners,
    features: request.features,
    rack: request.rack,
    logDirs: request.logDirs,
  });
  // The life before is over: it leads nothing any more and leaves the ISRs; if it did not stop cleanly (its marker does
  // not name its last epoch, KIP-966) nobody knows what it still holds, so that it is eligible no more either.
  const isClean = known?.epoch === request.previousBrokerEpoch || !hasEligibleLeaders(image);
  const move = isClean ? { remove: id } : { unclean: id };
  const updates = known === undefined ? [] : updatesFor(image, move, self.config.settings);
  active.heartbeats.delete(id);
  touch(self, active, id, -1, turn);
  return { records: [registration, ...updates], body: accepted(epoch) };
}

const refusal = (error: ErrorName): Decision<BrokerRegistrationResponse> => ({
  records: [],
  body: refuseRegistration(error),
});

export const refuseRegistration = (error: ErrorName): BrokerRegistrationResponse => ({
  throttleTimeMs: 0,
  errorCode: errorCode(error),
  brokerEpoch: -1,
});

const accepted = (epoch: BrokerEpoch): BrokerRegistrationResponse => ({
  throttleTimeMs: 0,
  errorCode: errorCode("NONE"),
  brokerEpoch: epoch,
});
