import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  type AnyApi,
  apiVersions,
  checkBatch,
  crc32c,
  createPartitions,
  createTopics,
  deleteTopics,
  decodeRecords,
  decodeRequest,
  encodeBatch,
  encodeResponse,
  errors,
  fetch,
  initProducerId,
  listOffsets,
  metadata,
  murmur2,
  produce,
  readBatchHeader,
  type RequestOf,
  type ResponseInput,
  utf8Bytes,
} from "#core";
import {
  kafkajsCrc32c,
  kafkajsErrors,
  kafkajsMurmur2,
  kafkajsRequest,
  kafkajsResponse,
  kafkajsVersions,
} from "../support/kafkajs.ts";

const memory = (length: number): Uint8Array => new Uint8Array(length);

/** The versions that both sides speak; there must be some. */
const shared = (api: AnyApi): readonly number[] =>
  kafkajsVersions(api.name).filter((v) => api.minVersion <= v && v <= api.maxVersion);

/** What we read of a request that kafkajs wrote. */
async function readFromKafkajs<A extends AnyApi>(
  api: A,
  version: number,
  args: object,
): Promise<RequestOf<A>> {
  const frame = await kafkajsRequest(api.name, version, args);
  expect(frame.readInt32BE(0)).toBe(frame.length - 4);
  const { header, body } = decodeRequest(api, new Uint8Array(frame.subarray(4)));
  expect(header).toEqual({
    apiKey: api.key,
    apiVersion: version,
    correlationId: 5,
    clientId: "sample",
  });
  return body;
}

/** What kafkajs reads of a response that we wrote; its body begins after size and correlation id. */
const readByKafkajs = <A extends AnyApi>(
  api: A,
  version: number,
  body: ResponseInput<A>,
): Promise<unknown> =>
  kafkajsResponse(api.name, version, encodeResponse(api, version, 5, body, memory).subarray(8));

const name = fc.string({ unit: "grapheme", minLength: 1, maxLength: 10 });
const index = fc.nat({ max: 1000 });
const position = fc.integer({ min: 0, max: 2 ** 53 - 1 });
const bytes = fc.uint8Array({ maxLength: 40 }).map((one) => Buffer.from(one));
const messages = fc.array(
  fc.record({
    key: fc.option(bytes),
    value: fc.option(bytes),
    timestamp: fc.integer({ min: 1, max: 2 ** 42 }),
    headers: fc.dictionary(fc.string({ minLength: 1, maxLength: 5 }), bytes, { maxKeys: 3 }),
  }),
  { minLength: 1, maxLength: 6 },
);

describe("what kafkajs writes, we read", () => {
  test("Produce with real batches", async () => {
    const args = fc.record({ topic: name, partition: index, messages, timeout: index });
    expect(shared(produce)).toEqual([3, 4, 5, 6, 7]);
    for (const version of shared(produce)) {
      await fc.assert(
        fc.asyncProperty(args, async ({ topic, partition, messages: sent, timeout }) => {
          const partitions = [{ partition, messages: sent, firstSequence: 9 }];
          const body = await readFromKafkajs(produce, version, {
            acks: -1,
            timeout,
            producerId: 77,
            producerEpoch: 2,
            topicData: [{ topic, partitions }],
          });
          expect(body).toMatchObject({ transactionalId: null, acks: -1, timeoutMs: timeout });
          expect(body.topicData[0]?.name).toBe(topic);
          const records = body.topicData[0]?.partitionData[0]?.records ?? memory(0);
          checkBatch(records);
          expect(readBatchHeader(records)).toMatchObject({
            baseOffset: 0,
            producerId: 77,
            producerEpoch: 2,
            baseSequence: 9,
            count: sent.length,
          });
          expect(decodeRecords(records)).toEqual(
            sent.map((message, offset) => ({
              offset,
              timestamp: message.timestamp,
              key: message.key && new Uint8Array(message.key),
              value: message.value && new Uint8Array(message.value),
              headers: Object.entries(message.headers).map(([key, value]) => ({
                key,
                value: new Uint8Array(value),
              })),
            })),
          );
        }),
        { numRuns: 40 },
      );
    }
  });

  test("Fetch", async () => {
    expect(shared(fetch)).toEqual([4, 5, 6, 7, 8, 9, 10, 11]);
    for (const version of shared(fetch)) {
      const partitions = [
        { partition: 2, currentLeaderEpoch: 6, fetchOffset: 2 ** 40, maxBytes: 99 },
      ];
      const args = {
        maxWaitTime: 500,
        minBytes: 1,
        maxBytes: 1000,
        isolationLevel: 0,
        topics: [{ topic: "orders", partitions }],
        rackId: "r1",
      };
      const body = await readFromKafkajs(fetch, version, args);
      expect(body).toMatchObject({
        replicaId: -1,
        maxWaitMs: 500,
        minBytes: 1,
        maxBytes: 1000,
        isolationLevel: 0,
        rackId: version >= 11 ? "r1" : "",
      });
      expect(body.topics).toMatchObject([
        {
          topic: "orders",
          partitions: [
            {
              partition: 2,
              currentLeaderEpoch: version >= 9 ? 6 : -1,
              fetchOffset: 2 ** 40,
              partitionMaxBytes: 99,
            },
          ],
        },
      ]);
    }
  });

  test("Metadata, ListOffsets, CreateTopics, InitProducerId and ApiVersions", async () => {
    for (const version of shared(metadata)) {
      const { topics } = await readFromKafkajs(metadata, version, { topics: ["orders", "pay"] });
      expect(topics?.map((topic) => topic.name)).toEqual(["orders", "pay"]);
    }
    for (const version of shared(listOffsets)) {
      const partitions = [{ partition: 3, timestamp: -2 }];
      const args = { replicaId: -1, isolationLevel: 0, topics: [{ topic: "orders", partitions }] };
      const { topics } = await readFromKafkajs(listOffsets, version, args);
      const asked = [{ partitionIndex: 3, currentLeaderEpoch: -1, timestamp: -2 }];
      expect(topics).toEqual([{ name: "orders", partitions: asked }]);
    }
    for (const version of shared(createTopics)) {
      const topic = {
        topic: "orders",
        numPartitions: 3,
        replicationFactor: 2,
        replicaAssignment: [{ partition: 0, replicas: [1, 2] }],
        configEntries: [{ name: "retention.ms", value: "5" }],
      };
      expect(await readFromKafkajs(createTopics, version, { topics: [topic], timeout: 9 })).toEqual(
        {
          topics: [
            {
              name: "orders",
              numPartitions: 3,
              replicationFactor: 2,
              assignments: [{ partitionIndex: 0, brokerIds: [1, 2] }],
              configs: [{ name: "retention.ms", value: "5" }],
            },
          ],
          timeoutMs: 9,
          validateOnly: false,
        },
      );
    }
    for (const version of shared(initProducerId)) {
      const args = { transactionalId: "pay", transactionTimeout: 60 };
      const body = await readFromKafkajs(initProducerId, version, args);
      expect(body).toMatchObject({ transactionalId: "pay", transactionTimeoutMs: 60 });
    }
    for (const version of shared(apiVersions)) {
      const body = await readFromKafkajs(apiVersions, version, {});
      expect(body).toEqual({ clientSoftwareName: "", clientSoftwareVersion: "" });
    }
    for (const version of shared(deleteTopics)) {
      const body = await readFromKafkajs(deleteTopics, version, { topics: ["a", "b"], timeout: 9 });
      expect(body).toEqual({ topics: [], topicNames: ["a", "b"], timeoutMs: 9 });
    }
    for (const version of shared(createPartitions)) {
      const placed = { topic: "b", count: 4, assignments: [[1, 2]] };
      const args = { topicPartitions: [{ topic: "a", count: 3 }, placed], timeout: 9 };
      expect(await readFromKafkajs(createPartitions, version, args)).toEqual({
        topics: [
          // It says null where it has no assignments.
          { name: "a", count: 3, assignments: null },
          { name: "b", count: 4, assignments: [{ brokerIds: [1, 2] }] },
        ],
        timeoutMs: 9,
        validateOnly: false,
      });
    }
    expect([deleteTopics, createPartitions].map((api) => shared(api).length)).toEqual([2, 2]);
    const spoken = [metadata, listOffsets, createTopics, initProducerId, apiVersions].map(shared);
    expect(spoken.map((versions) => versions.length)).toEqual([7, 3, 4, 2, 3]);
  });
});

describe("what we write, kafkajs reads", () => {
  test("Fetch with real batches", async () => {
    for (const version of shared(fetch)) {
      await fc.assert(
        fc.asyncProperty(name, position, messages, async (topic, base, sent) => {
          const baseOffset = Math.floor(base / 2);
          const records = sent.map((message) => ({
            ...message,
            headers: Object.entries(message.headers).map(([key, value]) => ({ key, value })),
          }));
          const batch = encodeBatch(
            {
              baseOffset,
              leaderEpoch: 3,
              producerId: -1,
              producerEpoch: -1,
              baseSequence: -1,
              records,
            },
            memory,
          );
          const partition = {
            partitionIndex: 4,
            errorCode: 0,
            highWatermark: base,
            lastStableOffset: base,
            logStartOffset: 1,
            abortedTransactions: [{ producerId: 5, firstOffset: 6 }],
            records: batch,
          };
          const body = { responses: [{ topic, partitions: [partition] }] };
          expect(await readByKafkajs(fetch, version, body)).toMatchObject({
            responses: [
              {
                topicName: topic,
                partitions: [
                  {
                    partition: 4,
                    errorCode: 0,
                    highWatermark: String(base),
                    lastStableOffset: String(base),
                    abortedTransactions: [{ producerId: "5", firstOffset: "6" }],
                    messages: sent.map((message, i) => ({
                      offset: String(baseOffset + i),
                      timestamp: String(message.timestamp),
                      key: message.key,
                      value: message.value,
                      headers: { ...message.headers },
                    })),
                  },
                ],
              },
            ],
          });
        }),
        { numRuns: 30 },
      );
    }
  });

  test("Produce, ListOffsets, CreateTopics, InitProducerId and ApiVersions", async () => {
    for (const version of shared(produce)) {
      const partition = { index: 1, errorCode: 6, baseOffset: 2 ** 40, logStartOffset: 3 };
      const body = { responses: [{ name: "orders", partitionResponses: [partition] }] };
      const read = { partition: 1, errorCode: 6, baseOffset: String(2 ** 40), logAppendTime: "-1" };
      expect(await readByKafkajs(produce, version, body)).toMatchObject({
        topics: [{ topicName: "orders", partitions: [read] }],
      });
    }
    for (const version of shared(listOffsets)) {
      const partitions = [{ partitionIndex: 1, errorCode: 0, timestamp: 7, offset: 2 ** 45 }];
      const read = [{ partition: 1, errorCode: 0, timestamp: "7", offset: String(2 ** 45) }];
      const body = { topics: [{ name: "orders", partitions }] };
      expect(await readByKafkajs(listOffsets, version, body)).toMatchObject({
        responses: [{ topic: "orders", partitions: read }],
      });
    }
    for (const version of shared(createTopics)) {
      const body = { topics: [{ name: "orders", errorCode: 36, errorMessage: "there" }] };
      expect(await readByKafkajs(createTopics, version, body)).toMatchObject({
        topicErrors: [{ topic: "orders", errorCode: 36 }],
      });
    }
    for (const version of shared(deleteTopics)) {
      const responses = [{ name: "orders", errorCode: 3 }];
      const read = { topicErrors: [{ topic: "orders", errorCode: 3 }] };
      expect(await readByKafkajs(deleteTopics, version, { responses })).toMatchObject(read);
    }
    for (const version of shared(createPartitions)) {
      const results = [{ name: "orders", errorCode: 37, errorMessage: "no" }];
      const read = { topicErrors: [{ topic: "orders", errorCode: 37, errorMessage: "no" }] };
      const body = { throttleTimeMs: 0, results };
      expect(await readByKafkajs(createPartitions, version, body)).toMatchObject(read);
    }
    for (const version of shared(initProducerId)) {
      const body = { throttleTimeMs: 0, errorCode: 0, producerId: 2 ** 50, producerEpoch: 4 };
      expect(await readByKafkajs(initProducerId, version, body)).toMatchObject({
        errorCode: 0,
        producerId: String(2 ** 50),
        producerEpoch: 4,
      });
    }
    for (const version of shared(apiVersions)) {
      const apiKeys = [{ apiKey: 0, minVersion: 0, maxVersion: 11 }];
      const read = await readByKafkajs(apiVersions, version, { errorCode: 0, apiKeys });
      expect(read).toMatchObject({ errorCode: 0, apiVersions: apiKeys });
    }
  });

  test("Metadata", async () => {
    for (const version of shared(metadata)) {
      const body = {
        brokers: [{ nodeId: 1, host: "b1", port: 9092, rack: null }],
        clusterId: "c",
        controllerId: 1,
        topics: [
          {
            errorCode: 0,
            name: "orders",
            isInternal: true,
            partitions: [
              {
                errorCode: 9,
                partitionIndex: 2,
                leaderId: 1,
                replicaNodes: [1, 3],
                isrNodes: [1],
                offlineReplicas: [3],
              },
            ],
          },
        ],
      };
      expect(await readByKafkajs(metadata, version, body)).toMatchObject({
        brokers: [{ nodeId: 1, host: "b1", port: 9092 }],
        topicMetadata: [
          {
            topicErrorCode: 0,
            topic: "orders",
            partitionMetadata: [
              { partitionErrorCode: 9, partitionId: 2, leader: 1, replicas: [1, 3], isr: [1] },
            ],
          },
        ],
      });
    }
  });
});

describe("what kafkajs reckons, we reckon", () => {
  test("checksums and hashes", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (drawn) => {
        expect(crc32c(drawn)).toBe(kafkajsCrc32c(Buffer.from(drawn)));
        expect(murmur2(drawn)).toBe(kafkajsMurmur2(Buffer.from(drawn)));
      }),
    );
    expect(murmur2(utf8Bytes("key"))).toBe(kafkajsMurmur2(Buffer.from("key")));
  });

  test("codes of errors, and which of them may pass", () => {
    const renamed = new Map([
      ["UNKNOWN", "UNKNOWN_SERVER_ERROR"],
      ["NOT_LEADER_FOR_PARTITION", "NOT_LEADER_OR_FOLLOWER"],
      ["GROUP_LOAD_IN_PROGRESS", "COORDINATOR_LOAD_IN_PROGRESS"],
      ["GROUP_COORDINATOR_NOT_AVAILABLE", "COORDINATOR_NOT_AVAILABLE"],
      ["NOT_COORDINATOR_FOR_GROUP", "NOT_COORDINATOR"],
    ]);
    const theirs = kafkajsErrors.map(({ type, code, retriable }) => ({
      name: renamed.get(type) ?? type,
      code,
      retriable,
    }));
    const ours = new Map<string, { code: number; retriable: boolean }>(Object.entries(errors));
    expect(theirs.map(({ name: known }) => ({ name: known, ...ours.get(known) }))).toEqual(theirs);
  });
});
