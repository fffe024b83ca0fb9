import { producerId } from "../../foundation/ids.ts";
import type { Turn } from "../../foundation/turn.ts";
import type {
  AllocateProducerIdsRequest,
  AllocateProducerIdsResponse,
} from "../../wire/api/allocate-producer-ids.ts";
import { errorCode } from "../../wire/errors.ts";
import { metadataRecord } from "../../wire/metadata-records.ts";
import { commit } from "../quorum/commit.ts";
import type { Controller } from "../state.ts";
import { checkBrokerEpoch } from "./heartbeats.ts";

/** Kafka's ProducerIdsBlock. */
const blockSize = 1000;

/** Gives a broker a block of producer ids that nobody had before (ProducerIdControlManager, KIP-730). */
export function onAllocateProducerIds(
  self: Controller,
  request: AllocateProducerIdsRequest,
  turn: Turn,
): AllocateProducerIdsResponse {
  const refusal = checkBrokerEpoch(self, request.brokerId, request.brokerEpoch);
  if (refusal !== "NONE") {
    return {
      throttleTimeMs: 0,
      errorCode: errorCode(refusal),
      producerIdStart: 0,
      producerIdLen: 0,
    };
  }
  const start = self.image.nextProducerId;
  const nextProducerId = producerId(start + blockSize);
  const { brokerId, brokerEpoch } = request;
  commit(
    self,
    [metadataRecord({ type: "producerIds", brokerId, brokerEpoch, nextProducerId })],
    turn,
  );
  return { throttleTimeMs: 0, errorCode: 0, producerIdStart: start, producerIdLen: blockSize };
}
