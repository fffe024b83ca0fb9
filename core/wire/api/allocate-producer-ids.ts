import { api } from "../api.ts";
import { type Decoded, struct } from "../schema.ts";

const request = struct((f) => ({
  brokerId: f.int32(),
  brokerEpoch: f.int64("0+", -1),
}));

const response = struct((f) => ({
  throttleTimeMs: f.int32(),
  errorCode: f.int16(),
  producerIdStart: f.int64(),
  producerIdLen: f.int32(),
}));

export type AllocateProducerIdsRequest = Decoded<typeof request>;
export type AllocateProducerIdsResponse = Decoded<typeof response>;

/** A broker takes a block of producer ids from the controller (KIP-730). */
export const allocateProducerIds = api({
  key: 67,
  name: "AllocateProducerIds",
  versions: [0, 0],
  flexibleFrom: 0,
  request,
  response,
});
