/*
 * An image as the records that make it (Kafka's MetadataImage.write): replaying them into an empty image gives the same
 * one. What a snapshot holds.
 */
import { brokerId } from "../../foundation/ids.ts";
import { brokerResource, topicResource } from "../../wire/config-resource.ts";
import {
  metadataRecord,
  type MetadataRecord,
  type MetadataRecordInput,
} from "../../wire/metadata-records.ts";
import type { BrokerImage, MetadataImage, TopicImage } from "./image.ts";

/** Records of everything that the image says, in an order in which they can be replayed. */
export function recordsOfImage(image: MetadataImage): MetadataRecord[] {
  const records: MetadataRecordInput[] = [
    ...[...image.features].map(([name, featureLevel]) => ({
      type: "featureLevel" as const,
      name,
      featureLevel,
    })),
    ...[...image.brokers.values()].map(registration),
    ...[...image.topics.values()].flatMap(topicRecords),
    ...[...image.configs].flatMap(([resource, configs]) => configRecords(resource, configs)),
  ];
  if (image.nextProducerId > 0) {
    const { nextProducerId } = image;
    records.push({ type: "producerIds", brokerId: brokerId(-1), brokerEpoch: -1, nextProducerId });
  }
  return records.map(metadataRecord);
}

const registration = (broker: BrokerImage): MetadataRecordInput => ({
  type: "registerBroker",
  brokerId: broker.id,
  incarnationId: broker.incarnation,
  brokerEpoch: broker.epoch,
  endPoints: [{ name: "PLAINTEXT", ...broker.endpoint, securityProtocol: 0 }],
  features: [],
  rack: broker.rack,
  fenced: broker.fenced,
  inControlledShutdown: broker.inControlledShutdown,
  logDirs: [],
});

function topicRecords({ name, id: topicId, partitions }: TopicImage): MetadataRecordInput[] {
  return [
    { type: "topic", name, topicId },
    ...partitions.map((partition, partitionId): MetadataRecordInput => ({
      type: "partition",
      partitionId,
      topicId,
      replicas: partition.replicas,
      isr: partition.isr,
      eligibleLeaderReplicas: partition.elr.length === 0 ? null : partition.elr,
      lastKnownElr: partition.lastKnownElr.length === 0 ? null : partition.lastKnownElr,
      removingReplicas: [],
      addingReplicas: [],
      leader: partition.leader,
      leaderRecoveryState: partition.leaderRecoveryState,
      leaderEpoch: partition.leaderEpoch,
      partitionEpoch: partition.partitionEpoch,
      directories: [],
    })),
  ];
}

function configRecords(
  resource: string,
  configs: ReadonlyMap<string, string>,
): MetadataRecordInput[] {
  const slash = resource.indexOf("/");
  const resourceType = resource.slice(0, slash) === "topic" ? topicResource : brokerResource;
  const resourceName = resource.slice(slash + 1);
  return [...configs].map(([name, value]) => ({
    type: "config",
    resourceType,
    resourceName,
    name,
    value,
  }));
}
