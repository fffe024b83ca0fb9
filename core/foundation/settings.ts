/*
 * Configuration under Kafka's own keys, with Kafka's own defaults (4.x). Times in ms, sizes in bytes.
 * A broker's settings are also the defaults of its topics.
 */

import type { Flawed } from "./flaws.ts";

/** Settings of a broker. */
export const brokerDefaults = {
  "min.insync.replicas": 1,
  "unclean.leader.election.enable": false,
  // The level of Kafka's feature of this name that a new cluster has: 0 switches eligible leader replicas off.
  "eligible.leader.replicas.version": 1,
  // Not a key of Kafka's, where the last known leader may always lead again.
  "last.known.leader.enable": true,
  "replica.lag.time.max.ms": 30_000,
  "replica.fetch.wait.max.ms": 500,
  "replica.fetch.min.bytes": 1,
  "replica.fetch.max.bytes": 1_048_576,
  "replica.fetch.response.max.bytes": 10_485_760,
  "replica.fetch.backoff.ms": 1_000,
  "replica.socket.timeout.ms": 30_000,
  "max.incremental.fetch.session.cache.slots": 1_000,
  "replica.high.watermark.checkpoint.interval.ms": 5_000,
  "log.segment.bytes": 1_073_741_824,
  "log.roll.ms": 604_800_000,
  "log.index.interval.bytes": 4_096,
  "log.index.size.max.bytes": 10_485_760,
  // Never for its own sake: what is written waits in the page cache (Kafka: Long.MAX_VALUE).
  "log.flush.interval.messages": 9_007_199_254_740_991,
  "log.flush.offset.checkpoint.interval.ms": 60_000,
  "log.flush.start.offset.checkpoint.interval.ms": 60_000,
  "log.retention.ms": 604_800_000,
  "log.retention.bytes": -1,
  "log.retention.check.interval.ms": 300_000,
  "log.segment.delete.delay.ms": 60_000,
  "message.max.bytes": 1_048_588,
  "broker.heartbeat.interval.ms": 2_000,
  "broker.session.timeout.ms": 9_000,
  "metadata.log.max.record.bytes.between.snapshots": 20_971_520,
  "metadata.log.max.snapshot.interval.ms": 3_600_000,
  "metadata.max.retention.bytes": 104_857_600,
  "auto.leader.rebalance.enable": true,
  "leader.imbalance.check.interval.seconds": 300,
  "controller.quorum.election.timeout.ms": 1_000,
  "controller.quorum.fetch.timeout.ms": 2_000,
  "controller.quorum.election.backoff.max.ms": 1_000,
  "controller.quorum.append.linger.ms": 25,
  "controller.quorum.request.timeout.ms": 2_000,
  "controller.quorum.retry.backoff.ms": 20,
  // Empty: consumers read from leaders (KIP-392).
  "replica.selector.class": "",
  "socket.request.max.bytes": 104_857_600,
  "producer.id.expiration.ms": 86_400_000,
} as const satisfies Record<string, number | boolean | string>;

/** The one class that `replica.selector.class` may name: a replica in the consumer's own rack (KIP-392). */
export const rackAwareSelector = "org.apache.kafka.common.replica.RackAwareReplicaSelector";

/** Settings of one topic, as CreateTopics carries them; what is absent comes from the broker's settings. */
export const topicDefaults = {
  "min.insync.replicas": 1,
  "unclean.leader.election.enable": false,
  "segment.bytes": 1_073_741_824,
  "retention.ms": 604_800_000,
  "retention.bytes": -1,
  "flush.messages": 9_007_199_254_740_991,
} as const satisfies Record<string, number | boolean>;

/** Settings of a producer. */
export const producerDefaults = {
  acks: "all",
  "enable.idempotence": true,
  "max.in.flight.requests.per.connection": 5,
  "delivery.timeout.ms": 120_000,
  "request.timeout.ms": 30_000,
  "linger.ms": 5,
  "batch.size": 16_384,
  "buffer.memory": 33_554_432,
  "max.request.size": 1_048_576,
  "retry.backoff.ms": 100,
  "retry.backoff.max.ms": 1_000,
  "metadata.max.age.ms": 300_000,
} as const satisfies Record<string, number | boolean | string>;

/** Settings of a consumer. */
export const consumerDefaults = {
  "fetch.min.bytes": 1,
  "fetch.max.wait.ms": 500,
  "fetch.max.bytes": 52_428_800,
  "max.partition.fetch.bytes": 1_048_576,
  "max.poll.records": 500,
  "auto.offset.reset": "latest",
  // Where it runs, for a leader that knows a nearer replica (KIP-392).
  "client.rack": "",
  "request.timeout.ms": 30_000,
  "retry.backoff.ms": 100,
  "retry.backoff.max.ms": 1_000,
  "metadata.max.age.ms": 300_000,
} as const satisfies Record<string, number | boolean | string>;

/** Settings of an admin client. */
export const adminDefaults = {
  "request.timeout.ms": 30_000,
  "retry.backoff.ms": 100,
  "retry.backoff.max.ms": 1_000,
  "default.api.timeout.ms": 60_000,
  "metadata.max.age.ms": 300_000,
} as const satisfies Record<string, number>;

type Widened<T> = {
  readonly [K in keyof T]: T[K] extends number ? number : T[K] extends boolean ? boolean : T[K];
};
export type BrokerSettings = Omit<Widened<typeof brokerDefaults>, "replica.selector.class"> & {
  readonly "replica.selector.class": "" | typeof rackAwareSelector;
} & Flawed;
export type TopicSettings = Widened<typeof topicDefaults>;
export type ProducerSettings = Omit<Widened<typeof producerDefaults>, "acks"> & {
  readonly acks: "all" | "0" | "1";
} & Flawed;
export type ConsumerSettings = Omit<
  Widened<typeof consumerDefaults>,
  "auto.offset.reset" | "client.rack"
> & {
  readonly "client.rack": string;
  readonly "auto.offset.reset": "earliest" | "latest" | "none";
} & Flawed;
export type AdminSettings = Widened<typeof adminDefaults>;
