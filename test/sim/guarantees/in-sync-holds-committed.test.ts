// Leader completeness: whoever is in sync holds what any leader's high watermark has passed.
import { expect, test } from "vitest";
import { guarantees } from "#sim";
import { guaranteeOf, HandMade, judged, scenarioWith } from "./hand-made.ts";

const complete = guaranteeOf(guarantees, "in-sync-holds-committed");

const highWatermark = (
  trace: HandMade,
  broker: number,
  offset: number,
  role: "leader" | "follower" = "leader",
) => trace.highWatermark(broker, offset, role);

/** Broker 3 is not in sync: two records are on brokers 1 and 2, and the first of them on 3. */
function behind(): HandMade {
  const trace = new HandMade().register(1, 1).register(2, 2).register(3, 3).isr(1, 2);
  trace.append("p1-1", 1, 2, 3);
  trace.append("p1-2", 1, 2);
  return trace;
}

test("holds where all in sync have what is committed, and where others lack it", () => {
  const trace = highWatermark(behind(), 1, 2);
  expect(judged(complete, scenarioWith(), trace)).toMatchObject({ standing: "held", checked: 4 });
});

test("breaks where a high watermark passes what a member of the ISR lacks", () => {
  const trace = behind().isr(1, 2, 3);
  const { standing, evidence } = judged(complete, scenarioWith(), highWatermark(trace, 1, 2));
  expect(standing).toBe("broken");
  expect(evidence).toMatch(/^Broker 3 is in sync without the record at offset 1 of orders-0/);
});

test("breaks where a replica joins that lacks what is committed", () => {
  const trace = highWatermark(behind(), 1, 2).isr(1, 2, 3);
  expect(judged(complete, scenarioWith(), trace).standing).toBe("broken");
});

test("breaks where a member of the ISR cuts what is committed", () => {
  const trace = highWatermark(behind(), 1, 2).note("b2", {
    type: "truncated",
    partition: "orders-0",
    from: 2,
    to: 1,
    reason: "divergence",
  } as never);
  expect(judged(complete, scenarioWith(), trace).standing).toBe("broken");
});

test("takes a follower's high watermark for hearsay", () => {
  const trace = highWatermark(behind().isr(1, 2, 3), 2, 2, "follower");
  expect(judged(complete, scenarioWith(), trace)).toMatchObject({ checked: 0, holds: true });
});

test("asks nothing of a replica that was hit, before it is back under a later life", () => {
  const trace = highWatermark(behind(), 1, 2);
  trace.powerLoss(2, 0).isr(1);
  // Taken in again as the broker that it was: it is still in doubt. As another life it has to hold all.
  expect(judged(complete, scenarioWith(), trace.isr(1, 2)).holds).toBe(true);
  trace.isr(1).register(2, 9).isr(1, 2);
  expect(judged(complete, scenarioWith(), trace).standing).toBe("broken");
});

test("is not promised under unclean elections", () => {
  const trace = highWatermark(behind().isr(1, 2, 3), 1, 2);
  expect(judged(complete, scenarioWith({ unclean: true }), trace)).toMatchObject({
    standing: "notPromisedBroken",
    precondition: ["clean-election"],
  });
});

const gone = (trace: HandMade): HandMade => trace.created(20, "second");

test("judges the topic that is made again under the name of one that is gone", () => {
  const trace = highWatermark(behind().created(10, "first"), 1, 2);
  for (const broker of [1, 2, 3]) trace.drop(broker);
  gone(trace).isr(1, 2).append("p1-3", 1);
  expect(judged(complete, scenarioWith(), highWatermark(trace, 1, 1)).standing).toBe("broken");
});

test("takes what a broker tells of a topic that is gone for that one, until it has dropped it", () => {
  const trace = new HandMade().created(10, "first").register(1, 1).register(2, 2).isr(1, 2);
  trace.append("p1-1", 1, 2);
  gone(trace).isr(2, 1);
  // Broker 1 has not heard of it, and calls its old record committed.
  highWatermark(trace, 1, 1).drop(1).drop(2);
  trace.append("p1-2", 1, 2);
  const verdict = judged(complete, scenarioWith(), highWatermark(trace, 2, 1));
  expect(verdict).toMatchObject({ standing: "held", checked: 2 });
});

test("tells a topic by its id, not by a controller that tells of it once more", () => {
  const trace = highWatermark(behind().created(10, "first"), 1, 2).created(10, "first");
  trace.isr(1, 2, 3);
  expect(judged(complete, scenarioWith(), trace).standing).toBe("broken");
});

test("excuses what was lost alone, and judges what is committed in its place", () => {
  const trace = new HandMade().register(1, 1).register(2, 2).isr(1);
  trace.append("p1-1", 1, 2);
  trace.append("p1-2", 1);
  highWatermark(trace, 1, 2).powerLoss(1, 100).register(1, 9);
  trace
    .note("b1", { type: "logOpened", partition: "orders-0", end: 1 } as never)
    .isr()
    .isr(1);
  const lost = judged(complete, scenarioWith(), trace);
  expect(lost).toMatchObject({ holds: true, exempt: 1, precondition: ["isr-survivor"] });
  trace.place(1).append("p1-3", 1);
  highWatermark(trace, 1, 2).isr(1, 2);
  const { standing, evidence } = judged(complete, scenarioWith(), trace);
  expect(standing).toBe("broken");
  expect(evidence).toContain("offset 1");
});
