/* What a committed record means to somebody who watches. */
import type { BrokerFencing, CoreEvent, PartitionChanged } from "../../foundation/events.ts";
import { brokerEpoch, brokerId, type Offset, partitionName } from "../../foundation/ids.ts";
import type { MetadataRecord } from "../../wire/metadata-records.ts";
import type { MetadataImage, PartitionImage } from "../metadata/image.ts";

/** The partition that a record will change, as it is before. */
export function partitionBefore(
  image: MetadataImage,
  record: MetadataRecord,
): PartitionImage | undefined {
  if (record.type !== "partitionChange") return undefined;
  const topic = image.topics.get(image.topicNames.get(record.topicId) ?? "");
  return topic?.partitions[record.partitionId];
}

/** The events of a record that has just been replayed; `together` are all records of its commit. */
export function eventsOf(
  image: MetadataImage,
  record: MetadataRecord,
  before: PartitionImage | undefined,
  together: readonly MetadataRecord[],
  at: Offset,
): CoreEvent[] {
  switch (record.type) {
    case "registerBroker": {
      const broker = brokerId(record.brokerId);
      const epoch = brokerEpoch(record.brokerEpoch);
      return [{ type: "brokerRegistered", at, broker, epoch, incarnation: record.incarnationId }];
    }
    case "brokerRegistrationChange": {
      const type = registrationChange(record);
      if (type === undefined) return [];
      const broker = brokerId(record.brokerId);
      return [{ type, at, broker, epoch: brokerEpoch(record.brokerEpoch) }];
    }
    case "topic":
      return [topicCreated(record, together, at)];
    case "partition":
    case "partitionChange": {
      const name = image.topicNames.get(record.topicId) ?? "";
      const after = image.topics.get(name)?.partitions[record.partitionId];
      if (after === undefined) return [];
      return [partitionChanged(partitionName(name, record.partitionId), before, after, at)];
    }
    case "clearElr":
      return [{ type: "eligibleCleared", at, topic: record.topicName }];
    default:
      return [];
  }
}

function registrationChange(
  record: Extract<MetadataRecord, { type: "brokerRegistrationChange" }>,
): BrokerFencing["type"] | undefined {
  if (record.fenced !== 0) return record.fenced === 1 ? "brokerFenced" : "brokerUnfenced";
  return record.inControlledShutdown === 0 ? undefined : "brokerLeaving";
}

function topicCreated(
  record: Extract<MetadataRecord, { type: "topic" }>,
  together: readonly MetadataRecord[],
  at: Offset,
): CoreEvent {
  let partitions = 0;
  const configs: Record<string, string> = {};
  for (const other of together) {
    if (other.type === "partition" && other.topicId === record.topicId) partitions += 1;
    if (other.type === "config" && other.resourceName === record.name && other.value !== null) {
      configs[other.name] = other.value;
    }
  }
  return { type: "topicCreated", at, topic: record.name, id: record.topicId, partitions, configs };
}

function partitionChanged(
  partition: string,
  before: PartitionImage | undefined,
  after: PartitionImage,
  at: Offset,
): PartitionChanged {
  const { replicas, leader, leaderEpoch: epoch, partitionEpoch, isr, elr, lastKnownElr } = after;
  const why = whyOf(before, after);
  return {
    type: "partitionChanged",
    at,
    partition,
    replicas,
    leader,
    epoch,
    partitionEpoch,
    isr,
    elr,
    lastKnownElr,
    why,
  };
}

function whyOf(before: PartitionImage | undefined, after: PartitionImage): PartitionChanged["why"] {
  if (before === undefined) return "created";
  if (after.leaderEpoch === before.leaderEpoch) return "isr";
  if (after.leader === -1) return "offline";
  if (before.isr.includes(after.leader)) return "elected";
  if (before.elr.includes(after.leader)) return "elrElected";
  return before.lastKnownElr.includes(after.leader) ? "lastKnownElected" : "uncleanElected";
}
