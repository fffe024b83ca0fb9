// Committed prefixes agree: what two replicas call committed is the same, whoever of them leads.
import { expect, test } from "vitest";
import { guarantees } from "#sim";
import { guaranteeOf, HandMade, judged, scenarioWith } from "./hand-made.ts";

const agree = guaranteeOf(guarantees, "marks-agree");

const mark = (trace: HandMade, broker: number, offset: number, role: Role = "follower") =>
  trace.highWatermark(broker, offset, role);

type Role = "leader" | "follower";

const place = { partition: "orders-0", segment: 0, position: 100, length: 100 };

/** A batch at offset 1, told apart by its checksum. */
const appended = (trace: HandMade, broker: number, crc: number) =>
  trace.note(`b${broker}`, { type: "appended", base: 1, next: 2, crc, ...place } as never);

const cut = (trace: HandMade, broker: number) =>
  trace.note(`b${broker}`, {
    type: "truncated",
    partition: "orders-0",
    from: 2,
    to: 1,
    reason: "divergence",
  } as never);

/** All hold the first record; at offset 1 broker 3 holds another one than the others. */
function parted(): HandMade {
  const trace = new HandMade().register(1, 1).register(2, 2).register(3, 3).isr(1, 2);
  trace.append("p1-1", 1, 2, 3);
  appended(appended(appended(trace, 1, 7), 2, 7), 3, 8);
  return trace;
}

test("holds where replicas call the same records committed, however far each of them is", () => {
  const trace = mark(mark(mark(parted(), 1, 2, "leader"), 2, 1), 3, 1);
  expect(judged(agree, scenarioWith(), trace)).toMatchObject({ standing: "held", checked: 4 });
});

test("breaks where a follower calls committed what another has in another way", () => {
  const trace = mark(mark(parted(), 1, 2, "leader"), 3, 2);
  const { standing, evidence } = judged(agree, scenarioWith(), trace);
  expect(standing).toBe("broken");
  expect(evidence).toMatch(/^b3 calls 2 offsets of orders-0 committed, .* at offset 1 /);
});

test("looks again at what a replica has cut and was given anew", () => {
  const trace = mark(mark(parted(), 1, 2, "leader"), 3, 1);
  expect(judged(agree, scenarioWith(), mark(appended(cut(trace, 3), 3, 7), 3, 2)).holds).toBe(true);
  const other = mark(mark(mark(parted(), 1, 2, "leader"), 2, 2), 3, 1);
  expect(judged(agree, scenarioWith(), mark(appended(cut(other, 2), 2, 9), 2, 2)).holds).toBe(
    false,
  );
});

test("is not promised under unclean elections", () => {
  const trace = mark(mark(parted(), 1, 2, "leader"), 3, 2);
  expect(judged(agree, scenarioWith({ unclean: true }), trace)).toMatchObject({
    standing: "notPromisedBroken",
    precondition: ["clean-election"],
  });
});

test("excuses the batch that was lost, and judges the one in its place", () => {
  const bare = () => {
    const trace = new HandMade().register(1, 1).isr(1);
    trace.append("p1-1", 1, 2, 3);
    appended(trace, 1, 7);
    return mark(trace, 1, 2, "leader").powerLoss(1, 100);
  };
  const instead = mark(appended(bare(), 2, 8), 2, 2, "leader");
  expect(judged(agree, scenarioWith(), instead)).toMatchObject({
    holds: true,
    precondition: ["isr-survivor"],
  });
  const another = mark(appended(instead, 3, 9), 3, 2);
  expect(judged(agree, scenarioWith(), another).standing).toBe("broken");
});

test("judges the topic that is made again under the name of one that is gone", () => {
  const trace = mark(parted().created(10, "first"), 1, 2, "leader");
  for (const broker of [1, 2, 3]) trace.drop(broker);
  trace.created(20, "second").isr(1, 2);
  trace.append("p1-9", 1, 2, 3);
  appended(appended(trace, 1, 5), 3, 6);
  expect(judged(agree, scenarioWith(), mark(mark(trace, 1, 2), 3, 2)).standing).toBe("broken");
});
