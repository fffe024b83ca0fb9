/*
 * Partitions added to a topic (Kafka's ReplicationControlManager.createPartitions): checked topic by topic, committed
 * together. Those that are there stay as they are, so that keys go elsewhere from then on.
 */
import type { Turn } from "../../foundation/turn.ts";
import type {
  CreatePartitionsRequest,
  CreatePartitionsResponse,
} from "../../wire/api/create-partitions.ts";
import { errorCode, type ErrorName } from "../../wire/errors.ts";
import type { MetadataRecord } from "../../wire/metadata-records.ts";
import type { Active, Decision } from "../active.ts";
import type { Controller } from "../state.ts";
import type { MetadataImage, TopicImage } from "./image.ts";
import { assignedReplicas, partitionRecords, place, type Placement } from "./topics.ts";

type AskedTopic = CreatePartitionsRequest["topics"][number];
type Growth =
  | { readonly records: readonly MetadataRecord[] }
  | { readonly error: ErrorName; readonly message: string | null };

/** Adds the partitions that can be added; each other topic gets its own error. */
export function onCreatePartitions(
  _: Controller,
  { image }: Active,
  request: CreatePartitionsRequest,
  turn: Turn,
): Decision<CreatePartitionsResponse> {
  const records: MetadataRecord[] = [];
  const results = request.topics.map((asked) => {
    const twice = request.topics.filter(({ name }) => name === asked.name).length > 1;
    const growth: Growth = twice
      ? { error: "INVALID_REQUEST", message: "Duplicate topic name." }
      : grow(image, asked, turn);
    if ("error" in growth) return result(asked.name, growth.error, growth.message);
    records.push(...growth.records);
    return result(asked.name, "NONE", null);
  });
  return { records: request.validateOnly ? [] : records, body: { throttleTimeMs: 0, results } };
}

/** None of them grows. */
export const refusePartitions = (
  error: ErrorName,
  request: CreatePartitionsRequest,
): CreatePartitionsResponse => ({
  throttleTimeMs: 0,
  results: request.topics.map(({ name }) => result(name, error, null)),
});

const result = (name: string, error: ErrorName, errorMessage: string | null) => ({
  name,
  errorCode: errorCode(error),
  errorMessage,
});

function grow(image: MetadataImage, asked: AskedTopic, turn: Turn): Growth {
  const topic = image.topics.get(asked.name);
  if (topic === undefined) return { error: "UNKNOWN_TOPIC_OR_PARTITION", message: null };
  const now = topic.partitions.length;
  if (asked.count <= now) {
    const message =
      asked.count === now
        ? `Topic already has ${now} partition(s).`
        : `The topic ${asked.name} currently has ${now} partition(s); ${asked.count} would not be an increase.`;
    return { error: "INVALID_PARTITIONS", message };
  }
  const placed = placeMore(image, topic, asked, turn);
  return "error" in placed ? placed : { records: partitionRecords(image, topic.id, placed, now) };
}

function placeMore(
  image: MetadataImage,
  topic: TopicImage,
  asked: AskedTopic,
  turn: Turn,
): Placement {
  const more = asked.count - topic.partitions.length;
  const factor = topic.partitions[0]?.replicas.length ?? 1;
  const existing = topic.partitions.map(({ replicas }) => replicas);
  if (asked.assignments === null) return place(image, more, factor, existing, turn);
  const lists = asked.assignments.map(({ brokerIds }) => brokerIds);
  if (lists.length !== more) {
    const message = `Attempted to add ${more} additional partition(s), but only ${lists.length} assignment(s) were specified.`;
    return { error: "INVALID_REPLICA_ASSIGNMENT", message };
  }
  const other = lists.find((ids) => ids.length !== factor);
  if (other !== undefined) {
    const message = `A partition with ${other.length} replica(s) does not go with those of ${factor}.`;
    return { error: "INVALID_REPLICA_ASSIGNMENT", message };
  }
  return assignedReplicas(image, lists, topic.partitions.length);
}
