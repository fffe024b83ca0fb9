// When a healed cluster counts as serving again.
import { describe, expect, test } from "vitest";
import { guarantees, judgementOf, parseScenario, type TraceEvent } from "#sim";
import { guaranteeOf } from "./hand-made.ts";

const progress = guaranteeOf(guarantees, "makes-progress");

const scenario = parseScenario({
  version: 1,
  name: "by-hand",
  durationMs: 10_000,
  cluster: { brokers: [{ id: 1 }, { id: 2 }, { id: 3 }] },
  topics: [
    { name: "orders", replicationFactor: 3, config: { "min.insync.replicas": 2 } },
    { name: "gone", replicationFactor: 3 },
  ],
  workload: {},
  faults: [{ type: "deleteTopic", atMs: 100, topic: "gone" }],
});

const phase = (name: "heal" | "verify" | "end", complete: boolean) => ({
  type: "phase",
  phase: name,
  complete,
});

const standing = (leader: number, isr: readonly number[]) => ({
  type: "note",
  event: { type: "partitionChanged", partition: "orders-0", leader, isr },
});

function judged(...bodies: readonly object[]) {
  const state = progress.begin(scenario);
  for (const [seq, body] of bodies.entries()) {
    progress.step(state, {
      seq,
      at: seq * 1000,
      node: "c1",
      causes: [],
      ...body,
    } as unknown as TraceEvent);
  }
  return judgementOf(progress.id, progress.verdict(state));
}

describe("makes-progress", () => {
  test("holds where everything was whole before patience was over, and was read", () => {
    const held = judged(
      standing(1, [1, 2]),
      phase("heal", false),
      phase("verify", true),
      phase("end", true),
    );
    expect(held).toMatchObject({ standing: "held", checked: 1 });
  });

  test.each([
    [[standing(-1, [])], "Two minutes after the heal nobody leads orders-0."],
    [
      [standing(2, [2])],
      "Two minutes after the heal only 1 of 2 replicas of orders-0 are in sync.",
    ],
    [[], "Two minutes after the heal orders-0 has not been made."],
    [
      [standing(2, [2, 3])],
      "Two minutes after the heal the partitions have not been whole for long, or a producer still waits.",
    ],
  ])("says what is missing", (before, evidence) => {
    const broken = judged(
      ...before,
      phase("heal", false),
      phase("verify", false),
      phase("end", true),
    );
    expect(broken).toMatchObject({ standing: "broken", evidence });
  });

  test("breaks where fresh readers do not come to the end", () => {
    const broken = judged(standing(1, [1, 2]), phase("verify", true), phase("end", false));
    expect(broken.standing).toBe("broken");
    expect(broken.evidence).toMatch(/^Four minutes after the heal fresh readers/);
  });

  test("judges nothing in a run that never came to its end", () => {
    expect(judged(standing(-1, []), phase("heal", false))).toMatchObject({
      checked: 0,
      holds: true,
    });
  });
});
