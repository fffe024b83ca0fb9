import { api } from "../api.ts";
import { type Decoded, struct } from "../schema.ts";

const request = struct((f) => ({
  /** Null: idempotent only. */
  transactionalId: f.nullableString(),
  transactionTimeoutMs: f.int32(),
  producerId: f.int64("3+", -1),
  producerEpoch: f.int16("3+", -1),
}));

const response = struct((f) => ({
  throttleTimeMs: f.int32("0+ ignorable"),
  errorCode: f.int16(),
  producerId: f.int64("0+", -1),
  producerEpoch: f.int16(),
}));

export type InitProducerIdRequest = Decoded<typeof request>;
export type InitProducerIdResponse = Decoded<typeof response>;

export const initProducerId = api({
  key: 22,
  name: "InitProducerId",
  versions: [0, 5],
  flexibleFrom: 2,
  request,
  response,
});
