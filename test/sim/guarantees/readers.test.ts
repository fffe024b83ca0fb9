// What a client is told: where a partition ends, and that what it had read is gone. And that the dead are not heard.
import { describe, expect, test } from "vitest";
import { guarantees } from "#sim";
import { guaranteeOf, HandMade, judged, scenarioWith } from "./hand-made.ts";

describe("ends-only-rise", () => {
  const rises = guaranteeOf(guarantees, "ends-only-rise");
  const asked = (trace: HandMade, call: number, node = "k1") =>
    trace.add(node, { type: "called", call, request: { type: "endOffsets" } });
  const told = (trace: HandMade, call: number, offset: number, node = "k1") =>
    trace.add(node, {
      type: "result",
      call,
      outcome: { type: "endOffsets", offsets: [{ partition: "orders-0", offset }] },
    });

  test("holds where the end stays or rises, and where an answer to an older question comes late", () => {
    const trace = new HandMade();
    told(asked(trace, 1), 1, 4);
    asked(trace, 2);
    asked(trace, 3);
    told(told(trace, 3, 6), 2, 5);
    expect(judged(rises, scenarioWith(), trace)).toMatchObject({ standing: "held", checked: 3 });
  });

  test("breaks where a client is told less than before", () => {
    const trace = new HandMade();
    told(asked(trace, 1), 1, 4);
    told(asked(trace, 2), 2, 3);
    const { standing, evidence } = judged(rises, scenarioWith(), trace);
    expect(standing).toBe("broken");
    expect(evidence).toBe("k1 asked where orders-0 ends when it knew of 4, and was told 3.");
  });

  test("excuses an end that goes back over what was lost, and no further", () => {
    const bare = () => {
      const trace = new HandMade().register(1, 1).isr(1);
      for (const value of ["p1-1", "p1-2", "p1-3"]) trace.append(value, 1);
      return told(asked(trace, 1), 1, 3).powerLoss(1, 200);
    };
    const back = (to: number) => told(asked(bare(), 2), 2, to);
    expect(judged(rises, scenarioWith(), back(2))).toMatchObject({ holds: true, exempt: 1 });
    const risen = told(asked(told(asked(back(2), 3), 3, 9), 4), 4, 8);
    expect(judged(rises, scenarioWith(), risen)).toMatchObject({ standing: "broken" });
  });

  test("breaks where a client is told less than it has read", () => {
    const trace = new HandMade().read("k1", 0, "p1-1", "p1-2");
    told(asked(trace, 99), 99, 1);
    expect(judged(rises, scenarioWith(), trace).evidence).toContain("knew of 2, and was told 1");
  });

  test("does not compare what two clients, or two lives of one, were told", () => {
    const trace = new HandMade();
    told(asked(trace, 1), 1, 4);
    told(asked(trace, 1, "k2"), 1, 3, "k2");
    trace.add("k1", { type: "started", life: 2, kind: "consumer" });
    told(asked(trace, 1), 1, 2);
    expect(judged(rises, scenarioWith(), trace).holds).toBe(true);
  });

  test("is not promised under unclean elections", () => {
    const trace = new HandMade();
    told(asked(trace, 1), 1, 4);
    told(asked(trace, 2), 2, 3);
    expect(judged(rises, scenarioWith({ unclean: true }), trace)).toMatchObject({
      standing: "notPromisedBroken",
      precondition: ["clean-election"],
    });
  });
});

describe("readers-are-told", () => {
  const tell = guaranteeOf(guarantees, "readers-are-told");
  const ended = (trace: HandMade, ...values: readonly string[]) => trace.verify(...values);
  const reset = (trace: HandMade, offset: number, epoch = 0) =>
    trace.note("k1", {
      type: "positionReset",
      partition: "orders-0",
      offset,
      epoch,
      why: "truncation",
    } as never);

  test("breaks where a reader goes on behind a record that was taken away", () => {
    const trace = new HandMade().read("k1", 0, "p1-1", "p1-2", "p1-5");
    const { standing, evidence } = judged(
      tell,
      scenarioWith({ unclean: true }),
      ended(trace, "p1-1", "p1-4", "p1-5"),
    );
    expect(standing).toBe("broken");
    expect(evidence).toBe(
      "k1 read p1-2 at offset 1 of orders-0 and went on to 2; nobody told it that p1-4 stands at 1 now.",
    );
  });

  test("holds where it was sent back to that place, whatever it read there", () => {
    const trace = reset(new HandMade().read("k1", 0, "p1-1", "p1-2"), 1);
    trace.read("k1", 1, "p1-4", "p1-5");
    const { standing, checked } = judged(
      tell,
      scenarioWith(),
      ended(trace, "p1-1", "p1-4", "p1-5"),
    );
    expect({ standing, checked }).toEqual({ standing: "held", checked: 3 });
  });

  test("is not promised of a later epoch, where the other log goes on with one that both know (KIP-320)", () => {
    const trace = reset(new HandMade().read("k1", 0, "p1-1@1", "p1-2@3", "p1-3@3"), 2, 1);
    trace.read("k1", 2, "p1-5@4");
    const verdict = judged(tell, scenarioWith(), ended(trace, "p1-1", "p1-4", "p1-5"));
    expect(verdict).toMatchObject({ checked: 3, exempt: 1, precondition: ["epoch-told"] });
    expect(verdict.standing).toBe("held");
    const claimed = judged(tell, scenarioWith(), trace, true);
    expect(claimed.standing).toBe("broken");
    expect(claimed.broke?.off).toEqual(["epoch-told"]);
  });

  test("is promised of that epoch itself, wherever it ends", () => {
    const trace = reset(new HandMade().read("k1", 0, "p1-1@1", "p1-2@1", "p1-3@3"), 2, 1);
    trace.read("k1", 2, "p1-5@4");
    const verdict = judged(tell, scenarioWith(), ended(trace, "p1-1", "p1-4", "p1-5"));
    expect(verdict.standing).toBe("broken");
  });

  test("holds where it has read nothing since", () => {
    const trace = new HandMade().read("k1", 0, "p1-1", "p1-2");
    expect(judged(tell, scenarioWith(), ended(trace, "p1-1", "p1-4")).holds).toBe(true);
  });
});

describe("dead-stay-silent", () => {
  const silent = guaranteeOf(guarantees, "dead-stay-silent");
  const said = (trace: HandMade, type: string, epoch: number) =>
    trace.note("c1", { type, broker: 2, epoch } as never);

  test("holds where each change is the wish of the life that is registered", () => {
    const trace = new HandMade().register(2, 5);
    said(said(trace, "brokerUnfenced", 5), "brokerLeaving", 5).register(2, 9);
    said(trace, "brokerUnfenced", 9);
    expect(judged(silent, scenarioWith(), trace)).toMatchObject({ standing: "held", checked: 3 });
  });

  test.each([
    ["brokerFenced", "fenced"],
    ["brokerUnfenced", "let in"],
    ["brokerLeaving", "taken to be leaving"],
  ])("breaks at a late %s", (type, word) => {
    const trace = said(new HandMade().register(2, 5).register(2, 9), type, 5);
    const { standing, evidence } = judged(silent, scenarioWith(), trace);
    expect(standing).toBe("broken");
    expect(evidence).toBe(
      `Broker 2, registered under epoch 9, was ${word} because of its life of epoch 5.`,
    );
  });
});

test("read-stays excuses a record that was lost, not one before it, nor what was read in its place", () => {
  const stays = guaranteeOf(guarantees, "read-stays");
  const bare = () => {
    const trace = new HandMade().register(1, 1).isr(1);
    trace.append("p1-1", 1);
    trace.append("p1-2", 1);
    return trace.read("k1", 0, "p1-1", "p1-2").powerLoss(1, 100);
  };
  expect(judged(stays, scenarioWith(), bare().verify("p1-1"))).toMatchObject({
    holds: true,
    checked: 2,
    exempt: 1,
  });
  expect(judged(stays, scenarioWith(), bare().verify()).evidence).toContain("p1-1 was read");
  const instead = bare().read("k1", 1, "p1-3@1").verify("p1-1");
  expect(judged(stays, scenarioWith(), instead)).toMatchObject({ standing: "broken" });
});
