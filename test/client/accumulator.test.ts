import { describe, expect, it } from "vitest";
import { decodeRecords, murmur2, produce, utf8Bytes } from "#core";
import {
  answerProduce,
  batchesOf,
  type ClientNode,
  producerNode,
  send,
} from "../support/client-node.ts";

const text = (bytes: Uint8Array | null): string => new TextDecoder().decode(bytes ?? undefined);

/** Values in each request that waits. */
const valuesIn = (client: ClientNode): string[][] =>
  client
    .waiting(produce)
    .map((one) =>
      batchesOf(one).flatMap(({ records }) =>
        decodeRecords(records).map(({ value }) => text(value)),
      ),
    );

/** Partitions in each request that waits. */
const partitionsIn = (client: ClientNode): number[][] =>
  client.waiting(produce).map((one) => batchesOf(one).map(({ partition }) => partition));

const eightPartitions = (client: ClientNode): ClientNode => {
  client.leaders = Array.from({ length: 8 }, () => ({ leader: 1, epoch: 0 }));
  return client;
};

describe("records travel together", () => {
  it("until linger.ms is over, in the order in which they came", () => {
    const client = producerNode({ "linger.ms": 20 });
    for (const value of ["a", "b", "c"]) send(client, value);
    client.node.advance(19);
    expect(client.waiting(produce)).toEqual([]);
    client.node.advance(1);
    expect(valuesIn(client)).toEqual([["a", "b", "c"]]);
  });

  it("up to batch.size: a batch that is full does not linger", () => {
    const client = producerNode({ "linger.ms": 20, "batch.size": 300 });
    send(client, "first", { partition: 0 });
    client.node.advance(20);
    answerProduce(client, client.first(produce));
    const value = "x".repeat(150);
    send(client, value);
    client.node.advance(1);
    expect(client.waiting(produce)).toEqual([]);
    send(client, value);
    expect(valuesIn(client)).toEqual([[value]]);
    client.node.advance(20);
    expect(valuesIn(client)).toEqual([[value], [value]]);
  });

  it("and a flush lets none of them linger; it is done when all before it are", () => {
    const client = producerNode({ "linger.ms": 60_000 });
    const calls = ["a", "b"].map((value) => send(client, value));
    const flush = client.call({ type: "flush" });
    expect(valuesIn(client)).toEqual([["a", "b"]]);
    expect(client.outcome(flush)).toBeUndefined();
    answerProduce(client, client.first(produce), { base: 40 });
    expect(client.outcome(flush)).toEqual({ type: "done" });
    expect(calls.map((call) => client.outcome(call))).toMatchObject([
      { type: "acknowledged", partition: 0, offset: 40 },
      { type: "acknowledged", partition: 0, offset: 41 },
    ]);
  });

  it("one batch of each partition that a broker leads in one request", () => {
    const client = producerNode({ "linger.ms": 10 });
    client.leaders = [1, 2, 1].map((leader) => ({ leader, epoch: 0 }));
    for (const partition of [0, 1, 2]) send(client, "x", { partition });
    client.node.advance(10);
    expect(partitionsIn(client).toSorted((a, b) => b.length - a.length)).toEqual([[0, 2], [1]]);
  });
});

describe("a record's partition", () => {
  it("is murmur2 of its key, as Kafka's own client has it", () => {
    const client = eightPartitions(producerNode({ "linger.ms": 0 }));
    const keys = ["21", "foobar", "a-little-bit-long-string", "abc"];
    for (const key of keys) {
      send(client, key, { key: utf8Bytes(key) });
      client.node.advance(1);
      const want = (murmur2(utf8Bytes(key)) & 0x7fffffff) % 8;
      const asked = client.first(produce);
      expect(batchesOf(asked).map(({ partition }) => partition)).toEqual([want]);
      answerProduce(client, asked);
    }
    // murmur2("21") is -973932308 in Kafka's own test.
    expect((-973_932_308 & 0x7fffffff) % 8).toBe((murmur2(utf8Bytes("21")) & 0x7fffffff) % 8);
  });

  it("is the same for all that have no key, until batch.size bytes have gone there (KIP-794)", () => {
    const client = eightPartitions(producerNode({ "linger.ms": 0, "batch.size": 1000 }));
    const used: number[] = [];
    for (let i = 0; i < 60; i++) {
      send(client, "x".repeat(100));
      client.node.advance(1);
      const asked = client.first(produce);
      used.push(...batchesOf(asked).map(({ partition }) => partition));
      answerProduce(client, asked);
    }
    const turns = used.filter((partition, i) => i > 0 && partition !== used[i - 1]).length;
    expect(new Set(used.slice(0, 7)).size).toBe(1);
    expect(turns).toBeGreaterThan(2);
    expect(turns).toBeLessThan(9);
  });

  it("is the one that the application names, whatever the key", () => {
    const client = eightPartitions(producerNode({ "linger.ms": 0 }));
    send(client, "x", { key: utf8Bytes("21"), partition: 5 });
    client.node.advance(1);
    expect(partitionsIn(client)).toEqual([[5]]);
  });
});

describe("a record that cannot be sent", () => {
  it("because it is too large fails at once", () => {
    const client = producerNode({ "max.request.size": 1000 });
    const call = send(client, "x".repeat(1000));
    expect(client.outcome(call)).toMatchObject({ type: "failed", error: "MESSAGE_TOO_LARGE" });
  });

  it("because its topic is not there fails for certain when its time is over", () => {
    const client = producerNode({ "delivery.timeout.ms": 3000 });
    const call = send(client, "x", { topic: "nowhere" });
    client.node.advance(2999);
    expect(client.outcome(call)).toBeUndefined();
    client.node.advance(1);
    expect(client.outcome(call)).toMatchObject({ type: "failed", error: "TIMED_OUT" });
  });

  it("because buffer.memory is used up waits for room", () => {
    // An idempotent producer's first batch goes alone, whatever room there is.
    const more = { "enable.idempotence": false, "batch.size": 1, "linger.ms": 0 };
    const client = producerNode({ ...more, "buffer.memory": 400 });
    const first = send(client, "x".repeat(200));
    send(client, "x".repeat(200));
    client.node.advance(1);
    expect(valuesIn(client)).toHaveLength(1);
    answerProduce(client, client.first(produce));
    client.node.advance(1);
    expect(client.outcome(first)).toBeDefined();
    expect(valuesIn(client)).toHaveLength(1);
  });
});
