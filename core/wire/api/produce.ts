import { api } from "../api.ts";
import { type Decoded, struct } from "../schema.ts";
import { leaderIdAndEpoch, nodeEndpoint } from "./leader.ts";

const partitionData = struct((f) => ({
  index: f.int32(),
  records: f.nullableBytes(),
}));

const topicData = struct((f) => ({
  name: f.string(),
  partitionData: f.array(partitionData),
}));

const request = struct((f) => ({
  transactionalId: f.nullableString("3+", null),
  /** 0: none; 1: the leader; -1: all in sync. */
  acks: f.int16(),
  timeoutMs: f.int32(),
  topicData: f.array(topicData),
}));

const recordError = struct((f) => ({
  batchIndex: f.int32("8+"),
  batchIndexErrorMessage: f.nullableString("8+", null),
}));

const partitionResponse = struct((f) => ({
  index: f.int32(),
  errorCode: f.int16(),
  baseOffset: f.int64(),
  logAppendTimeMs: f.int64("2+ ignorable", -1),
  logStartOffset: f.int64("5+ ignorable", -1),
  recordErrors: f.array(recordError, "8+ ignorable"),
  errorMessage: f.nullableString("8+ ignorable", null),
  /** With NOT_LEADER_OR_FOLLOWER (KIP-951). */
  currentLeader: f.struct(leaderIdAndEpoch, "10+ tag 0"),
}));

const topicResponse = struct((f) => ({
  name: f.string(),
  partitionResponses: f.array(partitionResponse),
}));

const response = struct((f) => ({
  responses: f.array(topicResponse),
  throttleTimeMs: f.int32("1+ ignorable", 0),
  nodeEndpoints: f.array(nodeEndpoint, "10+ tag 0"),
}));

export type ProduceRequest = Decoded<typeof request>;
export type ProduceResponse = Decoded<typeof response>;

/** Versions 0 to 2 carry older message formats: they are advertised (KAFKA-18659), not served. */
export const produce = api({
  key: 0,
  name: "Produce",
  versions: [3, 11],
  flexibleFrom: 9,
  request,
  response,
});
