import type { TopicImage } from "../../controller/metadata/image.ts";
import { zeroUuid } from "../../foundation/ids.ts";
import type { Turn } from "../../foundation/turn.ts";
import type { Caller } from "../../wire/sessions.ts";
import { metadata, type MetadataRequest } from "../../wire/api/metadata.ts";
import { errorCode, type ErrorName } from "../../wire/errors.ts";
import { answer } from "../../wire/sessions.ts";
import type { Broker } from "../state.ts";
import { liveBrokers } from "../view.ts";

/** Metadata: what this broker has applied; it may be late. Topics are not made by asking for them. */
export function onMetadata(
  self: Broker,
  caller: Caller,
  request: MetadataRequest,
  turn: Turn,
): void {
  const { image } = self;
  const live = liveBrokers(self);
  // In version 0 an empty list means all topics; from version 1 on null does.
  const all = request.topics === null || (caller.version === 0 && request.topics.length === 0);
  const topics = all
    ? [...image.topics.values()].map((topic) => describe(self, topic))
    : (request.topics ?? []).map((asked) => {
        const name = asked.topicId !== zeroUuid ? image.topicNames.get(asked.topicId) : asked.name;
        const topic = name === undefined || name === null ? undefined : image.topics.get(name);
        if (topic !== undefined) return describe(self, topic);
        const error =
          asked.topicId !== zeroUuid ? "UNKNOWN_TOPIC_ID" : "UNKNOWN_TOPIC_OR_PARTITION";
        return unknown(asked.name ?? "", asked.topicId, error);
      });
  answer(
    self,
    caller,
    metadata,
    {
      throttleTimeMs: 0,
      brokers: live.map(({ id, endpoint, rack }) => ({
        nodeId: id,
        host: endpoint.host,
        port: endpoint.port,
        rack,
      })),
      clusterId: self.config.clusterId,
      // Clients send topic changes there, so it must be a live broker; any forwards to the controller.
      controllerId: live[0]?.id ?? -1,
      topics,
    },
    turn,
  );
}

function describe(self: Broker, topic: TopicImage) {
  const isLive = (id: number): boolean =>
    [...self.image.brokers.values()].some((broker) => broker.id === id && !broker.fenced);
  return {
    errorCode: errorCode("NONE"),
    name: topic.name,
    topicId: topic.id,
    isInternal: false,
    partitions: topic.partitions.map((partition, partitionIndex) => ({
      errorCode: errorCode(partition.leader === -1 ? "LEADER_NOT_AVAILABLE" : "NONE"),
      partitionIndex,
      leaderId: partition.leader,
      leaderEpoch: partition.leaderEpoch,
      replicaNodes: partition.replicas,
      isrNodes: partition.isr,
      offlineReplicas: partition.replicas.filter((id) => !isLive(id)),
    })),
  };
}

const unknown = (name: string, topicId: typeof zeroUuid, error: ErrorName) => ({
  errorCode: errorCode(error),
  name,
  topicId,
  isInternal: false,
  partitions: [],
});
