/*
 * A leader asks for another ISR (Kafka's ReplicationControlManager.alterPartition, KIP-497): the request names the
 * partition epoch that it was made under, and the broker epoch of every member (KIP-903), so that no late or mistaken
 * wish is granted.
 */
import { type BrokerId, brokerId } from "../../foundation/ids.ts";
import { type Flawed, hasFlaw } from "../../foundation/flaws.ts";
import type {
  AlterPartitionRequest,
  AlterPartitionResponse,
} from "../../wire/api/alter-partition.ts";
import { errorCode, type ErrorName } from "../../wire/errors.ts";
import type { MetadataRecord } from "../../wire/metadata-records.ts";
import type { Active, Decision } from "../active.ts";
import type { Controller } from "../state.ts";
import { changeRecord, type ElectionSettings, rulesOf } from "./elections.ts";
import { checkBrokerEpoch } from "./heartbeats.ts";
import { isActive, type MetadataImage, type PartitionImage, type TopicImage } from "./image.ts";
import { changed } from "./replay.ts";

type AskedPartition = AlterPartitionRequest["topics"][number]["partitions"][number];
type AnsweredPartition = AlterPartitionResponse["topics"][number]["partitions"][number];

interface Member {
  readonly id: BrokerId;
  /** -1: not to be checked. */
  readonly epoch: number;
}

/** Decides on every partition of the request; what is granted is one batch. */
export function onAlterPartition(
  { config }: Controller,
  { image }: Active,
  request: AlterPartitionRequest,
): Decision<AlterPartitionResponse> {
  const refusal = checkBrokerEpoch(config.settings, image, request.brokerId, request.brokerEpoch);
  if (refusal !== "NONE") return { records: [], body: refuseAlterPartition(refusal) };
  const records: MetadataRecord[] = [];
  const topics = request.topics.map(({ topicName, topicId, partitions }) => {
    const topic = image.topics.get(image.topicNames.get(topicId) ?? topicName);
    const decided = partitions.map((asked) =>
      answered(asked, decide(config.settings, image, request.brokerId, topic, asked, records)),
    );
    return { topicName, topicId, partitions: decided };
  });
  return { records, body: { throttleTimeMs: 0, errorCode: errorCode("NONE"), topics } };
}

/** The whole request is refused. */
export const refuseAlterPartition = (error: ErrorName): AlterPartitionResponse => ({
  throttleTimeMs: 0,
  errorCode: errorCode(error),
  topics: [],
});

/** What one partition's request came to, and the partition as it will be. */
interface Decided {
  readonly error: ErrorName;
  readonly after?: PartitionImage;
}

const membersOf = (asked: AskedPartition): Member[] =>
  asked.newIsrWithEpochs.length > 0
    ? asked.newIsrWithEpochs.map((one) => ({ id: brokerId(one.brokerId), epoch: one.brokerEpoch }))
    : asked.newIsr.map((id) => ({ id: brokerId(id), epoch: -1 }));

function decide(
  settings: Flawed & ElectionSettings,
  image: MetadataImage,
  asker: number,
  topic: TopicImage | undefined,
  asked: AskedPartition,
  records: MetadataRecord[],
): Decided {
  if (topic === undefined) return { error: "UNKNOWN_TOPIC_ID" };
  const partition = topic.partitions[asked.partitionIndex];
  if (partition === undefined) return { error: "UNKNOWN_TOPIC_OR_PARTITION" };
  const members = membersOf(asked);
  const refusal = refusalOf(image, asker, partition, asked, members, settings);
  if (refusal !== "NONE") return { error: refusal };
  const record = changeRecord({
    topicId: topic.id,
    index: asked.partitionIndex,
    partition,
    targetIsr: members.map(({ id }) => id),
    mayLead: (id) => isActive(image, id),
    // A leader that asks is in the ISR that it asks for: nobody else is elected here.
    rules: { ...rulesOf(image, topic, partition, settings), unclean: false },
    recovered: asked.leaderRecoveryState === 0,
  });
  if (record?.type !== "partitionChange") return { error: "NONE", after: partition };
  records.push(record);
  const error = record.leader === -2 ? "NONE" : "NEW_LEADER_ELECTED";
  return { error, after: changed(partition, record) };
}

function refusalOf(
  image: MetadataImage,
  asker: number,
  partition: PartitionImage,
  asked: AskedPartition,
  members: readonly Member[],
  settings: Flawed,
): ErrorName {
  // Whoever knows more than we do has heard of a later controller.
  if (
    asked.leaderEpoch > partition.leaderEpoch ||
    asked.partitionEpoch > partition.partitionEpoch
  ) {
    return "NOT_CONTROLLER";
  }
  if (asked.leaderEpoch < partition.leaderEpoch) return "FENCED_LEADER_EPOCH";
  if (partition.leader !== asker) return "INVALID_REQUEST";
  if (asked.partitionEpoch < partition.partitionEpoch) return "INVALID_UPDATE_VERSION";
  const ids = members.map(({ id }) => id);
  if (!isValidIsr(partition, ids)) return "INVALID_REQUEST";
  if (asked.leaderRecoveryState === 1 && (ids.length > 1 || partition.leaderRecoveryState === 0)) {
    return "INVALID_REQUEST";
  }
  return members.some((member) => isIneligible(image, member, settings))
    ? "INELIGIBLE_REPLICA"
    : "NONE";
}

const isValidIsr = (partition: PartitionImage, ids: readonly BrokerId[]): boolean =>
  ids.includes(partition.leader) &&
  new Set(ids).size === ids.length &&
  ids.every((id) => partition.replicas.includes(id));

function isIneligible(image: MetadataImage, { id, epoch }: Member, settings: Flawed): boolean {
  const broker = image.brokers.get(id);
  // KIP-903: the wish may be about a life of that broker that has ended, and with it what its log held.
  const isChecked = epoch !== -1 && !hasFlaw(settings, "stale-join");
  return !isActive(image, id) || (isChecked && broker?.epoch !== epoch);
}

function answered(asked: AskedPartition, { error, after }: Decided): AnsweredPartition {
  const now = error === "NONE" ? after : undefined;
  return {
    partitionIndex: asked.partitionIndex,
    errorCode: errorCode(error),
    leaderId: now?.leader ?? 0,
    leaderEpoch: now?.leaderEpoch ?? 0,
    isr: now?.isr ?? [],
    leaderRecoveryState: now?.leaderRecoveryState ?? 0,
    partitionEpoch: now?.partitionEpoch ?? 0,
  };
}
