import { api } from "../api.ts";
import { type Decoded, struct } from "../schema.ts";
import { quorumNode } from "./quorum-fields.ts";

const leader = struct((f) => ({ leaderId: f.int32(), leaderEpoch: f.int32() }));

const snapshotId = struct((f) => ({ endOffset: f.int64(), epoch: f.int32() }));

const partition = struct((f) => ({
  partition: f.int32(),
  currentLeaderEpoch: f.int32(),
  snapshotId: f.struct(snapshotId, "0+"),
  /** Where in the snapshot to go on: bytes. */
  position: f.int64(),
  replicaDirectoryId: f.uuid("1+ tag 0 ignorable"),
}));

const topic = struct((f) => ({ name: f.string(), partitions: f.array(partition) }));

const request = struct((f) => ({
  clusterId: f.nullableString("0+ tag 0", null),
  replicaId: f.int32("0+", -1),
  maxBytes: f.int32("0+", 0x7fffffff),
  topics: f.array(topic),
}));

const partitionResponse = struct((f) => ({
  index: f.int32(),
  errorCode: f.int16(),
  snapshotId: f.struct(snapshotId, "0+"),
  currentLeader: f.struct(leader, "0+ tag 0"),
  /** Of the whole snapshot: bytes. */
  size: f.int64(),
  position: f.int64(),
  unalignedRecords: f.nullableBytes(),
}));

const topicResponse = struct((f) => ({
  name: f.string(),
  partitions: f.array(partitionResponse),
}));

const response = struct((f) => ({
  throttleTimeMs: f.int32("0+ ignorable"),
  errorCode: f.int16(),
  topics: f.array(topicResponse),
  nodeEndpoints: f.array(quorumNode, "1+ tag 0"),
}));

export type FetchSnapshotRequest = Decoded<typeof request>;
export type FetchSnapshotResponse = Decoded<typeof response>;

/** Whoever is behind the beginning of the leader's metadata log asks for a snapshot of it, in pieces (KIP-630). */
export const fetchSnapshot = api({
  key: 59,
  name: "FetchSnapshot",
  versions: [0, 1],
  flexibleFrom: 0,
  request,
  response,
});
