import { beforeEach, describe, expect, it } from "vitest";
import { decodeRecords, errorCode, fetch, readBatchHeader, splitBatches, uuid } from "#core";
import {
  bothHold,
  type BrokerNode,
  fetched,
  type FetchMore,
  follower,
  leadingBroker,
  ordersId,
  sendFetch,
  sendProduce,
} from "../support/broker-node.ts";
import { fresh, type Talk } from "../support/test-node.ts";

let broker: BrokerNode;
let consumer: Talk;
beforeEach(() => {
  broker = leadingBroker();
  consumer = broker.node.connect();
});

const append = (...values: readonly string[]): void => {
  const talk = broker.node.connect();
  for (const value of values) sendProduce(talk, [value], { acks: 1 });
};

const offsetsIn = (records: Uint8Array | null | undefined): number[] =>
  splitBatches(records ?? fresh(0)).flatMap((batch) =>
    decodeRecords(batch).map((record) => record.offset),
  );

/** A fetch that does not wait. */
function read(offset: number, more: FetchMore = {}) {
  const talk = broker.node.connect();
  const answer = fetched(talk, sendFetch(talk, offset, { maxWaitMs: 0, ...more }));
  return { ...answer, offsets: offsetsIn(answer?.records) };
}

describe("a consumer", () => {
  it("reads below the high watermark only; a follower reads to the log end", () => {
    append("a", "b", "c");
    bothHold(broker, 2);
    expect(read(0)).toMatchObject({ highWatermark: 2, offsets: [0, 1] });
    expect(read(0, { replica: 2, epoch: 0 })).toMatchObject({
      highWatermark: 2,
      offsets: [0, 1, 2],
    });
    expect(read(2)).toMatchObject({ errorCode: 0, offsets: [] });
    expect(read(4).errorCode).toBe(errorCode("OFFSET_OUT_OF_RANGE"));
  });

  it("waits at the high watermark, whatever has been appended, until it moves", () => {
    const asked = sendFetch(consumer, 0);
    append("a");
    follower(broker, 2)(1);
    expect(fetched(consumer, asked)).toBeUndefined();
    follower(broker, 3)(1);
    expect(offsetsIn(fetched(consumer, asked)?.records)).toEqual([0]);
  });

  it("waits until there are min bytes, and gets what there is when max wait is over", () => {
    append("a");
    bothHold(broker, 1);
    const size = read(0).records?.length ?? 0;
    const asked = sendFetch(consumer, 0, { minBytes: size + 1, maxWaitMs: 300 });
    const patient = broker.node.connect();
    const other = sendFetch(patient, 0, { minBytes: 2 * size, maxWaitMs: 400 });
    broker.node.advance(299);
    expect(fetched(consumer, asked)).toBeUndefined();
    broker.node.advance(1);
    expect(offsetsIn(fetched(consumer, asked)?.records)).toEqual([0]);
    append("b");
    bothHold(broker, 2);
    expect(offsetsIn(fetched(patient, other)?.records)).toEqual([0, 1]);
  });

  it("gets whole batches, the first even if it is larger than asked for (KIP-74)", () => {
    append("a", "b");
    bothHold(broker, 2);
    expect(read(0, { maxBytes: 1 }).offsets).toEqual([0]);
    sendProduce(broker.node.connect(), ["c", "d"], { acks: 1 });
    bothHold(broker, 4);
    const from = read(3);
    expect(readBatchHeader(from.records ?? fresh(0)).baseOffset).toBe(2);
  });
});

describe("leader epochs in a fetch", () => {
  beforeEach(() => {
    append("a");
    broker.change({ leader: 1 });
  });

  it.each([
    [0, "FENCED_LEADER_EPOCH"],
    [1, "NONE"],
    [-1, "NONE"],
    [2, "UNKNOWN_LEADER_EPOCH"],
  ] as const)("of %i are answered with %s", (epoch, error) => {
    expect(read(0, { epoch }).errorCode).toBe(errorCode(error));
  });

  it("must be right where a replica fetches: its offset counts", () => {
    append("b");
    for (const epoch of [0, -1, 2]) {
      expect(read(2, { replica: 2, epoch }).errorCode).not.toBe(0);
      expect(read(2, { replica: 3, epoch }).errorCode).not.toBe(0);
    }
    expect(broker.partition().highWatermark).toBe(0);
    bothHold(broker, 2);
    expect(broker.partition().highWatermark).toBe(2);
  });

  it("of a log that has parted are answered with where it did, and such a fetch does not count (KAFKA-13141)", () => {
    append("b");
    for (const replica of [2, 3]) {
      const answer = read(2, { replica, epoch: 1, lastEpoch: 0 });
      expect(answer).toMatchObject({
        errorCode: 0,
        divergingEpoch: { epoch: 0, endOffset: 1 },
        offsets: [],
      });
    }
    expect(broker.partition().highWatermark).toBe(0);
    expect(read(1, { replica: 2, epoch: 1, lastEpoch: 0 }).offsets).toEqual([1]);
  });
});

describe("a fetch that waits", () => {
  it("is answered when the leadership ends", () => {
    const asked = sendFetch(consumer, 0, { epoch: 0 });
    const second = follower(broker, 2)(0);
    broker.change({ leader: 2 });
    const error = errorCode("FENCED_LEADER_EPOCH");
    expect(fetched(consumer, asked)?.errorCode).toBe(error);
    expect(second.answer()?.errorCode).not.toBe(0);
  });

  it("is answered when another epoch begins under the same leader", () => {
    const asked = sendFetch(consumer, 0);
    const second = follower(broker, 2)(0);
    broker.change({ leader: 1 });
    expect(fetched(consumer, asked)).toMatchObject({ errorCode: 0 });
    expect(second.answer()?.errorCode).toBe(errorCode("FENCED_LEADER_EPOCH"));
  });

  it("of a follower is answered by the next append", () => {
    const second = follower(broker, 2)(0);
    expect(second.answer()).toBeUndefined();
    append("a");
    expect(offsetsIn(second.answer()?.records)).toEqual([0]);
  });
});

describe("a follower's fetch offset", () => {
  it("does not count from an earlier life of its broker (KIP-903)", () => {
    append("a");
    broker.registerPeer(2, 50);
    bothHold(broker, 1);
    expect(broker.partition().highWatermark).toBe(0);
    follower(broker, 2)(1, { replicaEpoch: 50 });
    expect(broker.partition().highWatermark).toBe(1);
  });

  it("does not count where the asker has no replica", () => {
    expect(read(0, { replica: 9, epoch: 0 }).errorCode).toBe(errorCode("UNKNOWN_LEADER_EPOCH"));
  });
});

describe("a fetch of something that is not here", () => {
  it("is refused at once", () => {
    const stranger = uuid("00000000-0000-0000-0000-0000000000ff");
    expect(read(0, { topicId: stranger }).errorCode).toBe(errorCode("UNKNOWN_TOPIC_ID"));
    expect(read(0, { index: 5 }).errorCode).toBe(errorCode("UNKNOWN_TOPIC_OR_PARTITION"));
    const asked = sendFetch(consumer, 0, { index: 5, maxWaitMs: 500 });
    expect(fetched(consumer, asked)).toBeDefined();
  });

  it("does not keep the other partitions of the question waiting", () => {
    const partition = { currentLeaderEpoch: -1, fetchOffset: 0, partitionMaxBytes: 1000 };
    const answer = consumer.call(fetch, {
      maxWaitMs: 500,
      minBytes: 1,
      topics: [
        {
          topicId: ordersId,
          partitions: [
            { partition: 0, ...partition },
            { partition: 5, ...partition },
          ],
        },
      ],
      forgottenTopicsData: [],
    });
    expect(answer.responses[0]?.partitions.map((one) => one.errorCode)).toEqual([
      0,
      errorCode("UNKNOWN_TOPIC_OR_PARTITION"),
    ]);
  });
});
