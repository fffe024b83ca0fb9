import { describe, expect, it } from "vitest";
import {
  type CallId,
  type ConsumerSettings,
  controlBit,
  encodeBatch,
  fetch,
  listOffsets,
  millis,
  offset,
  utf8Bytes,
} from "#core";
import {
  answerFetch,
  answerOffset,
  type ClientNode,
  consumerNode,
  wantOf,
} from "../support/client-node.ts";
import { fresh } from "../support/test-node.ts";

/** Records of a log at offsets `base` on, as a leader stores them. */
function batch(base: number, count: number, more: { epoch?: number; attributes?: number } = {}) {
  return encodeBatch(
    {
      baseOffset: base,
      leaderEpoch: more.epoch ?? 0,
      producerId: -1,
      producerEpoch: -1,
      baseSequence: -1,
      attributes: more.attributes ?? 0,
      records: Array.from({ length: count }, (_, i) => ({
        timestamp: 0,
        key: null,
        value: utf8Bytes(`v${base + i}`),
        headers: [],
      })),
    },
    fresh,
  );
}

/** A consumer of `orders-0`. */
function assigned(more: Partial<ConsumerSettings> = {}): ClientNode {
  const client = consumerNode({ "auto.offset.reset": "earliest", ...more });
  client.call({ type: "assign", partitions: [{ topic: "orders", partition: 0 }] });
  return client;
}

/** One that stands at an offset. */
function standing(at: number, more: Partial<ConsumerSettings> = {}): ClientNode {
  const client = assigned(more);
  seek(client, at);
  return client;
}

const seek = (client: ClientNode, to: number | "earliest" | "latest"): CallId =>
  client.call({
    type: "seek",
    topic: "orders",
    partition: 0,
    to: typeof to === "number" ? offset(to) : to,
  });

const poll = (client: ClientNode, timeout = 1000): CallId =>
  client.call({ type: "poll", timeout: millis(timeout) });

/** What a poll brought: offsets, and where the consumer stands then; undefined while it waits. */
function polled(client: ClientNode, call: CallId) {
  const outcome = client.outcome(call);
  if (outcome?.type !== "polled") return undefined;
  return {
    offsets: outcome.records.map((record) => record.offset),
    position: outcome.positions[0]?.offset,
  };
}

describe("where a consumer begins", () => {
  it.each([
    ["earliest", -2],
    ["latest", -1],
  ] as const)("is what auto.offset.reset says, asked of the leader: %s", (policy, timestamp) => {
    const client = assigned({ "auto.offset.reset": policy });
    client.node.advance(1000);
    expect(client.waiting(listOffsets)).toEqual([]);
    poll(client);
    const asked = client.first(listOffsets);
    expect(asked.body.topics[0]?.partitions[0]?.timestamp).toBe(timestamp);
    answerOffset(client, asked, 17);
    expect(wantOf(client.first(fetch)).fetchOffset).toBe(17);
    expect(client.node.notes("positionReset")).toMatchObject([{ offset: 17, why: "start" }]);
  });

  it("is asked again when the leader cannot say (KIP-207)", () => {
    const client = assigned();
    poll(client, 5000);
    answerOffset(client, client.first(listOffsets), -1, "OFFSET_NOT_AVAILABLE");
    expect(client.waiting(listOffsets)).toEqual([]);
    client.node.advance(200);
    answerOffset(client, client.first(listOffsets), 3);
    expect(wantOf(client.first(fetch)).fetchOffset).toBe(3);
  });

  it("is nowhere without a policy, until it seeks", () => {
    const client = assigned({ "auto.offset.reset": "none" });
    const call = poll(client);
    client.node.advance(1000);
    expect(polled(client, call)).toEqual({ offsets: [], position: undefined });
    expect(client.waiting(listOffsets)).toEqual([]);
    seek(client, 4);
    expect(wantOf(client.first(fetch)).fetchOffset).toBe(4);
  });
});

describe("a poll", () => {
  it("waits for records and brings them with the position after them", () => {
    const client = standing(0);
    const call = poll(client);
    client.node.advance(500);
    expect(polled(client, call)).toBeUndefined();
    answerFetch(client, client.first(fetch), { records: [batch(0, 3)] });
    expect(polled(client, call)).toEqual({ offsets: [0, 1, 2], position: 3 });
  });

  it("brings nothing when its time is over", () => {
    const client = standing(5);
    const call = poll(client, 300);
    client.node.advance(299);
    expect(polled(client, call)).toBeUndefined();
    client.node.advance(1);
    expect(polled(client, call)).toEqual({ offsets: [], position: 5 });
  });

  it("brings at most max.poll.records, and the rest without another fetch", () => {
    const client = standing(0, { "max.poll.records": 2 });
    const first = poll(client);
    answerFetch(client, client.first(fetch), { records: [batch(0, 3)] });
    expect(polled(client, first)).toEqual({ offsets: [0, 1], position: 2 });
    expect(client.waiting(fetch)).toEqual([]);
    expect(polled(client, poll(client))).toEqual({ offsets: [2], position: 3 });
    expect(wantOf(client.first(fetch)).fetchOffset).toBe(3);
  });

  it("skips records below the asked offset: a batch may begin there", () => {
    const client = standing(2);
    const call = poll(client);
    answerFetch(client, client.first(fetch), { records: [batch(0, 4)] });
    expect(polled(client, call)).toEqual({ offsets: [2, 3], position: 4 });
  });

  it("steps over control batches and over offsets that are gone", () => {
    const client = standing(0);
    const call = poll(client);
    const records = [batch(0, 1), batch(1, 1, { attributes: controlBit }), batch(7, 1)];
    answerFetch(client, client.first(fetch), { records });
    expect(polled(client, call)).toEqual({ offsets: [0, 7], position: 8 });
    const empty = poll(client, 100);
    answerFetch(client, client.first(fetch), {
      records: [batch(8, 1, { attributes: controlBit })],
    });
    client.node.advance(100);
    expect(polled(client, empty)).toEqual({ offsets: [], position: 9 });
    expect(wantOf(client.first(fetch)).fetchOffset).toBe(9);
  });

  it("leaves a cut batch at the end for the next fetch, and asks again for a damaged one", () => {
    const client = standing(0);
    const call = poll(client);
    answerFetch(client, client.first(fetch), {
      records: [batch(0, 1), batch(1, 1).subarray(0, 40)],
    });
    expect(polled(client, call)).toEqual({ offsets: [0], position: 1 });
    const damaged = batch(1, 1);
    damaged[damaged.length - 1] = (damaged.at(-1) ?? 0) ^ 1;
    const next = poll(client, 5000);
    answerFetch(client, client.first(fetch), { records: [damaged] });
    expect(polled(client, next)).toBeUndefined();
    client.node.advance(300);
    expect(wantOf(client.first(fetch)).fetchOffset).toBe(1);
  });

  it("tells in the next fetch the epoch of the last record that it handed out", () => {
    const client = standing(0);
    poll(client);
    answerFetch(client, client.first(fetch), { records: [batch(0, 1, { epoch: 4 })] });
    expect(wantOf(client.first(fetch))).toMatchObject({ fetchOffset: 1, lastFetchedEpoch: 4 });
  });
});

describe("a seek", () => {
  it("drops what was fetched, and the answer to what was asked before it", () => {
    const client = standing(0, { "max.poll.records": 1 });
    poll(client);
    answerFetch(client, client.first(fetch), { records: [batch(0, 3)] });
    seek(client, 40);
    const asked = client.first(fetch);
    expect(wantOf(asked).fetchOffset).toBe(40);
    seek(client, 10);
    const call = poll(client);
    answerFetch(client, asked, { records: [batch(40, 2)] });
    expect(polled(client, call)).toBeUndefined();
    answerFetch(client, client.first(fetch), { records: [batch(10, 1)] });
    expect(polled(client, call)).toEqual({ offsets: [10], position: 11 });
  });

  it("is the last word: what was being looked up before it does not move the consumer any more", () => {
    const client = assigned();
    poll(client);
    const asked = client.first(listOffsets);
    seek(client, 4);
    answerOffset(client, asked, 17);
    expect(wantOf(client.first(fetch)).fetchOffset).toBe(4);
    expect(client.node.notes("positionReset")).toMatchObject([{ offset: 4, why: "seek" }]);
  });

  it("to the end or the beginning asks the leader where that is", () => {
    const client = standing(9);
    seek(client, "latest");
    answerFetch(client, client.first(fetch));
    answerOffset(client, client.first(listOffsets), 30);
    expect(client.node.notes("positionReset").at(-1)).toMatchObject({ offset: 30, why: "seek" });
  });

  it("in a partition that is not assigned fails", () => {
    const client = consumerNode();
    expect(client.outcome(seek(client, 1))).toMatchObject({ type: "failed" });
  });
});

describe("an offset that is out of range", () => {
  it.each([
    ["earliest", -2],
    ["latest", -1],
  ] as const)("moves the consumer where the policy says: %s", (policy, timestamp) => {
    const client = standing(50, { "auto.offset.reset": policy });
    answerFetch(client, client.first(fetch), { error: "OFFSET_OUT_OF_RANGE" });
    const asked = client.first(listOffsets);
    expect(asked.body.topics[0]?.partitions[0]?.timestamp).toBe(timestamp);
    answerOffset(client, asked, 8);
    expect(client.node.notes("positionReset").at(-1)).toMatchObject({
      offset: 8,
      why: "outOfRange",
    });
  });

  it("without a policy leaves it where it is, until it seeks", () => {
    const client = standing(50, { "auto.offset.reset": "none" });
    answerFetch(client, client.first(fetch), { error: "OFFSET_OUT_OF_RANGE" });
    const call = poll(client);
    client.node.advance(60_000);
    expect(polled(client, call)).toEqual({ offsets: [], position: 50 });
    expect(client.waiting(fetch)).toEqual([]);
    expect(client.waiting(listOffsets)).toEqual([]);
    seek(client, 8);
    expect(wantOf(client.first(fetch)).fetchOffset).toBe(8);
  });
});

describe("a log that was cut below the position (KIP-320)", () => {
  it("sends the consumer back to where it parted", () => {
    const client = standing(10);
    answerFetch(client, client.first(fetch), { diverging: { epoch: 0, endOffset: 8 } });
    expect(wantOf(client.first(fetch))).toMatchObject({ fetchOffset: 8, lastFetchedEpoch: 0 });
    expect(client.node.notes("positionReset").at(-1)).toMatchObject({
      offset: 8,
      why: "truncation",
    });
  });

  it("never sends it forward: an earlier epoch may end beyond what was read", () => {
    const client = standing(10);
    answerFetch(client, client.first(fetch), { diverging: { epoch: 3, endOffset: 20 } });
    expect(wantOf(client.first(fetch))).toMatchObject({ fetchOffset: 10, lastFetchedEpoch: 3 });
  });

  it("does not move it without a reset policy", () => {
    const client = standing(10, { "auto.offset.reset": "none" });
    answerFetch(client, client.first(fetch), { diverging: { epoch: 0, endOffset: 8 } });
    const call = poll(client, 500);
    client.node.advance(500);
    expect(polled(client, call)).toEqual({ offsets: [], position: 10 });
    expect(client.waiting(fetch)).toEqual([]);
  });
});

describe("a consumer that is sent to a nearer replica (KIP-392)", () => {
  /** Broker 1 leads; it has sent the consumer to broker 2, where that has read offset 5. */
  function sent(more: Partial<ConsumerSettings> = {}): ClientNode {
    const client = standing(5, { "client.rack": "r2", ...more });
    const asked = client.first(fetch);
    expect(asked.talk.to).toBe("b1:9092");
    expect(asked.body.rackId).toBe("r2");
    answerFetch(client, asked, { preferred: 2 });
    const again = client.first(fetch);
    expect(again.talk.to).toBe("b2:9092");
    expect(wantOf(again).fetchOffset).toBe(5);
    answerFetch(client, again, { records: [batch(5, 1)] });
    poll(client);
    return client;
  }

  it("reads there from where it stands, and goes on there", () => {
    const client = sent();
    const again = client.first(fetch);
    expect(again.talk.to).toBe("b2:9092");
    expect(wantOf(again)).toMatchObject({ fetchOffset: 6, currentLeaderEpoch: 0 });
  });

  it("asks the leader again after metadata.max.age.ms", () => {
    const client = sent({ "metadata.max.age.ms": 2000 });
    client.node.advance(2001);
    answerFetch(client, client.first(fetch), { records: [batch(6, 1)] });
    poll(client);
    expect(client.first(fetch).talk.to).toBe("b1:9092");
  });

  it("asks the leader where the replica says that the offset is out of its range, and resets nothing", () => {
    const client = sent({ "auto.offset.reset": "none" });
    answerFetch(client, client.first(fetch), { error: "OFFSET_OUT_OF_RANGE" });
    const again = client.first(fetch);
    expect(again.talk.to).toBe("b1:9092");
    expect(wantOf(again).fetchOffset).toBe(6);
    expect(client.node.notes("positionReset")).toHaveLength(1);
    // The leader's word counts.
    answerFetch(client, again, { error: "OFFSET_OUT_OF_RANGE" });
    client.node.advance(3000);
    expect(client.waiting(fetch)).toEqual([]);
  });

  it.each(["FENCED_LEADER_EPOCH", "UNKNOWN_LEADER_EPOCH", "NOT_LEADER_OR_FOLLOWER"] as const)(
    "goes back to the leader after %s",
    (error) => {
      const client = sent();
      answerFetch(client, client.first(fetch), { error });
      client.node.advance(500);
      expect(client.first(fetch).talk.to).toBe("b1:9092");
    },
  );

  it("goes back to the leader when its connection is lost", () => {
    const client = sent();
    client.first(fetch).talk.end("reset");
    client.node.advance(1000);
    const again = client.first(fetch);
    expect(again.talk.to).toBe("b1:9092");
    expect(wantOf(again).fetchOffset).toBe(6);
  });
});

describe("errors of a fetch", () => {
  it.each(["NOT_LEADER_OR_FOLLOWER", "FENCED_LEADER_EPOCH", "UNKNOWN_LEADER_EPOCH"] as const)(
    "%s: the position stays, and the leader is looked up again",
    (error) => {
      const client = standing(5);
      const asked = client.first(fetch);
      expect(asked.talk.to).toBe("b1:9092");
      client.leaders = [{ leader: 2, epoch: 1 }];
      answerFetch(client, asked, { error });
      client.node.advance(500);
      const again = client.first(fetch);
      expect(again.talk.to).toBe("b2:9092");
      expect(wantOf(again)).toMatchObject({ fetchOffset: 5, currentLeaderEpoch: 1 });
    },
  );

  it("a lost connection: the same offset is asked for again", () => {
    const client = standing(5);
    client.first(fetch).talk.end("reset");
    client.node.advance(1000);
    expect(wantOf(client.first(fetch)).fetchOffset).toBe(5);
  });

  it("a leader of an earlier epoch is not believed in (KIP-320)", () => {
    const client = standing(5, { "metadata.max.age.ms": 1000 });
    client.leaders = [{ leader: 2, epoch: 3 }];
    client.node.advance(2000);
    client.leaders = [{ leader: 1, epoch: 2 }];
    client.node.advance(2000);
    answerFetch(client, client.first(fetch), { records: [batch(5, 1)] });
    poll(client);
    expect(client.first(fetch).talk.to).toBe("b2:9092");
  });
});

describe("end offsets", () => {
  it("are told for every assigned partition and move nothing", () => {
    const client = standing(2);
    const call = client.call({ type: "endOffsets" });
    answerFetch(client, client.first(fetch));
    answerOffset(client, client.first(listOffsets), 12);
    expect(client.outcome(call)).toEqual({
      type: "endOffsets",
      offsets: [{ topic: "orders", partition: 0, offset: 12 }],
    });
    expect(wantOf(client.first(fetch)).fetchOffset).toBe(2);
  });

  it("are asked for all partitions of a topic that was assigned as a whole", () => {
    const client = consumerNode();
    client.leaders = [0, 1].map(() => ({ leader: 1, epoch: 0 }));
    const done = client.call({ type: "assignTopic", topic: "orders" });
    expect(client.outcome(done)).toEqual({ type: "done" });
    const call = client.call({ type: "endOffsets" });
    answerOffset(client, client.first(listOffsets), 7);
    expect(client.outcome(call)).toMatchObject({
      offsets: [
        { partition: 0, offset: 7 },
        { partition: 1, offset: 7 },
      ],
    });
  });
});
