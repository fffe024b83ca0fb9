import { beforeEach, describe, expect, it } from "vitest";
import { alterPartition, brokerId, errorCode, type ErrorName } from "#core";
import {
  bothHold,
  type BrokerNode,
  follower,
  leadingBroker,
  ordersId,
  peerEpoch,
  produced,
  sendProduce,
} from "../support/broker-node.ts";

let broker: BrokerNode;
/** `orders-0` with 3 out of sync. */
beforeEach(() => {
  broker = leadingBroker([{ isr: [1, 2] }]);
});

const wishes = () => broker.asked().requests(alterPartition);

const wish = (at = -1) => {
  const found = wishes().at(at);
  const partition = found?.body.topics[0]?.partitions[0];
  if (found === undefined || partition === undefined) throw new Error("no ISR is asked for");
  return { ...found, partition };
};

/** The controller's answer about the one partition that was asked. */
function answer(error: ErrorName, isr: readonly number[], partitionEpoch: number): void {
  const partition = {
    partitionIndex: 0,
    errorCode: errorCode(error),
    leaderId: 1,
    leaderEpoch: 0,
    isr,
    leaderRecoveryState: 0,
    partitionEpoch,
  };
  broker.asked().reply(alterPartition, wish().label, {
    throttleTimeMs: 0,
    errorCode: 0,
    topics: [{ topicId: ordersId, partitions: [partition] }],
  });
}

describe("a leader asks for a larger ISR", () => {
  it("under its epochs, with the broker epoch under which each member fetched (KIP-903)", () => {
    follower(broker, 2)(0);
    follower(broker, 3)(0);
    const { body, partition } = wish();
    const { epoch } = broker.node.state.lifecycle;
    expect(body).toMatchObject({ brokerId: 1, brokerEpoch: epoch });
    expect(partition).toMatchObject({
      partitionIndex: 0,
      leaderEpoch: 0,
      partitionEpoch: 0,
      newIsrWithEpochs: [
        { brokerId: 1, brokerEpoch: epoch },
        { brokerId: 2, brokerEpoch: peerEpoch },
        { brokerId: 3, brokerEpoch: peerEpoch },
      ],
    });
  });

  it("and waits for the new member from then on, granted or not yet", () => {
    follower(broker, 3)(0);
    const client = broker.node.connect();
    const asked = sendProduce(client, ["x"]);
    follower(broker, 2)(1);
    expect(produced(client, asked)).toBeUndefined();
    answer("NONE", [1, 2, 3], 1);
    expect(broker.partition().isr).toEqual([1, 2, 3]);
    expect(produced(client, asked)).toBeUndefined();
    follower(broker, 3)(1);
    expect(produced(client, asked)?.errorCode).toBe(0);
  });

  it("and keeps what it was granted when metadata of before makes it look again", () => {
    follower(broker, 3)(0);
    answer("NONE", [1, 2, 3], 1);
    broker.registerPeer(2, 9);
    expect(broker.partition()).toMatchObject({ isr: [1, 2, 3], partitionEpoch: 1 });
  });

  it("takes the wish back when the replica may not join, and no longer waits for it", () => {
    follower(broker, 3)(0);
    const client = broker.node.connect();
    const asked = sendProduce(client, ["x"], { timeoutMs: 60_000 });
    follower(broker, 2)(1);
    broker.node.advance(29_000);
    follower(broker, 2)(1);
    answer("INELIGIBLE_REPLICA", [], 0);
    expect(broker.partition().isr).toEqual([1, 2]);
    // Replica 3 was caught up when it asked: for replica.lag.time.max.ms it is about to join.
    broker.node.advance(1001);
    follower(broker, 2)(1);
    expect(produced(client, asked)?.errorCode).toBe(0);
  });

  it("keeps the wish pending where the controller knows more: metadata will tell", () => {
    follower(broker, 3)(0);
    answer("INVALID_UPDATE_VERSION", [], 0);
    broker.node.advance(1000);
    expect(wishes()).toHaveLength(1);
    expect(broker.partition().role).toMatchObject({ pendingIsr: { isr: [1, 2, 3] } });
    broker.change({ isr: [1, 2, 3] });
    expect(broker.partition().role).toMatchObject({ pendingIsr: undefined });
  });

  it("asks again for the life that was in sync, not for one that has fetched since (KIP-903)", () => {
    follower(broker, 3)(0);
    broker.node.advance(500);
    follower(broker, 3)(0, { replicaEpoch: peerEpoch + 7 });
    broker.node.advance(2000);
    expect(wishes().length).toBeGreaterThan(0);
    const third = wish().partition.newIsrWithEpochs.find(({ brokerId }) => brokerId === 3);
    expect(third?.brokerEpoch).toBe(peerEpoch);
  });

  it("asks again when the controller does not answer, or refuses the whole request", () => {
    follower(broker, 3)(0);
    broker.node.advance(2100);
    const again = wish();
    expect(broker.asked().requests(alterPartition)).toHaveLength(1);
    const body = { throttleTimeMs: 0, errorCode: errorCode("NOT_CONTROLLER"), topics: [] };
    broker.asked().reply(alterPartition, again.label, body);
    broker.node.advance(100);
    expect(wishes()).toHaveLength(2);
    expect(wish().partition.newIsrWithEpochs.map((one) => one.brokerId)).toEqual([1, 2, 3]);
  });

  it("has one question out at a time", () => {
    broker = leadingBroker([{ isr: [1] }], { "min.insync.replicas": "1" });
    follower(broker, 2)(0);
    follower(broker, 3)(0);
    expect(wishes()).toHaveLength(1);
    answer("NONE", [1, 2], 1);
    broker.node.advance(100);
    follower(broker, 3)(0);
    broker.node.advance(100);
    expect(wish().partition).toMatchObject({ partitionEpoch: 1 });
    expect(wish().partition.newIsrWithEpochs.map((one) => one.brokerId)).toEqual([1, 2, 3]);
  });
});

describe("wishes that wait their turn", () => {
  it("leave once the question before is answered", () => {
    broker = leadingBroker([{ isr: [1, 2] }, { isr: [1, 2] }]);
    follower(broker, 3)(0);
    follower(broker, 3)(0, { index: 1 });
    expect(wishes()).toHaveLength(1);
    answer("NONE", [1, 2, 3], 1);
    broker.node.advance(100);
    expect(wishes()).toHaveLength(2);
    expect(wish().partition).toMatchObject({ partitionIndex: 1, partitionEpoch: 0 });
  });

  it("name the life of a replica that fetched, not the one that has come since (KIP-903)", () => {
    follower(broker, 3)(0);
    broker.registerPeer(3, 50);
    broker.node.advance(2100);
    const member = wish().partition.newIsrWithEpochs.find((one) => one.brokerId === 3);
    expect(member?.brokerEpoch).toBe(peerEpoch);
  });
});

describe("a leader asks for a smaller ISR", () => {
  it("without who has not caught up for replica.lag.time.max.ms, and counts without it once granted", () => {
    broker = leadingBroker();
    bothHold(broker, 0);
    const client = broker.node.connect();
    const asked = sendProduce(client, ["x"], { timeoutMs: 120_000 });
    for (let i = 0; i < 5; i++) {
      broker.node.advance(10_000);
      follower(broker, 2)(1);
    }
    expect(wish().partition.newIsrWithEpochs.map((one) => one.brokerId)).toEqual([1, 2]);
    expect(produced(client, asked)).toBeUndefined();
    answer("NONE", [1, 2], 1);
    expect(broker.partition().isr).toEqual([1, 2]);
    expect(produced(client, asked)?.errorCode).toBe(0);
  });
});

describe("an answer about an ISR that metadata has overtaken", () => {
  it("changes nothing", () => {
    follower(broker, 3)(0);
    broker.change({ isr: [1] });
    broker.change({ isr: [1, 2] });
    expect(broker.partition()).toMatchObject({ partitionEpoch: 2 });
    answer("NONE", [1, 2, 3], 1);
    expect(broker.partition().isr).toEqual([1, 2]);
    broker.change({ leader: 2 });
    expect(broker.partition().role).toMatchObject({ type: "follower", leader: brokerId(2) });
  });
});
