import { beforeEach, describe, expect, it } from "vitest";
import { encodeBatch, errorCode, listOffsets } from "#core";
import { bothHold, type BrokerNode, leadingBroker, sendProduce } from "../support/broker-node.ts";
import { fresh } from "../support/test-node.ts";

const latest = -1;
const earliest = -2;
const largestTime = -3;

let broker: BrokerNode;
/** Records of times 100, 200, 300 at offsets 0, 1, 2. */
beforeEach(() => {
  broker = leadingBroker();
  const talk = broker.node.connect();
  for (const timestamp of [100, 200, 300]) {
    const records = encodeBatch(
      {
        baseOffset: 0,
        leaderEpoch: -1,
        producerId: -1,
        producerEpoch: -1,
        baseSequence: -1,
        records: [{ timestamp, key: null, value: null, headers: [] }],
      },
      fresh,
    );
    sendProduce(talk, [], { records, acks: 1 });
  }
});

function ask(
  timestamp: number,
  more: { epoch?: number; index?: number; topic?: string; version?: number } = {},
) {
  const partition = {
    partitionIndex: more.index ?? 0,
    currentLeaderEpoch: more.epoch ?? -1,
    timestamp,
  };
  const topics = [{ name: more.topic ?? "orders", partitions: [partition] }];
  const body = { replicaId: -1, isolationLevel: 0, topics };
  const answer = broker.node.connect().call(listOffsets, body, more.version);
  return answer.topics[0]?.partitions[0];
}

describe("ListOffsets", () => {
  it("latest is the high watermark, not the log end", () => {
    expect(ask(latest)?.offset).toBe(0);
    bothHold(broker, 2);
    expect(ask(latest)).toMatchObject({ errorCode: 0, offset: 2, leaderEpoch: 0 });
  });

  it("earliest is the log start", () => {
    expect(ask(earliest)).toMatchObject({ errorCode: 0, offset: 0 });
  });

  it("is not available on a new leader until its epoch has begun below the high watermark (KIP-207)", () => {
    bothHold(broker, 2);
    broker.change({ leader: 1 });
    for (const timestamp of [latest, largestTime, 201]) {
      expect(ask(timestamp)?.errorCode).toBe(errorCode("OFFSET_NOT_AVAILABLE"));
    }
    for (const version of [1, 4]) {
      const { errorCode: error } = ask(latest, { version }) ?? {};
      expect(error, "to clients of before KIP-207").toBe(errorCode("LEADER_NOT_AVAILABLE"));
    }
    expect(ask(latest, { version: 5 })?.errorCode).toBe(errorCode("OFFSET_NOT_AVAILABLE"));
    // What lies below the high watermark stays there, whatever the new leader does not know yet.
    expect(ask(101)).toMatchObject({ errorCode: 0, offset: 1, timestamp: 200 });
    expect(ask(earliest)?.errorCode).toBe(0);
    bothHold(broker, 3);
    expect(ask(latest)).toMatchObject({ errorCode: 0, offset: 3 });
  });

  it("by time is the first record at or after it, below the high watermark", () => {
    bothHold(broker, 2);
    expect(ask(101)).toMatchObject({ offset: 1, timestamp: 200 });
    expect(ask(100)).toMatchObject({ offset: 0, timestamp: 100 });
    expect(ask(201)).toMatchObject({ errorCode: 0, offset: -1, timestamp: -1 });
    bothHold(broker, 3);
    expect(ask(largestTime)).toMatchObject({ offset: 2, timestamp: 300 });
  });

  it("checks the leader epoch, and who leads", () => {
    broker.change({ leader: 1 });
    expect(ask(earliest, { epoch: 0 })?.errorCode).toBe(errorCode("FENCED_LEADER_EPOCH"));
    expect(ask(earliest, { epoch: 1 })?.errorCode).toBe(0);
    expect(ask(earliest, { epoch: 2 })?.errorCode).toBe(errorCode("UNKNOWN_LEADER_EPOCH"));
    broker.change({ leader: 2 });
    expect(ask(earliest)?.errorCode).toBe(errorCode("NOT_LEADER_OR_FOLLOWER"));
    const unknown = errorCode("UNKNOWN_TOPIC_OR_PARTITION");
    expect(ask(earliest, { index: 7 })?.errorCode).toBe(unknown);
    expect(ask(earliest, { topic: "nowhere" })?.errorCode).toBe(unknown);
  });
});
