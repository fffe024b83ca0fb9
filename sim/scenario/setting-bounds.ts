/*
 * Settings with which a run would mean nothing: Kafka refuses most of them, and so does a scenario.
 */
import {
  brokerDefaults,
  type BrokerSettings,
  consumerDefaults,
  type ConsumerSettings,
  producerDefaults,
  type ProducerSettings,
} from "#core";

/** A fetch of the metadata log is parked for so long (ms, KafkaRaftClient's MAX_FETCH_WAIT_MS). */
const parkedFetchMs = 500;

/** The least value of each setting for which 0 is not it; Kafka's ConfigDef has most of them. */
export const leastValues: Readonly<Record<string, number>> = {
  "min.insync.replicas": 1,
  "replica.lag.time.max.ms": 1,
  "replica.socket.timeout.ms": 1,
  "replica.high.watermark.checkpoint.interval.ms": 1,
  "log.segment.bytes": 14,
  "segment.bytes": 14,
  "log.roll.ms": 1,
  "log.index.size.max.bytes": 8,
  "log.flush.interval.messages": 1,
  "flush.messages": 1,
  // For ever.
  "log.retention.ms": -1,
  "log.retention.bytes": -1,
  "retention.ms": -1,
  "retention.bytes": -1,
  "log.flush.offset.checkpoint.interval.ms": 1,
  "broker.heartbeat.interval.ms": 1,
  "broker.session.timeout.ms": 1,
  "metadata.log.max.record.bytes.between.snapshots": 1,
  "leader.imbalance.check.interval.seconds": 1,
  "controller.quorum.election.timeout.ms": 1,
  // Whoever waits no longer than a fetch is parked takes every leader with nothing to tell for a dead one.
  "controller.quorum.fetch.timeout.ms": parkedFetchMs + 1,
  "controller.quorum.request.timeout.ms": parkedFetchMs + 1,
  "socket.request.max.bytes": 1,
  "producer.id.expiration.ms": 1,
  "max.in.flight.requests.per.connection": 1,
  "request.timeout.ms": 1,
  "delivery.timeout.ms": 1,
  "max.poll.records": 1,
};

/** What is wrong with settings taken together: the key to change, and why; undefined: nothing. */
export interface Clash {
  readonly key: string;
  readonly problem: string;
}

/** KafkaConfig.validateValues; a broker whose session ends before its next heartbeat is fenced for ever. */
export function brokerClash(config: Partial<BrokerSettings>): Clash | undefined {
  const all = { ...brokerDefaults, ...config };
  return (
    above(all, "replica.fetch.wait.max.ms", "replica.socket.timeout.ms") ??
    above(all, "replica.fetch.wait.max.ms", "replica.lag.time.max.ms") ??
    above(all, "broker.heartbeat.interval.ms", "broker.session.timeout.ms")
  );
}

/** ProducerConfig: a batch has to outlive one request; an idempotent producer keeps five batches apart. */
export function producerClash(config: Partial<ProducerSettings>): Clash | undefined {
  const all = { ...producerDefaults, ...config };
  const inFlight = "max.in.flight.requests.per.connection";
  const least = all["linger.ms"] + all["request.timeout.ms"];
  if (all["delivery.timeout.ms"] < least) {
    const problem = `has to be at least linger.ms + request.timeout.ms (${least})`;
    return { key: "delivery.timeout.ms", problem };
  }
  if (all["enable.idempotence"] && all[inFlight] > 5)
    return { key: inFlight, problem: "may be at most 5 with enable.idempotence" };
  return undefined;
}

/** A fetch that is parked for longer than its client waits is never answered. */
export const consumerClash = (config: Partial<ConsumerSettings>): Clash | undefined =>
  above({ ...consumerDefaults, ...config }, "fetch.max.wait.ms", "request.timeout.ms");

function above<Key extends string>(
  all: Readonly<Record<Key, number>>,
  lower: Key,
  upper: Key,
): Clash | undefined {
  if (all[lower] <= all[upper]) return undefined;
  return { key: lower, problem: `${all[lower]} is above ${upper} (${all[upper]})` };
}
