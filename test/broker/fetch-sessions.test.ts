import { beforeEach, describe, expect, it } from "vitest";
import {
  type BrokerSettings,
  decodeRecords,
  errorCode,
  fetch,
  splitBatches,
  type Uuid,
  uuid,
} from "#core";
import {
  type BrokerNode,
  leadingBroker,
  ordersId,
  peerEpoch,
  sendProduce,
} from "../support/broker-node.ts";
import type { Talk } from "../support/test-node.ts";

let broker: BrokerNode;
let talk: Talk;
function begin(more: Partial<BrokerSettings> = {}): void {
  broker = leadingBroker([{}, {}, {}], { "min.insync.replicas": "2" }, more);
  talk = broker.node.connect();
}
beforeEach(() => begin());

const append = (index: number, ...values: readonly string[]): void => {
  sendProduce(broker.node.connect(), values, { acks: 1, index });
};

interface Ask {
  readonly id?: number;
  readonly epoch?: number;
  /** Offsets by partition. */
  readonly at?: Readonly<Record<number, number>>;
  readonly forget?: readonly number[];
  readonly replica?: number;
  readonly replicaEpoch?: number;
  readonly maxBytes?: number;
  readonly maxWaitMs?: number;
  readonly version?: number;
  readonly topicId?: Uuid;
  readonly on?: Talk;
}

/** Sends a fetch; returns its correlation id. */
function send(more: Ask): number {
  const of = { topic: "orders", topicId: more.topicId ?? ordersId };
  const replica =
    more.replica === undefined
      ? {}
      : {
          replicaState: { replicaId: more.replica, replicaEpoch: more.replicaEpoch ?? peerEpoch },
        };
  const partitions = Object.entries(more.at ?? {}).map(([index, fetchOffset]) => ({
    partition: Number(index),
    currentLeaderEpoch: broker.partition(`orders-${index}`).leaderEpoch,
    fetchOffset,
    partitionMaxBytes: 1 << 20,
  }));
  const forget = more.forget ?? [];
  return (more.on ?? talk).ask(
    fetch,
    {
      ...replica,
      maxWaitMs: more.maxWaitMs ?? 0,
      minBytes: 1,
      maxBytes: more.maxBytes ?? 1 << 20,
      sessionId: more.id ?? 0,
      sessionEpoch: more.epoch ?? 0,
      topics: partitions.length === 0 ? [] : [{ ...of, partitions }],
      forgottenTopicsData: forget.length === 0 ? [] : [{ ...of, partitions: [...forget] }],
    },
    more.version ?? fetch.maxVersion,
  );
}

/** What was answered: the session, and of each partition in it the values. */
function read(correlation: number, on = talk) {
  const answer = on.answer(fetch, correlation);
  if (answer === undefined) return undefined;
  const told = answer.responses.flatMap(({ partitions }) =>
    partitions.map(({ partitionIndex, records, highWatermark, errorCode: error }) => ({
      index: partitionIndex,
      error,
      highWatermark,
      offsets: splitBatches(records ?? new Uint8Array(0)).flatMap((batch) =>
        decodeRecords(batch).map((record) => record.offset),
      ),
    })),
  );
  return {
    error: answer.errorCode,
    id: answer.sessionId,
    told,
    indexes: told.map((one) => one.index),
  };
}

function ask(more: Ask) {
  const answer = read(send(more), more.on);
  if (answer === undefined) throw new Error("it waits");
  return answer;
}

/** Follower 2 has session `id` with all three partitions, and its next request bears epoch 1. */
const beginSession = (more: Ask = {}): number =>
  ask({ replica: 2, at: { 0: 0, 1: 0, 2: 0 }, ...more }).id;

describe("a fetch session", () => {
  it("is given to a full fetch that asks for one, and to none that does not", () => {
    expect(beginSession()).toBeGreaterThan(0);
    expect(ask({ epoch: -1, at: { 0: 0 } })).toMatchObject({ error: 0, id: 0, indexes: [0] });
    expect(ask({ version: 6, at: { 0: 0 } })).toMatchObject({ error: 0, id: 0, indexes: [0] });
    expect(broker.node.state.fetchSessions.sessions.size).toBe(1);
  });

  it("is refused politely where there is no slot: all is answered, with id 0", () => {
    begin({ "max.incremental.fetch.session.cache.slots": 0 });
    expect(ask({ at: { 0: 0, 1: 0 } })).toMatchObject({ error: 0, id: 0, indexes: [0, 1] });
  });

  it("is not known under another id, nor after it was ended", () => {
    const error = errorCode("FETCH_SESSION_ID_NOT_FOUND");
    const id = beginSession();
    expect(ask({ id: id + 1, epoch: 1 })).toEqual({ error, id: 0, told: [], indexes: [] });
    expect(ask({ id, epoch: -1, at: { 0: 0 } })).toMatchObject({ error: 0, id: 0 });
    expect(ask({ id, epoch: 1 })).toMatchObject({ error, id: 0 });
    expect(broker.node.notes("refused").at(-1)).toMatchObject({
      api: "Fetch",
      error: "FETCH_SESSION_ID_NOT_FOUND",
    });
  });

  it("takes each epoch once, in order", () => {
    const error = errorCode("INVALID_FETCH_SESSION_EPOCH");
    const id = beginSession();
    expect(ask({ id, epoch: 2 })).toMatchObject({ error, id: 0, told: [] });
    expect(ask({ id, epoch: 1 })).toMatchObject({ error: 0, id });
    expect(ask({ id, epoch: 1 })).toMatchObject({ error, id: 0 });
    expect(ask({ id, epoch: 2 })).toMatchObject({ error: 0, id });
  });

  it("is replaced by a full fetch that names it", () => {
    const id = beginSession();
    const next = beginSession({ id });
    expect(next).not.toBe(id);
    expect(next).toBeGreaterThan(0);
    expect([...broker.node.state.fetchSessions.sessions.keys()]).toEqual([next]);
  });

  it("goes by topic ids or by names to its end", () => {
    const error = errorCode("FETCH_SESSION_TOPIC_ID_ERROR");
    const id = beginSession();
    expect(ask({ id, epoch: 1, version: 12 })).toMatchObject({ error, id: 0 });
    const byName = ask({ version: 12, at: { 0: 0 } }).id;
    expect(ask({ id: byName, epoch: 1 })).toMatchObject({ error, id: 0 });
    append(0, "a");
    expect(ask({ id: byName, epoch: 1, version: 12 })).toMatchObject({ error: 0, told: [] });
  });

  it("ends when it has forgotten its last partition", () => {
    const id = beginSession({ at: { 1: 0 } });
    expect(ask({ id, epoch: 1, forget: [1] })).toEqual({ error: 0, id: 0, told: [], indexes: [] });
    expect(broker.node.state.fetchSessions.sessions.size).toBe(0);
  });

  it("answers a request that another one has overtaken with an error, when its wait is over", () => {
    const id = beginSession();
    const first = send({ id, epoch: 1, replica: 2, maxWaitMs: 400 });
    const on = broker.node.connect();
    expect(ask({ id, epoch: 2, replica: 2, on })).toMatchObject({ error: 0, id });
    broker.node.advance(400);
    const error = errorCode("INVALID_FETCH_SESSION_EPOCH");
    expect(read(first)).toEqual({ error, id, told: [], indexes: [] });
  });

  it("that was ended still answers what waits in it", () => {
    const id = beginSession();
    const waiting = send({ id, epoch: 1, replica: 2, maxWaitMs: 400 });
    beginSession({ id, on: broker.node.connect() });
    append(1, "a");
    expect(read(waiting)).toMatchObject({ error: 0, id, indexes: [1] });
    expect(broker.node.state.fetchSessions.sessions.size).toBe(1);
  });
});

describe("an incremental answer", () => {
  it("tells only of partitions that have something to say", () => {
    const id = beginSession();
    append(1, "a", "b");
    expect(ask({ id, epoch: 1, replica: 2 }).told).toEqual([
      { index: 1, error: 0, highWatermark: 0, offsets: [0, 1] },
    ]);
    expect(ask({ id, epoch: 2, replica: 2, at: { 1: 2 } }).told).toEqual([]);
  });

  it("tells a high watermark that has moved, once, but does not hurry for it", () => {
    const id = beginSession();
    append(1, "a");
    ask({ id, epoch: 1, replica: 2, at: { 1: 1 } });
    const waiting = send({ id, epoch: 2, replica: 2, maxWaitMs: 300 });
    ask({ replica: 3, at: { 1: 1 }, on: broker.node.connect() });
    expect(broker.partition("orders-1").highWatermark).toBe(1);
    expect(read(waiting)).toBeUndefined();
    broker.node.advance(300);
    expect(read(waiting)?.told).toEqual([{ index: 1, error: 0, highWatermark: 1, offsets: [] }]);
    expect(ask({ id, epoch: 3, replica: 2 }).told).toEqual([]);
  });

  it("tells an error each time, and all about the partition once it is over", () => {
    const id = beginSession();
    broker.change({ leader: 2 }, 0);
    expect(ask({ id, epoch: 1 }).told).toMatchObject([{ index: 0, highWatermark: -1 }]);
    const again = ask({ id, epoch: 2 }).told;
    expect(again).toMatchObject([{ index: 0, error: errorCode("FENCED_LEADER_EPOCH") }]);
    broker.change({ leader: 1 }, 0);
    const over = ask({ id, epoch: 3, replica: 2, at: { 0: 0 } }).told;
    expect(over).toEqual([{ index: 0, error: 0, highWatermark: 0, offsets: [] }]);
  });

  it("gives everybody a turn: who had records goes to the end of the line", () => {
    const id = beginSession();
    for (const index of [0, 1, 2]) append(index, "a");
    const turns = [1, 2, 3].map((epoch) => ask({ id, epoch, replica: 2, maxBytes: 1 }).indexes);
    expect(turns).toEqual([[0], [1], [2]]);
    expect(ask({ id, epoch: 4, replica: 2, maxBytes: 1 }).indexes).toEqual([0]);
  });

  it("knows nothing more of a partition that it was told to forget, until it is named again", () => {
    const id = beginSession();
    ask({ id, epoch: 1, replica: 2, forget: [1] });
    append(1, "a");
    expect(ask({ id, epoch: 2, replica: 2 }).told).toEqual([]);
    expect(ask({ id, epoch: 3, replica: 2, at: { 1: 0 } }).indexes).toEqual([1]);
  });

  it("comes when any partition of its session has records, or was deleted", () => {
    const id = beginSession();
    const first = send({ id, epoch: 1, replica: 2, maxWaitMs: 500 });
    append(2, "a");
    expect(read(first)).toMatchObject({ id, indexes: [2] });
    const second = send({ id, epoch: 2, replica: 2, at: { 2: 1 }, maxWaitMs: 500 });
    expect(read(second)).toBeUndefined();
    broker.commit([{ type: "removeTopic", topicId: ordersId }]);
    expect(read(second)?.told.map((one) => one.error)).toEqual(
      [0, 1, 2].map(() => errorCode("UNKNOWN_TOPIC_OR_PARTITION")),
    );
  });

  it("finds a topic that was not known when it was asked for", () => {
    const laterId = uuid("00000000-0000-0000-0000-00000000000c");
    const { id, told } = ask({ topicId: laterId, at: { 0: 0 } });
    expect(told[0]?.error).toBe(errorCode("UNKNOWN_TOPIC_ID"));
    broker.commit([
      { type: "topic", name: "later", topicId: laterId },
      {
        type: "partition",
        partitionId: 0,
        topicId: laterId,
        replicas: [1, 2, 3],
        isr: [1, 2, 3],
        removingReplicas: [],
        addingReplicas: [],
        leader: 1,
        leaderEpoch: 0,
        partitionEpoch: 0,
        directories: [],
      },
    ]);
    expect(ask({ id, epoch: 1 }).told).toMatchObject([{ index: 0, error: 0, highWatermark: 0 }]);
  });
});

describe("partitions of a session that a fetch does not name", () => {
  const lag = { "replica.lag.time.max.ms": 1000 };
  /** Both followers fetch every 300 ms for three seconds and name nothing; then there is a record. */
  function follow(): void {
    const followers = [2, 3].map((replica) => ({
      id: beginSession({ replica, on: broker.node.connect() }),
      replica,
      on: broker.node.connect(),
    }));
    for (let epoch = 1; epoch <= 10; epoch++) {
      broker.node.advance(300);
      for (const one of followers) ask({ ...one, epoch });
    }
    append(1, "a");
  }

  it("count as caught up at each fetch, so that who falls behind then has the whole time", () => {
    begin(lag);
    follow();
    // The look at who is late comes every 500 ms: nobody is, before the last fetch is a second ago.
    broker.node.advance(900);
    expect(broker.node.notes("isrProposed")).toEqual([]);
    broker.node.advance(700);
    expect(broker.node.notes("isrProposed")).toMatchObject([
      { partition: "orders-1", change: "shrink", isr: [1] },
    ]);
  });

  it("do not count for an earlier life of the follower's broker (KIP-903)", () => {
    begin(lag);
    const id = beginSession();
    beginSession({ replica: 3, on: broker.node.connect() });
    ask({ id, epoch: 1, replica: 2 });
    broker.registerPeer(2, 1000);
    broker.node.advance(900);
    ask({ id, epoch: 2, replica: 2 });
    append(1, "a");
    broker.node.advance(600);
    const proposed = broker.node.notes("isrProposed").filter((one) => one.partition === "orders-1");
    expect(proposed).toMatchObject([{ change: "shrink", isr: [1] }]);
  });
});

describe("a partition does not rest", () => {
  const fence = (brokerId: number, fenced: 1 | -1): void =>
    void broker.commit([
      { type: "brokerRegistrationChange", brokerId, brokerEpoch: peerEpoch, fenced },
    ]);

  it("while its follower may join the ISR once the controller has it in service", () => {
    fence(2, 1);
    broker.change({ isr: [1, 3] }, 1);
    const id = beginSession();
    for (const epoch of [1, 2]) ask({ id, epoch, replica: 2 });
    expect(broker.node.notes("isrProposed")).toEqual([]);
    fence(2, -1);
    ask({ id, epoch: 3, replica: 2 });
    expect(broker.node.notes("isrProposed")).toMatchObject([
      { partition: "orders-1", change: "expand", isr: [1, 3, 2] },
    ]);
  });

  it("while its high watermark waits for a replica that may join, and rises when that is late", () => {
    begin({ "replica.lag.time.max.ms": 1000 });
    broker.change({ isr: [1, 2] }, 1);
    beginSession({ replica: 3, on: broker.node.connect() });
    // What it proposed is refused: the ISR stays without it.
    broker.change({ isr: [1, 2] }, 1);
    const id = beginSession();
    append(1, "a");
    for (const epoch of [1, 2]) ask({ id, epoch, replica: 2, at: { 1: 1 } });
    expect(broker.partition("orders-1").highWatermark).toBe(0);
    broker.node.advance(1001);
    ask({ id, epoch: 3, replica: 2 });
    expect(broker.partition("orders-1").highWatermark).toBe(1);
  });
});

it("a broker's fetch sessions stay small: who reconnects replaces his own", () => {
  let id = 0;
  for (let i = 0; i < 5; i++) id = beginSession({ id, on: broker.node.connect() });
  const { sessions, watchers } = broker.node.state.fetchSessions;
  expect([...sessions.keys()]).toEqual([id]);
  expect([...watchers.values()].map((one) => [...one])).toEqual([[id], [id], [id]]);
});
