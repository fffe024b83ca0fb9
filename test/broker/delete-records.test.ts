import { beforeEach, describe, expect, it } from "vitest";
import { deleteRecords, errorCode, type ErrorName } from "#core";
import {
  bothHold,
  type BrokerNode,
  fetched,
  follower,
  leadingBroker,
  sendFetch,
  sendProduce,
} from "../support/broker-node.ts";
import type { Talk } from "../support/test-node.ts";

let broker: BrokerNode;
let admin: Talk;
/** Five records, of which four are committed. */
beforeEach(() => {
  broker = leadingBroker();
  const client = broker.node.connect();
  for (const value of ["a", "b", "c", "d", "e"]) sendProduce(client, [value], { acks: 1 });
  bothHold(broker, 4);
  admin = broker.node.connect();
});

function ask(offset: number, more: { index?: number; topic?: string; timeoutMs?: number } = {}) {
  return admin.ask(deleteRecords, {
    topics: [
      { name: more.topic ?? "orders", partitions: [{ partitionIndex: more.index ?? 0, offset }] },
    ],
    timeoutMs: more.timeoutMs ?? 2000,
  });
}

const answered = (correlation: number) =>
  admin.answer(deleteRecords, correlation)?.topics[0]?.partitions[0];
const refused = (error: ErrorName) => ({ errorCode: errorCode(error), lowWatermark: -1 });

describe("DeleteRecords (KIP-107)", () => {
  it("begins the leader's log later at once, and is answered once the followers have followed", () => {
    const asked = ask(3);
    expect(broker.partition().log.start).toBe(3);
    expect(broker.node.notes("logStartRaised")).toEqual([
      { type: "logStartRaised", partition: "orders-0", to: 3, why: "deleteRecords" },
    ]);
    expect(answered(asked)).toBeUndefined();
    follower(broker, 2)(4, { logStart: 3 });
    expect(answered(asked)).toBeUndefined();
    follower(broker, 3)(4, { logStart: 3 });
    expect(answered(asked)).toMatchObject({ errorCode: 0, lowWatermark: 3 });
  });

  it("takes -1 for the high watermark", () => {
    const asked = ask(-1);
    expect(broker.partition().log.start).toBe(4);
    for (const replica of [2, 3]) follower(broker, replica)(4, { logStart: 4 });
    expect(answered(asked)).toMatchObject({ errorCode: 0, lowWatermark: 4 });
  });

  it("deletes nothing that is not committed", () => {
    expect(answered(ask(5))).toMatchObject(refused("OFFSET_OUT_OF_RANGE"));
    expect(answered(ask(-2))).toMatchObject(refused("OFFSET_OUT_OF_RANGE"));
    expect(broker.partition().log.start).toBe(0);
  });

  it("never begins a log earlier again", () => {
    ask(3, { timeoutMs: 0 });
    for (const replica of [2, 3]) follower(broker, replica)(4, { logStart: 3 });
    expect(answered(ask(1))).toMatchObject({ errorCode: 0, lowWatermark: 3 });
    expect(broker.partition().log.start).toBe(3);
  });

  it("does not wait for a broker that is fenced", () => {
    const asked = ask(3);
    follower(broker, 2)(4, { logStart: 3 });
    broker.commit([{ type: "fenceBroker", id: 3, epoch: 1 } as never]);
    follower(broker, 2)(4, { logStart: 3 });
    expect(answered(asked)).toMatchObject({ errorCode: 0, lowWatermark: 3 });
  });

  it("is answered when its time is over, though what it has deleted stays deleted", () => {
    const asked = ask(3, { timeoutMs: 700 });
    broker.node.advance(699);
    expect(answered(asked)).toBeUndefined();
    broker.node.advance(1);
    expect(answered(asked)).toMatchObject(refused("REQUEST_TIMED_OUT"));
    expect(broker.partition().log.start).toBe(3);
  });

  it("is refused where the partition is not there, or somebody else leads", () => {
    expect(answered(ask(3, { index: 7 }))).toMatchObject(refused("UNKNOWN_TOPIC_OR_PARTITION"));
    expect(answered(ask(3, { topic: "none" }))).toMatchObject(
      refused("UNKNOWN_TOPIC_OR_PARTITION"),
    );
    const waiting = ask(3);
    broker.change({ leader: 2 });
    expect(answered(waiting)).toMatchObject(refused("NOT_LEADER_OR_FOLLOWER"));
    expect(answered(ask(3))).toMatchObject(refused("NOT_LEADER_OR_FOLLOWER"));
  });

  it("leaves nothing to be fetched before it", () => {
    ask(3, { timeoutMs: 0 });
    const consumer = broker.node.connect();
    expect(fetched(consumer, sendFetch(consumer, 2))).toMatchObject({
      errorCode: errorCode("OFFSET_OUT_OF_RANGE"),
    });
    expect(fetched(consumer, sendFetch(consumer, 3))?.records?.length).toBeGreaterThan(0);
  });
});
