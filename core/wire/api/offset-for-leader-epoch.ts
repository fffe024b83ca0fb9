import { api } from "../api.ts";
import { type Decoded, struct } from "../schema.ts";

const partition = struct((f) => ({
  partition: f.int32(),
  currentLeaderEpoch: f.int32("2+ ignorable", -1),
  /** The epoch whose end is asked for. */
  leaderEpoch: f.int32(),
}));

const topic = struct((f) => ({
  topic: f.string(),
  partitions: f.array(partition),
}));

const request = struct((f) => ({
  /** -1: a consumer; -2: somebody who looks into a log. */
  replicaId: f.int32("3+ ignorable", -2),
  topics: f.array(topic),
}));

const partitionResult = struct((f) => ({
  errorCode: f.int16(),
  partition: f.int32(),
  leaderEpoch: f.int32("1+ ignorable", -1),
  endOffset: f.int64("0+", -1),
}));

const topicResult = struct((f) => ({
  topic: f.string(),
  partitions: f.array(partitionResult),
}));

const response = struct((f) => ({
  throttleTimeMs: f.int32("2+ ignorable"),
  topics: f.array(topicResult),
}));

export type OffsetForLeaderEpochRequest = Decoded<typeof request>;
export type OffsetForLeaderEpochResponse = Decoded<typeof response>;

/** KIP-101, KIP-320: where the largest epoch that is not above the asked one ends. Versions 0 and 1 went with Kafka 4.0. */
export const offsetForLeaderEpoch = api({
  key: 23,
  name: "OffsetForLeaderEpoch",
  versions: [2, 4],
  flexibleFrom: 4,
  request,
  response,
});
