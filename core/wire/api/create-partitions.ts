import { api } from "../api.ts";
import { int32 } from "../codec.ts";
import { type Decoded, struct } from "../schema.ts";

const assignment = struct((f) => ({ brokerIds: f.array(int32) }));

const topic = struct((f) => ({
  name: f.string(),
  /** How many there are to be in all. */
  count: f.int32(),
  /** One for each that is added; null: the controller places them. */
  assignments: f.nullableArray(assignment),
}));

const request = struct((f) => ({
  topics: f.array(topic),
  timeoutMs: f.int32(),
  validateOnly: f.bool(),
}));

const result = struct((f) => ({
  name: f.string(),
  errorCode: f.int16(),
  errorMessage: f.nullableString("0+", null),
}));

const response = struct((f) => ({
  throttleTimeMs: f.int32(),
  results: f.array(result),
}));

export type CreatePartitionsRequest = Decoded<typeof request>;
export type CreatePartitionsResponse = Decoded<typeof response>;

export const createPartitions = api({
  key: 37,
  name: "CreatePartitions",
  versions: [0, 3],
  flexibleFrom: 2,
  request,
  response,
});
