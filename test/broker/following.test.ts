import { beforeEach, describe, expect, it } from "vitest";
import { errorCode, type ErrorName, fetch, listOffsets, offset, stampBatch } from "#core";
import { BrokerNode, ordersId } from "../support/broker-node.ts";
import { batchOf } from "../support/replicas.ts";
import { fresh, type Talk } from "../support/test-node.ts";

let broker: BrokerNode;
/** Broker 1 follows broker 2 in `orders-0`. */
beforeEach(() => {
  broker = new BrokerNode();
  broker.node.feed({ type: "started" });
  broker.makeOrders([{ leader: 2 }]);
});

/** The connection to the leader. */
function toLeader(name = "b2:9092"): Talk {
  const talk = broker.node.talks.findLast(({ to, ended }) => to === name && ended === undefined);
  if (talk === undefined) throw new Error(`nothing is asked of ${name}`);
  return talk;
}

const question = (talk = toLeader()) => {
  const found = talk.requests(fetch).at(-1);
  const want = found?.body.topics[0]?.partitions[0];
  if (found === undefined || want === undefined) throw new Error("nothing is fetched");
  return { ...found, want };
};

interface Answer {
  readonly error?: ErrorName;
  readonly highWatermark?: number;
  readonly logStart?: number;
  readonly diverging?: { readonly epoch: number; readonly endOffset: number };
  readonly records?: readonly Uint8Array[];
}

function answer(given: Answer, to = question(), talk = toLeader()): void {
  const records = new Uint8Array((given.records ?? []).flatMap((one) => [...one]));
  talk.reply(fetch, to.label, {
    responses: [
      {
        topicId: ordersId,
        partitions: [
          {
            partitionIndex: 0,
            errorCode: errorCode(given.error ?? "NONE"),
            highWatermark: given.highWatermark ?? 0,
            logStartOffset: given.logStart ?? 0,
            abortedTransactions: null,
            records,
            ...(given.diverging === undefined ? {} : { divergingEpoch: given.diverging }),
          },
        ],
      },
    ],
  });
}

/** A batch as the leader stored it. */
function stored(base: number, epoch: number, ...values: readonly string[]): Uint8Array {
  const batch = batchOf(values);
  stampBatch(batch, offset(base), epoch);
  return batch;
}

/** The leader says where an edge of its log is. */
function tellEdge(edge: "latest" | "earliest", at: number, error: ErrorName = "NONE"): void {
  const talk = toLeader();
  const { label, body } = talk.requests(listOffsets).at(-1)!;
  expect(body).toMatchObject({
    replicaId: 1,
    topics: [
      {
        name: "orders",
        partitions: [{ partitionIndex: 0, timestamp: edge === "latest" ? -1 : -2 }],
      },
    ],
  });
  const partition = { partitionIndex: 0, errorCode: errorCode(error), offset: at, leaderEpoch: 0 };
  talk.reply(listOffsets, label, { topics: [{ name: "orders", partitions: [partition] }] });
}

describe("a follower and its leader's log start", () => {
  beforeEach(() => {
    answer({ records: [stored(0, 0, "a", "b"), stored(2, 0, "c")], highWatermark: 2 });
  });

  it("lets go what its leader has let go, and says so with its next fetch", () => {
    answer({ highWatermark: 3, logStart: 2 });
    expect(broker.partition().log.start).toBe(2);
    expect(broker.node.notes("logStartRaised")).toMatchObject([{ to: 2, why: "leader" }]);
    expect(question().want).toMatchObject({ fetchOffset: 3, logStartOffset: 2 });
  });

  it("lets go all that is committed, if its leader has", () => {
    answer({ highWatermark: 3, logStart: 3 });
    expect(broker.partition().log.start).toBe(3);
  });

  it("lets nothing go that it does not know to be committed", () => {
    answer({ highWatermark: 2, logStart: 3 });
    expect(broker.partition().log.start).toBe(0);
    expect(broker.node.notes("logStartRaised")).toEqual([]);
  });

  it("begins anew where its leader's log begins, if that is behind its own end", () => {
    answer({ error: "OFFSET_OUT_OF_RANGE" });
    tellEdge("latest", 60);
    tellEdge("earliest", 50);
    expect(broker.partition()).toMatchObject({ highWatermark: 50, log: { start: 50, end: 50 } });
    expect(broker.node.notes("logRestarted")).toMatchObject([{ from: 3, start: 50 }]);
    expect(question().want).toMatchObject({
      fetchOffset: 50,
      logStartOffset: 50,
      lastFetchedEpoch: -1,
    });
    answer({ records: [stored(50, 0, "x")], highWatermark: 51 });
    expect(broker.partition()).toMatchObject({ highWatermark: 51, log: { end: 51 } });
  });

  it("cuts to where its leader's log ends, if that is before its own end", () => {
    answer({ error: "OFFSET_OUT_OF_RANGE" });
    tellEdge("latest", 2);
    expect(broker.partition().log.end).toBe(2);
    expect(toLeader().requests(listOffsets)).toHaveLength(1);
    expect(question().want).toMatchObject({ fetchOffset: 2 });
  });

  it("cuts before its own start where its leader's log ends there, and goes on from there", () => {
    answer({ highWatermark: 3, logStart: 2 });
    broker.change({ leader: 3 });
    const talk = toLeader("b3:9092");
    answer(
      { diverging: { epoch: -1, endOffset: -1 }, error: "OFFSET_OUT_OF_RANGE" },
      question(talk),
      talk,
    );
    const { label } = talk.requests(listOffsets).at(-1)!;
    const partition = { partitionIndex: 0, errorCode: 0, offset: 0, leaderEpoch: 1 };
    talk.reply(listOffsets, label, { topics: [{ name: "orders", partitions: [partition] }] });
    expect(broker.partition()).toMatchObject({ highWatermark: 0, log: { start: 0, end: 0 } });
    expect(question(talk).want).toMatchObject({ fetchOffset: 0, currentLeaderEpoch: 1 });
  });

  it("keeps its log where the leader's holds its end after all", () => {
    answer({ error: "OFFSET_OUT_OF_RANGE" });
    tellEdge("latest", 60);
    tellEdge("earliest", 3);
    expect(broker.partition().log).toMatchObject({ start: 0, end: 3 });
    expect(question().want).toMatchObject({ fetchOffset: 3 });
  });

  it("waits replica.fetch.backoff.ms where the leader does not say", () => {
    answer({ error: "OFFSET_OUT_OF_RANGE" });
    const before = toLeader().requests(fetch).length;
    tellEdge("latest", -1, "NOT_LEADER_OR_FOLLOWER");
    broker.node.advance(999);
    expect(toLeader().requests(fetch)).toHaveLength(before);
    broker.node.advance(1);
    expect(toLeader().requests(fetch)).toHaveLength(before + 1);
  });

  it("drops what a leader of an earlier epoch says about its log", () => {
    answer({ error: "OFFSET_OUT_OF_RANGE" });
    broker.change({ leader: 2 });
    tellEdge("latest", 0);
    expect(broker.partition().log.end).toBe(3);
    expect(question().want).toMatchObject({ currentLeaderEpoch: 1, fetchOffset: 3 });
  });
});

describe("a follower", () => {
  it("asks for what follows its log end, with its broker epoch and the epoch of its last batch", () => {
    expect(question().body.replicaState).toEqual({
      replicaId: 1,
      replicaEpoch: broker.node.state.lifecycle.epoch,
    });
    expect(question().want).toMatchObject({
      currentLeaderEpoch: 0,
      fetchOffset: 0,
      lastFetchedEpoch: -1,
    });
    answer({ records: [stored(0, 0, "a", "b"), stored(2, 0, "c")], highWatermark: 2 });
    expect(question().want).toMatchObject({ fetchOffset: 3, lastFetchedEpoch: 0 });
    expect(broker.partition()).toMatchObject({ highWatermark: 2 });
  });

  it("knows a high watermark no higher than its own log end", () => {
    answer({ records: [stored(0, 0, "a")], highWatermark: 9 });
    expect(broker.partition().highWatermark).toBe(1);
  });

  it("cuts where its log parts from the leader's, ignores that answer's high watermark, and asks again", () => {
    answer({ records: [stored(0, 0, "a"), stored(1, 0, "b")], highWatermark: 0 });
    broker.change({ leader: 3 });
    const talk = toLeader("b3:9092");
    answer({ diverging: { epoch: 0, endOffset: 1 }, highWatermark: 2 }, question(talk), talk);
    expect(broker.partition().log.end).toBe(1);
    // What is left may part from the leader's log again: nothing of it is known to be committed.
    expect(broker.partition().highWatermark).toBe(0);
    expect(broker.node.notes("truncated")).toMatchObject([
      { from: 2, to: 1, reason: "divergence" },
    ]);
    expect(question(talk).want).toMatchObject({ fetchOffset: 1, currentLeaderEpoch: 1 });
  });

  it("drops the answer to a question of an earlier epoch (KAFKA-18991)", () => {
    answer({ records: [stored(0, 0, "a"), stored(1, 0, "b")], highWatermark: 2 });
    const late = question();
    broker.change({ leader: 2 });
    answer({ diverging: { epoch: 0, endOffset: 0 } }, late);
    expect(broker.partition().log.end).toBe(2);
    expect(question().want).toMatchObject({ fetchOffset: 2, currentLeaderEpoch: 1 });
  });

  it("waits replica.fetch.backoff.ms after an error, and then goes on", () => {
    answer({ error: "UNKNOWN_LEADER_EPOCH" });
    expect(toLeader().requests(fetch)).toHaveLength(1);
    broker.node.advance(999);
    expect(toLeader().requests(fetch)).toHaveLength(1);
    broker.node.advance(1);
    expect(toLeader().requests(fetch)).toHaveLength(2);
  });

  it("opens another connection after one that was lost", () => {
    const first = toLeader();
    first.end("reset");
    broker.node.advance(1000);
    expect(toLeader()).not.toBe(first);
    expect(question().want.fetchOffset).toBe(0);
  });

  it("takes nothing that is damaged, and asks again", () => {
    const damaged = stored(0, 0, "a");
    damaged[damaged.length - 1] = (damaged.at(-1) ?? 0) ^ 1;
    answer({ records: [damaged] });
    expect(broker.partition().log.end).toBe(0);
    broker.node.advance(1000);
    expect(question().want.fetchOffset).toBe(0);
    answer({ records: [stored(0, 0, "a")] });
    expect(broker.partition().log.end).toBe(1);
  });

  it("gives the connection up for an answer that makes no sense", () => {
    const talk = toLeader();
    talk.write(new Uint8Array([0, 0, 0, 4, 9, 9, 9, 9]));
    expect(talk.ended).toBe("there");
    broker.node.advance(1000);
    expect(question(toLeader()).want.fetchOffset).toBe(0);
  });

  it("leaves its old leader for the new one at once, and leads from its own log end when told to", () => {
    answer({ records: [stored(0, 0, "a")] });
    const old = toLeader();
    broker.change({ leader: 3 });
    expect(old.ended).toBe("there");
    expect(question(toLeader("b3:9092")).want).toMatchObject({ fetchOffset: 1 });
    broker.change({ leader: 1 });
    expect(toLeaderEnded("b3:9092")).toBe(true);
    expect(broker.node.notes("roleTaken").at(-1)).toMatchObject({
      role: "leader",
      epoch: 2,
      start: 1,
    });
  });

  it("remembers producers of what it copied: as leader it knows their duplicates", () => {
    const batch = batchOf(["a"], { producer: 7, sequence: 0 });
    stampBatch(batch, offset(0), 0);
    answer({ records: [batch] });
    broker.change({ leader: 1 });
    expect([...broker.partition().log.producers.keys()]).toEqual([7]);
  });
});

const toLeaderEnded = (name: string): boolean =>
  broker.node.talks.filter(({ to }) => to === name).every(({ ended }) => ended === "there");

describe("an answer with nothing in it", () => {
  it("keeps what the follower says of its last batch (KAFKA-15510)", () => {
    answer({ records: [stored(0, 0, "a")] });
    answer({ records: [fresh(0)], highWatermark: 1 });
    expect(question().want).toMatchObject({ fetchOffset: 1, lastFetchedEpoch: 0 });
    expect(broker.partition().highWatermark).toBe(1);
  });
});
