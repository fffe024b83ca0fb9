import { api } from "../api.ts";
import { int32 } from "../codec.ts";
import { type Decoded, struct } from "../schema.ts";

const topicPartitions = struct((f) => ({
  topic: f.string(),
  partitions: f.array(int32),
}));

const request = struct((f) => ({
  /** 0: the preferred replica; 1: any that is alive where nobody leads. */
  electionType: f.int8("1+"),
  /** Null: all partitions. */
  topicPartitions: f.nullableArray(topicPartitions),
  timeoutMs: f.int32("0+", 60_000),
}));

const partitionResult = struct((f) => ({
  partitionId: f.int32(),
  errorCode: f.int16(),
  errorMessage: f.nullableString(),
}));

const electionResult = struct((f) => ({
  topic: f.string(),
  partitionResult: f.array(partitionResult),
}));

const response = struct((f) => ({
  throttleTimeMs: f.int32(),
  errorCode: f.int16("1+"),
  replicaElectionResults: f.array(electionResult),
}));

export type ElectLeadersRequest = Decoded<typeof request>;
export type ElectLeadersResponse = Decoded<typeof response>;

/** Elections that an operator asks for (KIP-183, KIP-460); version 0 could not say why it refuses as a whole. */
export const electLeaders = api({
  key: 43,
  name: "ElectLeaders",
  versions: [1, 2],
  flexibleFrom: 2,
  request,
  response,
});
