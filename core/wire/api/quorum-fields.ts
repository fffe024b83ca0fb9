/*
 * Parts that the requests of the metadata quorum share (KIP-595, KIP-853).
 */
import { struct } from "../schema.ts";

/** Where a leader listens, as it tells those who follow it. */
export const leaderEndpoint = struct((f) => ({
  name: f.string(),
  host: f.string(),
  port: f.uint16(),
}));

/** Where the leader that an answer names listens. */
export const quorumNode = struct((f) => ({
  nodeId: f.int32(),
  host: f.string(),
  port: f.uint16(),
}));

const partition = struct((f) => ({
  partitionIndex: f.int32(),
  errorCode: f.int16(),
  leaderId: f.int32(),
  leaderEpoch: f.int32(),
}));

const topic = struct((f) => ({ topicName: f.string(), partitions: f.array(partition) }));

/** What BeginQuorumEpoch and EndQuorumEpoch are answered with. */
export const quorumEpochResponse = struct((f) => ({
  errorCode: f.int16(),
  topics: f.array(topic),
  nodeEndpoints: f.array(quorumNode, "1+ tag 0"),
}));
