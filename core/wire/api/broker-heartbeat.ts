import { api } from "../api.ts";
import { uuid } from "../codec.ts";
import { type Decoded, struct } from "../schema.ts";

const request = struct((f) => ({
  brokerId: f.int32(),
  brokerEpoch: f.int64("0+", -1),
  /** The last metadata offset that the broker has applied. */
  currentMetadataOffset: f.int64(),
  wantFence: f.bool(),
  wantShutDown: f.bool(),
  offlineLogDirs: f.array(uuid, "1+ tag 0"),
}));

const response = struct((f) => ({
  throttleTimeMs: f.int32(),
  errorCode: f.int16(),
  isCaughtUp: f.bool("0+", false),
  isFenced: f.bool("0+", true),
  shouldShutDown: f.bool(),
}));

export type BrokerHeartbeatRequest = Decoded<typeof request>;
export type BrokerHeartbeatResponse = Decoded<typeof response>;

export const brokerHeartbeat = api({
  key: 63,
  name: "BrokerHeartbeat",
  versions: [0, 1],
  flexibleFrom: 0,
  request,
  response,
});
