import { api } from "../api.ts";
import { int32 } from "../codec.ts";
import { type Decoded, struct } from "../schema.ts";

const brokerState = struct((f) => ({
  brokerId: f.int32("3+"),
  /** Of the incarnation that fetched (KIP-903); -1 if it is not to be checked. */
  brokerEpoch: f.int64("3+", -1),
}));

const partition = struct((f) => ({
  partitionIndex: f.int32(),
  leaderEpoch: f.int32(),
  newIsr: f.array(int32, "0-2"),
  newIsrWithEpochs: f.array(brokerState, "3+"),
  leaderRecoveryState: f.int8("1+", 0),
  partitionEpoch: f.int32(),
}));

const topic = struct((f) => ({
  topicName: f.string("0-1 ignorable"),
  topicId: f.uuid("2+ ignorable"),
  partitions: f.array(partition),
}));

const request = struct((f) => ({
  brokerId: f.int32(),
  brokerEpoch: f.int64("0+", -1),
  topics: f.array(topic),
}));

const partitionResponse = struct((f) => ({
  partitionIndex: f.int32(),
  errorCode: f.int16(),
  leaderId: f.int32(),
  leaderEpoch: f.int32(),
  isr: f.array(int32),
  leaderRecoveryState: f.int8("1+ ignorable", 0),
  partitionEpoch: f.int32(),
}));

const topicResponse = struct((f) => ({
  topicName: f.string("0-1 ignorable"),
  topicId: f.uuid("2+ ignorable"),
  partitions: f.array(partitionResponse),
}));

const response = struct((f) => ({
  throttleTimeMs: f.int32(),
  errorCode: f.int16(),
  topics: f.array(topicResponse),
}));

export type AlterPartitionRequest = Decoded<typeof request>;
export type AlterPartitionResponse = Decoded<typeof response>;

/** A leader proposes an ISR to the controller (KIP-497). */
export const alterPartition = api({
  key: 56,
  name: "AlterPartition",
  versions: [0, 3],
  flexibleFrom: 0,
  request,
  response,
});
