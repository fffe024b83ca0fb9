import { api } from "../api.ts";
import { int32 } from "../codec.ts";
import { type Decoded, struct } from "../schema.ts";
import { leaderEndpoint, quorumEpochResponse } from "./quorum-fields.ts";

const candidate = struct((f) => ({
  candidateId: f.int32("1+"),
  candidateDirectoryId: f.uuid("1+"),
}));

const partition = struct((f) => ({
  partitionIndex: f.int32(),
  leaderId: f.int32(),
  leaderEpoch: f.int32(),
  preferredSuccessors: f.array(int32, "0-0 ignorable"),
  /** Those who should try to lead next, the best first. */
  preferredCandidates: f.array(candidate, "1+ ignorable"),
}));

const topic = struct((f) => ({ topicName: f.string(), partitions: f.array(partition) }));

const request = struct((f) => ({
  clusterId: f.nullableString("0+", null),
  topics: f.array(topic),
  leaderEndpoints: f.array(leaderEndpoint, "1+ ignorable"),
}));

export type EndQuorumEpochRequest = Decoded<typeof request>;
export type EndQuorumEpochResponse = Decoded<typeof quorumEpochResponse>;

/** A leader of the metadata quorum resigns and names its successors (KIP-595). */
export const endQuorumEpoch = api({
  key: 54,
  name: "EndQuorumEpoch",
  versions: [0, 1],
  flexibleFrom: 1,
  request,
  response: quorumEpochResponse,
});
