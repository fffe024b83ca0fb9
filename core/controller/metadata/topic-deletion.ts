/*
 * Topics that go (Kafka's ReplicationControlManager.deleteTopics): one record each, with which partitions and settings
 * go too; brokers drop their replicas when they apply it.
 */
import { type Uuid, zeroUuid } from "../../foundation/ids.ts";
import type { DeleteTopicsRequest, DeleteTopicsResponse } from "../../wire/api/delete-topics.ts";
import { errorCode, type ErrorName } from "../../wire/errors.ts";
import { metadataRecord, type MetadataRecord } from "../../wire/metadata-records.ts";
import type { Active, Decision } from "../active.ts";
import type { Controller } from "../state.ts";
import type { MetadataImage } from "./image.ts";

type AskedTopic = DeleteTopicsRequest["topics"][number];
type Found =
  | { readonly name: string; readonly id: Uuid }
  | { readonly error: ErrorName; readonly message: string | null };

/** Deletes the topics that are there; each of the others gets its own error. */
export function onDeleteTopics(
  _: Controller,
  { image }: Active,
  request: DeleteTopicsRequest,
): Decision<DeleteTopicsResponse> {
  const asked = askedTopics(request);
  const found = asked.map((topic) => find(image, topic));
  const records: MetadataRecord[] = [];
  const responses = found.map((topic, i) => {
    const { name, topicId } = asked[i] ?? nothing;
    if ("error" in topic) return result(name, topicId, topic.error, topic.message);
    const twice = found.filter((other) => "id" in other && other.id === topic.id).length > 1;
    if (twice) return result(name, topicId, "INVALID_REQUEST", "Duplicate topic name or id.");
    records.push(metadataRecord({ type: "removeTopic", topicId: topic.id }));
    return result(topic.name, topic.id, "NONE", null);
  });
  return { records, body: { throttleTimeMs: 0, responses } };
}

/** None of them is deleted. */
export const refuseDeletions = (
  error: ErrorName,
  request: DeleteTopicsRequest,
): DeleteTopicsResponse => ({
  throttleTimeMs: 0,
  responses: askedTopics(request).map(({ name, topicId }) => result(name, topicId, error, null)),
});

const nothing: AskedTopic = Object.freeze({ name: null, topicId: zeroUuid });

/** Before version 6 there were names only. */
export const askedTopics = ({ topics, topicNames }: DeleteTopicsRequest): readonly AskedTopic[] => [
  ...topics,
  ...topicNames.map((name) => ({ name, topicId: zeroUuid })),
];

const result = (
  name: string | null,
  topicId: Uuid,
  error: ErrorName,
  errorMessage: string | null,
) => ({ name, topicId, errorCode: errorCode(error), errorMessage });

function find(image: MetadataImage, { name, topicId }: AskedTopic): Found {
  if (name !== null && topicId !== zeroUuid)
    return { error: "INVALID_REQUEST", message: "You may not specify both topic name and id." };
  if (name === null && topicId === zeroUuid)
    return { error: "INVALID_REQUEST", message: "Neither topic name nor id were specified." };
  const known = name ?? image.topicNames.get(topicId);
  const topic = known === undefined ? undefined : image.topics.get(known);
  if (topic !== undefined) return { name: topic.name, id: topic.id };
  return {
    error: name === null ? "UNKNOWN_TOPIC_ID" : "UNKNOWN_TOPIC_OR_PARTITION",
    message: null,
  };
}
