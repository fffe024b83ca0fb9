import { describe, expect, it } from "vitest";
import { leadingBroker, sendProduce } from "../support/broker-node.ts";

describe("after a roll", () => {
  it("what is closed is flushed a moment later, and what is written to is not", () => {
    const broker = leadingBroker([{}], { "min.insync.replicas": "1", "segment.bytes": "100" });
    const client = broker.node.connect();
    for (const value of ["a", "b", "c"]) sendProduce(client, [value], { acks: 1 });
    const { log } = broker.partition();
    expect(log.segments.map(({ base }) => Number(base))).toEqual([0, 1, 2]);
    expect(broker.node.notes("flushed")).toEqual([]);
    broker.node.advance(10);
    expect(broker.node.notes("flushed")).toEqual([
      { type: "flushed", partition: "orders-0", to: 2 },
    ]);
    expect(log.recoveryPoint).toBe(2);
  });
});
