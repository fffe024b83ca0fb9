/*
 * What the metadata log says, as of some offset (Kafka's MetadataImage). Plain data; only `replay` changes it, on the
 * controller and on every broker alike. Entries are replaced, never changed, so that others may hold on to them.
 */
import {
  type BrokerEpoch,
  type BrokerId,
  type Endpoint,
  type LeaderEpoch,
  type PartitionEpoch,
  type ProducerId,
  producerId,
  type Uuid,
} from "../../foundation/ids.ts";
import { topicResource } from "../../wire/config-resource.ts";

/** A registered broker. */
export interface BrokerImage {
  readonly id: BrokerId;
  readonly epoch: BrokerEpoch;
  readonly incarnation: Uuid;
  readonly endpoint: Endpoint;
  readonly rack: string | null;
  readonly fenced: boolean;
  readonly inControlledShutdown: boolean;
}

/** One partition. `leader` -1: nobody. */
export interface PartitionImage {
  readonly replicas: readonly BrokerId[];
  readonly isr: readonly BrokerId[];
  /** Eligible leader replicas (KIP-966): left an ISR that was too small, and hold all that was committed. */
  readonly elr: readonly BrokerId[];
  /** The last leader, while nobody leads. */
  readonly lastKnownElr: readonly BrokerId[];
  readonly leader: BrokerId;
  readonly leaderEpoch: LeaderEpoch;
  readonly partitionEpoch: PartitionEpoch;
  /** 1 while a leader that was elected uncleanly has not said that it recovered. */
  readonly leaderRecoveryState: number;
}

export interface TopicImage {
  readonly name: string;
  readonly id: Uuid;
  /** By partition number. */
  readonly partitions: PartitionImage[];
}

export interface MetadataImage {
  readonly brokers: Map<BrokerId, BrokerImage>;
  readonly topics: Map<string, TopicImage>;
  readonly topicNames: Map<Uuid, string>;
  /** `topic/orders`, `broker/1` or `broker/` (all brokers), then Kafka's keys. */
  readonly configs: Map<string, Map<string, string>>;
  readonly features: Map<string, number>;
  nextProducerId: ProducerId;
}

/** What is known before the first record. */
export const emptyImage = (): MetadataImage => ({
  brokers: new Map(),
  topics: new Map(),
  topicNames: new Map(),
  configs: new Map(),
  features: new Map(),
  nextProducerId: producerId(0),
});

/** Another image that says the same; entries are shared, since nobody changes one. */
export function copyImage(image: MetadataImage): MetadataImage {
  const topics = [...image.topics].map(([name, topic]): [string, TopicImage] => [
    name,
    { ...topic, partitions: [...topic.partitions] },
  ]);
  return {
    brokers: new Map(image.brokers),
    topics: new Map(topics),
    topicNames: new Map(image.topicNames),
    configs: new Map([...image.configs].map(([name, configs]) => [name, new Map(configs)])),
    features: new Map(image.features),
    nextProducerId: image.nextProducerId,
  };
}

/** Whether a broker may lead and be in an ISR. */
export const isActive = (image: MetadataImage, id: BrokerId): boolean => {
  const broker = image.brokers.get(id);
  return broker !== undefined && !broker.fenced && !broker.inControlledShutdown;
};

/** Kafka's name for the feature that keeps eligible leader replicas. */
export const eligibleLeadersFeature = "eligible.leader.replicas.version";

/** Whether eligible leader replicas are kept (KIP-966). */
export const hasEligibleLeaders = (image: MetadataImage): boolean =>
  (image.features.get(eligibleLeadersFeature) ?? 0) > 0;

/** Every partition with its topic and number, in the order of creation. */
export function* allPartitions(
  image: MetadataImage,
): Generator<{ topic: TopicImage; index: number; partition: PartitionImage }> {
  for (const topic of image.topics.values()) {
    for (const [index, partition] of topic.partitions.entries()) yield { topic, index, partition };
  }
}

/** Under which key the image keeps the settings of a resource. */
export const resourceKey = (type: number, name: string): string =>
  `${type === topicResource ? "topic" : "broker"}/${name}`;

/** A topic's setting: its own, or that of all brokers, or undefined. */
export const topicConfig = (image: MetadataImage, topic: string, key: string): string | undefined =>
  image.configs.get(`topic/${topic}`)?.get(key) ?? image.configs.get("broker/")?.get(key);
