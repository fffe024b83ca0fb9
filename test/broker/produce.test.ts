import { beforeEach, describe, expect, it } from "vitest";
import { brokerId, errorCode, offset, produce } from "#core";
import { crc32c } from "../../core/wire/crc32c.ts";
import {
  bothHold,
  type BrokerNode,
  follower,
  leadingBroker,
  produced,
  type ProduceMore,
  sendProduce,
} from "../support/broker-node.ts";
import { batchOf } from "../support/replicas.ts";
import type { Talk } from "../support/test-node.ts";

let broker: BrokerNode;
let client: Talk;
beforeEach(() => {
  broker = leadingBroker();
  client = broker.node.connect();
});

const end = (): number => broker.partition().log.end;

function errorOf(values: readonly string[], more: ProduceMore = {}): number | undefined {
  const talk = broker.node.connect();
  return produced(talk, sendProduce(talk, values, more))?.errorCode;
}

describe("acks", () => {
  it("all: waits until every replica in sync has fetched past the batch, not only some of them", () => {
    const asked = sendProduce(client, ["x", "y"]);
    const [second, third] = [follower(broker, 2), follower(broker, 3)];
    second(2);
    expect(produced(client, asked)).toBeUndefined();
    third(1);
    expect(produced(client, asked)).toBeUndefined();
    third(2);
    expect(produced(client, asked)).toMatchObject({ errorCode: 0, baseOffset: 0 });
  });

  it("all: an append alone acknowledges nothing, and its time-out says so", () => {
    const asked = sendProduce(client, ["x"], { timeoutMs: 700 });
    broker.node.advance(699);
    expect(produced(client, asked)).toBeUndefined();
    broker.node.advance(1);
    expect(produced(client, asked)?.errorCode).toBe(errorCode("REQUEST_TIMED_OUT"));
    expect(end()).toBe(1);
  });

  it("1: answers once the leader has appended", () => {
    expect(produced(client, sendProduce(client, ["x"], { acks: 1 }))).toMatchObject({
      errorCode: 0,
      baseOffset: 0,
    });
    expect(broker.partition().highWatermark).toBe(0);
  });

  it("0: answers nothing, and the connection goes on", () => {
    sendProduce(client, ["x"], { acks: 0 });
    expect(client.sent).toEqual([]);
    expect(end()).toBe(1);
    const next = sendProduce(client, ["y"], { acks: 1 });
    expect(produced(client, next)?.baseOffset).toBe(1);
  });

  it("0: closes the connection if something went wrong, as nothing else can tell", () => {
    sendProduce(client, ["x"], { acks: 0, topic: "nowhere" });
    expect(client.sent).toEqual([]);
    expect(client.ended).toBe("there");
  });

  it("of any other number are refused", () => {
    expect(errorOf(["x"], { acks: 2 })).toBe(errorCode("INVALID_REQUIRED_ACKS"));
    expect(end()).toBe(0);
  });
});

describe("min.insync.replicas", () => {
  it("refuses acks=all before anything is appended when the ISR is too small", () => {
    broker.change({ isr: [1] });
    expect(errorOf(["x"])).toBe(errorCode("NOT_ENOUGH_REPLICAS"));
    expect(end()).toBe(0);
    expect(errorOf(["x"], { acks: 1 })).toBe(0);
    expect(end()).toBe(1);
  });

  it("keeps an acks=all produce waiting whose ISR becomes too small after the append", () => {
    const asked = sendProduce(client, ["x"]);
    broker.change({ isr: [1] });
    broker.node.advance(1499);
    expect(produced(client, asked)).toBeUndefined();
    expect(broker.partition().highWatermark).toBe(0);
    broker.node.advance(1);
    expect(produced(client, asked)?.errorCode).toBe(errorCode("REQUEST_TIMED_OUT"));
  });

  it("is asked again when the high watermark has passed: the record stays, but nobody calls it safe", () => {
    const asked = sendProduce(client, ["x"]);
    // The high watermark passes in the very moment in which the ISR shrinks.
    broker.partition().highWatermark = offset(1);
    broker.change({ isr: [1] });
    expect(produced(client, asked)?.errorCode).toBe(errorCode("NOT_ENOUGH_REPLICAS_AFTER_APPEND"));
    expect(end()).toBe(1);
  });

  it("counts at most the replicas that there are", () => {
    broker = leadingBroker([{ isr: [1, 2, 3] }], { "min.insync.replicas": "5" });
    expect(broker.partition().minIsr).toBe(3);
  });
});

describe("a produce that waits", () => {
  it("fails when the leadership ends, and says that it was because of its own request too", () => {
    const asked = sendProduce(client, ["x"]);
    broker.change({ leader: 2 });
    expect(produced(client, asked)?.errorCode).toBe(errorCode("NOT_LEADER_OR_FOLLOWER"));
    expect(broker.node.notes("completed").map(({ why }) => why)).toEqual(["failed"]);
    const answer = broker.node.effects.find(
      (effect) =>
        effect.type === "send" && effect.frame.response && effect.frame.api === produce.key,
    );
    expect(answer?.causes).toHaveLength(1);
  });

  it("is not acknowledged by a later leadership of the same broker", () => {
    const asked = sendProduce(client, ["x"]);
    broker.change([{ leader: 2 }, { leader: 1 }]);
    bothHold(broker, 1);
    expect(produced(client, asked)?.errorCode).toBe(errorCode("NOT_LEADER_OR_FOLLOWER"));
  });

  it("for two partitions is answered once both are decided", () => {
    broker = leadingBroker([{}, { leader: 2 }]);
    client = broker.node.connect();
    const partitionData = [0, 1].map((index) => ({ index, records: batchOf(["x"]) }));
    const asked = client.ask(produce, {
      acks: -1,
      timeoutMs: 1500,
      topicData: [{ name: "orders", partitionData }],
    });
    expect(client.answer(produce, asked)).toBeUndefined();
    bothHold(broker, 1);
    const answers = client.answer(produce, asked)?.responses[0]?.partitionResponses;
    expect(answers?.map((one) => one.errorCode)).toEqual([0, errorCode("NOT_LEADER_OR_FOLLOWER")]);
  });

  it("whose connection has ended is answered to nobody", () => {
    sendProduce(client, ["x"]);
    client.end();
    bothHold(broker, 1);
    expect(client.sent).toEqual([]);
    expect(broker.node.state.purgatory.parked.size).toBe(2);
  });
});

describe("an idempotent producer", () => {
  const once: ProduceMore = { producer: 7, sequence: 0 };

  it("gets the old offset for a batch that it sends again, but not before that one is safe", () => {
    const first = sendProduce(client, ["x", "y"], once);
    const again = broker.node.connect();
    const second = sendProduce(again, ["x", "y"], once);
    expect(end()).toBe(2);
    expect(broker.node.notes("duplicateBatch")).toHaveLength(1);
    expect(produced(again, second)).toBeUndefined();
    bothHold(broker, 2);
    for (const [talk, asked] of [
      [client, first],
      [again, second],
    ] as const) {
      expect(produced(talk, asked)).toMatchObject({ errorCode: 0, baseOffset: 0 });
    }
    const third = sendProduce(client, ["x", "y"], once);
    expect(produced(client, third)).toMatchObject({ errorCode: 0, baseOffset: 0 });
    expect(end()).toBe(2);
  });

  it("is refused a gap in its sequences, and a part of a batch that is there", () => {
    expect(errorOf(["x", "y"], { ...once, acks: 1 })).toBe(0);
    const gap = errorCode("OUT_OF_ORDER_SEQUENCE_NUMBER");
    expect(errorOf(["z"], { ...once, acks: 1, sequence: 3 })).toBe(gap);
    expect(errorOf(["x"], { ...once, acks: 1 })).toBe(gap);
    expect(errorOf(["z"], { ...once, acks: 1, sequence: 2 })).toBe(0);
    expect(end()).toBe(3);
  });

  it("is known by its last five batches: an older one is out of order", () => {
    for (let sequence = 0; sequence < 6; sequence++) {
      expect(errorOf(["x"], { ...once, acks: 1, sequence })).toBe(0);
    }
    expect(errorOf(["x"], { ...once, acks: 1, sequence: 1 })).toBe(0);
    expect(errorOf(["x"], { ...once, acks: 1, sequence: 0 })).toBe(
      errorCode("OUT_OF_ORDER_SEQUENCE_NUMBER"),
    );
    expect(end()).toBe(6);
  });

  it("begins again at 0 under a higher epoch, and is refused under a lower one", () => {
    expect(errorOf(["x"], { ...once, acks: 1, epoch: 3 })).toBe(0);
    expect(errorOf(["x"], { ...once, acks: 1, epoch: 2, sequence: 1 })).toBe(
      errorCode("INVALID_PRODUCER_EPOCH"),
    );
    expect(errorOf(["x"], { ...once, acks: 1, epoch: 4, sequence: 1 })).toBe(
      errorCode("OUT_OF_ORDER_SEQUENCE_NUMBER"),
    );
    expect(errorOf(["x"], { ...once, acks: 1, epoch: 4 })).toBe(0);
  });
});

describe("a batch", () => {
  it("is stamped with offset and leader epoch, whatever the client wrote there", () => {
    broker.change({ leader: 1 });
    sendProduce(client, ["x"], { acks: 1 });
    sendProduce(client, ["y"], { acks: 1 });
    const appended = broker.node.notes("appended").map(({ base, epoch }) => [base, epoch]);
    expect(appended).toEqual([
      [0, 1],
      [1, 1],
    ]);
  });

  const twice = (): Uint8Array => {
    const one = batchOf(["x"]);
    const both = new Uint8Array(2 * one.length);
    both.set(one);
    both.set(one, one.length);
    return both;
  };
  const flipped = (): Uint8Array => {
    const one = batchOf(["x"]);
    one[one.length - 1] = (one.at(-1) ?? 0) ^ 1;
    return one;
  };
  it.each([
    ["null", null, "INVALID_RECORD"],
    ["empty", new Uint8Array(0), "INVALID_RECORD"],
    ["cut", batchOf(["x"]).subarray(0, 65), "INVALID_RECORD"],
    ["followed by another", twice(), "INVALID_RECORD"],
    ["damaged", flipped(), "CORRUPT_MESSAGE"],
    ["larger than message.max.bytes", batchOf(["x".repeat(1_048_588)]), "MESSAGE_TOO_LARGE"],
  ] as const)("that is %s is refused", (_name, records, error) => {
    expect(errorOf([], { records, acks: 1 })).toBe(errorCode(error));
    expect(end()).toBe(0);
  });

  it("that says that it holds one record, and ends with its sixth, is refused", () => {
    const records = batchOf(["x"]);
    const view = new DataView(records.buffer, records.byteOffset);
    view.setInt32(23, 5);
    view.setUint32(17, crc32c(records, 21, records.length));
    expect(errorOf([], { records, acks: 1 })).toBe(errorCode("INVALID_RECORD"));
    expect(end()).toBe(0);
  });

  it("that is as large as message.max.bytes is taken, and one byte more is not", () => {
    const overhead = batchOf(["x".repeat(1_000_000)]).length - 1_000_000;
    const sized = (size: number) => batchOf(["x".repeat(size - overhead)]);
    expect(sized(1_048_588).length).toBe(1_048_588);
    expect(errorOf([], { records: sized(1_048_589), acks: 1 })).toBe(
      errorCode("MESSAGE_TOO_LARGE"),
    );
    expect(errorOf([], { records: sized(1_048_588), acks: 1 })).toBe(0);
  });

  it("for a partition that is elsewhere or nowhere is refused", () => {
    expect(errorOf(["x"], { index: 9 })).toBe(errorCode("UNKNOWN_TOPIC_OR_PARTITION"));
    broker.change({ leader: 2 });
    expect(broker.partition().role).toMatchObject({ type: "follower", leader: brokerId(2) });
    expect(errorOf(["x"], { acks: 1 })).toBe(errorCode("NOT_LEADER_OR_FOLLOWER"));
  });
});
