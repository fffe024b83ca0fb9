/*
 * Making topics (Kafka's ReplicationControlManager.createTopics): checked one by one, replicas placed, committed
 * together.
 */
import { type BrokerId, brokerId, type Uuid, zeroUuid } from "../../foundation/ids.ts";
import type { Turn } from "../../foundation/turn.ts";
import type { CreateTopicsRequest, CreateTopicsResponse } from "../../wire/api/create-topics.ts";
import { topicResource } from "../../wire/config-resource.ts";
import { errorCode, type ErrorName } from "../../wire/errors.ts";
import { metadataRecord, type MetadataRecord } from "../../wire/metadata-records.ts";
import type { Active, Decision } from "../active.ts";
import type { Controller } from "../state.ts";
import { isActive, type MetadataImage } from "./image.ts";
import { drawUuid } from "../../foundation/uuid.ts";
import { placeReplicas } from "./placement.ts";
import { configProblem } from "./topic-configs.ts";

type AskedTopic = CreateTopicsRequest["topics"][number];
type AnsweredTopic = CreateTopicsResponse["topics"][number];

interface Plan {
  readonly name: string;
  readonly id: Uuid;
  readonly replicas: readonly (readonly BrokerId[])[];
}
type Planned = Plan | { readonly error: ErrorName; readonly message: string };

/** Makes the topics that can be made; each of the others gets its own error. */
export function onCreateTopics(
  _: Controller,
  { image }: Active,
  request: CreateTopicsRequest,
  turn: Turn,
): Decision<CreateTopicsResponse> {
  const records: MetadataRecord[] = [];
  const topics = request.topics.map((asked): AnsweredTopic => {
    const twice = request.topics.filter(({ name }) => name === asked.name).length > 1;
    const plan = twice
      ? problem("INVALID_REQUEST", "Duplicate topic name.")
      : planTopic(image, asked, turn);
    if ("error" in plan) return refused(asked.name, plan.error, plan.message);
    records.push(...recordsOf(image, plan, asked));
    return accepted(plan, asked);
  });
  return { records: request.validateOnly ? [] : records, body: { throttleTimeMs: 0, topics } };
}

/** None of them is made. */
export const refuseTopics = (
  error: ErrorName,
  request: CreateTopicsRequest,
): CreateTopicsResponse => ({
  throttleTimeMs: 0,
  topics: request.topics.map(({ name }) => refused(name, error, null)),
});

const problem = (error: ErrorName, message: string): Planned => ({ error, message });

function planTopic(image: MetadataImage, asked: AskedTopic, turn: Turn): Planned {
  const { name } = asked;
  if (!/^[a-zA-Z0-9._-]{1,249}$/.test(name) || name === "." || name === "..") {
    return problem("INVALID_TOPIC_EXCEPTION", "Topic names are 1 to 249 of a-z A-Z 0-9 . _ -");
  }
  if (image.topics.has(name))
    return problem("TOPIC_ALREADY_EXISTS", `Topic '${name}' already exists.`);
  const twin = [...image.topics.keys()].find((other) => metricName(other) === metricName(name));
  if (twin !== undefined) {
    const message = `Topic '${name}' collides with existing topic: ${twin}`;
    return problem("INVALID_TOPIC_EXCEPTION", message);
  }
  const config = configProblem(asked.configs);
  if (config !== undefined) return problem("INVALID_CONFIG", config);
  const replicas =
    asked.assignments.length > 0 ? assigned(image, asked) : placed(image, asked, turn);
  return "error" in replicas ? replicas : { name, id: drawUuid(turn), replicas };
}

/** Metrics name a topic with `_` for `.`, so that two topics must not differ by these alone (Topic.hasCollision). */
const metricName = (topic: string): string => topic.replaceAll(".", "_");

/** Replicas of each partition, or why there are none. */
export type Placement =
  readonly (readonly BrokerId[])[] | { readonly error: ErrorName; readonly message: string };

function placed(image: MetadataImage, asked: AskedTopic, turn: Turn): Placement {
  const partitions = asked.numPartitions === -1 ? 1 : asked.numPartitions;
  const factor = asked.replicationFactor === -1 ? 1 : asked.replicationFactor;
  if (partitions < 1) {
    return {
      error: "INVALID_PARTITIONS",
      message: "Number of partitions was set to an invalid non-positive value.",
    };
  }
  return place(image, partitions, factor, [], turn);
}

/** Places replicas of partitions that follow the `existing` ones of their topic. */
export function place(
  image: MetadataImage,
  partitions: number,
  factor: number,
  existing: readonly (readonly BrokerId[])[],
  turn: Turn,
): Placement {
  const brokers = [...image.brokers.values()].map(({ id, rack }) => ({
    id,
    rack,
    fenced: !isActive(image, id),
  }));
  const active = brokers.filter(({ fenced }) => !fenced).length;
  if (factor < 1 || factor > brokers.length || active === 0) {
    const message = `Unable to replicate the partition ${factor} time(s): ${brokers.length} broker(s) registered, ${active} active.`;
    return { error: "INVALID_REPLICATION_FACTOR", message };
  }
  return placeReplicas(brokers, partitions, factor, () => turn.ports.random(), existing);
}

/** Replicas that the request names itself. */
function assigned(image: MetadataImage, asked: AskedTopic): Placement {
  if (asked.replicationFactor !== -1 || asked.numPartitions !== -1) {
    const message = "With a manual assignment, replication factor and numPartitions must be -1.";
    return { error: "INVALID_REQUEST", message };
  }
  const byIndex = new Map(asked.assignments.map((one) => [one.partitionIndex, one.brokerIds]));
  const lists: (readonly number[])[] = [];
  for (let index = 0; index < asked.assignments.length; index++) {
    const ids = byIndex.get(index);
    if (ids === undefined) return invalid("Partitions are numbered from 0 without a gap.");
    lists.push(ids);
  }
  return assignedReplicas(image, lists, 0);
}

const invalid = (message: string): Placement => ({ error: "INVALID_REPLICA_ASSIGNMENT", message });

/** Replicas that somebody assigned by hand, for partitions from number `first` on. */
export function assignedReplicas(
  image: MetadataImage,
  lists: readonly (readonly number[])[],
  first: number,
): Placement {
  const replicas: (readonly BrokerId[])[] = [];
  for (const [i, list] of lists.entries()) {
    const index = first + i;
    const ids = list.map(brokerId);
    if (ids.length === 0 || new Set(ids).size !== ids.length) {
      return invalid(`Partition ${index} has no replica, or one twice.`);
    }
    const stranger = ids.find((id) => !image.brokers.has(id));
    if (stranger !== undefined) return invalid(`Broker ${stranger} is not registered.`);
    if (!ids.some((id) => isActive(image, id)))
      return invalid(`No broker of partition ${index} is active.`);
    replicas.push(ids);
  }
  return replicas;
}

function recordsOf(image: MetadataImage, plan: Plan, asked: AskedTopic): MetadataRecord[] {
  const { name, id: topicId } = plan;
  const configs = asked.configs.map(({ name: key, value }) =>
    metadataRecord({
      type: "config",
      resourceType: topicResource,
      resourceName: name,
      name: key,
      value,
    }),
  );
  const partitions = partitionRecords(image, topicId, plan.replicas, 0);
  return [metadataRecord({ type: "topic", name, topicId }), ...configs, ...partitions];
}

/** Partitions that come to be, from number `first` on: whoever is in service is in sync, and the first of them leads. */
export const partitionRecords = (
  image: MetadataImage,
  topicId: Uuid,
  placed: readonly (readonly BrokerId[])[],
  first: number,
): MetadataRecord[] =>
  placed.map((replicas, i) => {
    const isr = replicas.filter((id) => isActive(image, id));
    return metadataRecord({
      type: "partition",
      partitionId: first + i,
      topicId,
      replicas,
      isr,
      removingReplicas: [],
      addingReplicas: [],
      leader: isr[0] ?? -1,
      leaderEpoch: 0,
      partitionEpoch: 0,
      directories: [],
    });
  });

const refused = (name: string, error: ErrorName, errorMessage: string | null): AnsweredTopic => ({
  ...emptyAnswer,
  name,
  errorCode: errorCode(error),
  errorMessage,
});

const accepted = (plan: Plan, asked: AskedTopic): AnsweredTopic => ({
  ...emptyAnswer,
  name: plan.name,
  topicId: plan.id,
  numPartitions: plan.replicas.length,
  replicationFactor: plan.replicas[0]?.length ?? -1,
  configs: asked.configs.map(({ name, value }) => ({
    name,
    value,
    readOnly: false,
    configSource: 1,
    isSensitive: false,
  })),
});

const emptyAnswer: Omit<AnsweredTopic, "name"> = Object.freeze({
  topicId: zeroUuid,
  errorCode: 0,
  errorMessage: null,
  topicConfigErrorCode: 0,
  numPartitions: -1,
  replicationFactor: -1,
  configs: [],
});
