/*
 * Elections that an operator asks for, and those by which the controller gives partitions back to their preferred
 * leaders, the first of their replicas (Kafka's ReplicationControlManager.electLeaders, KIP-183, KIP-460).
 */
import type { ElectLeadersRequest, ElectLeadersResponse } from "../../wire/api/elect-leaders.ts";
import { errorCode, type ErrorName } from "../../wire/errors.ts";
import type { MetadataRecord } from "../../wire/metadata-records.ts";
import type { Active, Decision } from "../active.ts";
import type { Controller } from "../state.ts";
import { changeRecord, type ElectionSettings, rulesOf } from "./elections.ts";
import { isActive, type MetadataImage, type PartitionImage, type TopicImage } from "./image.ts";

const preferredElection = 0;
const uncleanElection = 1;

/** Elects where it can; each other partition gets its own error. */
export function onElectLeaders(
  { config: { settings } }: Controller,
  { image }: Active,
  request: ElectLeadersRequest,
): Decision<ElectLeadersResponse> {
  const { electionType, topicPartitions } = request;
  if (electionType !== preferredElection && electionType !== uncleanElection)
    return { records: [], body: refuseElections("INVALID_REQUEST") };
  const records: MetadataRecord[] = [];
  const electOne = (topic: string, index: number) => {
    const elected = elect(image, topic, index, electionType === uncleanElection, settings);
    if (typeof elected !== "string") records.push(elected);
    return {
      partitionId: index,
      errorCode: errorCode(typeof elected === "string" ? elected : "NONE"),
      errorMessage: null,
    };
  };
  const replicaElectionResults =
    topicPartitions === null
      ? [...image.topics.values()].map(({ name, partitions }) => ({
          topic: name,
          // Who asks for all is not told of those that are as they should be.
          partitionResult: [...partitions.keys()]
            .map((index) => electOne(name, index))
            .filter((one) => one.errorCode !== errorCode("ELECTION_NOT_NEEDED")),
        }))
      : topicPartitions.map(({ topic, partitions }) => ({
          topic,
          partitionResult: partitions.map((index) => electOne(topic, index)),
        }));
  return { records, body: { throttleTimeMs: 0, errorCode: 0, replicaElectionResults } };
}

/** Nobody is elected. */
export const refuseElections = (error: ErrorName): ElectLeadersResponse => ({
  throttleTimeMs: 0,
  errorCode: errorCode(error),
  replicaElectionResults: [],
});

/** The change that makes somebody lead, or why there is none. */
function elect(
  image: MetadataImage,
  name: string,
  index: number,
  unclean: boolean,
  settings: ElectionSettings,
): MetadataRecord | ErrorName {
  const topic = image.topics.get(name);
  const partition = topic?.partitions[index];
  if (topic === undefined || partition === undefined) return "UNKNOWN_TOPIC_OR_PARTITION";
  const isFine = unclean ? partition.leader !== -1 : partition.leader === partition.replicas[0];
  if (isFine) return "ELECTION_NOT_NEEDED";
  const place = { topic, index, partition };
  const record = unclean
    ? changeTo(image, place, { unclean: true }, settings)
    : preferredChange(image, place, settings);
  return record ?? (unclean ? "ELIGIBLE_LEADERS_NOT_AVAILABLE" : "PREFERRED_LEADER_NOT_AVAILABLE");
}

/** A partition with its topic and number. */
interface Place {
  readonly topic: TopicImage;
  readonly index: number;
  readonly partition: PartitionImage;
}

/** Gives a partition to its first replica, if that is in sync and in service; undefined: it is not, or leads already. */
export function preferredChange(
  image: MetadataImage,
  place: Place,
  settings: ElectionSettings,
): MetadataRecord | undefined {
  const { replicas, leader, isr } = place.partition;
  const [preferred] = replicas;
  if (preferred === undefined || leader === preferred) return undefined;
  if (!isr.includes(preferred) || !isActive(image, preferred)) return undefined;
  return changeTo(image, place, { prefersFirst: true }, settings);
}

function changeTo(
  image: MetadataImage,
  { topic, index, partition }: Place,
  { unclean = false, prefersFirst = false }: { unclean?: boolean; prefersFirst?: boolean },
  settings: ElectionSettings,
): MetadataRecord | undefined {
  const rules = rulesOf(image, topic, partition, settings);
  return changeRecord({
    topicId: topic.id,
    index,
    partition,
    targetIsr: partition.isr,
    mayLead: (id) => isActive(image, id),
    rules: { ...rules, unclean },
    prefersFirst,
  });
}
