import { describe, expect, test } from "vitest";
import { guarantees } from "#sim";
import { guaranteeOf, HandMade, judged, scenarioWith } from "./hand-made.ts";

describe("producer-order", () => {
  const order = guaranteeOf(guarantees, "producer-order");
  const sent = () => {
    const trace = new HandMade();
    for (const value of ["p1-1", "p1-2", "p1-3"]) trace.send(value);
    return trace;
  };

  test("holds where records stand as they were sent, gaps included", () => {
    const trace = sent().read("k1", 0, "p1-1", "p1-3");
    expect(judged(order, scenarioWith(), trace)).toMatchObject({ standing: "held", checked: 2 });
  });

  test("breaks where an earlier record stands behind a later one", () => {
    const trace = sent().read("k1", 0, "p1-1", "p1-3", "p1-2");
    const { standing, evidence } = judged(order, scenarioWith(), trace);
    expect(standing).toBe("broken");
    expect(evidence).toBe(
      "k1 read p1-2 at offset 2 of orders-0 after p1-3 at 1, but p1-2 was sent earlier.",
    );
  });

  test("breaks where a record stands twice", () => {
    const trace = sent().read("k1", 0, "p1-1", "p1-1");
    expect(judged(order, scenarioWith(), trace).evidence).toContain("stands there twice");
  });

  test("is not promised to a producer without idempotence", () => {
    const trace = sent().read("k1", 0, "p1-2", "p1-1");
    expect(judged(order, scenarioWith({ idempotent: false }), trace)).toMatchObject({
      standing: "notPromisedBroken",
      precondition: ["idempotent-producer"],
      checked: 2,
      exempt: 2,
    });
  });

  test("is not broken by a reader that goes back", () => {
    const trace = sent().read("k1", 0, "p1-1", "p1-2");
    trace.note("k1", {
      type: "positionReset",
      partition: "orders-0",
      offset: 0,
      why: "seek",
    } as never);
    expect(judged(order, scenarioWith(), trace.read("k1", 0, "p1-1")).holds).toBe(true);
  });

  test.each([
    ["forward", 3, ["p1-1", "p1-3"], ["p1-2"]],
    ["back to what follows a record that it has seen", 1, ["p1-2", "p1-3"], ["p1-1"]],
  ])("is broken behind a reader that is sent %s", (_way, offset, before, after) => {
    const trace = sent().read("k1", 0, ...before);
    trace.note("k1", {
      type: "positionReset",
      partition: "orders-0",
      offset,
      why: "seek",
    } as never);
    const { standing, evidence } = judged(
      order,
      scenarioWith(),
      trace.read("k1", offset, ...after),
    );
    expect(standing).toBe("broken");
    expect(evidence).toContain("was sent earlier");
  });
});

describe("consumer-order", () => {
  const order = guaranteeOf(guarantees, "consumer-order");
  const reset = (trace: HandMade, why: string, offset: number) =>
    trace.note("k1", { type: "positionReset", partition: "orders-0", offset, why } as never);

  test("holds where everybody reads the same, wherever each begins", () => {
    const trace = new HandMade().read("k1", 0, "p1-1", "p1-2").read("k2", 1, "p1-2", "p1-3");
    expect(judged(order, scenarioWith(), trace)).toMatchObject({ standing: "held", checked: 4 });
  });

  test("breaks where two read different records at one offset", () => {
    const trace = new HandMade().read("k1", 0, "p1-1").read("k2", 0, "p1-2");
    const { standing, evidence } = judged(order, scenarioWith(), trace);
    expect(standing).toBe("broken");
    expect(evidence).toBe("k2 read p1-2 at offset 0 of orders-0, where k1 had read p1-1.");
  });

  test("breaks where a reader skips or goes back by itself", () => {
    const skips = new HandMade().read("k1", 0, "p1-1").read("k1", 2, "p1-3");
    expect(judged(order, scenarioWith(), skips)).toMatchObject({ standing: "broken" });
    const back = new HandMade().read("k1", 0, "p1-1", "p1-2").read("k1", 1, "p1-2");
    expect(judged(order, scenarioWith(), back)).toMatchObject({ standing: "broken" });
  });

  test("breaks where a reader is sent away from where it stood", () => {
    const sentBack = reset(new HandMade().read("k1", 0, "p1-1", "p1-2"), "truncation", 1);
    expect(judged(order, scenarioWith(), sentBack)).toMatchObject({ standing: "broken" });
    expect(judged(order, scenarioWith(), sentBack)).toMatchObject({ checked: 3 });
    const stays = reset(new HandMade().read("k1", 0, "p1-1", "p1-2"), "truncation", 2);
    expect(judged(order, scenarioWith(), stays)).toMatchObject({ standing: "held", checked: 3 });
    const started = reset(new HandMade(), "start", 1).read("k1", 1, "p1-2");
    expect(judged(order, scenarioWith(), started)).toMatchObject({ standing: "held" });
  });

  test("counts a move that was not promised as exempt", () => {
    const sentOn = reset(
      new HandMade().read("k1", 0, "p1-1").letGo(1, 3, "retention"),
      "outOfRange",
      3,
    );
    expect(judged(order, scenarioWith(), sentOn)).toMatchObject({
      checked: 2,
      exempt: 1,
      precondition: ["records-kept"],
    });
  });

  test("excuses the record that was lost, not one beside it, nor the one that took its place", () => {
    const bare = () => {
      const trace = new HandMade().register(1, 1).isr(1);
      trace.append("p1-1", 1);
      trace.append("p1-2", 1);
      return trace.read("k1", 0, "p1-1", "p1-2").powerLoss(1, 100);
    };
    const beside = bare().read("k2", 0, "p1-9@1");
    expect(judged(order, scenarioWith(), beside)).toMatchObject({ standing: "broken" });
    const lost = bare().read("k2", 1, "p1-9@1");
    expect(judged(order, scenarioWith(), lost)).toMatchObject({ holds: true, exempt: 1 });
    const instead = bare().read("k2", 1, "p1-9@1").read("k3", 1, "p1-8@1");
    expect(judged(order, scenarioWith(), instead)).toMatchObject({ standing: "broken" });
    const sentBack = reset(bare(), "truncation", 0);
    expect(judged(order, scenarioWith(), sentBack)).toMatchObject({ holds: true, exempt: 1 });
  });

  test("says nothing of offsets that went with the last log, of records let go before as well", () => {
    const wiped = (...isr: number[]) => {
      const trace = new HandMade()
        .register(1, 1)
        .register(2, 2)
        .isr(...isr);
      trace.append("p1-1", ...isr);
      trace.read("k1", 0, "p1-1");
      for (const broker of isr) trace.letGo(broker, 1, "retention");
      // Nothing is left in the log but that it begins at 1.
      const hurt = { why: "emptied" as const, before: 0, after: 0, from: 0 };
      const file = "orders-0/00000000000000000001.log";
      return trace.down(1, "powerLoss").add("b1", { type: "fileHurt", file, ...hurt });
    };
    const again = (trace: HandMade) => reset(trace, "truncation", 0).read("k2", 0, "p1-2");
    expect(judged(order, scenarioWith(), again(wiped(1)))).toMatchObject({
      standing: "held",
      exempt: 2,
      precondition: ["isr-survivor"],
    });
    // Another that is in sync, and was not hit, knows where the log goes on.
    expect(judged(order, scenarioWith(), again(wiped(1, 2)))).toMatchObject({ standing: "broken" });
  });

  test("is not promised under unclean elections, nor once a record may be lost", () => {
    const twice = (trace: HandMade) => trace.read("k1", 0, "p1-1").read("k2", 0, "p1-2");
    expect(judged(order, scenarioWith({ unclean: true }), twice(new HandMade()))).toMatchObject({
      standing: "notPromisedBroken",
      precondition: ["clean-election"],
    });
    const bare = new HandMade().register(1, 1).isr(1);
    bare.append("p1-1", 1);
    expect(judged(order, scenarioWith(), twice(bare.powerLoss(1, 0)))).toMatchObject({
      standing: "notPromisedBroken",
      precondition: ["isr-survivor"],
    });
    const covered = new HandMade().register(1, 1).isr(1, 2, 3);
    covered.append("p1-1", 1);
    expect(judged(order, scenarioWith(), twice(covered.powerLoss(1, 0)))).toMatchObject({
      standing: "broken",
    });
  });
});

describe("no-assertion-fails", () => {
  const guarantee = guaranteeOf(guarantees, "no-assertion-fails");

  test("breaks when a process fails, and not when it is killed", () => {
    const killed = new HandMade().down(1, "crash").down(2, "powerLoss").down(3, "stopped");
    expect(judged(guarantee, scenarioWith(), killed).holds).toBe(true);
    const failed = new HandMade().add("b2", { type: "down", how: "failed", reason: "0 < 0" });
    expect(judged(guarantee, scenarioWith(), failed)).toMatchObject({
      holds: false,
      evidence: "b2 failed at 0 ms: 0 < 0.",
    });
  });

  test("cannot be excused: it is promised even where nothing was judged", () => {
    const failed = new HandMade().add("c1", { type: "down", how: "failed" });
    expect(judged(guarantee, scenarioWith(), failed)).toMatchObject({ promised: true });
  });
});
