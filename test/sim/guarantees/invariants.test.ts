// Invariants of the protocol, each on traces made by hand: what holds, and what breaks.
import { describe, expect, test } from "vitest";
import { guarantees, judgementOf, parseScenario, type TraceEvent } from "#sim";
import { guaranteeOf } from "./hand-made.ts";

type Step = readonly [atMs: number, node: string, body: object];

const note = (atMs: number, node: string, event: object): Step => [
  atMs,
  node,
  { type: "note", event },
];

const scenario = parseScenario({
  version: 1,
  name: "by-hand",
  durationMs: 60_000,
  cluster: {
    brokers: [{ id: 1 }, { id: 2 }, { id: 3 }],
    config: { "replica.lag.time.max.ms": 1000 },
  },
  topics: [{ name: "orders", replicationFactor: 3 }],
  workload: { producers: [{ name: "p1", topic: "orders", endMs: 1000 }] },
});

function judge(id: string, ...steps: readonly Step[]) {
  const guarantee = guaranteeOf(guarantees, id);
  const state = guarantee.begin(scenario);
  for (const [seq, [atMs, node, body]] of steps.entries()) {
    const event = { seq, at: atMs * 1000, node, causes: [], ...body };
    guarantee.step(state, event as unknown as TraceEvent);
  }
  return judgementOf(id, guarantee.verdict(state));
}

const partition = "orders-0";
const leads = (node: string, epoch: number, isr: readonly number[] = [1, 2, 3]): Step =>
  note(1, node, { type: "roleTaken", partition, role: "leader", epoch, leader: 1, isr, start: 0 });
const appended = (node: string, base: number, next: number, more: object = {}): Step =>
  note(2, node, {
    type: "appended",
    partition,
    role: "leader",
    base,
    next,
    epoch: 0,
    crc: 7,
    ...more,
  });
const opened = (node: string, end: number, more: object = {}): Step =>
  note(3, node, {
    type: "logOpened",
    partition,
    clean: false,
    start: 0,
    end,
    highWatermark: 0,
    ...more,
  });
const fault = (type: string, ...targets: readonly string[]): Step => [
  1,
  "",
  { type: "fault", fault: { type }, targets, met: true },
];

describe("one-leader-per-epoch", () => {
  const id = "one-leader-per-epoch";
  const voted = (candidate: number, more: object = {}): Step =>
    note(1, "c1", { type: "voted", epoch: 3, candidate, preVote: false, granted: true, ...more });

  test("holds where each epoch has its own, of partitions and of the quorum", () => {
    const elected = note(1, "c1", { type: "controllerElected", epoch: 1 });
    const held = judge(id, leads("b1", 0), leads("b2", 1), leads("b1", 2), elected);
    expect(held).toMatchObject({ standing: "held", checked: 4 });
  });

  test("breaks at a second leader of an epoch", () => {
    expect(judge(id, leads("b1", 4), leads("b2", 4)).evidence).toBe(
      "b1 led orders-0 in epoch 4, and b2 leads it as well.",
    );
  });

  test("breaks at a second vote, but not at a pre-vote or a refusal", () => {
    expect(judge(id, voted(101), voted(102, { granted: false })).holds).toBe(true);
    expect(judge(id, voted(101), voted(102, { preVote: true })).holds).toBe(true);
    expect(judge(id, voted(101), voted(102)).standing).toBe("broken");
  });

  test("is not promised where a voter's disk lies", () => {
    const lied = judge(id, fault("lyingFsync", "c1"), voted(101), voted(102));
    expect(lied).toMatchObject({ standing: "notPromisedBroken", precondition: ["voters-flush"] });
  });
});

describe("epochs-only-rise", () => {
  const id = "epochs-only-rise";
  const changed = (epoch: number, partitionEpoch: number, why = "isr"): Step =>
    note(1, "c1", { type: "partitionChanged", partition, epoch, partitionEpoch, why });
  const mark = (offset: number, epoch = 1): Step =>
    note(1, "b1", { type: "highWatermark", partition, epoch, offset, role: "leader" });

  test.each<[string, readonly Step[]]>([
    ["leader epoch", [changed(2, 5), changed(1, 6)]],
    ["partition epoch", [changed(2, 5), changed(2, 5)]],
    [
      "broker epoch",
      [7, 7].map((epoch) => note(1, "c1", { type: "brokerRegistered", broker: 2, epoch })),
    ],
    ["metadata", [9, 8].map((next) => note(1, "b1", { type: "metadataApplied", next }))],
    ["high watermark", [mark(4), mark(3)]],
    [
      "epoch of the quorum",
      [3, 3].map((epoch) => note(1, "c1", { type: "controllerElected", epoch })),
    ],
  ])("breaks where the %s falls, or stays where it may not", (what, steps) => {
    const { standing, evidence } = judge(id, ...steps);
    expect(standing).toBe("broken");
    expect(evidence).toContain(what);
  });

  test("holds over a new epoch, a new life and a new topic of that name", () => {
    const applied = (next: number) => note(1, "b1", { type: "metadataApplied", next });
    const started: Step = [1, "b1", { type: "started", life: 2, kind: "broker" }];
    const steps = [mark(4), mark(3, 2), applied(9), started, applied(4), changed(5, 5)];
    expect(judge(id, ...steps, changed(0, 0, "created")).holds).toBe(true);
  });
});

describe("one-record-per-place", () => {
  const id = "one-record-per-place";
  test("holds for copies of one batch, and for another epoch at that offset", () => {
    const copies = [
      appended("b1", 0, 2),
      appended("b2", 0, 2),
      appended("b2", 0, 2, { epoch: 1, crc: 8 }),
    ];
    expect(judge(id, ...copies)).toMatchObject({ standing: "held", checked: 3 });
  });
  test("breaks where one name means two batches", () => {
    const { evidence } = judge(id, appended("b1", 0, 2), appended("b2", 0, 2, { crc: 9 }));
    expect(evidence).toContain("b2 appended another batch at offset 0 of orders-0 under epoch 0");
  });
});

describe("metadata-agrees", () => {
  const id = "metadata-agrees";
  const wrote = (node: string, base: number, crc: number): Step =>
    note(1, node, {
      type: "metadataAppended",
      role: "leader",
      base,
      next: base + 1,
      epoch: 1,
      crc,
    });
  const committed = (node: string, next: number): Step =>
    note(1, node, { type: "metadataCommitted", next });
  const applied = (node: string, next: number): Step =>
    note(1, node, { type: "metadataApplied", next });

  test("holds where what was cut was never committed", () => {
    const steps = [wrote("c1", 0, 5), wrote("c2", 0, 6), wrote("c2", 0, 5), committed("c1", 1)];
    expect(judge(id, ...steps, applied("c2", 1), applied("c1", 1)).standing).toBe("held");
  });
  test("breaks where somebody applies, or commits, something else", () => {
    const apart = [wrote("c1", 0, 5), wrote("b1", 0, 6), committed("c1", 1)];
    expect(judge(id, ...apart, applied("b1", 1)).evidence).toContain(
      "b1 applies another batch at 0",
    );
    expect(judge(id, ...apart, committed("b1", 1)).evidence).toContain(
      "b1 commits another batch at 0",
    );
  });
  test("is not promised once one voter forgot what its disk said it had flushed", () => {
    const apart = [wrote("c1", 0, 5), wrote("b1", 0, 6), committed("c1", 1), applied("b1", 1)];
    const file = "__cluster_metadata-0/quorum-state";
    const hurt = (node: string): Step => [
      1,
      node,
      { type: "fileHurt", file, why: "unsynced", before: 9, after: 9, from: 0 },
    ];
    const lies = fault("lyingFsync", "c3", "b1");
    expect(judge(id, lies, hurt("c3"), ...apart).standing).toBe("notPromisedBroken");
    for (const steps of [[lies], [hurt("c3")], [lies, hurt("b1"), hurt("c2")]])
      expect(judge(id, ...steps, ...apart).standing).toBe("broken");
  });
  test("is not promised once a majority of voters has another disk", () => {
    const one = judge(
      id,
      ...[fault("emptyDisk", "c2"), wrote("c1", 0, 5), wrote("b1", 0, 6)],
      ...[committed("c1", 1), applied("b1", 1)],
    );
    expect(one.standing).toBe("broken");
    const apart = [wrote("c1", 0, 5), wrote("b1", 0, 6), committed("c1", 1)];
    const lost = judge(id, fault("emptyDisk", "c2", "c3"), ...apart, applied("b1", 1));
    expect(lost.standing).toBe("notPromisedBroken");
  });
});

describe("within-the-log", () => {
  const id = "within-the-log";
  const mark = (offset: number, node = "b1"): Step =>
    note(3, node, { type: "highWatermark", partition, epoch: 0, offset, role: "follower" });

  const committed = (end: number): readonly Step[] => [appended("b1", 0, end), mark(end)];
  const letGo = (to: number, why: "deleteRecords" | "retention" | "leader", node = "b1"): Step =>
    note(4, node, { type: "logStartRaised", partition, to, why });
  const restarted = (start: number, from = 2): Step =>
    note(5, "b1", { type: "logRestarted", partition, from, start });

  test("holds where a log begins later, as an operator, its age or its leader would have it", () => {
    const there = [appended("b2", 0, 9), mark(9, "b2")];
    const steps = [
      ...committed(3),
      letGo(1, "deleteRecords"),
      letGo(2, "retention"),
      ...there,
      letGo(9, "deleteRecords", "b2"),
      letGo(3, "leader"),
      restarted(9, 3),
      appended("b1", 9, 10),
    ];
    expect(judge(id, ...steps).standing).toBe("held");
  });

  test("holds for appends and high watermarks up to the end", () => {
    const cut = note(2, "b1", {
      type: "truncated",
      partition,
      from: 3,
      to: 1,
      reason: "divergence",
    });
    const steps = [
      opened("b1", 2),
      appended("b1", 2, 3),
      mark(3),
      mark(1),
      cut,
      appended("b1", 1, 2),
    ];
    expect(judge(id, ...steps)).toMatchObject({ standing: "held", checked: 6 });
    const late = [opened("b1", 2), appended("b1", 2, 3), mark(3), cut];
    expect(judge(id, ...late).evidence).toBe(
      "b1 cut orders-0 back to 1, with a high watermark of 3.",
    );
  });
  test.each<[string, readonly Step[]]>([
    ["a high watermark behind the end", [appended("b1", 0, 2), mark(3)]],
    ["an append before the end", [appended("b1", 0, 2), appended("b1", 1, 2)]],
    ["an append that leaves a gap", [appended("b1", 0, 2), appended("b1", 3, 4)]],
    ["a high watermark before the start", [...committed(3), letGo(2, "deleteRecords"), mark(1)]],
    ["a log opened with a high watermark before its start", [opened("b1", 9, { start: 4 })]],
    ["a start behind the high watermark", [...committed(2), letGo(3, "deleteRecords")]],
    ["a start that nobody decided on", [...committed(2), letGo(1, "leader")]],
    ["a log begun anew that no other has let go", [...committed(2), restarted(5)]],
    ["a log begun anew before its end", [...committed(3), letGo(3, "retention"), restarted(2, 3)]],
  ])("breaks at %s", (_, steps) => {
    expect(judge(id, ...steps).standing).toBe("broken");
  });
});

describe("isr-shrinks-late", () => {
  const id = "isr-shrinks-late";
  const fetched = (atMs: number, end: number): Step =>
    note(atMs, "b1", { type: "followerFetched", partition, epoch: 0, replica: 2, end });
  const shrinks = (atMs: number): Step =>
    note(atMs, "b1", { type: "isrProposed", partition, epoch: 0, isr: [1, 3], change: "shrink" });
  const begun = [opened("b1", 0), leads("b1", 0), appended("b1", 0, 2)];

  test("holds where a replica has lagged for long enough", () => {
    const held = judge(id, ...begun, fetched(100, 2), appended("b1", 2, 3), shrinks(1101));
    expect(held).toMatchObject({ standing: "held", checked: 2 });
  });
  test("breaks where it was level a moment ago", () => {
    const { evidence } = judge(id, ...begun, fetched(100, 2), appended("b1", 2, 3), shrinks(900));
    expect(evidence).toBe(
      "b1 leaves broker 2 out of orders-0 800 ms after that was level with it.",
    );
  });
  test("counts from when a step began, not from when it was over and told of", () => {
    const [, node, body] = fetched(0, 2);
    const slow: Step = [140, node, { ...body, began: 100_000 }];
    const lagging = appended("b1", 2, 3);
    expect(judge(id, ...begun, slow, lagging, shrinks(1101)).standing).toBe("held");
    expect(judge(id, ...begun, slow, lagging, shrinks(1090)).evidence).toContain("990 ms after");
  });
  test("breaks where it has not had its time to fetch under a new epoch", () => {
    expect(judge(id, ...begun, shrinks(900)).evidence).toBe(
      "b1 leaves broker 2 out of orders-0 899 ms after that was level with it.",
    );
    expect(judge(id, ...begun, shrinks(1101)).standing).toBe("held");
  });
  test("breaks where it holds all there is, however long that is so", () => {
    const { evidence } = judge(id, ...begun, fetched(100, 2), shrinks(9000));
    expect(evidence).toBe(
      "b1 leaves broker 2 out of orders-0, though that has fetched all 2 records.",
    );
  });
});

/** b1's log is cut from 9 back to 4. */
const cut = note(2, "b1", {
  type: "truncated",
  partition,
  from: 9,
  to: 4,
  reason: "divergence",
});

describe("flushed-stays", () => {
  const id = "flushed-stays";
  const flushed = (to: number): Step => note(2, "b1", { type: "flushed", partition, to });

  test("holds where all that was flushed is found, or was cut meanwhile", () => {
    expect(judge(id, flushed(9), opened("b1", 9)).standing).toBe("held");
    expect(judge(id, flushed(9), cut, opened("b1", 4)).standing).toBe("held");
  });
  test("asks nothing of a log that began anew and holds nothing yet", () => {
    const anew = note(2, "b1", { type: "logRestarted", partition, from: 9, start: 30 });
    expect(judge(id, flushed(9), anew, opened("b1", 9)).standing).toBe("held");
    expect(judge(id, flushed(9), anew, flushed(35), opened("b1", 9)).standing).toBe("broken");
  });
  test("breaks where less is found", () => {
    expect(judge(id, flushed(9), opened("b1", 8)).evidence).toBe(
      "b1 orders-0 had been flushed up to 9, and was found up to 8.",
    );
  });
  test("says nothing of a disk that lies, nor of a log in which a bit rotted", () => {
    const rots = (of: string): Step => [
      1,
      "b1",
      { type: "fileHurt", file: `${of}/0.log`, why: "rotten", before: 9, after: 9, from: 3 },
    ];
    expect(judge(id, fault("lyingFsync", "b1"), flushed(9), opened("b1", 0)).checked).toBe(0);
    expect(judge(id, flushed(9), rots(partition), opened("b1", 0)).checked).toBe(0);
    expect(judge(id, flushed(9), rots("orders-1"), opened("b1", 0)).standing).toBe("broken");
  });
  test("asks of an empty disk only what was flushed on it since", () => {
    const gone = [flushed(9), fault("emptyDisk", "b1"), opened("b1", 0)];
    expect(judge(id, ...gone)).toMatchObject({ standing: "held", checked: 1 });
    expect(judge(id, ...gone, flushed(5), opened("b1", 4)).standing).toBe("broken");
  });
});

describe("written-stays", () => {
  const id = "written-stays";
  const hurt = (file: string): Step => [
    1,
    "b1",
    { type: "fileHurt", file, why: "undone", before: 9, after: 3, from: 3 },
  ];
  const wrote = appended("b1", 0, 9);

  test("holds where a log is found as it was left, and says nothing where bytes of it were lost", () => {
    expect(judge(id, wrote, opened("b1", 9))).toMatchObject({ standing: "held", checked: 1 });
    expect(judge(id, wrote, hurt(`${partition}/0.log`), opened("b1", 4)).checked).toBe(0);
    const again = [wrote, hurt(`${partition}/0.log`), opened("b1", 4), opened("b1", 4)];
    expect(judge(id, ...again)).toMatchObject({ standing: "held", checked: 1 });
  });
  test("breaks where recovery cuts what was there, or finds what was cut before a clean stop", () => {
    expect(judge(id, wrote, hurt(`${partition}/0.index`), opened("b1", 4)).evidence).toBe(
      "b1 orders-0 ended at 9, lost no byte, and was found up to 4.",
    );
    expect(judge(id, wrote, cut, opened("b1", 9)).standing).toBe("broken");
  });
  test("asks of a killed leader all that it told of, and of a killed follower nothing", () => {
    const killed: Step = [2, "b1", { type: "down", how: "crash" }];
    const role = (as: string): Step => note(1, "b1", { type: "roleTaken", partition, role: as });
    expect(judge(id, role("leader"), wrote, killed, opened("b1", 10)).standing).toBe("held");
    expect(judge(id, role("leader"), wrote, killed, opened("b1", 8)).standing).toBe("broken");
    expect(judge(id, role("follower"), wrote, killed, opened("b1", 8)).checked).toBe(0);
  });
});

describe("what readers are given", () => {
  const sent = (value: string, key: string | null = null): Step => [
    1,
    "p1",
    { type: "called", call: 1, request: { type: "send", topic: "orders", value, key } },
  ];
  const read = (node: string, offset: number, value: string, key: string | null = null): Step => [
    2,
    node,
    {
      type: "result",
      call: 1,
      outcome: {
        type: "polled",
        records: [{ partition, offset, key, value, crc: 1, epoch: 0 }],
        positions: [],
      },
    },
  ];
  const phase = (name: string): Step => [3, "", { type: "phase", phase: name, complete: true }];

  test("was sent, with that key", () => {
    const id = "no-invention";
    expect(judge(id, sent("p1-1", "a"), read("k1", 0, "p1-1", "a")).standing).toBe("held");
    expect(judge(id, read("k1", 0, "p1-1")).evidence).toContain("which nobody sent");
    expect(judge(id, sent("p1-1", "a"), read("k1", 0, "p1-1", "b")).evidence).toContain(
      "with the key b",
    );
  });

  test("was sent also if its producer does not know what became of it", () => {
    const outcome = { type: "unknown", reason: "timeout" };
    const unknown: Step = [2, "p1", { type: "result", call: 1, outcome }];
    const steps = [sent("p1-1"), unknown, read("k1", 0, "p1-1")];
    expect(judge("no-invention", ...steps).standing).toBe("held");
  });

  test("was not called failed, before it is read or after", () => {
    const id = "failed-stays-unread";
    const outcome = { type: "failed", error: "TIMED_OUT", reason: "late" };
    const failed: Step = [2, "p1", { type: "result", call: 1, outcome }];
    expect(judge(id, sent("p1-1"), failed, read("k1", 0, "p1-2")).standing).toBe("held");
    expect(judge(id, sent("p1-1"), failed, read("k1", 0, "p1-1")).evidence).toBe(
      "k1 read p1-1 at offset 0 of orders-0; its producer was told that it failed: TIMED_OUT.",
    );
    expect(judge(id, sent("p1-1"), read("k1", 0, "p1-1"), failed).evidence).toBe(
      "p1-1 was read by k1 at offset 0 of orders-0; its producer is told that it failed: TIMED_OUT.",
    );
    // What was sent twice may stand for either.
    const twice = [sent("p1-1"), sent("p1-1"), failed, read("k1", 0, "p1-1")];
    expect(judge(id, ...twice)).toMatchObject({ standing: "notPromised", checked: 0 });
  });

  test("stands once in the end", () => {
    const id = "no-invention";
    const twice = [sent("p1-1"), phase("verify"), read("v1", 0, "p1-1"), read("v1", 3, "p1-1")];
    expect(judge(id, ...twice).evidence).toBe(
      "p1-1 stands at offset 0 of orders-0, and at offset 3 of orders-0 as well.",
    );
  });

  test("is still there after the heal", () => {
    const id = "read-stays";
    const before = [sent("p1-1"), read("k1", 0, "p1-1"), phase("verify")];
    expect(judge(id, ...before, read("v1", 0, "p1-1"), phase("end")).standing).toBe("held");
    expect(judge(id, ...before, read("v1", 0, "p1-2"), phase("end")).evidence).toBe(
      "p1-1 was read at offset 0 of orders-0; after the heal p1-2 stands there.",
    );
    expect(judge(id, ...before, phase("end")).evidence).toContain("nothing stands there");
  });
});
