import { api } from "../api.ts";
import { int32 } from "../codec.ts";
import { type Decoded, struct } from "../schema.ts";

const assignment = struct((f) => ({
  partitionIndex: f.int32(),
  brokerIds: f.array(int32),
}));

const config = struct((f) => ({
  name: f.string(),
  value: f.nullableString(),
}));

const topic = struct((f) => ({
  name: f.string(),
  /** -1: the broker's default, or as assigned. */
  numPartitions: f.int32(),
  replicationFactor: f.int16(),
  assignments: f.array(assignment),
  configs: f.array(config),
}));

const request = struct((f) => ({
  topics: f.array(topic),
  timeoutMs: f.int32("0+", 60_000),
  validateOnly: f.bool("1+", false),
}));

const configResult = struct((f) => ({
  name: f.string("5+"),
  value: f.nullableString("5+"),
  readOnly: f.bool("5+"),
  configSource: f.int8("5+ ignorable", -1),
  isSensitive: f.bool("5+"),
}));

const topicResult = struct((f) => ({
  name: f.string(),
  topicId: f.uuid("7+ ignorable"),
  errorCode: f.int16(),
  errorMessage: f.nullableString("1+ ignorable"),
  topicConfigErrorCode: f.int16("5+ tag 0 ignorable"),
  numPartitions: f.int32("5+ ignorable", -1),
  replicationFactor: f.int16("5+ ignorable", -1),
  configs: f.nullableArray(configResult, "5+ ignorable"),
}));

const response = struct((f) => ({
  throttleTimeMs: f.int32("2+ ignorable"),
  topics: f.array(topicResult),
}));

export type CreateTopicsRequest = Decoded<typeof request>;
export type CreateTopicsResponse = Decoded<typeof response>;

export const createTopics = api({
  key: 19,
  name: "CreateTopics",
  versions: [0, 7],
  flexibleFrom: 5,
  request,
  response,
});
