// A topic that is deleted: replicas stop, who waits is answered, the log's folder is set aside and later removed.
import { beforeEach, describe, expect, it } from "vitest";
import {
  errorName,
  type Files,
  fetch,
  metadata,
  type MetadataRecordInput,
  offset,
  stampBatch,
  uuid,
  type Uuid,
} from "#core";
import {
  bothHold,
  BrokerNode,
  fetched,
  follower,
  ordersId,
  produced,
  sendFetch,
  sendProduce,
} from "../support/broker-node.ts";
import { uuidText } from "../../core/log/uuid-text.ts";
import { memoryFiles } from "../support/memory-files.ts";
import { batchOf } from "../support/replicas.ts";

const otherId: Uuid = uuid("00000000-0000-0000-0000-0000000000cc");

let contents: Map<string, Uint8Array>;
let broker: BrokerNode;
beforeEach(() => {
  contents = new Map();
  broker = new BrokerNode({}, memoryFiles(contents));
  broker.node.feed({ type: "started" });
  broker.makeOrders([{}, { leader: 2 }]);
});

const folders = (): string[] =>
  [...new Set([...contents.keys()].map((path) => path.split("/")[0]))]
    .map((folder) => folder ?? "")
    .filter((folder) => folder.startsWith("orders"))
    .sort();
const remove = (topicId = ordersId): number => broker.commit([{ type: "removeTopic", topicId }]);
const errorOf = (one: { readonly errorCode: number } | undefined) =>
  one === undefined ? undefined : errorName(one.errorCode);

/** The records of a topic with one partition. */
const topicOf = (name: string, topicId: Uuid, leader = 1): MetadataRecordInput[] => [
  { type: "topic", name, topicId },
  {
    type: "partition",
    partitionId: 0,
    topicId,
    replicas: [1, 2, 3],
    isr: [1, 2, 3],
    removingReplicas: [],
    addingReplicas: [],
    leader,
    leaderEpoch: 0,
    partitionEpoch: 0,
    directories: [],
  },
];

/** Makes `orders` again, under another id. */
const makeAgain = (leader = 1): number => broker.commit(topicOf("orders", otherId, leader));

describe("when its topic is deleted", () => {
  it("a replica stops to lead or to follow, and clients are told that there is no such topic", () => {
    remove();
    expect([...broker.node.state.partitions.keys()]).toEqual([]);
    expect(broker.node.state.fetchers.size).toBe(0);
    const client = broker.node.connect();
    const unknown = "UNKNOWN_TOPIC_OR_PARTITION";
    expect(errorOf(produced(client, sendProduce(client, ["x"])))).toBe(unknown);
    const topics = client.call(metadata, { topics: [{ name: "orders" }] }).topics;
    expect(errorOf(topics[0])).toBe(unknown);
    const byId = sendFetch(client, 0, { maxWaitMs: 0 });
    expect(errorOf(fetched(client, byId))).toBe("UNKNOWN_TOPIC_ID");
  });

  it("a produce and a fetch that wait on it are answered", () => {
    const [producer, consumer] = [broker.node.connect(), broker.node.connect()];
    const sent = sendProduce(producer, ["x"]);
    const asked = sendFetch(consumer, 0);
    expect([produced(producer, sent), fetched(consumer, asked)]).toEqual([undefined, undefined]);
    remove();
    expect(errorOf(produced(producer, sent))).toBe("UNKNOWN_TOPIC_OR_PARTITION");
    expect(errorOf(fetched(consumer, asked))).toBe("UNKNOWN_TOPIC_OR_PARTITION");
    expect(broker.node.state.purgatory.parked.size).toBe(0);
  });

  it("the folder of its log is renamed, and removed after log.segment.delete.delay.ms", () => {
    sendProduce(broker.node.connect(), ["x"], { acks: 1 });
    remove();
    const set = folders();
    expect(set).toHaveLength(2);
    for (const [i, folder] of set.entries())
      expect(folder).toMatch(new RegExp(`^orders-${i}\\.[0-9a-f]{32}-delete$`));
    expect(contents.has(`${set[0]}/00000000000000000000.log`)).toBe(true);
    broker.node.advance(59_999);
    expect(folders()).toEqual(set);
    broker.node.advance(1);
    expect(folders()).toEqual([]);
    expect(broker.node.state.deletions.size).toBe(0);
  });

  it("a folder that an earlier life set aside is removed too", () => {
    remove();
    const again = new BrokerNode(
      {},
      memoryFiles(new Map([...contents].filter(([path]) => path.startsWith("orders")))),
    );
    again.node.feed({ type: "started" });
    expect([...again.node.state.deletions.keys()]).toEqual(folders());
    again.node.advance(60_000);
    expect(again.node.state.deletions.size).toBe(0);
    expect(again.node.files.list("").filter((name) => name.startsWith("orders"))).toEqual([]);
  });

  it("no checkpoint speaks of it any longer", () => {
    sendProduce(broker.node.connect(), ["x"], { acks: 1 });
    bothHold(broker, 1);
    broker.node.advance(60_000);
    const text = (): string =>
      ["recovery-point-offset-checkpoint", "replication-offset-checkpoint"]
        .map((file) => new TextDecoder().decode(contents.get(file)))
        .join();
    expect(text()).toContain("orders 0");
    remove();
    broker.node.advance(3000);
    expect(text()).not.toContain("orders");
  });
});

describe("a topic made again under the name", () => {
  it("is another one: its log begins empty and its followers begin anew", () => {
    sendProduce(broker.node.connect(), ["x"], { acks: 1 });
    expect(broker.partition().log.end).toBe(1);
    remove();
    makeAgain();
    expect(broker.partition()).toMatchObject({ topicId: otherId, highWatermark: 0 });
    expect(broker.partition().log.end).toBe(0);
    const file = new TextDecoder().decode(contents.get("orders-0/partition.metadata"));
    expect(file).toContain(uuidText(otherId));
    const late = follower(broker, 2)(0).answer();
    expect(errorOf(late)).toBe("UNKNOWN_TOPIC_ID");
    expect(errorOf(follower(broker, 2)(0, { topicId: otherId, maxWaitMs: 0 }).answer())).toBe(
      "NONE",
    );
  });

  it("is another one also if both records come together", () => {
    sendProduce(broker.node.connect(), ["x"], { acks: 1 });
    const waiting = broker.node.connect();
    const sent = sendProduce(waiting, ["y"]);
    broker.commit([{ type: "removeTopic", topicId: ordersId }, ...topicOf("orders", otherId)]);
    expect([...broker.node.state.partitions.keys()]).toEqual(["orders-0"]);
    expect(broker.partition().log.end).toBe(0);
    expect(errorOf(produced(waiting, sent))).toBe("UNKNOWN_TOPIC_OR_PARTITION");
  });

  it("does not take what an answer to a fetch of the old one brings", () => {
    broker = new BrokerNode();
    broker.node.feed({ type: "started" });
    broker.makeOrders([{ leader: 2 }]);
    // Another topic keeps the connection to broker 2 in use.
    broker.commit(topicOf("kept", uuid("00000000-0000-0000-0000-0000000000dd"), 2));
    const question = () => {
      const talk = broker.node.talks.findLast(({ to }) => to === "b2:9092");
      const request = talk?.requests(fetch).at(-1);
      if (talk === undefined || request === undefined) throw new Error("nothing is fetched");
      return { talk, ...request };
    };
    const request = question();
    expect(request.body.topics.map(({ topicId }) => topicId)).toEqual([ordersId]);
    remove();
    makeAgain(2);
    expect(request.talk.ended).toBeUndefined();
    const records = batchOf(["old"]);
    stampBatch(records, offset(0), 0);
    const partition = {
      partitionIndex: 0,
      errorCode: 0,
      highWatermark: 1,
      abortedTransactions: null,
      records,
    };
    const responses = [{ topicId: ordersId, partitions: [partition] }];
    request.talk.reply(fetch, request.label, { responses });
    expect(broker.partition().log.end).toBe(0);
    const next = question().body.topics.map(({ topicId }) => topicId);
    expect(next).toContain(otherId);
    expect(next).not.toContain(ordersId);
  });

  it("does not adopt the log of the old one that a broker finds at its start", () => {
    sendProduce(broker.node.connect(), ["x"], { acks: 1 });
    const kept = [...contents].filter(([path]) => path.startsWith("orders-0/"));
    for (const [id, end] of [
      [ordersId, 1],
      [otherId, 0],
    ] as const) {
      contents = new Map(kept);
      broker = new BrokerNode({}, memoryFiles(contents));
      broker.node.feed({ type: "started" });
      if (id === ordersId) broker.makeOrders();
      else makeAgain();
      expect(broker.partition().topicId).toBe(id);
      expect(broker.partition().log.end).toBe(end);
      expect(folders()).toHaveLength(id === ordersId ? 1 : 2);
    }
  });

  it("never adopts the old log, after whichever disk operation of its deletion the power fails", () => {
    const states: Map<string, Uint8Array>[] = [];
    const watched = (files: Files): Files => ({
      ...files,
      rename: (from, to) => (files.rename(from, to), keep()),
      fsyncFolder: (folder) => (files.fsyncFolder(folder), keep()),
      append: (path, bytes) => (files.append(path, bytes), keep()),
    });
    const keep = (): void => void states.push(new Map(contents));
    contents = new Map();
    broker = new BrokerNode({}, watched(memoryFiles(contents)));
    broker.node.feed({ type: "started" });
    broker.makeOrders();
    sendProduce(broker.node.connect(), ["x"], { acks: 1 });
    broker.node.advance(6000);
    states.length = 0;
    remove();
    broker.node.advance(3000);
    const during = states.filter((files) =>
      [...files.keys()].some((path) => path.includes("-delete/")),
    );
    expect(during.length).toBeGreaterThan(5);
    for (const state of states) {
      // Its copy of the metadata log it fetches again.
      const left = [...state].filter(([path]) => !path.startsWith("__cluster_metadata"));
      contents = new Map(left);
      broker = new BrokerNode({}, memoryFiles(contents));
      broker.node.feed({ type: "started" });
      makeAgain();
      expect(broker.partition()).toMatchObject({ topicId: otherId, highWatermark: 0 });
      expect(broker.partition().log.end).toBe(0);
      expect(broker.partition().log.recoveryPoint).toBe(0);
    }
  });
});
