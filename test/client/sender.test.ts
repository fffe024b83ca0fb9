import { describe, expect, it } from "vitest";
import { type ErrorName, produce, type ProducerSettings } from "#core";
import {
  answerProduce,
  batchesOf,
  begun,
  type ClientNode,
  producerNode,
  send,
  sequencesOf,
} from "../support/client-node.ts";

/** A producer with one record in each batch, sent as soon as possible. */
const eager = (more: Partial<ProducerSettings> = {}): ClientNode =>
  producerNode({ "linger.ms": 0, "batch.size": 1, ...more });

/** Hands over one record after the other; returns the calls. */
const sendAll = (client: ClientNode, count: number) =>
  Array.from({ length: count }, (_, i) => {
    const call = send(client, `v${i}`, { partition: 0 });
    client.node.advance(1);
    return call;
  });

/** Sequences of produces in the order in which they left, answered or not. */
const sentSequences = (client: ClientNode): number[] =>
  client.node.notes("batched").map(({ sequence }) => sequence);

/** Long enough for any back-off. */
const backOff = (client: ClientNode): void => client.node.advance(1300);

describe("an idempotent producer", () => {
  it("numbers the records of each partition, and has five requests in flight", () => {
    const client = eager();
    client.leaders = [0, 1].map(() => ({ leader: 1, epoch: 0 }));
    sendAll(client, 8);
    expect(sequencesOf(client)).toEqual([0]);
    answerProduce(client, client.first(produce));
    expect(sequencesOf(client)).toEqual([1, 2, 3, 4, 5]);
    answerProduce(client, client.first(produce));
    expect(sequencesOf(client)).toEqual([2, 3, 4, 5, 6]);
    expect(batchesOf(client.first(produce))[0]?.header).toMatchObject({
      producerId: 7,
      producerEpoch: 0,
    });
    const told = { producer: 7, producerEpoch: 0 };
    for (const note of client.node.notes("batched")) expect(note).toMatchObject(told);
    while (client.waiting(produce).length > 0) answerProduce(client, client.first(produce));
    send(client, "other", { partition: 1 });
    client.node.advance(1);
    expect(sequencesOf(client)).toEqual([0]);
  });

  it("counts records, not batches", () => {
    const client = producerNode({ "linger.ms": 5 });
    for (const value of ["a", "b", "c"]) send(client, value, { partition: 0 });
    client.node.advance(5);
    expect(sequencesOf(client)).toEqual([0]);
    answerProduce(client, client.first(produce));
    send(client, "d", { partition: 0 });
    client.node.advance(5);
    expect(sequencesOf(client)).toEqual([3]);
  });

  it("sends the first batch of a partition alone, until it is acknowledged (KAFKA-15591)", () => {
    const client = eager();
    sendAll(client, 3);
    answerProduce(client, client.first(produce), { error: "NOT_ENOUGH_REPLICAS" });
    client.node.advance(1);
    expect(client.waiting(produce)).toEqual([]);
    backOff(client);
    expect(sequencesOf(client)).toEqual([0]);
    answerProduce(client, client.first(produce));
    expect(sequencesOf(client)).toEqual([1, 2]);
  });

  it("sends nothing before it has its id, and asks again for it", () => {
    const client = eager();
    client.producerIdError = "COORDINATOR_LOAD_IN_PROGRESS";
    sendAll(client, 1);
    client.node.advance(3000);
    expect(client.waiting(produce)).toEqual([]);
    expect(client.node.state.role).not.toMatchObject({ idFailures: 0 });
    client.producerIdError = "NONE";
    client.node.advance(3000);
    expect(sequencesOf(client)).toEqual([0]);
    // Should it need another one, it begins with short waits again.
    expect(client.node.state.role).toMatchObject({ idFailures: 0 });
  });

  it("retries in the order of sequences, under the same ones, one at a time until the gap is filled", () => {
    const client = begun(eager());
    sendAll(client, 4);
    const [first, ...others] = client.waiting(produce);
    if (first === undefined) throw new Error("nothing was sent");
    answerProduce(client, first, { error: "NOT_ENOUGH_REPLICAS" });
    for (const one of others) {
      answerProduce(client, one, { error: "OUT_OF_ORDER_SEQUENCE_NUMBER" });
    }
    backOff(client);
    expect(sequencesOf(client)).toEqual([1]);
    answerProduce(client, client.first(produce));
    backOff(client);
    expect(sequencesOf(client)).toEqual([2]);
    answerProduce(client, client.first(produce));
    backOff(client);
    answerProduce(client, client.first(produce));
    backOff(client);
    answerProduce(client, client.first(produce));
    expect(sentSequences(client)).toEqual([0, 1, 2, 3, 4, 1, 2, 3, 4]);
    expect(client.node.notes("producerId")).toHaveLength(1);
  });

  it("sends all again, in order and unchanged, when the connection was lost", () => {
    const client = begun(eager());
    const calls = sendAll(client, 3);
    const before = client.waiting(produce).map((one) => batchesOf(one)[0]?.header.crc);
    client.first(produce).talk.end("reset");
    expect(calls.map((call) => client.outcome(call))).toEqual([undefined, undefined, undefined]);
    const after: (number | undefined)[] = [];
    for (let i = 0; i < 3; i++) {
      backOff(client);
      const asked = client.first(produce);
      after.push(batchesOf(asked)[0]?.header.crc);
      answerProduce(client, asked, { base: i });
    }
    expect(after).toEqual(before);
    expect(calls.map((call) => client.outcome(call))).toMatchObject(
      [0, 1, 2].map((offset) => ({ type: "acknowledged", offset })),
    );
  });

  it("raises its epoch and begins at 0 again when a batch was given up, once nothing is in doubt", () => {
    const client = begun(eager());
    const [first] = sendAll(client, 3);
    answerProduce(client, client.first(produce), { error: "MESSAGE_TOO_LARGE" });
    expect(client.outcome(first as never)).toMatchObject({ type: "failed" });
    sendAll(client, 1);
    expect(sequencesOf(client)).toEqual([2, 3]);
    for (const one of client.waiting(produce)) {
      answerProduce(client, one, { error: "OUT_OF_ORDER_SEQUENCE_NUMBER" });
    }
    backOff(client);
    const headers = () =>
      client
        .waiting(produce)
        .flatMap((one) => batchesOf(one))
        .map(({ header }) => [header.producerEpoch, header.baseSequence]);
    expect(headers()).toEqual([[1, 0]]);
    answerProduce(client, client.first(produce));
    expect(headers()).toEqual([
      [1, 1],
      [1, 2],
    ]);
  });

  it("takes a duplicate's answer for what it is: the batch stands where it says", () => {
    const client = eager();
    const [call] = sendAll(client, 1);
    answerProduce(client, client.first(produce), { error: "DUPLICATE_SEQUENCE_NUMBER" });
    expect(client.outcome(call as never)).toMatchObject({ type: "acknowledged" });
  });
});

describe("delivery.timeout.ms", () => {
  const timed = { "delivery.timeout.ms": 5000, "request.timeout.ms": 4000 };

  it("makes a record unknown that is in flight: it may be in the log, now or later", () => {
    const client = eager({ ...timed, "request.timeout.ms": 60_000 });
    const [call] = sendAll(client, 1);
    client.node.advance(4998);
    expect(client.outcome(call as never)).toBeUndefined();
    client.node.advance(1);
    expect(client.outcome(call as never)?.type).toBe("unknown");
    const asked = client.first(produce);
    answerProduce(client, asked);
    expect(client.outcomes(call as never)).toHaveLength(1);
  });

  const ends: [ErrorName | "silence", "unknown" | "failed"][] = [
    ["silence", "unknown"],
    ["REQUEST_TIMED_OUT", "unknown"],
    ["NOT_ENOUGH_REPLICAS_AFTER_APPEND", "unknown"],
    ["NOT_LEADER_OR_FOLLOWER", "unknown"],
    ["NOT_ENOUGH_REPLICAS", "failed"],
  ];
  it.each(ends)("after a try that ended in %s makes it %s", (error, type) => {
    const client = eager(timed);
    const [call] = sendAll(client, 1);
    if (error === "silence") client.first(produce).talk.end("reset");
    else answerProduce(client, client.first(produce), { error });
    client.leaders = [{ leader: -1, epoch: 1 }];
    client.dead.add("b1:9092");
    while (client.outcome(call as never) === undefined && client.node.now < 20_000) {
      for (const one of client.waiting(produce)) {
        answerProduce(client, one, { error: error === "silence" ? "NOT_ENOUGH_REPLICAS" : error });
      }
      client.node.advance(100);
    }
    expect(client.outcome(call as never)?.type).toBe(type);
  });

  it("makes it failed where nothing was ever sent", () => {
    const client = eager(timed);
    client.leaders = [{ leader: -1, epoch: 0 }];
    const [call] = sendAll(client, 1);
    client.node.advance(5000);
    expect(client.outcome(call as never)).toMatchObject({ type: "failed", error: "TIMED_OUT" });
  });

  it("lets nothing new follow an unknown record under its epoch: a late append must not come between", () => {
    const client = eager({ ...timed, "request.timeout.ms": 60_000 });
    sendAll(client, 1);
    client.node.advance(5000);
    sendAll(client, 1);
    const headers = client
      .waiting(produce)
      .flatMap((one) => batchesOf(one))
      .map(({ header }) => header);
    expect(headers.at(-1)).toMatchObject({ producerEpoch: 1, baseSequence: 0 });
  });
});

describe("a batch that fell out of what brokers remember", () => {
  it("is not called failed: a gap behind what was acknowledged later proves nothing", () => {
    const client = begun(
      eager({
        "delivery.timeout.ms": 5000,
        "request.timeout.ms": 60_000,
        "metadata.max.age.ms": 500,
      }),
    );
    const calls = sendAll(client, 5);
    const old = client.first(produce).talk;
    // The old leader has appended all five and hangs; another broker holds them, leads now, and takes five more.
    client.leaders = [{ leader: 2, epoch: 1 }];
    client.node.advance(1000);
    for (let i = 0; i < 5; i++) {
      sendAll(client, 1);
      const one = client.waiting(produce).find(({ talk }) => talk.to === "b2:9092");
      if (one === undefined) throw new Error("nothing goes to the new leader");
      answerProduce(client, one, { base: 5 + i });
    }
    old.end("reset");
    for (let i = 0; i < 100 && client.node.now < 9000; i++) {
      for (const one of client.waiting(produce)) {
        answerProduce(client, one, { error: "OUT_OF_ORDER_SEQUENCE_NUMBER" });
      }
      client.node.advance(100);
    }
    const types = calls.map((call) => client.outcome(call)?.type);
    expect(types).toEqual(calls.map(() => "unknown"));
  });
});

describe("without idempotence", () => {
  it("records carry no sequence, and five requests may overtake each other", () => {
    const client = eager({ "enable.idempotence": false, acks: "1" });
    sendAll(client, 6);
    expect(sequencesOf(client)).toEqual([-1, -1, -1, -1, -1]);
    expect(batchesOf(client.first(produce))[0]?.header.producerId).toBe(-1);
    expect(client.node.notes("batched")[0]).toMatchObject({ producer: -1, producerEpoch: -1 });
  });

  it("one request in flight keeps the order over errors", () => {
    const client = eager({
      "enable.idempotence": false,
      "max.in.flight.requests.per.connection": 1,
    });
    sendAll(client, 3);
    expect(client.waiting(produce)).toHaveLength(1);
    const crc = batchesOf(client.first(produce))[0]?.header.crc;
    answerProduce(client, client.first(produce), { error: "NOT_ENOUGH_REPLICAS" });
    expect(client.waiting(produce)).toEqual([]);
    backOff(client);
    expect(batchesOf(client.first(produce))[0]?.header.crc).toBe(crc);
  });

  it("one request in flight keeps the order also when the leader moves while it is out", () => {
    const client = eager({
      "enable.idempotence": false,
      "max.in.flight.requests.per.connection": 1,
      "metadata.max.age.ms": 1000,
    });
    sendAll(client, 2);
    client.leaders = [{ leader: 2, epoch: 1 }];
    client.node.advance(2000);
    expect(client.waiting(produce).map(({ talk }) => talk.to)).toEqual(["b1:9092"]);
    answerProduce(client, client.first(produce), { error: "NOT_LEADER_OR_FOLLOWER" });
    backOff(client);
    const again = client.first(produce);
    expect(again.talk.to).toBe("b2:9092");
    expect(client.node.notes("batched").map(({ attempt }) => attempt)).toEqual([0, 1]);
  });

  it("acks=0 is sent and nothing is waited for", () => {
    const client = eager({ acks: "0" });
    const calls = sendAll(client, 7);
    expect(calls.map((call) => client.outcome(call)?.type)).toEqual(calls.map(() => "sent"));
  });
});
