// Settings that change while a broker runs reach its partitions; the most particular one counts.
import { beforeEach, expect, it } from "vitest";
import { errorName } from "#core";
import {
  bothHold,
  type BrokerNode,
  leadingBroker,
  produced,
  sendProduce,
} from "../support/broker-node.ts";

let broker: BrokerNode;
beforeEach(() => {
  broker = leadingBroker([{}], {});
});

/** Commits one setting: of `orders`, of a broker by its id, or of all brokers (""). */
const set = (resourceName: string, name: string, value: string | null): number =>
  broker.commit([
    { type: "config", resourceType: resourceName === "orders" ? 2 : 4, resourceName, name, value },
  ]);

it("min.insync.replicas: all brokers, this broker, the topic, and back", () => {
  const steps: [string, string | null, number][] = [
    ["", "2", 2],
    ["1", "3", 3],
    ["2", "1", 3],
    ["orders", "1", 1],
    ["orders", null, 3],
    ["1", null, 2],
    ["", null, 1],
  ];
  for (const [name, value, expected] of steps) {
    set(name, "min.insync.replicas", value);
    expect(broker.partition().minIsr).toBe(expected);
  }
});

it("min.insync.replicas: a produce that it is too high for is refused from then on", () => {
  broker.change({ isr: [1, 2] });
  const client = broker.node.connect();
  set("orders", "min.insync.replicas", "3");
  const refused = sendProduce(client, ["x"]);
  expect(errorName(produced(client, refused)?.errorCode ?? 0)).toBe("NOT_ENOUGH_REPLICAS");
  set("orders", "min.insync.replicas", "2");
  const taken = sendProduce(client, ["y"]);
  expect(produced(client, taken)).toBeUndefined();
  bothHold(broker, 1);
  expect(produced(client, taken)).toMatchObject({ errorCode: 0, baseOffset: 0 });
});

it("segment.bytes and flush.messages: the log that is open rolls and flushes by them", () => {
  const client = broker.node.connect();
  const append = (): void => void sendProduce(client, ["x"], { acks: 1 });
  append();
  append();
  expect(broker.partition().log.segments).toHaveLength(1);
  set("", "log.segment.bytes", "100");
  append();
  append();
  expect(broker.partition().log.segments).toHaveLength(3);
  set("orders", "segment.bytes", "1000000");
  append();
  expect(broker.partition().log.segments).toHaveLength(3);
  set("1", "log.flush.interval.messages", "1");
  append();
  const { log } = broker.partition();
  expect(log.recoveryPoint).toBe(log.end);
});
