import { describe, expect, it } from "vitest";
import {
  apiVersions,
  createPartitions,
  createTopics,
  deleteTopics,
  describeCluster,
  electLeaders,
  errorCode,
  type ErrorName,
  incrementalAlterConfigs,
  metadata,
  produce,
} from "#core";
import {
  adminNode,
  answerProduce,
  begun,
  type ClientNode,
  producerNode,
  send,
} from "../support/client-node.ts";

const eager = (): ClientNode => producerNode({ "linger.ms": 0 });

describe("a connection", () => {
  it("begins with the question what the broker speaks", () => {
    const client = eager();
    send(client, "x");
    const [talk] = client.node.talks;
    expect(talk?.sent[0]?.label).toMatchObject({ api: apiVersions.key, correlation: 0 });
    expect(talk?.sent[1]?.label.api).toBe(metadata.key);
  });

  it("asks again in version 0 if the broker does not know the version (KIP-511)", () => {
    const client = eager();
    client.node.onRequest = () => undefined;
    client.node.talks[0]?.end();
    client.node.advance(200);
    const talk = client.node.talks[1];
    const first = talk?.sent[0];
    if (talk === undefined || first === undefined) throw new Error("nothing is asked");
    const apiKeys = [{ apiKey: apiVersions.key, minVersion: 0, maxVersion: 2 }];
    const body = { errorCode: errorCode("UNSUPPORTED_VERSION"), apiKeys, throttleTimeMs: 0 };
    talk.reply(apiVersions, { ...first.label, version: 0 }, body);
    expect(talk.ended).toBeUndefined();
    expect(talk.sent[1]?.label).toMatchObject({ api: apiVersions.key, version: 0 });
  });

  it.each([
    ["of another question", [0, 0, 0, 4, 0, 0, 0, 99]],
    ["that is cut", [0, 0, 0, 4, 0, 0, 0, 2]],
    ["of a negative size", [0xff, 0xff, 0xff, 0xff]],
  ])("is given up for an answer %s, and all that was asked is asked again", (_name, bytes) => {
    const client = eager();
    const call = send(client, "x");
    client.node.advance(1);
    const { talk } = client.first(produce);
    talk.write(new Uint8Array(bytes));
    expect(talk.ended).toBe("there");
    expect(client.outcome(call)).toBeUndefined();
    client.node.advance(1000);
    answerProduce(client, client.first(produce));
    expect(client.outcome(call)?.type).toBe("acknowledged");
  });

  it("is given up when the broker does not answer within request.timeout.ms, for that silence", () => {
    const client = producerNode({ "linger.ms": 0, "request.timeout.ms": 2000 });
    send(client, "x");
    client.node.advance(1);
    const { talk } = client.first(produce);
    client.node.advance(1998);
    expect(talk.ended).toBeUndefined();
    client.node.advance(1);
    expect(talk.ended).toBe("there");
    const close = client.node.effects.find(({ type }) => type === "close");
    expect(close?.silences).toMatchObject([{ peer: { host: "b1", port: 9092 } }]);
  });

  it("that is refused is tried again, later each time", () => {
    const client = eager();
    client.dead.add("b1:9092");
    send(client, "x");
    const times: number[] = [];
    for (let i = 0; i < 400; i++) {
      const before = client.node.talks.length;
      client.node.advance(10);
      if (client.node.talks.length > before) times.push(client.node.now);
    }
    const gaps = times.slice(1).map((time, i) => time - (times[i] ?? 0));
    expect(gaps.length).toBeGreaterThan(2);
    expect(gaps.at(-1)).toBeGreaterThan(2 * (gaps[0] ?? 0));
    client.dead.clear();
    client.node.advance(2000);
    expect(client.waiting(produce)).toHaveLength(1);
  });

  it("whose send buffer is full gets nothing more until it has drained", () => {
    const client = begun(eager());
    send(client, "x", { partition: 0 });
    client.node.advance(1);
    const { talk } = client.first(produce);
    client.node.feed({ type: "filled", connection: talk.connection });
    send(client, "y", { partition: 0 });
    client.node.advance(1);
    expect(client.waiting(produce)).toHaveLength(1);
    client.node.feed({ type: "drained", connection: talk.connection });
    expect(client.waiting(produce)).toHaveLength(2);
  });
});

describe("metadata", () => {
  it("is asked again until somebody leads", () => {
    const client = eager();
    client.leaders = [{ leader: -1, epoch: 0 }];
    send(client, "x");
    client.node.advance(3000);
    expect(client.waiting(produce)).toEqual([]);
    client.leaders = [{ leader: 2, epoch: 1 }];
    client.node.advance(3000);
    expect(client.first(produce).talk.to).toBe("b2:9092");
  });

  it("is asked when a leader says that it is none, and the record goes to the right one", () => {
    const client = eager();
    const call = send(client, "x");
    client.node.advance(1000);
    client.leaders = [{ leader: 2, epoch: 1 }];
    answerProduce(client, client.first(produce), { error: "NOT_LEADER_OR_FOLLOWER" });
    client.node.advance(500);
    const again = client.first(produce);
    expect(again.talk.to).toBe("b2:9092");
    answerProduce(client, again, { base: 3 });
    expect(client.outcome(call)).toMatchObject({ type: "acknowledged", offset: 3 });
  });
});

describe("an admin", () => {
  const create = (client: ClientNode) =>
    client.call({
      type: "createTopics",
      topics: ["a", "b"].map((name) => ({
        name,
        partitions: 2,
        replicationFactor: 1,
        configs: {},
      })),
    });

  const answer = (client: ClientNode, errors: Readonly<Record<string, ErrorName>>): void => {
    const topics = Object.entries(errors).map(([name, error]) => ({
      name,
      errorCode: errorCode(error),
    }));
    client.reply(createTopics, client.first(createTopics), { topics });
  };

  const asked = (client: ClientNode): string[] =>
    client.first(createTopics).body.topics.map(({ name }) => name);

  it("is done when all topics are made, and asks again for those that may be made later", () => {
    const client = adminNode();
    const call = create(client);
    expect(asked(client)).toEqual(["a", "b"]);
    answer(client, { a: "NONE", b: "REQUEST_TIMED_OUT" });
    expect(client.outcome(call)).toBeUndefined();
    client.node.advance(1000);
    expect(asked(client)).toEqual(["b"]);
    answer(client, { b: "NONE" });
    expect(client.outcome(call)).toEqual({ type: "done" });
  });

  it("asks for partitions, settings and elections, and is told when they are there", () => {
    const client = adminNode();
    const growing = client.call({ type: "createPartitions", topic: "a", count: 3 });
    expect(client.first(createPartitions).body.topics).toEqual([
      { name: "a", count: 3, assignments: null },
    ]);
    client.reply(createPartitions, client.first(createPartitions), {
      throttleTimeMs: 0,
      results: [{ name: "a", errorCode: 0 }],
    });
    const configs = { "min.insync.replicas": "2", "segment.bytes": null };
    const altering = client.call({ type: "alterConfigs", resource: "topic", name: "a", configs });
    const altered = { resourceType: 2, resourceName: "a" };
    expect(client.first(incrementalAlterConfigs).body.resources).toEqual([
      {
        ...altered,
        configs: [
          { name: "min.insync.replicas", configOperation: 0, value: "2" },
          { name: "segment.bytes", configOperation: 1, value: null },
        ],
      },
    ]);
    client.reply(incrementalAlterConfigs, client.first(incrementalAlterConfigs), {
      throttleTimeMs: 0,
      responses: [{ ...altered, errorCode: 0, errorMessage: null }],
    });
    const partitions = [0, 1].map((partition) => ({ topic: "a", partition }));
    const electing = client.call({ type: "electLeaders", election: "preferred", partitions });
    expect(client.first(electLeaders).body).toMatchObject({
      electionType: 0,
      topicPartitions: [{ topic: "a", partitions: [0, 1] }],
    });
    const partitionResult = ["NONE", "ELECTION_NOT_NEEDED"].map((error, partitionId) => ({
      partitionId,
      errorCode: errorCode(error as ErrorName),
      errorMessage: null,
    }));
    client.reply(electLeaders, client.first(electLeaders), {
      throttleTimeMs: 0,
      errorCode: 0,
      replicaElectionResults: [{ topic: "a", partitionResult }],
    });
    for (const call of [growing, altering, electing])
      expect(client.outcome(call)).toEqual({ type: "done" });
  });

  it("has topics deleted, and asks again for those that nobody decided on", () => {
    const client = adminNode();
    const call = client.call({ type: "deleteTopics", topics: ["a", "b"] });
    const names = () => client.first(deleteTopics).body.topics.map(({ name }) => name);
    const reply = (errors: Readonly<Record<string, ErrorName>>): void =>
      client.reply(deleteTopics, client.first(deleteTopics), {
        responses: Object.entries(errors).map(([name, error]) => ({
          name,
          errorCode: errorCode(error),
        })),
      });
    expect(names()).toEqual(["a", "b"]);
    reply({ a: "NONE", b: "REQUEST_TIMED_OUT" });
    client.node.advance(1000);
    expect(names()).toEqual(["b"]);
    reply({ b: "NONE" });
    expect(client.outcome(call)).toEqual({ type: "done" });
  });

  it("is told at once of a topic that is not there, and asks again what nobody decided", () => {
    const client = adminNode();
    const call = client.call({ type: "createPartitions", topic: "a", count: 3 });
    const reply = (error: ErrorName): void =>
      client.reply(createPartitions, client.first(createPartitions), {
        throttleTimeMs: 0,
        results: [{ name: "a", errorCode: errorCode(error) }],
      });
    reply("REQUEST_TIMED_OUT");
    expect(client.outcome(call)).toBeUndefined();
    client.node.advance(1000);
    reply("UNKNOWN_TOPIC_OR_PARTITION");
    expect(client.outcome(call)).toMatchObject({ error: "UNKNOWN_TOPIC_OR_PARTITION" });
  });

  it("is told which brokers are alive", () => {
    const client = adminNode();
    const call = client.call({ type: "describeCluster" });
    const brokers = [3, 1].map((id) => ({ brokerId: id, host: `b${id}`, port: 9092 }));
    const body = { throttleTimeMs: 0, errorCode: 0, clusterId: "highwater", brokers };
    client.reply(describeCluster, client.first(describeCluster), body);
    expect(client.outcome(call)).toEqual({ type: "cluster", brokers: [1, 3] });
  });

  it("fails for an error that no other try would mend, and names it", () => {
    const client = adminNode();
    const call = create(client);
    answer(client, { a: "NONE", b: "INVALID_REPLICATION_FACTOR" });
    expect(client.outcome(call)).toMatchObject({
      type: "failed",
      error: "INVALID_REPLICATION_FACTOR",
    });
  });

  it("does not know what became of it when its time is over", () => {
    const client = adminNode({ "default.api.timeout.ms": 5000 });
    const call = create(client);
    client.node.advance(4999);
    expect(client.outcome(call)).toBeUndefined();
    client.node.advance(1);
    expect(client.outcome(call)?.type).toBe("unknown");
  });
});

describe("a call that a client does not know", () => {
  it("fails, and so says each kind of client", () => {
    const client = eager();
    const call = client.call({ type: "endOffsets" });
    expect(client.outcome(call)).toMatchObject({ type: "failed", error: "INVALID_REQUEST" });
  });
});
