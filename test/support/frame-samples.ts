/*
 * One ordinary message of each API and direction, encoded in any version: something to cut, flip and mangle.
 */
import { type AnyApi, encodeBatch, encodeRequest, encodeResponse, utf8Bytes, uuid } from "#core";

const memory = (length: number): Uint8Array => new Uint8Array(length);
const topicId = uuid("00112233-4455-6677-8899-aabbccddeeff");

/** Two records, the second with a header. */
export const sampleBatch: Uint8Array = encodeBatch(
  {
    baseOffset: 7,
    leaderEpoch: 3,
    producerId: 1000,
    producerEpoch: 0,
    baseSequence: 5,
    records: [
      { timestamp: 1_700_000_000_000, key: utf8Bytes("A"), value: utf8Bytes("first") },
      {
        timestamp: 1_700_000_000_001,
        key: null,
        value: utf8Bytes("second"),
        headers: [{ key: "trace", value: utf8Bytes("x") }],
      },
    ],
  },
  memory,
);

const leader = { leaderId: 2, leaderEpoch: 8 };
const node = { nodeId: 2, host: "b2", port: 9092, rack: "r1" };
const broker = { brokerId: 1, brokerEpoch: 44 };
const listener = { name: "PLAINTEXT", host: "b1", port: 9092, securityProtocol: 0 };

const quorumAnswer = {
  topics: [
    {
      topicName: "__cluster_metadata",
      partitions: [{ partitionIndex: 0, errorCode: 74, ...leader }],
    },
  ],
};

/** By API name; what a version lacks and may not drop is left out. */
const requests: Readonly<Record<string, (version: number) => object>> = {
  Produce: () => ({
    acks: -1,
    timeoutMs: 30_000,
    topicData: [{ name: "orders", partitionData: [{ index: 1, records: sampleBatch }] }],
  }),
  Fetch: (version) => ({
    ...(version >= 15 ? { replicaState: { replicaId: 2, replicaEpoch: 9 } } : { replicaId: 2 }),
    maxWaitMs: 500,
    minBytes: 1,
    topics: [
      {
        topic: "orders",
        topicId,
        partitions: [{ partition: 0, fetchOffset: 77, partitionMaxBytes: 1_048_576 }],
      },
    ],
    rackId: "r1",
  }),
  ListOffsets: () => ({
    replicaId: -1,
    topics: [{ name: "orders", partitions: [{ partitionIndex: 0, timestamp: -1 }] }],
  }),
  Vote: (version) => ({
    clusterId: "highwater",
    topics: [
      {
        topicName: "__cluster_metadata",
        partitions: [
          {
            partitionIndex: 0,
            candidateEpoch: 7,
            candidateId: 102,
            candidateDirectoryId: topicId,
            voterDirectoryId: topicId,
            lastOffsetEpoch: 6,
            lastOffset: 300,
            preVote: version >= 2,
          },
        ],
      },
    ],
  }),
  BeginQuorumEpoch: () => ({
    clusterId: "highwater",
    topics: [
      {
        topicName: "__cluster_metadata",
        partitions: [
          { partitionIndex: 0, voterDirectoryId: topicId, leaderId: 101, leaderEpoch: 7 },
        ],
      },
    ],
    leaderEndpoints: [{ name: "CONTROLLER", host: "c1", port: 9093 }],
  }),
  EndQuorumEpoch: (version) => ({
    clusterId: "highwater",
    topics: [
      {
        topicName: "__cluster_metadata",
        partitions: [
          {
            partitionIndex: 0,
            leaderId: 101,
            leaderEpoch: 7,
            preferredSuccessors: version === 0 ? [102, 103] : [],
            preferredCandidates:
              version === 0 ? [] : [{ candidateId: 102, candidateDirectoryId: topicId }],
          },
        ],
      },
    ],
    leaderEndpoints: [],
  }),
  FetchSnapshot: () => ({
    clusterId: "highwater",
    replicaId: 102,
    topics: [
      {
        name: "__cluster_metadata",
        partitions: [
          {
            partition: 0,
            currentLeaderEpoch: 7,
            snapshotId: { endOffset: 300, epoch: 6 },
            position: 4096,
          },
        ],
      },
    ],
  }),
  Metadata: () => ({ topics: [{ name: "orders" }, { name: "payments" }] }),
  ApiVersions: () => ({ clientSoftwareName: "highwater", clientSoftwareVersion: "1" }),
  CreateTopics: () => ({
    topics: [
      {
        name: "orders",
        numPartitions: -1,
        replicationFactor: -1,
        assignments: [{ partitionIndex: 0, brokerIds: [1, 2, 3] }],
        configs: [{ name: "segment.bytes", value: "4096" }],
      },
    ],
  }),
  CreatePartitions: () => ({
    topics: [
      { name: "orders", count: 4, assignments: [{ brokerIds: [1, 2] }] },
      { name: "payments", count: 2, assignments: null },
    ],
    timeoutMs: 1000,
    validateOnly: false,
  }),
  DeleteRecords: () => ({
    topics: [{ name: "orders", partitions: [{ partitionIndex: 0, offset: 3 }] }],
    timeoutMs: 2000,
  }),
  OffsetForLeaderEpoch: () => ({
    replicaId: -1,
    topics: [
      { topic: "orders", partitions: [{ partition: 0, currentLeaderEpoch: 3, leaderEpoch: 2 }] },
    ],
  }),
  DeleteTopics: (version) => ({
    ...(version >= 6 ? { topics: [{ name: "orders" }] } : { topicNames: ["orders"] }),
    timeoutMs: 1000,
  }),
  IncrementalAlterConfigs: () => ({
    resources: [
      {
        resourceType: 2,
        resourceName: "orders",
        configs: [{ name: "min.insync.replicas", configOperation: 0, value: "2" }],
      },
    ],
    validateOnly: false,
  }),
  ElectLeaders: () => ({
    electionType: 1,
    topicPartitions: [{ topic: "orders", partitions: [0, 1] }],
  }),
  DescribeCluster: () => ({ includeClusterAuthorizedOperations: true }),
  InitProducerId: () => ({ transactionalId: "pay", transactionTimeoutMs: 60_000 }),
  AlterPartition: (version) => ({
    ...broker,
    topics: [
      {
        topicId,
        partitions: [
          {
            partitionIndex: 0,
            leaderEpoch: 4,
            partitionEpoch: 9,
            ...(version >= 3 ? { newIsrWithEpochs: [broker] } : { newIsr: [1] }),
          },
        ],
      },
    ],
  }),
  BrokerRegistration: () => ({
    brokerId: 1,
    clusterId: "c",
    incarnationId: topicId,
    listeners: [listener],
    features: [{ name: "metadata.version", minSupportedVersion: 1, maxSupportedVersion: 21 }],
    rack: null,
    logDirs: [topicId],
  }),
  BrokerHeartbeat: (version) => ({
    ...broker,
    currentMetadataOffset: 12,
    wantFence: false,
    wantShutDown: false,
    ...(version >= 1 ? { offlineLogDirs: [topicId] } : {}),
  }),
  AllocateProducerIds: () => broker,
};

const responses: Readonly<Record<string, (version: number) => object>> = {
  Vote: () => ({
    topics: [
      {
        topicName: "__cluster_metadata",
        partitions: [{ partitionIndex: 0, errorCode: 0, ...leader, voteGranted: true }],
      },
    ],
  }),
  FetchSnapshot: () => ({
    topics: [
      {
        name: "__cluster_metadata",
        partitions: [
          {
            index: 0,
            errorCode: 0,
            snapshotId: { endOffset: 300, epoch: 6 },
            currentLeader: leader,
            size: 5000,
            position: 4096,
            unalignedRecords: sampleBatch,
          },
        ],
      },
    ],
  }),
  BeginQuorumEpoch: () => quorumAnswer,
  EndQuorumEpoch: () => quorumAnswer,
  Produce: (version) => ({
    responses: [
      {
        name: "orders",
        partitionResponses: [
          {
            index: 1,
            errorCode: 6,
            baseOffset: -1,
            recordErrors: [{ batchIndex: 0, batchIndexErrorMessage: "no" }],
            ...(version >= 10 ? { currentLeader: leader } : {}),
          },
        ],
      },
    ],
    ...(version >= 10 ? { nodeEndpoints: [node] } : {}),
  }),
  Fetch: (version) => ({
    responses: [
      {
        topic: "orders",
        topicId,
        partitions: [
          {
            partitionIndex: 0,
            errorCode: 0,
            highWatermark: 9,
            abortedTransactions: [{ producerId: 5, firstOffset: 6 }],
            records: sampleBatch,
            ...(version >= 12
              ? { divergingEpoch: { epoch: 2, endOffset: 5 }, currentLeader: leader }
              : {}),
          },
        ],
      },
    ],
    ...(version >= 16 ? { nodeEndpoints: [node] } : {}),
  }),
  ListOffsets: () => ({
    topics: [
      {
        name: "orders",
        partitions: [{ partitionIndex: 0, errorCode: 0, timestamp: 3, offset: 4 }],
      },
    ],
  }),
  Metadata: () => ({
    brokers: [node],
    clusterId: "c",
    topics: [
      {
        errorCode: 0,
        name: "orders",
        topicId,
        partitions: [
          { errorCode: 0, partitionIndex: 0, leaderId: 1, replicaNodes: [1, 2], isrNodes: [1] },
        ],
      },
    ],
  }),
  ApiVersions: () => ({
    errorCode: 0,
    apiKeys: [{ apiKey: 1, minVersion: 4, maxVersion: 17 }],
    finalizedFeaturesEpoch: 8,
    finalizedFeatures: [{ name: "kraft.version", maxVersionLevel: 1, minVersionLevel: 0 }],
  }),
  CreateTopics: () => ({
    topics: [{ name: "orders", topicId, errorCode: 0, errorMessage: null, configs: null }],
  }),
  CreatePartitions: () => ({
    throttleTimeMs: 0,
    results: [{ name: "orders", errorCode: 37, errorMessage: "no" }],
  }),
  DeleteRecords: () => ({
    throttleTimeMs: 0,
    topics: [
      {
        name: "orders",
        partitions: [{ partitionIndex: 0, lowWatermark: 3, errorCode: 0 }],
      },
    ],
  }),
  OffsetForLeaderEpoch: () => ({
    throttleTimeMs: 0,
    topics: [
      {
        topic: "orders",
        partitions: [{ errorCode: 0, partition: 0, leaderEpoch: 2, endOffset: 7 }],
      },
    ],
  }),
  DeleteTopics: () => ({
    throttleTimeMs: 0,
    responses: [{ name: "orders", topicId, errorCode: 3, errorMessage: "no" }],
  }),
  IncrementalAlterConfigs: () => ({
    throttleTimeMs: 0,
    responses: [{ errorCode: 40, errorMessage: "no", resourceType: 2, resourceName: "orders" }],
  }),
  ElectLeaders: () => ({
    throttleTimeMs: 0,
    errorCode: 0,
    replicaElectionResults: [
      {
        topic: "orders",
        partitionResult: [{ partitionId: 1, errorCode: 84, errorMessage: null }],
      },
    ],
  }),
  DescribeCluster: () => ({
    throttleTimeMs: 0,
    errorCode: 0,
    clusterId: "c",
    controllerId: 1,
    brokers: [{ brokerId: 1, host: "b1", port: 9092, rack: "r1" }],
  }),
  InitProducerId: () => ({ throttleTimeMs: 0, errorCode: 0, producerId: 4000, producerEpoch: 1 }),
  AlterPartition: () => ({
    throttleTimeMs: 0,
    errorCode: 0,
    topics: [
      {
        topicId,
        partitions: [
          {
            partitionIndex: 0,
            errorCode: 0,
            leaderId: 1,
            leaderEpoch: 4,
            isr: [1, 2],
            partitionEpoch: 9,
          },
        ],
      },
    ],
  }),
  BrokerRegistration: () => ({ throttleTimeMs: 0, errorCode: 0, brokerEpoch: 44 }),
  BrokerHeartbeat: () => ({ throttleTimeMs: 0, errorCode: 0, shouldShutDown: false }),
  AllocateProducerIds: () => ({
    throttleTimeMs: 0,
    errorCode: 0,
    producerIdStart: 1000,
    producerIdLen: 1000,
  }),
};

/** A request frame, without the size before it. */
export function sampleRequest(api: AnyApi, version: number): Uint8Array {
  const header = { correlationId: 5, clientId: "sample" };
  const body = requests[api.name]?.(version);
  return encodeRequest(api, version, header, body, memory).subarray(4);
}

/** A response frame, without the size before it. */
export const sampleResponse = (api: AnyApi, version: number): Uint8Array =>
  encodeResponse(api, version, 5, responses[api.name]?.(version), memory).subarray(4);
