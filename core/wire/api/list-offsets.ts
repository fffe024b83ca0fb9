import { api } from "../api.ts";
import { type Decoded, struct } from "../schema.ts";

const partition = struct((f) => ({
  partitionIndex: f.int32(),
  currentLeaderEpoch: f.int32("4+ ignorable", -1),
  /** -1: latest, -2: earliest, -3: of the largest timestamp; else the first record at or after it. */
  timestamp: f.int64(),
}));

const topic = struct((f) => ({
  name: f.string(),
  partitions: f.array(partition),
}));

const request = struct((f) => ({
  replicaId: f.int32(),
  isolationLevel: f.int8("2+"),
  topics: f.array(topic),
}));

const partitionResponse = struct((f) => ({
  partitionIndex: f.int32(),
  errorCode: f.int16(),
  timestamp: f.int64("1+", -1),
  offset: f.int64("1+", -1),
  leaderEpoch: f.int32("4+", -1),
}));

const topicResponse = struct((f) => ({
  name: f.string(),
  partitions: f.array(partitionResponse),
}));

const response = struct((f) => ({
  throttleTimeMs: f.int32("2+ ignorable"),
  topics: f.array(topicResponse),
}));

export type ListOffsetsRequest = Decoded<typeof request>;
export type ListOffsetsResponse = Decoded<typeof response>;

/** Version 0 answers in another shape (several offsets below a time) and has gone with Kafka 4.0. */
export const listOffsets = api({
  key: 2,
  name: "ListOffsets",
  versions: [1, 9],
  flexibleFrom: 6,
  request,
  response,
});
