// Promises about what processes remember, each on audits made by hand: what holds, and what breaks.
import { describe, expect, test } from "vitest";
import { type Audit, guarantees, judgementOf, parseScenario, type TraceEvent } from "#sim";
import { guaranteeOf } from "./hand-made.ts";

const scenario = parseScenario({
  version: 1,
  name: "by-hand",
  durationMs: 60_000,
  cluster: { brokers: [{ id: 1 }, { id: 2 }, { id: 3 }] },
  topics: [{ name: "orders", replicationFactor: 3 }],
  workload: {},
});

/** An event of the trace, or an audit, at a time and on a node. */
type Step = readonly [atMs: number, node: string, what: { event: object } | { audit: object }];

function judge(id: string, ...steps: readonly Step[]) {
  const guarantee = guaranteeOf(guarantees, id);
  const state = guarantee.begin(scenario);
  for (const [seq, [atMs, node, what]] of steps.entries()) {
    const place = { seq, at: atMs * 1000, node };
    if ("event" in what)
      guarantee.step(state, { ...place, causes: [], ...what.event } as unknown as TraceEvent);
    else guarantee.audit?.(state, { ...place, ...what.audit } as Audit);
  }
  return judgementOf(id, guarantee.verdict(state));
}

const fault = (type: string, ...targets: readonly string[]): Step => [
  1,
  "",
  { event: { type: "fault", fault: { type }, targets, met: true } },
];

describe("images-converge", () => {
  const id = "images-converge";
  const image = (node: string, next: number, changes: object = {}): Step => [
    1,
    node,
    {
      audit: {
        type: "image",
        next,
        digest: { brokers: 1, topics: 2, configs: 3, rest: 4, ...changes },
      },
    },
  ];
  const rebuilt = (node: string, next: number, ...differences: readonly string[]): Step => [
    9000,
    node,
    { audit: { type: "imageRebuilt", next, healed: node !== "b3", differences } },
  ];
  const committed = (atMs: number, next: number): Step => [
    atMs,
    "c1",
    { event: { type: "note", event: { type: "metadataCommitted", next } } },
  ];
  const verify = (complete: boolean): Step => [
    6000,
    "",
    { event: { type: "phase", phase: "verify", complete } },
  ];

  test("holds where images are equal at equal offsets, and the log says the same", () => {
    const steps = [image("c1", 5), image("b1", 5), image("b1", 6, { topics: 9 })];
    expect(judge(id, ...steps, rebuilt("b1", 6))).toMatchObject({ standing: "held", checked: 2 });
  });
  test("breaks where two differ at one offset, however late one of them comes there", () => {
    const steps = [image("c1", 5), image("c1", 6), image("b1", 5, { topics: 9, configs: 0 })];
    expect(judge(id, ...steps).evidence).toBe(
      "b1 and c1 have applied the metadata log up to 5, and differ in topics and configs.",
    );
  });
  test("breaks where an image is not what the log says", () => {
    expect(judge(id, rebuilt("b2", 7, "topic orders is nothing, by the log id")).evidence).toBe(
      "b2's image at 7: topic orders is nothing, by the log id.",
    );
  });
  test("breaks where a healed node has not heard of what was committed two seconds before the end", () => {
    const before = [committed(1000, 4), committed(7000, 5), committed(7001, 6), verify(true)];
    expect(judge(id, ...before, rebuilt("b1", 5)).standing).toBe("held");
    expect(judge(id, ...before, rebuilt("b1", 4)).evidence).toBe(
      "b1 has applied the metadata log up to 4 in the end, and 5 was committed long before.",
    );
  });
  test("does not ask that of who was not healed, nor where nothing recovered", () => {
    const before = [committed(1000, 4), committed(7000, 5)];
    expect(judge(id, ...before, verify(true), rebuilt("b3", 4)).standing).toBe("held");
    expect(judge(id, ...before, verify(false), rebuilt("b1", 4)).standing).toBe("held");
  });
  test("is not promised once a majority of voters has another disk", () => {
    const apart = [image("c1", 5), image("b1", 5, { brokers: 9 })];
    expect(judge(id, fault("emptyDisk", "c2"), ...apart).standing).toBe("broken");
    const lost = judge(id, fault("emptyDisk", "c2", "c3"), ...apart);
    expect(lost).toMatchObject({
      standing: "notPromisedBroken",
      precondition: ["voters-keep-disks"],
    });
  });
  test("stays broken where that was promised, whatever disks are lost later", () => {
    const apart = [image("c1", 5), image("b1", 5, { brokers: 9 })];
    const later = judge(id, ...apart, fault("emptyDisk", "c2", "c3"), image("b1", 5));
    expect(later).toMatchObject({ standing: "broken", checked: 2, exempt: 1 });
  });
});

describe("waits-for-in-sync", () => {
  const id = "waits-for-in-sync";
  const decided = (leader: number, epoch: number, ...isr: readonly number[]): Step => [
    1,
    "c1",
    {
      event: {
        type: "note",
        event: { type: "partitionChanged", partition: "orders-0", leader, epoch, isr },
      },
    },
  ];
  const waits = (node: string, epoch: number, ...waitsFor: readonly number[]): Step => [
    2,
    node,
    { audit: { type: "inSync", partition: "orders-0", epoch, waitsFor } },
  ];

  test("holds where a leader counts with whom the controllers have, or with more", () => {
    const exact = waits("b1", 4, 1, 2);
    const more = waits("b1", 4, 1, 2, 3);
    const held = judge(id, decided(1, 4, 1, 2), exact, more);
    expect(held).toMatchObject({ standing: "held", checked: 2 });
  });
  test("breaks where it leaves one of them out", () => {
    expect(judge(id, decided(1, 4, 1, 2, 3), waits("b1", 4, 1, 2))).toMatchObject({
      standing: "broken",
      evidence: "b1 waits for 1, 2 in orders-0, and the controllers have 3 in sync as well.",
    });
  });
  test("says nothing of a leader that was replaced, nor of one that nobody told yet", () => {
    const replaced = judge(id, decided(1, 4, 1, 2, 3), decided(2, 5, 2, 3), waits("b1", 4, 1));
    expect(replaced.checked).toBe(0);
    expect(judge(id, decided(1, 4, 1, 2), waits("b1", 3, 1)).checked).toBe(0);
  });
});

describe("memory-follows-log", () => {
  const id = "memory-follows-log";
  const log = (node: string, when: string, ...differences: readonly string[]): Step => [
    1,
    node,
    { audit: { type: "log", partition: "orders-0", when, differences } },
  ];
  const rots = (file: string): Step => [
    1,
    "b1",
    { event: { type: "fileHurt", file, why: "rotten", before: 9, after: 9, from: 3 } },
  ];

  test("holds where memory says what the batches say", () => {
    const held = judge(id, log("b1", "opened"), log("b2", "opened"), log("b1", "end"));
    expect(held).toMatchObject({ standing: "held", checked: 3 });
  });
  test.each([
    ["opened", "b1's log of orders-0, as it was opened: it ends at 3 (and 1 more)."],
    ["end", "b1's log of orders-0, in the end: it ends at 3 (and 1 more)."],
  ])("breaks where it does not: %s", (when, evidence) => {
    const broken = judge(id, log("b1", when, "it ends at 3", "it has forgotten producer 7"));
    expect(broken).toMatchObject({ standing: "broken", evidence });
  });
  test("is not promised for a log of which a bit changed by itself, and for no other", () => {
    const apart = log("b1", "end", "it ends at 3");
    const rotten = judge(id, rots("orders-0/00000000000000000000.log"), apart);
    expect(rotten).toMatchObject({ standing: "notPromisedBroken", exempt: 1 });
    expect(judge(id, rots("orders-1/00000000000000000000.log"), apart).standing).toBe("broken");
  });
});
