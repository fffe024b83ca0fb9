import { api } from "../api.ts";
import { struct } from "../schema.ts";

const request = struct((f) => ({
  clientSoftwareName: f.string("3+ ignorable"),
  clientSoftwareVersion: f.string("3+ ignorable"),
}));

const apiVersion = struct((f) => ({
  apiKey: f.int16(),
  minVersion: f.int16(),
  maxVersion: f.int16(),
}));

const supportedFeature = struct((f) => ({
  name: f.string("3+"),
  minVersion: f.int16("3+"),
  maxVersion: f.int16("3+"),
}));

const finalizedFeature = struct((f) => ({
  name: f.string("3+"),
  maxVersionLevel: f.int16("3+"),
  minVersionLevel: f.int16("3+"),
}));

const response = struct((f) => ({
  errorCode: f.int16(),
  apiKeys: f.array(apiVersion),
  throttleTimeMs: f.int32("1+ ignorable"),
  supportedFeatures: f.array(supportedFeature, "3+ tag 0 ignorable"),
  finalizedFeaturesEpoch: f.int64("3+ tag 1 ignorable", -1),
  finalizedFeatures: f.array(finalizedFeature, "3+ tag 2 ignorable"),
  zkMigrationReady: f.bool("3+ tag 3 ignorable", false),
}));

/** Its answers have header v0 in every version (see frames.ts). */
export const apiVersions = api({
  key: 18,
  name: "ApiVersions",
  versions: [0, 4],
  flexibleFrom: 3,
  request,
  response,
});
