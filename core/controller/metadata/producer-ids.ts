import { producerId } from "../../foundation/ids.ts";
import type {
  AllocateProducerIdsRequest,
  AllocateProducerIdsResponse,
} from "../../wire/api/allocate-producer-ids.ts";
import { errorCode, type ErrorName } from "../../wire/errors.ts";
import { metadataRecord } from "../../wire/metadata-records.ts";
import type { Active, Decision } from "../active.ts";
import type { Controller } from "../state.ts";
import { checkBrokerEpoch } from "./heartbeats.ts";

/** Kafka's ProducerIdsBlock. */
const blockSize = 1000;

/** Gives a broker a block of producer ids that nobody had before (ProducerIdControlManager, KIP-730). */
export function onAllocateProducerIds(
  { config }: Controller,
  { image }: Active,
  { brokerId, brokerEpoch }: AllocateProducerIdsRequest,
): Decision<AllocateProducerIdsResponse> {
  const refusal = checkBrokerEpoch(config.settings, image, brokerId, brokerEpoch);
  if (refusal !== "NONE") return { records: [], body: refuseProducerIds(refusal) };
  const start = image.nextProducerId;
  const nextProducerId = producerId(start + blockSize);
  const record = metadataRecord({ type: "producerIds", brokerId, brokerEpoch, nextProducerId });
  const block = { producerIdStart: start, producerIdLen: blockSize };
  return { records: [record], body: { throttleTimeMs: 0, errorCode: 0, ...block } };
}

export const refuseProducerIds = (error: ErrorName): AllocateProducerIdsResponse => ({
  throttleTimeMs: 0,
  errorCode: errorCode(error),
  producerIdStart: 0,
  producerIdLen: 0,
});
