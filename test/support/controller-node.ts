/* A controller in a test's hands, and brokers that exist only as what they ask it. */
import {
  allocateProducerIds,
  alterPartition,
  brokerDefaults,
  brokerHeartbeat,
  brokerId,
  brokerRegistration,
  type BrokerSettings,
  type Controller,
  createTopics,
  type ErrorName,
  errorName,
  type Files,
  newController,
  type PartitionImage,
  stepController,
  uuid,
} from "#core";
import { memoryFiles } from "./memory-files.ts";
import { type Talk, TestNode } from "./test-node.ts";

export const clusterId = "highwater";
const endpoint = { host: "c1", port: 9093 };
const directory = uuid("00000000-0000-4000-a000-000000000100");

export const settings = (more: Partial<BrokerSettings> = {}): BrokerSettings => ({
  ...brokerDefaults,
  // What is decided is in the log before the step ends.
  "controller.quorum.append.linger.ms": 0,
  ...more,
});

export interface ControllerNode {
  readonly node: TestNode<Controller>;
  readonly talk: Talk;
}

/** A controller that has taken the lead over what `files` hold. */
export function startedController(
  more: Partial<BrokerSettings> = {},
  files: Files = memoryFiles(),
): ControllerNode {
  const config = {
    nodeId: brokerId(100),
    clusterId,
    endpoint,
    voters: [{ id: brokerId(100), directory, endpoint }],
    directory,
    settings: settings(more),
  };
  const node = new TestNode(newController(config), stepController, files);
  node.feed({ type: "started" });
  return { node, talk: node.connect() };
}

/** The incarnation of a broker's `life`-th start. */
export const incarnation = (id: number, life = 1) =>
  uuid(`00000000-0000-0000-${String(life).padStart(4, "0")}-${String(id).padStart(12, "0")}`);

const listener = (id: number) => ({
  name: "PLAINTEXT",
  host: `b${id}`,
  port: 9092,
  securityProtocol: 0,
});

/** Registers a broker; answers with the error and the epoch that it got. */
export function register(
  { talk }: ControllerNode,
  id: number,
  life = 1,
  more: object = {},
): { error: ErrorName; epoch: number } {
  const answer = talk.call(brokerRegistration, {
    brokerId: id,
    clusterId,
    incarnationId: incarnation(id, life),
    listeners: [listener(id)],
    features: [],
    rack: null,
    logDirs: [],
    ...more,
  });
  return { error: errorName(answer.errorCode), epoch: answer.brokerEpoch };
}

/** A heartbeat of a broker that has applied all metadata, unless `more` says otherwise. */
export function heartbeat(
  { node, talk }: ControllerNode,
  id: number,
  more: {
    readonly epoch?: number;
    readonly applied?: number;
    readonly wantFence?: boolean;
    readonly wantShutDown?: boolean;
  } = {},
) {
  const answer = talk.call(brokerHeartbeat, {
    brokerId: id,
    brokerEpoch: more.epoch ?? epochOf(node, id),
    currentMetadataOffset: more.applied ?? node.state.committed - 1,
    wantFence: more.wantFence ?? false,
    wantShutDown: more.wantShutDown ?? false,
  });
  const { isCaughtUp, isFenced, shouldShutDown, errorCode } = answer;
  return { error: errorName(errorCode), isCaughtUp, isFenced, shouldShutDown };
}

export const epochOf = (node: TestNode<Controller>, id: number): number =>
  node.state.image.brokers.get(brokerId(id))?.epoch ?? -1;

/** Brokers 1, 2, 3, registered and in service. */
export function inService(controller: ControllerNode, ids: readonly number[] = [1, 2, 3]): void {
  for (const id of ids) register(controller, id);
  for (const id of ids) heartbeat(controller, id);
}

/** Makes a topic whose partitions have these replicas. */
export function makeTopic(
  { talk }: ControllerNode,
  name: string,
  replicas: readonly (readonly number[])[],
  configs: Readonly<Record<string, string>> = {},
): ErrorName {
  const answer = talk.call(createTopics, {
    topics: [
      {
        name,
        numPartitions: -1,
        replicationFactor: -1,
        assignments: replicas.map((brokerIds, partitionIndex) => ({ partitionIndex, brokerIds })),
        configs: Object.entries(configs).map(([key, value]) => ({ name: key, value })),
      },
    ],
    timeoutMs: 1000,
  });
  return errorName(answer.topics[0]?.errorCode ?? -1);
}

/** What the controller knows of one partition. */
export function partitionOf({ node }: ControllerNode, topic = "orders", index = 0): PartitionImage {
  const partition = node.state.image.topics.get(topic)?.partitions[index];
  if (partition === undefined) throw new Error(`no partition ${topic}-${index}`);
  return partition;
}

/** What a leader asks for: by default what the leader of `orders-0` may ask. */
export interface IsrWish {
  readonly isr: readonly (readonly [id: number, epoch: number])[];
  readonly topic?: string;
  readonly asker?: number;
  readonly askerEpoch?: number;
  readonly topicId?: string;
  readonly index?: number;
  readonly leaderEpoch?: number;
  readonly partitionEpoch?: number;
  readonly recovery?: number;
}

/** Asks for another ISR of `orders-0`. */
export function wishIsr(controller: ControllerNode, wish: IsrWish) {
  const { node, talk } = controller;
  const name = wish.topic ?? "orders";
  const now = partitionOf(controller, name);
  const asker = wish.asker ?? now.leader;
  const topic = node.state.image.topics.get(name);
  const answer = talk.call(alterPartition, {
    brokerId: asker,
    brokerEpoch: wish.askerEpoch ?? epochOf(node, asker),
    topics: [
      {
        topicId: uuid(wish.topicId ?? topic?.id ?? ""),
        partitions: [
          {
            partitionIndex: wish.index ?? 0,
            leaderEpoch: wish.leaderEpoch ?? now.leaderEpoch,
            newIsrWithEpochs: wish.isr.map(([id, epoch]) => ({
              brokerId: id,
              brokerEpoch: epoch,
            })),
            leaderRecoveryState: wish.recovery ?? 0,
            partitionEpoch: wish.partitionEpoch ?? now.partitionEpoch,
          },
        ],
      },
    ],
  });
  const partition = answer.topics[0]?.partitions[0];
  return {
    error: errorName(answer.errorCode),
    partitionError: partition === undefined ? undefined : errorName(partition.errorCode),
    partition,
  };
}

/** Members of an ISR under the epochs that they are registered with. */
export const members = ({ node }: ControllerNode, ids: readonly number[]) =>
  ids.map((id) => [id, epochOf(node, id)] as const);

/** Asks for a block of producer ids. */
export function askProducerIds({ node, talk }: ControllerNode, id: number, epoch?: number) {
  const answer = talk.call(allocateProducerIds, {
    brokerId: id,
    brokerEpoch: epoch ?? epochOf(node, id),
  });
  const { errorCode, producerIdStart: start, producerIdLen: length } = answer;
  return { error: errorName(errorCode), start, length };
}
