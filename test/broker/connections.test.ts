import { beforeEach, describe, expect, it } from "vitest";
import {
  advertised,
  type AnyApi,
  apiByKey,
  apiVersions,
  createPartitions,
  createTopics,
  deleteRecords,
  deleteTopics,
  describeCluster,
  electLeaders,
  encodeRequest,
  errorCode,
  fetch,
  incrementalAlterConfigs,
  initProducerId,
  listOffsets,
  metadata,
  offsetForLeaderEpoch,
  produce,
} from "#core";
import {
  bothHold,
  BrokerNode,
  fetched,
  leadingBroker,
  produced,
  sendFetch,
  sendProduce,
} from "../support/broker-node.ts";
import { batchOf } from "../support/replicas.ts";
import { fresh, type Talk } from "../support/test-node.ts";

let broker: BrokerNode;
let client: Talk;
beforeEach(() => {
  broker = leadingBroker();
  client = broker.node.connect();
});

const versionsBody = { clientSoftwareName: "test", clientSoftwareVersion: "1" };

/** A frame of any kind, from the size on. */
function frameOf(api: number, version: number, rest: readonly number[] = []): Uint8Array {
  const header = [api >> 8, api & 255, version >> 8, version & 255, 0, 0, 0, 9, 0xff, 0xff];
  const body = [...header, ...rest];
  return new Uint8Array([0, 0, 0, body.length, ...body]);
}

describe("ApiVersions", () => {
  it("in a version that this broker does not know is answered in version 0 with error 35 (KIP-511)", () => {
    client.write(frameOf(apiVersions.key, 99, [1, 2, 3]));
    const [sent] = client.sent;
    expect(sent?.label).toMatchObject({ version: 0, correlation: 9 });
    const answer = client.answer(apiVersions, 9);
    expect(answer?.errorCode).toBe(35);
    const { minVersion, maxVersion } = apiVersions;
    expect(answer?.apiKeys).toMatchObject([{ apiKey: 18, minVersion, maxVersion }]);
    expect(client.call(apiVersions, versionsBody).errorCode).toBe(0);
  });

  it("names what is served, and Produce from version 0 on", () => {
    const { apiKeys } = client.call(apiVersions, versionsBody);
    expect(apiKeys.find(({ apiKey }) => apiKey === produce.key)).toMatchObject({ minVersion: 0 });
    expect(apiKeys.map(({ apiKey }) => apiKey)).toEqual(advertised.map(({ apiKey }) => apiKey));
  });
});

describe("a connection is closed, and nothing else happens,", () => {
  it.each([0, 1, 2])("for Produce in version %i, which is advertised only", (version) => {
    client.write(frameOf(produce.key, version, [0, 1, 0, 0, 0, 100, 0, 0, 0, 0]));
    expect(client.ended).toBe("there");
    expect(client.sent).toEqual([]);
  });

  it.each([
    ["an API that nobody knows", frameOf(999, 0)],
    ["a version above the highest", frameOf(fetch.key, fetch.maxVersion + 1)],
    ["a negative size", new Uint8Array([0xff, 0xff, 0xff, 0xff])],
    ["a size above socket.request.max.bytes", new Uint8Array([0x7f, 0, 0, 0])],
    ["a header that is cut", new Uint8Array([0, 0, 0, 2, 0, 3])],
    ["a body that is cut", frameOf(metadata.key, 0, [0, 0])],
    ["a body with bytes too many", frameOf(metadata.key, 0, [0, 0, 0, 0, 7])],
    ["a count that no frame could hold", frameOf(metadata.key, 0, [0x7f, 0xff, 0xff, 0xff])],
  ])("for %s", (_name, bytes) => {
    const other = broker.node.connect();
    client.write(bytes);
    expect(client.ended).toBe("there");
    expect(client.sent).toEqual([]);
    expect(other.call(apiVersions, versionsBody).errorCode).toBe(0);
  });
});

describe("requests of one connection", () => {
  it("are answered in their order: what follows a produce that waits, waits with it", () => {
    const first = sendProduce(client, ["x"]);
    const second = client.ask(apiVersions, versionsBody);
    expect(client.sent).toEqual([]);
    bothHold(broker, 1);
    expect(client.sent.map(({ label }) => label.correlation)).toEqual([first, second]);
  });

  it("wait for nobody else's", () => {
    sendProduce(client, ["x"]);
    expect(broker.node.connect().call(apiVersions, versionsBody).errorCode).toBe(0);
  });

  it("may arrive in any pieces, also several at once", () => {
    const header = (correlationId: number) => ({ correlationId, clientId: "test" });
    const frames = [1, 2].map((id) =>
      encodeRequest(apiVersions, 3, header(id), versionsBody, fresh),
    );
    const bytes = new Uint8Array(frames.flatMap((frame) => [...frame]));
    for (const byte of bytes) client.write(new Uint8Array([byte]));
    client.write(bytes);
    expect(client.sent.map(({ label }) => label.correlation)).toEqual([1, 2, 1, 2]);
  });

  it("are not handled while the send buffer is full", () => {
    const { connection } = client;
    broker.node.feed({ type: "filled", connection });
    const asked = client.ask(apiVersions, versionsBody);
    expect(client.sent).toEqual([]);
    broker.node.feed({ type: "drained", connection });
    expect(client.answer(apiVersions, asked)?.errorCode).toBe(0);
  });
});

describe("every version of every API that is advertised", () => {
  const bodies: Readonly<Record<number, (version: number) => object>> = {
    [produce.key]: () => ({
      acks: 1,
      timeoutMs: 100,
      topicData: [{ name: "orders", partitionData: [{ index: 0, records: batchOf(["x"]) }] }],
    }),
    [fetch.key]: (version) => ({
      maxWaitMs: 0,
      minBytes: 1,
      topics: [
        {
          ...(version < 13
            ? { topic: "orders" }
            : { topicId: broker.node.state.image.topics.get("orders")?.id }),
          partitions: [{ partition: 0, fetchOffset: 0, partitionMaxBytes: 1000 }],
        },
      ],
      forgottenTopicsData: [],
    }),
    [listOffsets.key]: () => ({
      replicaId: -1,
      topics: [{ name: "orders", partitions: [{ partitionIndex: 0, timestamp: -2 }] }],
    }),
    [metadata.key]: () => ({ topics: [{ name: "orders" }] }),
    [createTopics.key]: () => ({
      topics: [{ name: "a", numPartitions: 1, replicationFactor: 1, assignments: [], configs: [] }],
      timeoutMs: 100,
    }),
    [initProducerId.key]: () => ({ transactionalId: "tx", transactionTimeoutMs: 1 }),
    [createPartitions.key]: () => ({ topics: [], timeoutMs: 100, validateOnly: false }),
    [deleteTopics.key]: (version) => ({
      ...(version >= 6 ? { topics: [{ name: "a" }] } : { topicNames: ["a"] }),
      timeoutMs: 100,
    }),
    [deleteRecords.key]: () => ({
      topics: [{ name: "a", partitions: [{ partitionIndex: 0, offset: 0 }] }],
      timeoutMs: 100,
    }),
    [offsetForLeaderEpoch.key]: () => ({
      topics: [{ topic: "a", partitions: [{ partition: 0, leaderEpoch: 0 }] }],
    }),
    [incrementalAlterConfigs.key]: () => ({ resources: [], validateOnly: false }),
    [electLeaders.key]: () => ({ electionType: 0, topicPartitions: null }),
    [describeCluster.key]: () => ({ includeClusterAuthorizedOperations: false }),
    [apiVersions.key]: (version) => (version < 3 ? {} : versionsBody),
  };
  /** What the controller answers to what is carried on to it. */
  const carried: Readonly<Record<number, object>> = {
    [createTopics.key]: {
      topics: [{ name: "a", errorCode: 0, numPartitions: 1, replicationFactor: 1 }],
    },
    [createPartitions.key]: { throttleTimeMs: 0, results: [] },
    [deleteTopics.key]: { throttleTimeMs: 0, responses: [{ name: "a", errorCode: 0 }] },
    [incrementalAlterConfigs.key]: { throttleTimeMs: 0, responses: [] },
    [electLeaders.key]: { throttleTimeMs: 0, errorCode: 0, replicaElectionResults: [] },
  };
  const served = advertised.flatMap(({ apiKey, maxVersion }) => {
    const api = apiByKey(apiKey) as AnyApi;
    return Array.from({ length: maxVersion - api.minVersion + 1 }, (_, i) => ({
      api,
      name: api.name,
      version: api.minVersion + i,
    }));
  });

  it.each(served)("is answered: $name $version", ({ api, version }) => {
    const asked = client.ask(api, bodies[api.key]?.(version), version);
    const answer = carried[api.key];
    if (answer !== undefined) {
      const to = broker.asked();
      const [request] = to.requests(api);
      if (request === undefined) throw new Error(`${api.name} is not carried on`);
      to.reply(api, request.label, answer);
    }
    expect(client.answer(api, asked)).toBeDefined();
  });
});

describe("before this broker has applied its own registration", () => {
  it("nothing is answered, and all of it after", () => {
    broker = new BrokerNode();
    broker.controllerAnswers = false;
    broker.node.feed({ type: "started" });
    client = broker.node.connect();
    const asked = [sendFetch(client, 0, { maxWaitMs: 0 }), sendProduce(client, ["x"])];
    broker.node.advance(5000);
    expect(client.sent).toEqual([]);
    broker.controllerAnswers = true;
    broker.node.advance(5000);
    expect(fetched(client, asked[0] ?? -1)?.errorCode).toBe(errorCode("UNKNOWN_TOPIC_ID"));
    const unknown = errorCode("UNKNOWN_TOPIC_OR_PARTITION");
    expect(produced(client, asked[1] ?? -1)?.errorCode).toBe(unknown);
  });
});
