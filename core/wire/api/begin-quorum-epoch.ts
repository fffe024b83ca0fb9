import { api } from "../api.ts";
import { type Decoded, struct } from "../schema.ts";
import { leaderEndpoint, quorumEpochResponse } from "./quorum-fields.ts";

const partition = struct((f) => ({
  partitionIndex: f.int32(),
  voterDirectoryId: f.uuid("1+ ignorable"),
  leaderId: f.int32(),
  leaderEpoch: f.int32(),
}));

const topic = struct((f) => ({ topicName: f.string(), partitions: f.array(partition) }));

const request = struct((f) => ({
  clusterId: f.nullableString("0+", null),
  voterId: f.int32("1+ ignorable", -1),
  topics: f.array(topic),
  leaderEndpoints: f.array(leaderEndpoint, "1+ ignorable"),
}));

export type BeginQuorumEpochRequest = Decoded<typeof request>;
export type BeginQuorumEpochResponse = Decoded<typeof quorumEpochResponse>;

/** A new leader of the metadata quorum tells the other voters that it leads (KIP-595). */
export const beginQuorumEpoch = api({
  key: 53,
  name: "BeginQuorumEpoch",
  versions: [0, 1],
  flexibleFrom: 1,
  request,
  response: quorumEpochResponse,
});
