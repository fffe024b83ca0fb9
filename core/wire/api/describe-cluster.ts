import { api } from "../api.ts";
import { type Decoded, struct } from "../schema.ts";

const request = struct((f) => ({
  includeClusterAuthorizedOperations: f.bool(),
  /** 1: brokers, 2: controllers (KIP-919). */
  endpointType: f.int8("1+", 1),
}));

const broker = struct((f) => ({
  brokerId: f.int32(),
  host: f.string(),
  port: f.int32(),
  rack: f.nullableString("0+", null),
}));

const response = struct((f) => ({
  throttleTimeMs: f.int32(),
  errorCode: f.int16(),
  errorMessage: f.nullableString("0+", null),
  endpointType: f.int8("1+", 1),
  clusterId: f.string(),
  controllerId: f.int32("0+", -1),
  brokers: f.array(broker),
  /** The default says that they were not asked for. */
  clusterAuthorizedOperations: f.int32("0+", -2_147_483_648),
}));

export type DescribeClusterRequest = Decoded<typeof request>;

/** Who is there (KIP-700). */
export const describeCluster = api({
  key: 60,
  name: "DescribeCluster",
  versions: [0, 1],
  flexibleFrom: 0,
  request,
  response,
});
