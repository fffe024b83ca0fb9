import { api } from "../api.ts";
import { type Decoded, struct } from "../schema.ts";
import { quorumNode } from "./quorum-fields.ts";

const partition = struct((f) => ({
  partitionIndex: f.int32(),
  /** Of a PreVote: the epoch that the asker is in. */
  candidateEpoch: f.int32(),
  candidateId: f.int32(),
  candidateDirectoryId: f.uuid("1+ ignorable"),
  voterDirectoryId: f.uuid("1+ ignorable"),
  lastOffsetEpoch: f.int32(),
  /** The asker's log end offset. */
  lastOffset: f.int64(),
  /** Asks whether a vote would be granted; binds nobody (KIP-996). */
  preVote: f.bool("2+"),
}));

const topic = struct((f) => ({ topicName: f.string(), partitions: f.array(partition) }));

const request = struct((f) => ({
  clusterId: f.nullableString("0+", null),
  voterId: f.int32("1+ ignorable", -1),
  topics: f.array(topic),
}));

const partitionResponse = struct((f) => ({
  partitionIndex: f.int32(),
  errorCode: f.int16(),
  leaderId: f.int32(),
  leaderEpoch: f.int32(),
  voteGranted: f.bool(),
}));

const topicResponse = struct((f) => ({
  topicName: f.string(),
  partitions: f.array(partitionResponse),
}));

const response = struct((f) => ({
  errorCode: f.int16(),
  topics: f.array(topicResponse),
  nodeEndpoints: f.array(quorumNode, "1+ tag 0"),
}));

export type VoteRequest = Decoded<typeof request>;
export type VoteResponse = Decoded<typeof response>;

/** A voter of the metadata quorum asks for another's vote (KIP-595, KIP-996). */
export const vote = api({
  key: 52,
  name: "Vote",
  versions: [0, 2],
  flexibleFrom: 0,
  request,
  response,
});
