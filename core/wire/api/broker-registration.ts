import { api } from "../api.ts";
import { uuid } from "../codec.ts";
import { type Decoded, struct } from "../schema.ts";

const listener = struct((f) => ({
  name: f.string(),
  host: f.string(),
  port: f.uint16(),
  securityProtocol: f.int16(),
}));

const feature = struct((f) => ({
  name: f.string(),
  minSupportedVersion: f.int16(),
  maxSupportedVersion: f.int16(),
}));

const request = struct((f) => ({
  brokerId: f.int32(),
  clusterId: f.string(),
  incarnationId: f.uuid(),
  listeners: f.array(listener),
  features: f.array(feature),
  rack: f.nullableString(),
  isMigratingZkBroker: f.bool("1+", false),
  logDirs: f.array(uuid, "2+ ignorable"),
  /** From the clean-shutdown marker (KIP-966); -1 if the last life ended otherwise. */
  previousBrokerEpoch: f.int64("3+ ignorable", -1),
}));

const response = struct((f) => ({
  throttleTimeMs: f.int32(),
  errorCode: f.int16(),
  brokerEpoch: f.int64("0+", -1),
}));

export type BrokerRegistrationRequest = Decoded<typeof request>;
export type BrokerRegistrationResponse = Decoded<typeof response>;

export const brokerRegistration = api({
  key: 62,
  name: "BrokerRegistration",
  versions: [0, 4],
  flexibleFrom: 0,
  request,
  response,
});
