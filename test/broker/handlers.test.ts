import { beforeEach, describe, expect, it } from "vitest";
import {
  allocateProducerIds,
  createPartitions,
  createTopics,
  describeCluster,
  electLeaders,
  errorCode,
  errorName,
  initProducerId,
  metadata,
  uuid,
} from "#core";
import { type BrokerNode, leadingBroker, ordersId } from "../support/broker-node.ts";
import type { Talk } from "../support/test-node.ts";

let broker: BrokerNode;
let client: Talk;
beforeEach(() => {
  broker = leadingBroker([{}, { leader: -1, isr: [2] }]);
  client = broker.node.connect();
});

describe("InitProducerId", () => {
  const ask = (talk = client): number =>
    talk.ask(initProducerId, { transactionalId: null, transactionTimeoutMs: 1000 });
  const idOf = (correlation: number, talk = client) => talk.answer(initProducerId, correlation);

  function giveBlock(
    start: number,
    length: number,
    error: "NONE" | "STALE_BROKER_EPOCH" = "NONE",
  ): void {
    const request = broker.asked().requests(allocateProducerIds).at(-1);
    if (request === undefined) throw new Error("no block is asked for");
    broker.asked().reply(allocateProducerIds, request.label, {
      throttleTimeMs: 0,
      errorCode: errorCode(error),
      producerIdStart: start,
      producerIdLen: length,
    });
  }

  it("gives each id of the controller's block once, then asks for another block", () => {
    const first = ask();
    expect(idOf(first)).toBeUndefined();
    giveBlock(5000, 2);
    expect(idOf(first)).toMatchObject({ errorCode: 0, producerId: 5000, producerEpoch: 0 });
    expect(idOf(ask())?.producerId).toBe(5001);
    const third = ask();
    expect(idOf(third)).toBeUndefined();
    giveBlock(9000, 1000);
    expect(idOf(third)?.producerId).toBe(9000);
  });

  it("asks for one block for all who wait", () => {
    const others = [broker.node.connect(), broker.node.connect()];
    const asked = others.map((talk) => ask(talk));
    expect(broker.asked().requests(allocateProducerIds)).toHaveLength(1);
    giveBlock(0, 1000);
    expect(others.map((talk, i) => idOf(asked[i] ?? -1, talk)?.producerId)).toEqual([0, 1]);
  });

  it("tells the client to try again when the controller gives none, or says nothing", () => {
    const again = errorCode("COORDINATOR_LOAD_IN_PROGRESS");
    const first = ask();
    giveBlock(0, 0, "STALE_BROKER_EPOCH");
    expect(idOf(first)?.errorCode).toBe(again);
    const second = ask();
    broker.node.advance(2000);
    expect(idOf(second)?.errorCode).toBe(again);
  });
});

describe("CreateTopics", () => {
  const ask = (): number =>
    client.ask(createTopics, {
      topics: [{ name: "a", numPartitions: 1, replicationFactor: 1, assignments: [], configs: [] }],
      timeoutMs: 1000,
    });

  it("is carried to the controller, and its answer back", () => {
    const asked = ask();
    const request = broker.asked().requests(createTopics)[0];
    expect(request?.body.topics).toMatchObject([{ name: "a", numPartitions: 1 }]);
    if (request === undefined) return;
    const error = errorCode("INVALID_REPLICATION_FACTOR");
    broker.asked().reply(createTopics, request.label, {
      topics: [{ name: "a", errorCode: error, errorMessage: "no" }],
    });
    expect(client.answer(createTopics, asked)?.topics).toMatchObject([
      { name: "a", errorCode: error, errorMessage: "no" },
    ]);
  });

  it("and what else the controller decides tell a client to ask again where it asked no active one", () => {
    const notController = errorCode("NOT_CONTROLLER");
    const grow = { topics: [{ name: "a", count: 2, assignments: null }], timeoutMs: 1000 };
    const grown = client.ask(createPartitions, { ...grow, validateOnly: false }, 0);
    const [request] = broker.asked().requests(createPartitions);
    expect(request?.label.version).toBe(3);
    if (request === undefined) return;
    broker.asked().reply(createPartitions, request.label, {
      throttleTimeMs: 0,
      results: [{ name: "a", errorCode: notController }],
    });
    const timedOut = errorCode("REQUEST_TIMED_OUT");
    expect(client.answer(createPartitions, grown)?.results).toMatchObject([
      { name: "a", errorCode: timedOut },
    ]);
    const elected = client.ask(electLeaders, { electionType: 0, topicPartitions: null });
    const [election] = broker.asked().requests(electLeaders);
    if (election === undefined) throw new Error("ElectLeaders is not carried on");
    broker.asked().reply(electLeaders, election.label, {
      throttleTimeMs: 0,
      errorCode: notController,
      replicaElectionResults: [],
    });
    expect(client.answer(electLeaders, elected)?.errorCode).toBe(timedOut);
  });

  it("ends the client's connection when the controller does not answer, so that it asks again", () => {
    ask();
    broker.node.advance(2000);
    expect(client.sent).toEqual([]);
    expect(client.ended).toBe("there");
  });
});

describe("DescribeCluster", () => {
  const ask = (more: object = {}) =>
    client.call(describeCluster, { includeClusterAuthorizedOperations: false, ...more });

  it("names the brokers that are not fenced", () => {
    broker.commit([
      { type: "brokerRegistrationChange", brokerId: 2, brokerEpoch: 1, fenced: 1, logDirs: [] },
    ]);
    const answer = ask();
    expect(answer).toMatchObject({ errorCode: 0, clusterId: "highwater", endpointType: 1 });
    expect(answer.brokers.toSorted((a, b) => a.brokerId - b.brokerId)).toEqual([
      { brokerId: 1, host: "b1", port: 9092, rack: null },
      { brokerId: 3, host: "b3", port: 9092, rack: null },
    ]);
    expect(answer.brokers.map(({ brokerId }) => brokerId)).toContain(answer.controllerId);
  });

  it("does not describe controllers, nor what it does not know", () => {
    const errors = [2, 3].map((endpointType) => ask({ endpointType }).errorCode);
    expect(errors.map(errorName)).toEqual([
      "MISMATCHED_ENDPOINT_TYPE",
      "UNSUPPORTED_ENDPOINT_TYPE",
    ]);
  });
});

describe("Metadata", () => {
  it("tells leaders, epochs and who is in sync, and which partition nobody leads", () => {
    broker.change({ leader: 3, isr: [3] });
    const answer = client.call(metadata, { topics: [{ name: "orders" }] });
    expect(answer.brokers.map(({ nodeId }) => nodeId).toSorted((a, b) => a - b)).toEqual([1, 2, 3]);
    expect(answer.topics[0]).toMatchObject({ errorCode: 0, name: "orders", topicId: ordersId });
    expect(answer.topics[0]?.partitions).toMatchObject([
      { errorCode: 0, leaderId: 3, leaderEpoch: 1, isrNodes: [3] },
      { errorCode: errorCode("LEADER_NOT_AVAILABLE"), leaderId: -1, isrNodes: [2] },
    ]);
  });

  it("leaves out brokers that are fenced, and calls their replicas offline", () => {
    broker.commit([
      { type: "brokerRegistrationChange", brokerId: 2, brokerEpoch: 1, fenced: 1, logDirs: [] },
    ]);
    const answer = client.call(metadata, { topics: null });
    expect(answer.brokers.map(({ nodeId }) => nodeId).toSorted((a, b) => a - b)).toEqual([1, 3]);
    expect(answer.topics[0]?.partitions[0]?.offlineReplicas).toEqual([2]);
  });

  it("says of a topic that it is not there, by name or by id, and makes none", () => {
    const byName = client.call(metadata, {
      topics: [{ name: "nowhere" }],
      allowAutoTopicCreation: true,
    });
    expect(byName.topics[0]?.errorCode).toBe(errorCode("UNKNOWN_TOPIC_OR_PARTITION"));
    const topicId = uuid("00000000-0000-0000-0000-0000000000ff");
    const byId = client.call(metadata, { topics: [{ name: null, topicId }] });
    expect(byId.topics[0]?.errorCode).toBe(errorCode("UNKNOWN_TOPIC_ID"));
    expect(client.call(metadata, { topics: [] }).topics).toEqual([]);
  });

  it("takes an empty list for all topics in version 0 only", () => {
    expect(client.call(metadata, { topics: [] }, 0).topics).toHaveLength(1);
    expect(client.call(metadata, { topics: [] }, 1).topics).toEqual([]);
  });
});
