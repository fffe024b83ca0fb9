// What an operator, or its age, takes away is not promised; all else is.
import { describe, expect, test } from "vitest";
import { guarantees } from "#sim";
import { guaranteeOf, HandMade, judged, scenarioWith } from "./hand-made.ts";

const of = (id: string, trace: HandMade) =>
  judged(guaranteeOf(guarantees, id), scenarioWith(), trace);
/** Three records, acknowledged and on all three brokers. */
const three = (): HandMade =>
  new HandMade().isr(1, 2, 3).safe("p1-1", 0).safe("p1-2", 1).safe("p1-3", 2);

describe("a record that was let go", () => {
  test.each(["deleteRecords", "retention"] as const)("by %s may be gone", (why) => {
    const trace = three().letGo(1, 2, why).verifyFrom(2, "p1-3");
    expect(of("acknowledged-survives", trace)).toMatchObject({
      standing: "held",
      checked: 3,
      exempt: 2,
      precondition: ["records-kept"],
    });
  });

  test("by a follower for no reason is lost", () => {
    const trace = three().letGo(2, 2, "leader").verifyFrom(2, "p1-3");
    expect(of("acknowledged-survives", trace).standing).toBe("broken");
  });

  test("excuses nothing that was not let go", () => {
    const trace = three().letGo(1, 2, "deleteRecords").verifyFrom(3);
    expect(of("acknowledged-survives", trace).standing).toBe("broken");
    const read = three().read("k1", 0, "p1-1", "p1-2", "p1-3").letGo(1, 2, "deleteRecords");
    expect(of("read-stays", read.verifyFrom(3)).standing).toBe("broken");
  });

  test("may be gone though it was read, and nobody need be told", () => {
    const trace = () =>
      three().read("k1", 0, "p1-1", "p1-2", "p1-3").letGo(1, 2, "retention").verifyFrom(2, "p1-3");
    expect(of("read-stays", trace())).toMatchObject({
      standing: "held",
      exempt: 2,
      precondition: ["records-kept"],
    });
    expect(of("readers-are-told", trace()).standing).toBe("held");
  });

  test("may be stepped over by a reader, forwards and no further", () => {
    const sent = (offset: number, to: number) =>
      three()
        .read("k1", 0, "p1-1")
        .letGo(1, to, "deleteRecords")
        .note("k1", {
          type: "positionReset",
          partition: "orders-0",
          offset,
          why: "outOfRange",
        } as never);
    expect(of("consumer-order", sent(2, 2))).toMatchObject({
      standing: "held",
      precondition: ["records-kept"],
    });
    expect(of("consumer-order", sent(3, 2)).standing).toBe("broken");
    expect(of("consumer-order", sent(0, 2)).standing).toBe("broken");
  });

  test("does not excuse that two read different records behind it", () => {
    const over = (value: string) =>
      three()
        .read("k2", 2, "p1-3")
        .read("k1", 0, "p1-1")
        .letGo(1, 2, "retention")
        .read("k1", 2, value);
    expect(of("consumer-order", over("p1-3")).standing).toBe("held");
    expect(of("consumer-order", over("p1-9")).standing).toBe("broken");
  });

  test("need not be held by who is in sync; what lies behind it must", () => {
    const joins = (to: number) =>
      new HandMade()
        .isr(1, 2, 3)
        .safe("p1-1", 0)
        .safe("p1-2", 1)
        .note("b1", {
          type: "highWatermark",
          partition: "orders-0",
          epoch: 0,
          offset: 2,
          role: "leader",
        } as never)
        .isr(1, 2)
        .letGo(1, to, "retention")
        .note("b3", { type: "logRestarted", partition: "orders-0", from: 1, start: to } as never)
        .isr(1, 2, 3);
    expect(of("in-sync-holds-committed", joins(2)).standing).toBe("held");
    expect(of("in-sync-holds-committed", joins(1)).standing).toBe("broken");
  });
});
