import type { BrokerImage } from "../controller/metadata/image.ts";
import { partitionName } from "../foundation/ids.ts";
import type { Partition, ReplicationView } from "../replication/partition.ts";
import type { Broker } from "./state.ts";

/** What replication reads of its broker. */
export const viewOf = (self: Broker): ReplicationView => ({
  self: self.config.nodeId,
  brokers: self.image.brokers,
  lagMax: self.config.settings["replica.lag.time.max.ms"],
});

/** Brokers that clients may turn to: those that are not fenced. */
export const liveBrokers = (self: Broker): readonly BrokerImage[] =>
  [...self.image.brokers.values()].filter(({ fenced }) => !fenced);

/** A partition that this broker holds a replica of. */
export const partitionNamed = (self: Broker, topic: string, index: number): Partition | undefined =>
  self.partitions.get(partitionName(topic, index));
