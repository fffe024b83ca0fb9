import { beforeEach, describe, expect, it } from "vitest";
import { errorCode, offsetForLeaderEpoch } from "#core";
import { bothHold, type BrokerNode, leadingBroker, sendProduce } from "../support/broker-node.ts";

let broker: BrokerNode;
/** Two records of epoch 0, none of epoch 1, one of epoch 2. */
beforeEach(() => {
  broker = leadingBroker();
  const talk = broker.node.connect();
  sendProduce(talk, ["a"], { acks: 1 });
  sendProduce(talk, ["b"], { acks: 1 });
  broker.change({ leader: 1 });
  broker.change({ leader: 1 });
  sendProduce(talk, ["c"], { acks: 1 });
});

function ask(
  leaderEpoch: number,
  more: { current?: number; index?: number; topic?: string; version?: number } = {},
) {
  const partition = {
    partition: more.index ?? 0,
    currentLeaderEpoch: more.current ?? -1,
    leaderEpoch,
  };
  const topics = [{ topic: more.topic ?? "orders", partitions: [partition] }];
  const answer = broker.node.connect().call(offsetForLeaderEpoch, { topics }, more.version);
  return answer.topics[0]?.partitions[0];
}

describe("OffsetForLeaderEpoch", () => {
  it("names the largest epoch that is not above the asked one, and where it ends", () => {
    expect(broker.partition().leaderEpoch).toBe(2);
    for (const version of [2, 3, 4]) {
      expect(ask(0, { version })).toMatchObject({ errorCode: 0, leaderEpoch: 0, endOffset: 2 });
      // Epoch 1 left no record: what ends there is what came before it.
      expect(ask(1, { version })).toMatchObject({ errorCode: 0, leaderEpoch: 0, endOffset: 2 });
      // The last one ends where the log does, committed or not.
      expect(ask(2, { version })).toMatchObject({ errorCode: 0, leaderEpoch: 2, endOffset: 3 });
    }
    bothHold(broker, 3);
    expect(ask(2)).toMatchObject({ leaderEpoch: 2, endOffset: 3 });
  });

  it("knows no end of an epoch that has not begun", () => {
    const unknown = { errorCode: 0, leaderEpoch: -1, endOffset: -1 };
    expect(ask(3)).toMatchObject(unknown);
    expect(ask(-1)).toMatchObject(unknown);
  });

  it("checks the leader epoch, and who leads", () => {
    const nothing = { leaderEpoch: -1, endOffset: -1 };
    const fenced = { errorCode: errorCode("FENCED_LEADER_EPOCH"), ...nothing };
    expect(ask(0, { current: 1 })).toMatchObject(fenced);
    expect(ask(0, { current: 2 })).toMatchObject({ errorCode: 0, endOffset: 2 });
    const unknownEpoch = { errorCode: errorCode("UNKNOWN_LEADER_EPOCH"), ...nothing };
    expect(ask(0, { current: 3 })).toMatchObject(unknownEpoch);
    const unknown = errorCode("UNKNOWN_TOPIC_OR_PARTITION");
    expect(ask(0, { index: 7 })?.errorCode).toBe(unknown);
    expect(ask(0, { topic: "nowhere" })?.errorCode).toBe(unknown);
    broker.change({ leader: 2 });
    const elsewhere = { errorCode: errorCode("NOT_LEADER_OR_FOLLOWER"), ...nothing };
    expect(ask(0)).toMatchObject(elsewhere);
  });
});
