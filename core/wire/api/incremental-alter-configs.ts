import { api } from "../api.ts";
import { type Decoded, struct } from "../schema.ts";

const config = struct((f) => ({
  name: f.string(),
  /** 0: set, 1: delete, 2: append to a list, 3: take out of a list. */
  configOperation: f.int8(),
  value: f.nullableString(),
}));

const resource = struct((f) => ({
  /** 2: a topic, 4: a broker. */
  resourceType: f.int8(),
  /** Of a topic, the id of a broker, or nothing for all brokers. */
  resourceName: f.string(),
  configs: f.array(config),
}));

const request = struct((f) => ({
  resources: f.array(resource),
  validateOnly: f.bool(),
}));

const result = struct((f) => ({
  errorCode: f.int16(),
  errorMessage: f.nullableString(),
  resourceType: f.int8(),
  resourceName: f.string(),
}));

const response = struct((f) => ({
  throttleTimeMs: f.int32(),
  responses: f.array(result),
}));

export type IncrementalAlterConfigsRequest = Decoded<typeof request>;
export type IncrementalAlterConfigsResponse = Decoded<typeof response>;

/** Changes single settings and leaves the others (KIP-339). */
export const incrementalAlterConfigs = api({
  key: 44,
  name: "IncrementalAlterConfigs",
  versions: [0, 1],
  flexibleFrom: 1,
  request,
  response,
});
