/*
 * What each metadata record means (Kafka's replay methods of the control managers): the only thing that changes an
 * image.
 */
import { assert, must } from "../../foundation/assert.ts";
import {
  brokerEpoch,
  type BrokerId,
  brokerId,
  leaderEpoch,
  partitionEpoch,
  producerId,
} from "../../foundation/ids.ts";
import { metadataRecord, type MetadataRecord } from "../../wire/metadata-records.ts";
import { type BrokerImage, type MetadataImage, type PartitionImage, resourceKey } from "./image.ts";

type Of<T extends MetadataRecord["type"]> = Extract<MetadataRecord, { type: T }>;

/** Applies a record of the metadata log. */
export function replay(image: MetadataImage, record: MetadataRecord): void {
  switch (record.type) {
    case "registerBroker":
      return register(image, record);
    case "unregisterBroker":
      image.brokers.delete(brokerId(record.brokerId));
      return;
    case "fenceBroker":
    case "unfenceBroker":
      return changeBroker(image, record.id, { fenced: record.type === "fenceBroker" });
    case "brokerRegistrationChange":
      return changeBroker(image, record.brokerId, {
        ...(record.fenced === 0 ? {} : { fenced: record.fenced === 1 }),
        ...(record.inControlledShutdown === 0 ? {} : { inControlledShutdown: true }),
      });
    case "topic":
      image.topics.set(record.name, { name: record.name, id: record.topicId, partitions: [] });
      image.topicNames.set(record.topicId, record.name);
      return;
    case "removeTopic":
      return removeTopic(image, record);
    case "partition":
      return createPartition(image, record);
    case "partitionChange":
      return changePartition(image, record);
    case "config":
      return setConfig(image, record);
    case "featureLevel":
      image.features.set(record.name, record.featureLevel);
      return;
    case "producerIds":
      image.nextProducerId = producerId(record.nextProducerId);
      return;
    case "clearElr":
      return clearEligible(image, record);
    case "noOp":
      return;
  }
}

function register(image: MetadataImage, record: Of<"registerBroker">): void {
  const listener = must(record.endPoints[0], "a broker registers with a listener");
  const id = brokerId(record.brokerId);
  image.brokers.set(id, {
    id,
    epoch: brokerEpoch(record.brokerEpoch),
    incarnation: record.incarnationId,
    endpoint: { host: listener.host, port: listener.port },
    rack: record.rack,
    fenced: record.fenced,
    inControlledShutdown: record.inControlledShutdown,
  });
}

function changeBroker(image: MetadataImage, id: number, change: Partial<BrokerImage>): void {
  const broker = must(image.brokers.get(brokerId(id)), "a change is about a registered broker");
  image.brokers.set(broker.id, { ...broker, ...change });
}

function removeTopic(image: MetadataImage, record: Of<"removeTopic">): void {
  const name = must(image.topicNames.get(record.topicId), "a removed topic was there");
  image.topics.delete(name);
  image.topicNames.delete(record.topicId);
  image.configs.delete(`topic/${name}`);
}

const ids = (values: readonly number[]): readonly BrokerId[] => values.map(brokerId);

function createPartition(image: MetadataImage, record: Of<"partition">): void {
  const topic = topicOf(image, record.topicId);
  assert(record.partitionId === topic.partitions.length, "partitions are created in order");
  topic.partitions.push({
    replicas: ids(record.replicas),
    isr: ids(record.isr),
    elr: ids(record.eligibleLeaderReplicas ?? []),
    lastKnownElr: ids(record.lastKnownElr ?? []),
    leader: brokerId(record.leader),
    leaderEpoch: leaderEpoch(record.leaderEpoch),
    partitionEpoch: partitionEpoch(record.partitionEpoch),
    leaderRecoveryState: record.leaderRecoveryState,
  });
}

function changePartition(image: MetadataImage, record: Of<"partitionChange">): void {
  const topic = topicOf(image, record.topicId);
  const before = must(topic.partitions[record.partitionId], "a changed partition is there");
  topic.partitions[record.partitionId] = changed(before, record);
}

/** A partition after a change: naming a leader begins a leader epoch, even if it is the same one. */
export function changed(before: PartitionImage, record: Of<"partitionChange">): PartitionImage {
  const sameLeader = record.leader === -2;
  return {
    replicas: record.replicas === null ? before.replicas : ids(record.replicas),
    isr: record.isr === null ? before.isr : ids(record.isr),
    elr: record.eligibleLeaderReplicas === null ? before.elr : ids(record.eligibleLeaderReplicas),
    lastKnownElr: record.lastKnownElr === null ? before.lastKnownElr : ids(record.lastKnownElr),
    leader: sameLeader ? before.leader : brokerId(record.leader),
    leaderEpoch: sameLeader ? before.leaderEpoch : leaderEpoch(before.leaderEpoch + 1),
    partitionEpoch: partitionEpoch(before.partitionEpoch + 1),
    leaderRecoveryState:
      record.leaderRecoveryState === -1 ? before.leaderRecoveryState : record.leaderRecoveryState,
  };
}

function topicOf(image: MetadataImage, id: Of<"partition">["topicId"]) {
  const name = must(image.topicNames.get(id), "a partition is of a topic that is there");
  return must(image.topics.get(name), "a named topic is there");
}

/** Who was eligible was so under another min.insync.replicas: nobody can tell any more what they hold. */
function clearEligible(image: MetadataImage, { topicName }: Of<"clearElr">): void {
  for (const topic of image.topics.values()) {
    if (topicName !== "" && topic.name !== topicName) continue;
    for (const [index, before] of topic.partitions.entries()) {
      if (before.elr.length === 0 && before.lastKnownElr.length === 0) continue;
      topic.partitions[index] = changed(
        before,
        metadataRecord({
          type: "partitionChange",
          topicId: topic.id,
          partitionId: index,
          eligibleLeaderReplicas: [],
          lastKnownElr: [],
        }) as Of<"partitionChange">,
      );
    }
  }
}

function setConfig(image: MetadataImage, record: Of<"config">): void {
  const resource = resourceKey(record.resourceType, record.resourceName);
  const configs = image.configs.get(resource) ?? new Map<string, string>();
  image.configs.set(resource, configs);
  if (record.value === null) configs.delete(record.name);
  else configs.set(record.name, record.value);
}
