/*
 * Identifiers and quantities. Each is a branded number or string, so that an offset is never taken for an
 * epoch; 64-bit values exist only inside the wire codec and are plain numbers (below 2^53) everywhere else.
 */
declare const tag: unique symbol;
type TaggedNumber<Name extends string> = number & { readonly [tag]: Name };
type TaggedString<Name extends string> = string & { readonly [tag]: Name };

/** Whole milliseconds. */
export type Millis = TaggedNumber<"Millis">;
/** An integer in [0, 2^32). */
export type Uint32 = TaggedNumber<"Uint32">;
/** Position of a record in its partition's log, from 0. */
export type Offset = TaggedNumber<"Offset">;
/** Counts the leaderships of one partition (KIP-101); -1 when unknown. */
export type LeaderEpoch = TaggedNumber<"LeaderEpoch">;
/** Counts the changes of one partition's metadata; the compare-and-set of AlterPartition (KIP-497). */
export type PartitionEpoch = TaggedNumber<"PartitionEpoch">;
/** Offset of a broker's registration record (KIP-380, KIP-631); -1 before it registered. */
export type BrokerEpoch = TaggedNumber<"BrokerEpoch">;
/** A broker's or a controller's node id. */
export type BrokerId = TaggedNumber<"BrokerId">;
/** Names an idempotent producer (KIP-98); -1 for none. */
export type ProducerId = TaggedNumber<"ProducerId">;
/** One end of a connection: even if this process opened it, odd if it accepted it. Never used twice. */
export type ConnectionId = TaggedNumber<"ConnectionId">;
/** An application's call into its client; chosen by the application. */
export type CallId = TaggedNumber<"CallId">;
/** Names one input that a process handled: the sequence number of its trace event. */
export type InputId = TaggedNumber<"InputId">;
/** 128 bits as 8-4-4-4-12 lower-case hexadecimal digits. */
export type Uuid = TaggedString<"Uuid">;

export const millis = (value: number): Millis => value as Millis;
export const uint32 = (value: number): Uint32 => value as Uint32;
export const offset = (value: number): Offset => value as Offset;
export const leaderEpoch = (value: number): LeaderEpoch => value as LeaderEpoch;
export const partitionEpoch = (value: number): PartitionEpoch => value as PartitionEpoch;
export const brokerEpoch = (value: number): BrokerEpoch => value as BrokerEpoch;
export const brokerId = (value: number): BrokerId => value as BrokerId;
export const producerId = (value: number): ProducerId => value as ProducerId;
export const connectionId = (value: number): ConnectionId => value as ConnectionId;
export const callId = (value: number): CallId => value as CallId;
export const inputId = (value: number): InputId => value as InputId;
export const uuid = (value: string): Uuid => value as Uuid;

/** The all-zero uuid: "no topic id", "by name". */
export const zeroUuid: Uuid = uuid("00000000-0000-0000-0000-000000000000");
/** The topic id of `__cluster_metadata` (Kafka's Uuid.METADATA_TOPIC_ID). */
export const metadataTopicId: Uuid = uuid("00000000-0000-0000-0000-000000000001");
/** The name of the metadata log's topic. */
export const metadataTopic = "__cluster_metadata";

/** `orders-0`: how people, traces and folders name a partition. */
export const partitionName = (topic: string, partition: number): string => `${topic}-${partition}`;

/** The metadata log's one partition: `__cluster_metadata-0`. */
export const metadataPartition = partitionName(metadataTopic, 0);

/** Where a process listens. In the simulator `host` is the node's name. */
export interface Endpoint {
  readonly host: string;
  readonly port: number;
}

/** `b1:9092`. */
export const endpointName = (endpoint: Endpoint): string => `${endpoint.host}:${endpoint.port}`;
