import { beforeEach, describe, expect, it } from "vitest";
import { errorCode, type ErrorName, fetch, offset, stampBatch } from "#core";
import { BrokerNode, ordersId } from "../support/broker-node.ts";
import { batchOf } from "../support/replicas.ts";
import { fresh, type Talk } from "../support/test-node.ts";

let broker: BrokerNode;
/** Broker 1 follows broker 2 in three partitions of `orders`; the session it is given is 7. */
beforeEach(() => {
  broker = new BrokerNode();
  broker.node.feed({ type: "started" });
  broker.makeOrders([{ leader: 2 }, { leader: 2 }, { leader: 2 }]);
  settle();
});

function leader(name = "b2:9092"): Talk {
  const talk = broker.node.talks.findLast(({ to, ended }) => to === name && ended === undefined);
  if (talk === undefined) throw new Error(`nothing is asked of ${name}`);
  return talk;
}

/** The last request: its session, what it names with offsets, what it forgets. */
function asked(talk = leader()) {
  const found = talk.requests(fetch).at(-1);
  if (found === undefined) throw new Error("nothing is fetched");
  const { label, body } = found;
  return {
    label,
    metadata: [body.sessionId, body.sessionEpoch],
    named: Object.fromEntries(
      body.topics.flatMap(({ partitions }) =>
        partitions.map((one) => [one.partition, one.fetchOffset]),
      ),
    ),
    forgotten: body.forgottenTopicsData.flatMap(({ partitions }) => partitions),
  };
}

interface Told {
  readonly index: number;
  readonly error?: ErrorName;
  readonly highWatermark?: number;
  readonly records?: Uint8Array;
}

function answer(sessionId: number, told: readonly Told[], error: ErrorName = "NONE"): void {
  const partitions = told.map((one) => ({
    partitionIndex: one.index,
    errorCode: errorCode(one.error ?? "NONE"),
    highWatermark: one.highWatermark ?? 0,
    abortedTransactions: null,
    records: one.records ?? fresh(0),
  }));
  leader().reply(fetch, asked().label, {
    errorCode: errorCode(error),
    sessionId,
    responses: partitions.length === 0 ? [] : [{ topicId: ordersId, partitions }],
  });
}

/** Answers what is asked in full until all is in session 7; the next request bears epoch 1 or more. */
function settle(): void {
  for (let i = 0; i < 3 && asked().metadata[1] === 0; i++)
    answer(
      7,
      Object.keys(asked().named).map((index) => ({ index: Number(index) })),
    );
  while (Object.keys(asked().named).length > 0) answer(7, []);
}

function record(base: number): Uint8Array {
  const batch = batchOf(["a"]);
  stampBatch(batch, offset(base), 0);
  return batch;
}

const epoch = (): number => asked().metadata[1] ?? -1;

describe("a follower in a fetch session", () => {
  it("names only the partitions that have moved, and counts its requests", () => {
    const before = epoch();
    answer(7, []);
    expect(asked()).toMatchObject({ metadata: [7, before + 1], named: {}, forgotten: [] });
    answer(7, [{ index: 1, records: record(0) }]);
    expect(asked()).toMatchObject({ metadata: [7, before + 2], named: { 1: 1 }, forgotten: [] });
    answer(7, [{ index: 1, highWatermark: 1 }]);
    expect(asked()).toMatchObject({ metadata: [7, before + 3], named: {} });
    expect(broker.partition("orders-1").highWatermark).toBe(1);
  });

  it("has the leader forget a partition while it waits after an error, and names it again", () => {
    answer(7, [{ index: 1, error: "UNKNOWN_LEADER_EPOCH" }]);
    expect(asked()).toMatchObject({ named: {}, forgotten: [1] });
    answer(7, []);
    expect(asked()).toMatchObject({ named: {}, forgotten: [] });
    broker.node.advance(1000);
    answer(7, []);
    expect(asked()).toMatchObject({ named: { 1: 0 }, forgotten: [] });
  });

  it("names a partition under its new leader epoch, and forgets one that another leads now", () => {
    broker.change({ leader: 2 }, 0);
    broker.change({ leader: 3 }, 1);
    const before = epoch();
    answer(7, []);
    expect(asked()).toMatchObject({ metadata: [7, before + 1], named: { 0: 0 }, forgotten: [1] });
    expect(asked(leader("b3:9092"))).toMatchObject({ metadata: [0, 0], named: { 1: 0 } });
  });

  it.each([
    ["FETCH_SESSION_ID_NOT_FOUND", [0, 0]],
    ["INVALID_FETCH_SESSION_EPOCH", [7, 0]],
  ] as const)("asks for everything at once after %s", (error, metadata) => {
    answer(0, [], error);
    expect(asked()).toMatchObject({ metadata, named: { 0: 0, 1: 0, 2: 0 } });
    const renewed = broker.node.notes("sessionRenewed");
    expect(renewed).toMatchObject([{ with: 2, reason: error }]);
    answer(8, [{ index: 0, records: record(0) }, { index: 1 }, { index: 2 }]);
    expect(asked()).toMatchObject({ metadata: [8, 1], named: { 0: 1 } });
  });

  it("asks for everything after its connection was lost, once the wait is over", () => {
    leader().end("reset");
    expect(broker.node.notes("sessionRenewed")).toMatchObject([{ reason: "NETWORK_EXCEPTION" }]);
    broker.node.advance(1000);
    expect(asked()).toMatchObject({ metadata: [7, 0], named: { 0: 0, 1: 0, 2: 0 } });
  });

  it("takes nothing from an answer that tells of what it did not ask", () => {
    answer(7, [{ index: 0, records: record(0) }, { index: 9 }]);
    expect(broker.partition("orders-0").log.end).toBe(0);
    expect(asked().metadata).toEqual([7, 0]);
  });

  it("names everything each time where the leader gives no session", () => {
    answer(0, [], "FETCH_SESSION_ID_NOT_FOUND");
    for (let i = 0; i < 2; i++) {
      answer(0, [{ index: 0 }, { index: 1 }, { index: 2 }]);
      expect(asked()).toMatchObject({ metadata: [0, 0], named: { 0: 0, 1: 0, 2: 0 } });
    }
  });
});
