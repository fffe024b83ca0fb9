// Three controllers in a world that fails: what must stay true of their elections and of their log.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { CoreEvent } from "#core";
import { type Fault, library, runScenario, type Scenario, type TraceEvent } from "#sim";

interface Told {
  readonly at: number;
  readonly node: string;
  readonly event: CoreEvent;
}

const firstLight = (): Scenario => {
  const scenario = library.get("first-light")?.();
  if (scenario === undefined) throw new Error("first-light is in the library");
  return scenario;
};

/** What the core told of a run in which only controllers are hit, and whether the run came to its end. */
function run(
  seed: string,
  faults: readonly Fault[],
  config: Scenario["cluster"]["config"] = {},
): { told: Told[]; complete: boolean } {
  const told: Told[] = [];
  const listener = (event: TraceEvent): void => {
    if (event.type === "note") told.push({ at: event.at, node: event.node, event: event.event });
  };
  const base = firstLight();
  const producers = base.workload.producers.map((one) => ({
    ...one,
    intervalMs: [80, 120] as const,
  }));
  const cluster = { ...base.cluster, config: { ...base.cluster.config, ...config } };
  const workload = { ...base.workload, producers };
  const scenario = { ...base, seed, faults, cluster, workload };
  const { complete } = runScenario(scenario, { listeners: [listener], traffic: false });
  return { told, complete };
}

const of = <T extends CoreEvent["type"]>(told: readonly Told[], type: T) =>
  told.flatMap(({ at, node, event }) =>
    event.type === type ? [{ time: at, node, note: event as Extract<CoreEvent, { type: T }> }] : [],
  );

const controller = fc.constantFrom("c1", "c2", "c3");
const atMs = fc.integer({ min: 200, max: 8000 });
const forMs = fc.integer({ min: 20, max: 4000 });
const hit = fc
  .record({
    type: fc.constantFrom("crash" as const, "powerLoss" as const, "pause" as const),
    atMs,
    forMs,
    node: controller,
  })
  .map(({ node, ...fault }): Fault => ({ ...fault, target: { node } }));
const cut = fc.record({ atMs, forMs, node: controller }).map(({ node, ...when }): Fault => ({
  type: "cut",
  ...when,
  between: [{ node }, { others: true }],
}));
const faults = fc.array(fc.oneof(hit, cut), { minLength: 1, maxLength: 6 });

/** No two answers to one question. */
function oneEach<K extends string | number, V>(pairs: readonly (readonly [K, V])[]): void {
  const known = new Map<K, V>();
  for (const [key, value] of pairs) {
    expect([key, known.get(key) ?? value]).toEqual([key, value]);
    known.set(key, value);
  }
}

/** All that anybody applied is one log: at each offset the same batch of the same epoch. */
function agreeOnWhatIsApplied(told: readonly Told[]): void {
  const logs = new Map<string, Map<number, string>>();
  const applied = new Map<number, string>();
  for (const { node, event } of told) {
    const log = logs.get(node) ?? new Map<number, string>();
    logs.set(node, log);
    if (event.type === "metadataAppended") log.set(event.base, `${event.epoch}/${event.crc}`);
    // Its log begins anew where the snapshot ends.
    if (event.type === "metadataSnapshot" && event.how === "fetched") log.clear();
    if (event.type !== "metadataApplied") continue;
    for (const [base, batch] of log) {
      if (base >= event.next) continue;
      expect([node, base, applied.get(base) ?? batch]).toEqual([node, base, batch]);
      applied.set(base, batch);
    }
  }
}

/** So small that the log's beginning is gone after a few decisions. */
const small = {
  "metadata.log.max.record.bytes.between.snapshots": 400,
  "metadata.max.retention.bytes": 1,
  "log.segment.bytes": 1000,
};

describe("snapshots of the metadata log (KIP-630)", () => {
  test("bring a controller and a broker back to which the log has nothing more to say", () => {
    const away = (node: string): Fault => ({
      type: "crash",
      atMs: 800,
      forMs: 5000,
      target: { node },
    });
    const busy = (atMs: number): Fault => ({
      type: "crash",
      atMs,
      forMs: 300,
      target: { node: "b2" },
    });
    for (const seed of ["1", "2", "3"]) {
      const faults = [away("c3"), away("b3"), busy(1500), busy(3500)];
      const { told, complete } = run(seed, faults, small);
      const fetched = of(told, "metadataSnapshot").filter(({ note }) => note.how === "fetched");
      expect(new Set(fetched.map(({ node }) => node))).toEqual(new Set(["b3", "c3"]));
      expect(complete).toBe(true);
    }
  });

  test("change nothing: whatever fails meanwhile, everybody applies one log and the cluster goes on", () => {
    let loaded = 0;
    fc.assert(
      fc.property(fc.nat(10_000), faults, (seed, plan) => {
        const { told, complete } = run(String(seed), plan, small);
        agreeOnWhatIsApplied(told);
        expect(complete).toBe(true);
        loaded += of(told, "metadataSnapshot").filter(({ note }) => note.how !== "written").length;
      }),
      { numRuns: 60, seed: 12 },
    );
    expect(loaded).toBeGreaterThan(30);
  });
});

describe("a quorum of three", () => {
  test("never has two leaders in an epoch, two votes of one voter, or two logs; and goes on", () => {
    fc.assert(
      fc.property(fc.nat(10_000), faults, (seed, plan) => {
        const { told, complete } = run(String(seed), plan);
        oneEach(of(told, "controllerElected").map(({ node, note }) => [note.epoch, node]));
        const votes = of(told, "voted")
          .filter(({ note }) => note.granted && !note.preVote)
          .map(({ node, note }) => [`${node}/${note.epoch}`, note.candidate as number] as const);
        const own = of(told, "quorumRole")
          .filter(({ note }) => note.role === "candidate")
          .map(({ node, note }) => [`${node}/${note.epoch}`, note.voted as number] as const);
        oneEach([...votes, ...own]);
        const committed = of(told, "metadataCommitted").map(({ note }) => note.next);
        expect(committed).toEqual(committed.toSorted((a, b) => a - b));
        agreeOnWhatIsApplied(told);
        expect(complete).toBe(true);
      }),
      { numRuns: 60, seed: 11 },
    );
  });

  test("elects another leader when its own dies, and serves on", () => {
    const crash: Fault = { type: "crash", atMs: 3000, target: { role: "controllers" } };
    const leaderOf = (told: readonly Told[]) => of(told, "controllerElected").at(-1);
    const before = leaderOf(run("1", []).told);
    const { told, complete } = run("1", [{ ...crash, target: { node: before?.node ?? "" } }]);
    const after = leaderOf(told);
    expect(after?.node).not.toBe(before?.node);
    expect(after?.time).toBeLessThan(5_000_000);
    // The brokers follow the new leader: somebody's heartbeat reached it before a session was over.
    expect(of(told, "brokerFenced")).toEqual([]);
    expect(complete).toBe(true);
  });

  test("decides nothing while two of three are down, and what was decided before stays", () => {
    const down = (node: string): Fault => ({
      type: "crash",
      atMs: 3000,
      forMs: 4000,
      target: { node },
    });
    const { told, complete } = run("2", [down("c1"), down("c2")]);
    const meanwhile = of(told, "metadataCommitted").filter(
      ({ time }) => time > 3_100_000 && time < 7_000_000,
    );
    expect(meanwhile).toEqual([]);
    agreeOnWhatIsApplied(told);
    expect(complete).toBe(true);
  });

  test("a voter that was cut off does not depose the leader that the others hear (KIP-996)", () => {
    const { node: leader } = of(run("3", []).told, "controllerElected").at(-1) ?? {};
    const voter = ["c1", "c2", "c3"].find((one) => one !== leader) ?? "";
    const away: Fault = {
      type: "cut",
      atMs: 2000,
      forMs: 4000,
      between: [{ node: voter }, { others: true }],
    };
    const { told } = run("3", [away]);
    expect(of(told, "controllerElected")).toHaveLength(1);
    const asked = of(told, "quorumRole").filter(
      ({ node, note }) => node === voter && note.role === "prospective",
    );
    expect(asked.length).toBeGreaterThan(0);
  });
});
