import { beforeEach, describe, expect, it } from "vitest";
import { encodeBatch, errorCode, type ErrorName, fetch, millis, offset, utf8Bytes } from "#core";
import { type ClientNode, consumerNode, topicId } from "../support/client-node.ts";
import { fresh } from "../support/test-node.ts";

let client: ClientNode;
/** A consumer of `orders-0` and `orders-1`, which stands at 0 in both and has session 7 with broker 1. */
beforeEach(() => {
  client = consumerNode();
  client.leaders = [
    { leader: 1, epoch: 0 },
    { leader: 1, epoch: 0 },
  ];
  const partitions = [0, 1].map((partition) => ({ topic: "orders", partition }));
  client.call({ type: "assign", partitions });
  for (const partition of [0, 1]) seek(partition, 0);
  while (asked().metadata[1] === 0)
    answer(
      7,
      Object.keys(asked().named).map((index) => ({ index: Number(index) })),
    );
  while (Object.keys(asked().named).length > 0) answer(7, []);
});

const seek = (partition: number, to: number): void =>
  void client.call({ type: "seek", topic: "orders", partition, to: offset(to) });

const poll = () => client.call({ type: "poll", timeout: millis(0) });

/** The request that waits: its session, what it names with offsets, what it forgets. */
function asked() {
  const { body } = client.first(fetch);
  return {
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
  /** First and last offset of what it brings. */
  readonly records?: readonly [number, number];
}

function answer(sessionId: number, told: readonly Told[], error: ErrorName = "NONE"): void {
  const partitions = told.map((one) => ({
    partitionIndex: one.index,
    errorCode: errorCode(one.error ?? "NONE"),
    highWatermark: 1000,
    abortedTransactions: null,
    records: one.records === undefined ? fresh(0) : batch(...one.records),
  }));
  client.reply(fetch, client.first(fetch), {
    errorCode: errorCode(error),
    sessionId,
    responses: partitions.length === 0 ? [] : [{ topicId, partitions }],
  });
}

function batch(from: number, to: number): Uint8Array {
  const records = Array.from({ length: to - from + 1 }, () => ({
    timestamp: 0,
    key: null,
    value: utf8Bytes("v"),
    headers: [],
  }));
  const ids = { leaderEpoch: 0, producerId: -1, producerEpoch: -1, baseSequence: -1 };
  return encodeBatch({ baseOffset: from, ...ids, records }, fresh);
}

describe("a consumer in a fetch session", () => {
  it("takes silence about a partition for nothing new, and names only what has moved", () => {
    const before = asked().metadata[1] ?? -1;
    answer(7, []);
    expect(client.node.notes("retried")).toEqual([]);
    expect(asked()).toEqual({ metadata: [7, before + 1], named: {}, forgotten: [] });
    answer(7, [{ index: 1, records: [0, 2] }]);
    poll();
    expect(asked()).toEqual({ metadata: [7, before + 2], named: { 1: 3 }, forgotten: [] });
  });

  it("asks nothing of a broker while it has records from there that nobody polled (KAFKA-17182)", () => {
    answer(7, [{ index: 1, records: [0, 2] }]);
    expect(client.waiting(fetch)).toEqual([]);
    poll();
    expect(client.waiting(fetch)).toHaveLength(1);
  });

  it("names a partition again after a seek, and drops what the session brought meanwhile", () => {
    seek(0, 5);
    answer(7, [{ index: 0, records: [0, 1] }]);
    expect(asked().named).toEqual({ 0: 5 });
    answer(7, [{ index: 0, records: [5, 6] }]);
    const call = poll();
    const outcome = client.outcome(call);
    expect(outcome?.type === "polled" && outcome.records.map((one) => one.offset)).toEqual([5, 6]);
  });

  it("has the broker forget a partition while it waits after an error", () => {
    answer(7, [{ index: 1, error: "NOT_LEADER_OR_FOLLOWER" }]);
    expect(asked()).toMatchObject({ named: {}, forgotten: [1] });
    client.node.advance(2000);
    answer(7, []);
    expect(asked()).toMatchObject({ named: { 1: 0 }, forgotten: [] });
  });

  it.each([
    ["FETCH_SESSION_ID_NOT_FOUND", [0, 0]],
    ["INVALID_FETCH_SESSION_EPOCH", [7, 0]],
  ] as const)("asks for everything at once after %s, and moves no position", (error, metadata) => {
    answer(0, [], error);
    expect(asked()).toEqual({ metadata, named: { 0: 0, 1: 0 }, forgotten: [] });
    expect(client.node.notes("sessionRenewed")).toMatchObject([{ with: 1, reason: error }]);
    expect(client.node.notes("retried")).toEqual([]);
  });

  it("asks for everything after its connection was lost", () => {
    client.first(fetch).talk.end("reset");
    client.node.advance(2000);
    expect(asked()).toEqual({ metadata: [7, 0], named: { 0: 0, 1: 0 }, forgotten: [] });
    expect(client.node.notes("sessionRenewed")).toMatchObject([{ reason: "NETWORK_EXCEPTION" }]);
  });
});
