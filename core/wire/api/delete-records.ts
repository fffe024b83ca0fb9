import { api } from "../api.ts";
import { type Decoded, struct } from "../schema.ts";

const partition = struct((f) => ({
  partitionIndex: f.int32(),
  /** The log is to begin here; -1: at the high watermark. */
  offset: f.int64(),
}));

const topic = struct((f) => ({
  name: f.string(),
  partitions: f.array(partition),
}));

const request = struct((f) => ({
  topics: f.array(topic),
  timeoutMs: f.int32(),
}));

const partitionResult = struct((f) => ({
  partitionIndex: f.int32(),
  lowWatermark: f.int64(),
  errorCode: f.int16(),
}));

const topicResult = struct((f) => ({
  name: f.string(),
  partitions: f.array(partitionResult),
}));

const response = struct((f) => ({
  throttleTimeMs: f.int32(),
  topics: f.array(topicResult),
}));

export type DeleteRecordsRequest = Decoded<typeof request>;

/** KIP-107: records before an offset are gone once every replica that is alive has let them go. */
export const deleteRecords = api({
  key: 21,
  name: "DeleteRecords",
  versions: [0, 2],
  flexibleFrom: 2,
  request,
  response,
});
