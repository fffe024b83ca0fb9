// The protocol library, and nothing else: what other rooms may use of core.

// foundation
export * from "./foundation/assert.ts";
export * from "./foundation/calls.ts";
export * from "./foundation/events.ts";
export { type Flawed, type FlawId, flawIds } from "./foundation/flaws.ts";
export * from "./foundation/ids.ts";
export * from "./foundation/process.ts";
export * from "./foundation/settings.ts";
export * from "./foundation/turn.ts";
export * from "./foundation/utf8.ts";

// wire
export type {
  AnyApi,
  Api,
  RequestInput,
  RequestOf,
  ResponseInput,
  ResponseOf,
} from "./wire/api.ts";
export * from "./wire/api/allocate-producer-ids.ts";
export * from "./wire/api/alter-partition.ts";
export * from "./wire/api/api-versions.ts";
export * from "./wire/api/begin-quorum-epoch.ts";
export * from "./wire/api/broker-heartbeat.ts";
export * from "./wire/api/broker-registration.ts";
export * from "./wire/api/create-partitions.ts";
export * from "./wire/api/create-topics.ts";
export * from "./wire/api/delete-records.ts";
export * from "./wire/api/delete-topics.ts";
export * from "./wire/api/describe-cluster.ts";
export * from "./wire/api/elect-leaders.ts";
export * from "./wire/api/end-quorum-epoch.ts";
export * from "./wire/api/fetch-snapshot.ts";
export * from "./wire/api/fetch.ts";
export * from "./wire/api/incremental-alter-configs.ts";
export * from "./wire/api/init-producer-id.ts";
export * from "./wire/api/list-offsets.ts";
export * from "./wire/api/metadata.ts";
export * from "./wire/api/offset-for-leader-epoch.ts";
export * from "./wire/api/produce.ts";
export * from "./wire/api/vote.ts";
export * from "./wire/apis.ts";
export * from "./wire/batch.ts";
export * from "./wire/control-records.ts";
export * from "./wire/crc32c.ts";
export * from "./wire/decode-error.ts";
export * from "./wire/errors.ts";
export * from "./wire/fetch-session.ts";
export * from "./wire/frame-buffer.ts";
export * from "./wire/frames.ts";
export * from "./wire/metadata-records.ts";
export * from "./wire/murmur2.ts";
export type { BatchRecord, WireRecord } from "./wire/record.ts";
export { batchFields, type RecordContent, watchBatches } from "./wire/watched-batch.ts";
export { watchRequest, watchResponse } from "./wire/watched-frames.ts";
export type { FieldKind, ReadField } from "./wire/watched.ts";

// client
export { type Client, newClient, stepClient } from "./client/client.ts";
export type { ClientConfig } from "./client/config.ts";

// log
export { readOffsetCheckpoint } from "./log/checkpoints.ts";
export { watchIndex, watchProducers, watchTimes } from "./log/watched-files.ts";
export type { Log } from "./log/state.ts";

// replication
export { maximalIsr } from "./replication/partition.ts";

// controller
export { readQuorumState } from "./controller/quorum/store.ts";
export { type Controller, newController, stepController } from "./controller/controller.ts";
export type { MetadataImage, PartitionImage } from "./controller/metadata/image.ts";
export type { ControllerConfig } from "./controller/state.ts";

// broker
export { type Broker, newBroker, stepBroker } from "./broker/broker.ts";
export type { BrokerConfig } from "./broker/state.ts";
