import { api } from "../api.ts";
import { int32 } from "../codec.ts";
import { type Decoded, struct } from "../schema.ts";

const requestTopic = struct((f) => ({
  topicId: f.uuid("10+ ignorable"),
  name: f.nullableString("0+ nullable 10+"),
}));

const request = struct((f) => ({
  /** Null: all topics; in version 0 an empty list says so. */
  topics: f.nullableArray(requestTopic, "0+ nullable 1+"),
  allowAutoTopicCreation: f.bool("4+", true),
  includeClusterAuthorizedOperations: f.bool("8-10"),
  includeTopicAuthorizedOperations: f.bool("8+"),
}));

/** "Not asked for". */
const noOperations = -2_147_483_648;

const broker = struct((f) => ({
  nodeId: f.int32(),
  host: f.string(),
  port: f.int32(),
  rack: f.nullableString("1+ ignorable", null),
}));

const partition = struct((f) => ({
  errorCode: f.int16(),
  partitionIndex: f.int32(),
  leaderId: f.int32(),
  leaderEpoch: f.int32("7+ ignorable", -1),
  replicaNodes: f.array(int32),
  isrNodes: f.array(int32),
  offlineReplicas: f.array(int32, "5+ ignorable"),
}));

const topic = struct((f) => ({
  errorCode: f.int16(),
  name: f.nullableString("0+ nullable 12+"),
  topicId: f.uuid("10+ ignorable"),
  isInternal: f.bool("1+ ignorable", false),
  partitions: f.array(partition),
  topicAuthorizedOperations: f.int32("8+", noOperations),
}));

const response = struct((f) => ({
  throttleTimeMs: f.int32("3+ ignorable"),
  brokers: f.array(broker),
  clusterId: f.nullableString("2+ ignorable", null),
  controllerId: f.int32("1+ ignorable", -1),
  topics: f.array(topic),
  clusterAuthorizedOperations: f.int32("8-10", noOperations),
}));

export type MetadataRequest = Decoded<typeof request>;
export type MetadataResponse = Decoded<typeof response>;

export const metadata = api({
  key: 3,
  name: "Metadata",
  versions: [0, 12],
  flexibleFrom: 9,
  request,
  response,
});
