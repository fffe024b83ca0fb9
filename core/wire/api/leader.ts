/*
 * What tells a client where to go instead (KIP-951): the same in Produce and Fetch.
 */
import { struct } from "../schema.ts";

export const leaderIdAndEpoch = struct((f) => ({
  leaderId: f.int32("0+", -1),
  leaderEpoch: f.int32("0+", -1),
}));

export const nodeEndpoint = struct((f) => ({
  nodeId: f.int32(),
  host: f.string(),
  port: f.int32(),
  rack: f.nullableString("0+", null),
}));
