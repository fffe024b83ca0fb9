import { describe, expect, test } from "vitest";
import type { BrokerEpoch, BrokerId, Offset } from "#core";
import { type Fault, guarantees } from "#sim";
import { guaranteeOf, HandMade, judged, scenarioWith } from "./hand-made.ts";

const survives = guaranteeOf(guarantees, "acknowledged-survives");
const begun = () => new HandMade().register(1, 11).register(2, 12).register(3, 13).isr(1, 2, 3);

describe("acknowledged records", () => {
  test("that are there after the heal have survived", () => {
    const trace = begun().safe("p1-1", 0).safe("p1-2", 1).verify("p1-1", "p1-2");
    expect(judged(survives, scenarioWith(), trace)).toMatchObject({
      standing: "held",
      checked: 2,
      exempt: 0,
      precondition: [],
    });
  });

  test("that are missing after the heal are lost, and the sentence names offset and time", () => {
    const trace = begun().safe("p1-1", 0).safe("p1-2", 1).verify("p1-1");
    const { standing, evidence, broke } = judged(survives, scenarioWith(), trace);
    expect(standing).toBe("broken");
    expect(evidence).toContain("p1-2 was acknowledged (acks=all) at offset 1 of orders-0 at");
    expect(evidence).toContain("nothing is there");
    expect(broke?.off).toEqual([]);
  });

  test("in whose place another stands are lost", () => {
    const trace = begun().safe("p1-1", 0).verify("p1-9");
    expect(judged(survives, scenarioWith(), trace)).toMatchObject({ standing: "broken" });
    expect(judged(survives, scenarioWith(), trace).evidence).toContain("p1-9 stands there");
  });

  test("that are known as duplicates without a place are looked for everywhere", () => {
    const trace = begun().safe("p1-1", 0).safe("p1-2", -1).verify("p1-1", "p1-2");
    expect(judged(survives, scenarioWith(), trace)).toMatchObject({ standing: "held", checked: 2 });
    const short = begun().safe("p1-1", 0).safe("p1-2", -1).verify("p1-1");
    expect(judged(survives, scenarioWith(), short)).toMatchObject({ standing: "broken" });
  });

  test("are looked for by the fresh reader alone", () => {
    const trace = begun().safe("p1-1", 0).read("k1", 0, "p1-1").verify();
    expect(judged(survives, scenarioWith(), trace).holds).toBe(false);
  });

  test("are not judged lost before the end", () => {
    const trace = begun().safe("p1-1", 0);
    expect(judged(survives, scenarioWith(), trace)).toMatchObject({ holds: true, checked: 1 });
  });

  test("that nobody can read because the cluster does not recover are lost as well", () => {
    const trace = begun().safe("p1-1", 0);
    trace.add("", { type: "phase", phase: "verify", complete: false });
    trace.add("", { type: "phase", phase: "end", complete: false });
    expect(judged(survives, scenarioWith(), trace).evidence).toContain("does not recover");
  });

  test("whose outcome is unknown may be there or not", () => {
    const trace = begun();
    const call = trace.append("p1-1", 1);
    trace.add("p1", { type: "result", call, outcome: { type: "unknown", reason: "timeout" } });
    expect(judged(survives, scenarioWith(), trace.verify())).toMatchObject({ checked: 0 });
  });
});

describe("the promise", () => {
  test.each([
    ["acks-all", scenarioWith({ acks: "1" })],
    ["clean-election", scenarioWith({ unclean: true })],
  ])("is not made without %s, unless it is claimed", (precondition, scenario) => {
    const trace = begun().safe("p1-1", 0).verify();
    expect(judged(survives, scenario, trace)).toMatchObject({
      standing: "notPromisedBroken",
      promised: false,
      holds: false,
      checked: 1,
      exempt: 1,
      precondition: [precondition],
    });
    expect(judged(survives, scenario, trace, true)).toMatchObject({
      standing: "broken",
      promised: true,
    });
  });

  test("covers any number of crashes: page caches live", () => {
    const trace = begun().safe("p1-1", 0);
    for (const broker of [1, 2, 3]) trace.down(broker, "crash");
    expect(judged(survives, scenarioWith(), trace.verify())).toMatchObject({ standing: "broken" });
  });

  test("covers power losses while one in-sync replica was never hit", () => {
    const trace = begun().safe("p1-1", 0).powerLoss(1, 0).powerLoss(2, 0);
    expect(judged(survives, scenarioWith(), trace.verify())).toMatchObject({
      standing: "broken",
      exempt: 0,
    });
  });

  test("ends where a copy is lost and every in-sync replica was hit", () => {
    const trace = begun().safe("p1-1", 0).powerLoss(1, 0).powerLoss(2, 0).powerLoss(3, 0);
    const { standing, precondition, evidence } = judged(survives, scenarioWith(), trace.verify());
    expect(standing).toBe("notPromisedBroken");
    expect(precondition).toEqual(["isr-survivor"]);
    expect(evidence).toContain("every replica in sync or eligible had been hit");
  });

  test("does not end while one that is eligible was not hit, though nobody is in sync (KIP-966)", () => {
    const trace = begun().safe("p1-1", 0).eligible([1], [2]).powerLoss(1, 0).powerLoss(3, 0);
    const left = trace.eligible([], [2, 1]).isr(2).verify();
    expect(judged(survives, scenarioWith(), left)).toMatchObject({ standing: "broken", exempt: 0 });
    const all = begun().safe("p1-1", 0).eligible([1], []).powerLoss(1, 0);
    expect(judged(survives, scenarioWith(), all.verify())).toMatchObject({ exempt: 1 });
  });

  test("is broken where nobody leads, though somebody may who has its disk", () => {
    const trace = begun().safe("p1-1", 0).eligible([1], [2]).powerLoss(3, 0).eligible([], [2, 1]);
    const { standing, evidence } = judged(survives, scenarioWith(), trace.verify());
    expect(standing).toBe("broken");
    expect(evidence).toContain("after the heal nobody leads orders-0.");
    const none = begun().safe("p1-1", 0).emptyDisk(2).eligible([], [2, 1]).verify();
    expect(judged(survives, scenarioWith(), none)).toMatchObject({ standing: "broken", exempt: 0 });
  });

  test("is not made where nobody leads and all who may have lost their disks", () => {
    const trace = begun().safe("p1-1", 0).eligible([2], [1]).emptyDisk(2).eligible([], [2]);
    const verdict = judged(survives, scenarioWith(), trace.verify());
    expect(verdict).toMatchObject({ standing: "notPromised", exempt: 1 });
    expect(verdict.precondition).toContain("eligible-keeps-disk");
  });

  test("is about rot there or before it, not behind it", () => {
    const trace = begun().safe("p1-1", 0).safe("p1-2", 1).safe("p1-3", 2).rot(1, 150);
    const verdict = judged(survives, scenarioWith(), trace.verify());
    expect(verdict).toMatchObject({ standing: "broken", checked: 3, exempt: 2 });
    expect(verdict.precondition).toEqual(["disks-keep-bits"]);
    expect(verdict.evidence).toContain("p1-1");
  });

  test("ends there too if the others crashed before the record was sent", () => {
    const trace = begun().down(2, "crash").down(3, "crash").safe("p1-1", 0).powerLoss(1, 0);
    expect(judged(survives, scenarioWith(), trace.verify())).toMatchObject({ exempt: 1 });
  });

  test("counts whom the ISR has left, not who is alive: a lone survivor of the ISR that is hit", () => {
    const trace = begun().safe("p1-1", 0).isr(1).powerLoss(1, 0);
    expect(judged(survives, scenarioWith(), trace.verify())).toMatchObject({ exempt: 1 });
  });

  test("takes a replica back once the ISR has taken it in under a newer epoch", () => {
    const back = begun()
      .down(2, "crash")
      .isr(1, 3)
      .register(2, 20)
      .isr(1, 3, 2)
      .safe("p1-1", 0)
      .powerLoss(1, 0)
      .powerLoss(3, 0);
    expect(judged(survives, scenarioWith(), back.verify())).toMatchObject({ exempt: 0 });
    const same = begun()
      .down(2, "crash")
      .isr(1, 3)
      .isr(1, 3, 2)
      .safe("p1-1", 0)
      .powerLoss(1, 0)
      .powerLoss(3, 0);
    expect(judged(survives, scenarioWith(), same.verify())).toMatchObject({ exempt: 1 });
    const never = begun()
      .down(2, "crash")
      .register(2, 20)
      .isr(1, 2, 3)
      .safe("p1-1", 0)
      .powerLoss(1, 0)
      .powerLoss(3, 0);
    expect(judged(survives, scenarioWith(), never.verify())).toMatchObject({ exempt: 1 });
  });

  test("is about a record's own bytes: what lies before them is none of its loss", () => {
    const trace = begun().safe("p1-1", 0).safe("p1-2", 1).isr(1).powerLoss(1, 100);
    const verdict = judged(survives, scenarioWith(), trace.verify());
    expect(verdict).toMatchObject({ standing: "broken", checked: 2, exempt: 1 });
    expect(verdict.evidence).toContain("p1-1");
  });

  test("does not excuse bytes that were flushed, or that a clean stop flushes", () => {
    const flushed = begun().safe("p1-1", 0).isr(1);
    flushed.note("b1", { type: "flushed", partition: "orders-0", to: 1 } as never);
    expect(judged(survives, scenarioWith(), flushed.powerLoss(1, 0).verify())).toMatchObject({
      exempt: 0,
    });
    const stopped = begun().safe("p1-1", 0).isr(1).down(1, "stopped");
    expect(judged(survives, scenarioWith(), stopped.powerLoss(1, 0).verify())).toMatchObject({
      exempt: 0,
    });
  });

  test("does not excuse what a replica cut by itself", () => {
    const trace = begun().safe("p1-1", 0).isr(1);
    trace.note("b1", {
      type: "truncated",
      partition: "orders-0",
      from: 1,
      to: 0,
      reason: "divergence",
    } as never);
    for (const broker of [1, 2, 3]) trace.down(broker, "crash");
    expect(judged(survives, scenarioWith(), trace.verify())).toMatchObject({ exempt: 0 });
  });
});

describe("an atlas that spares a replica promises everything beforehand", () => {
  const faults: Fault[] = [
    { type: "powerLoss", atMs: 2000, target: { node: "b1" } },
    { type: "crash", atMs: 3000, target: { leaderOf: "orders-0" } },
  ];
  const wrongly = () => begun().safe("p1-1", 0).isr(1).powerLoss(1, 0).down(2, "crash").verify();

  test("even if the ISR shrank without a reason", () => {
    const scenario = scenarioWith({ faults, lagMs: 600_000 });
    expect(judged(survives, scenario, wrongly())).toMatchObject({ standing: "broken", exempt: 0 });
  });

  test("but not once a broker was fenced that no fault had hit", () => {
    const scenario = scenarioWith({ faults, lagMs: 600_000 });
    const fenced = {
      type: "brokerFenced",
      at: 0 as Offset,
      broker: 3 as BrokerId,
      epoch: 13 as BrokerEpoch,
    } as const;
    const trace = begun().safe("p1-1", 0);
    trace.add("c1", { type: "note", event: fenced });
    trace.isr(1).powerLoss(1, 0).down(2, "crash").verify();
    expect(judged(survives, scenario, trace)).toMatchObject({ exempt: 1 });
  });

  test("but not if a cut, a pause or mere lag could have shrunk it", () => {
    const cut: Fault = { type: "cut", atMs: 1000, between: [{ node: "b1" }, { node: "b2" }] };
    for (const scenario of [
      scenarioWith({ faults: [...faults, cut], lagMs: 600_000 }),
      scenarioWith({ faults, lagMs: 1500 }),
    ]) {
      expect(judged(survives, scenario, wrongly())).toMatchObject({ exempt: 1 });
    }
  });

  test("and not if all replicas were hit", () => {
    const scenario = scenarioWith({ faults, lagMs: 600_000 });
    const trace = begun().safe("p1-1", 0).down(2, "crash").down(3, "crash").powerLoss(1, 0);
    expect(judged(survives, scenario, trace.verify())).toMatchObject({ exempt: 1 });
  });
});
