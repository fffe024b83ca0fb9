// Consumers that read from the replica in their own rack (KIP-392): whom a leader names, and what a follower gives.
import { beforeEach, describe, expect, it } from "vitest";
import { errorCode, fetch, offset, rackAwareSelector, stampBatch } from "#core";
import {
  bothHold,
  BrokerNode,
  fetched,
  follower,
  leadingBroker,
  ordersId,
  sendFetch,
  sendProduce,
} from "../support/broker-node.ts";
import { batchOf } from "../support/replicas.ts";
import { fresh } from "../support/test-node.ts";

const selector = { "replica.selector.class": rackAwareSelector } as const;

describe("a leader", () => {
  let broker: BrokerNode;
  /** Broker 1 leads in no rack; 2 runs in rack r2, 3 in r3. Three records, of which two are committed. */
  beforeEach(() => {
    broker = leadingBroker(undefined, undefined, selector);
    for (const id of [2, 3]) broker.registerPeer(id, 1, `r${id}`);
    const client = broker.node.connect();
    for (const value of ["a", "b", "c"]) sendProduce(client, [value], { acks: 1 });
    bothHold(broker, 2);
  });

  const read = (from: number, rack: string, more: object = {}) => {
    const talk = broker.node.connect();
    const correlation = sendFetch(talk, from, { rack, maxWaitMs: 500, ...more });
    return { answer: () => fetched(talk, correlation) };
  };

  it("sends a consumer to the replica in its rack, at once and without records", () => {
    expect(read(0, "r2").answer()).toMatchObject({ errorCode: 0, preferredReadReplica: 2 });
    expect(read(0, "r2").answer()?.records).toHaveLength(0);
    expect(read(0, "r3").answer()).toMatchObject({ preferredReadReplica: 3 });
    // Also one that would have to wait.
    expect(read(2, "r3").answer()).toMatchObject({ preferredReadReplica: 3 });
  });

  it("answers whoever has no rack, or one where no replica is", () => {
    for (const rack of ["", "r9"]) {
      const answer = read(0, rack).answer();
      expect(answer?.preferredReadReplica).toBe(-1);
      expect(answer?.records?.length).toBeGreaterThan(0);
    }
  });

  it("names nobody who is out of sync, fenced, or without the offset", () => {
    broker.change({ isr: [1, 3] });
    expect(read(0, "r2").answer()?.preferredReadReplica).toBe(-1);
    broker.change({ isr: [1, 2, 3] });
    follower(broker, 2)(2, { logStart: 1 });
    expect(read(0, "r2").answer()?.preferredReadReplica).toBe(-1);
    expect(read(1, "r2").answer()?.preferredReadReplica).toBe(2);
    broker.commit([{ type: "fenceBroker", id: 2, epoch: 1 } as never]);
    expect(read(1, "r2").answer()?.preferredReadReplica).toBe(-1);
  });

  it("sends no follower away", () => {
    expect(follower(broker, 2)(2, { rack: "r3" }).answer()?.preferredReadReplica).toBe(-1);
  });

  it("answers by itself without a selector", () => {
    broker = leadingBroker();
    for (const id of [2, 3]) broker.registerPeer(id, 1, `r${id}`);
    sendProduce(broker.node.connect(), ["a"], { acks: 1 });
    bothHold(broker, 1);
    const answer = read(0, "r2").answer();
    expect(answer?.preferredReadReplica).toBe(-1);
    expect(answer?.records?.length).toBeGreaterThan(0);
  });
});

describe("a follower", () => {
  let broker: BrokerNode;
  /** Broker 1 follows broker 2 and holds three records, of which it knows two to be committed. */
  beforeEach(() => {
    broker = new BrokerNode();
    broker.node.feed({ type: "started" });
    broker.makeOrders([{ leader: 2 }]);
    feed(["a", "b", "c"], 0, 2);
  });

  function feed(values: readonly string[], base: number, highWatermark: number): void {
    const talk = broker.node.talks.findLast(({ to }) => to === "b2:9092");
    const asked = talk?.requests(fetch).at(-1);
    if (talk === undefined || asked === undefined) throw new Error("the leader is not asked");
    const records = values.length === 0 ? fresh(0) : batchOf(values);
    if (values.length > 0) stampBatch(records, offset(base), 0);
    const partition = { partitionIndex: 0, errorCode: 0, highWatermark, logStartOffset: 0 };
    const partitions = [{ ...partition, abortedTransactions: null, records }];
    talk.reply(fetch, asked.label, { responses: [{ topicId: ordersId, partitions }] });
  }

  const read = (from: number, more: object = {}) => {
    const talk = broker.node.connect();
    const correlation = sendFetch(talk, from, { maxWaitMs: 500, epoch: 0, ...more });
    return { answer: () => fetched(talk, correlation) };
  };

  it("gives a consumer what it knows to be committed, and no more", () => {
    // One batch of three records is not committed as a whole, and comes whole.
    expect(read(0).answer()).toMatchObject({ errorCode: 0, highWatermark: 2 });
    const waiting = read(2);
    expect(waiting.answer()).toBeUndefined();
    feed([], 3, 3);
    expect(waiting.answer()?.records?.length).toBeGreaterThan(0);
  });

  it("is no leader for a consumer that does not say where it runs", () => {
    const topics = [
      {
        topic: "orders",
        partitions: [{ partition: 0, fetchOffset: 0, partitionMaxBytes: 1 << 20 }],
      },
    ];
    const body = { maxWaitMs: 0, minBytes: 1, maxBytes: 1 << 20, topics, forgottenTopicsData: [] };
    const talk = broker.node.connect();
    const answer = talk.call(fetch, body, 10).responses[0]?.partitions[0];
    expect(answer?.errorCode).toBe(errorCode("NOT_LEADER_OR_FOLLOWER"));
  });

  it("refuses other epochs than its own", () => {
    broker.change({ leader: 3 });
    expect(read(0, { epoch: 0 }).answer()?.errorCode).toBe(errorCode("FENCED_LEADER_EPOCH"));
    expect(read(0, { epoch: 2 }).answer()?.errorCode).toBe(errorCode("UNKNOWN_LEADER_EPOCH"));
  });

  it("does not say where logs part: it may be behind", () => {
    const error = errorCode("OFFSET_OUT_OF_RANGE");
    expect(read(9, { lastEpoch: 0 }).answer()?.errorCode).toBe(error);
    expect(read(9).answer()?.errorCode).toBe(error);
  });

  it("is no leader for another replica", () => {
    const asked = read(0, { replica: 3, epoch: 0 });
    expect(asked.answer()?.errorCode).toBe(errorCode("NOT_LEADER_OR_FOLLOWER"));
  });
});
