import { api } from "../api.ts";
import { int32 } from "../codec.ts";
import { type Decoded, struct } from "../schema.ts";
import { leaderIdAndEpoch, nodeEndpoint } from "./leader.ts";

const replicaState = struct((f) => ({
  replicaId: f.int32("15+", -1),
  replicaEpoch: f.int64("15+", -1),
}));

const fetchPartition = struct((f) => ({
  partition: f.int32(),
  currentLeaderEpoch: f.int32("9+ ignorable", -1),
  fetchOffset: f.int64(),
  lastFetchedEpoch: f.int32("12+", -1),
  logStartOffset: f.int64("5+ ignorable", -1),
  partitionMaxBytes: f.int32(),
  replicaDirectoryId: f.uuid("17+ tag 0 ignorable"),
}));

const fetchTopic = struct((f) => ({
  topic: f.string("0-12 ignorable"),
  topicId: f.uuid("13+ ignorable"),
  partitions: f.array(fetchPartition),
}));

const forgottenTopic = struct((f) => ({
  topic: f.string("7-12 ignorable"),
  topicId: f.uuid("13+ ignorable"),
  partitions: f.array(int32, "7+"),
}));

const request = struct((f) => ({
  clusterId: f.nullableString("12+ tag 0 ignorable", null),
  replicaId: f.int32("0-14", -1),
  replicaState: f.struct(replicaState, "15+ tag 1"),
  maxWaitMs: f.int32(),
  minBytes: f.int32(),
  maxBytes: f.int32("3+ ignorable", 0x7fffffff),
  isolationLevel: f.int8("4+ ignorable", 0),
  sessionId: f.int32("7+ ignorable", 0),
  sessionEpoch: f.int32("7+ ignorable", -1),
  topics: f.array(fetchTopic),
  forgottenTopicsData: f.array(forgottenTopic, "7+"),
  rackId: f.string("11+ ignorable", ""),
}));

const epochEndOffset = struct((f) => ({
  epoch: f.int32("12+", -1),
  endOffset: f.int64("12+", -1),
}));

const snapshotId = struct((f) => ({
  endOffset: f.int64("0+", -1),
  epoch: f.int32("0+", -1),
}));

const abortedTransaction = struct((f) => ({
  producerId: f.int64("4+"),
  firstOffset: f.int64("4+"),
}));

const partitionData = struct((f) => ({
  partitionIndex: f.int32(),
  errorCode: f.int16(),
  highWatermark: f.int64(),
  lastStableOffset: f.int64("4+ ignorable", -1),
  logStartOffset: f.int64("5+ ignorable", -1),
  /** Where the follower's log parts from the leader's (KIP-595); epoch -1: nowhere. */
  divergingEpoch: f.struct(epochEndOffset, "12+ tag 0"),
  currentLeader: f.struct(leaderIdAndEpoch, "12+ tag 1"),
  snapshotId: f.struct(snapshotId, "12+ tag 2"),
  abortedTransactions: f.nullableArray(abortedTransaction, "4+ ignorable"),
  preferredReadReplica: f.int32("11+", -1),
  records: f.nullableBytes(),
}));

const topicResponse = struct((f) => ({
  topic: f.string("0-12 ignorable"),
  topicId: f.uuid("13+ ignorable"),
  partitions: f.array(partitionData),
}));

const response = struct((f) => ({
  throttleTimeMs: f.int32("1+ ignorable"),
  errorCode: f.int16("7+ ignorable"),
  sessionId: f.int32("7+", 0),
  responses: f.array(topicResponse),
  nodeEndpoints: f.array(nodeEndpoint, "16+ tag 0"),
}));

export type FetchRequest = Decoded<typeof request>;
export type FetchResponse = Decoded<typeof response>;

/** Serves consumers, followers (with their replica's state) and those who follow the metadata log. */
export const fetch = api({
  key: 1,
  name: "Fetch",
  versions: [4, 17],
  flexibleFrom: 12,
  request,
  response,
});
