// Where a run has been: marks as the trace shows them.
import { describe, expect, test } from "vitest";
import { allMarks, families, judge, type MarkId, markSentence, type TraceEvent } from "#sim";
import { newMarkWatch, watchMarks } from "../../sim/search/marks.ts";

const note = (event: object, node = "b1"): TraceEvent =>
  ({ type: "note", node, event, seq: 0, at: 0, causes: [] }) as unknown as TraceEvent;

function reached(...events: readonly TraceEvent[]): readonly MarkId[] {
  const watch = newMarkWatch();
  for (const event of events) watchMarks(watch, event);
  return [...watch.reached];
}

const changed = (more: object): TraceEvent =>
  note({
    type: "partitionChanged",
    partition: "orders-0",
    replicas: [1, 2, 3],
    isr: [1, 2, 3],
    elr: [],
    leader: 1,
    why: "isr",
    ...more,
  });

const created = changed({ why: "created" });
const parked = note({ type: "parked", api: "Produce", partition: "orders-0", until: 4 });
const completed = (why: string) =>
  note({ type: "completed", api: "Produce", partition: "orders-0", why });
const shrunk = changed({ isr: [1, 2] });

describe("an ISR that shrinks", () => {
  test("while a produce waits is a mark of its own", () => {
    expect(reached(created, parked, shrunk)).toEqual([
      "isr-shrank",
      "isr-shrank-while-produce-waited",
    ]);
  });

  test("after its leader has died is not, whatever waited there", () => {
    const died = { type: "down", node: "b1", how: "crash" } as unknown as TraceEvent;
    expect(reached(created, parked, died, shrunk)).toEqual(["isr-shrank"]);
  });

  test("after it was answered is not", () => {
    expect(reached(created, parked, completed("satisfied"), shrunk)).toEqual(["isr-shrank"]);
  });
});

test.each([
  [changed({ leader: 2, why: "elected" }), "leader-elected"],
  [changed({ leader: 2, why: "elrElected" }), "elr-elected"],
  [changed({ leader: 2, why: "lastKnownElected" }), "last-known-elected"],
  [changed({ leader: 2, why: "uncleanElected" }), "unclean-elected"],
  [changed({ leader: -1, why: "offline" }), "nobody-leads"],
  [changed({ isr: [1], elr: [2] }), "eligible-remembered"],
  [note({ type: "voted", preVote: true, granted: false }), "pre-vote-refused"],
  [note({ type: "voted", preVote: false, granted: false }), "vote-refused"],
  [note({ type: "quorumRole", role: "resigned" }), "controller-resigned"],
  [note({ type: "logOpened", clean: false, end: 9, cutBytes: 3 }), "torn-tail-cut"],
  [note({ type: "logOpened", clean: false, end: 9, cutBytes: 0 }), "recovered-log"],
  [note({ type: "logOpened", clean: false, end: 9, cutBytes: 0, mended: true }), "index-rebuilt"],
  [note({ type: "truncated", reason: "divergence" }), "cut-by-divergence"],
  [completed("expired"), "produce-expired"],
  [note({ type: "sessionRenewed", with: 2, reason: "NETWORK_EXCEPTION" }), "fetch-session-lost"],
  [
    note({ type: "sessionRenewed", with: 2, reason: "FETCH_SESSION_ID_NOT_FOUND" }),
    "fetch-session-refused",
  ],
])("%# is seen", (event, mark) => {
  expect(reached(created, event)).toContain(mark);
});

test("a partition that goes back to its first replica, all in sync as before, went to its preferred leader", () => {
  const away = changed({ leader: 2, why: "elected", isr: [2, 3] });
  const grown = changed({ leader: 2, isr: [2, 3, 1] });
  const back = changed({ leader: 1, why: "elected", isr: [2, 3, 1] });
  expect(reached(created, away, grown)).not.toContain("preferred-elected");
  expect(reached(created, away, grown, back)).toContain("preferred-elected");
});

test("only a fault that met somebody counts, and two kinds of them are a mark", () => {
  const fault = (type: string, met: boolean): TraceEvent =>
    ({ type: "fault", fault: { type }, met, targets: [], node: "" }) as unknown as TraceEvent;
  expect(reached(fault("crash", false))).toEqual([]);
  expect(reached(fault("crash", true), fault("crash", true))).toEqual(["fault-crash"]);
  expect(reached(fault("crash", true), fault("cut", true))).toContain("two-kinds-of-faults");
});

test("a few dozen storms reach nearly all of them", { timeout: 240_000 }, () => {
  const storm = families.get("storm");
  if (storm === undefined) throw new Error("there is no storm");
  const seen = new Set<MarkId>();
  for (let seed = 131; seed <= 190; seed++)
    for (const mark of judge(storm(String(seed))).shown.marks) seen.add(mark);
  expect(allMarks.length).toBeGreaterThan(60);
  expect(allMarks.filter((id) => !seen.has(id)).length).toBeLessThan(12);
  for (const id of allMarks) expect(markSentence(id)).toMatch(/\w+ \w+/);
});
