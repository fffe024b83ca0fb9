// Switching a flaw on and off: names, settings, and that nothing else of the scenario changes.
import { describe, expect, test } from "vitest";
import {
  claimsOf,
  guarantees,
  judge,
  library,
  museum,
  parseScenario,
  rowOf,
  type Scenario,
  ScenarioError,
  withFlaws,
  withoutFlaw,
} from "#sim";

const steady = (): Scenario => {
  const make = library.get("steady");
  if (make === undefined) throw new Error("there is no scenario steady");
  return make();
};

describe.each(museum)("$id", (row) => {
  test("breaks guarantees that there are, and says what mends it", () => {
    const known = guarantees.map(({ id }) => id);
    expect(row.promises.length).toBeGreaterThan(0);
    for (const id of row.promises) expect(known).toContain(id);
    expect(row.sentence).toMatch(/\.$/);
    expect(row.fix).toMatch(/\.$/);
    expect(museum.filter(({ id }) => id === row.id)).toHaveLength(1);
  });

  test("stands in a scenario by name, and reads the same again", () => {
    const on = withFlaws(steady(), [row.id]);
    expect(on.cluster.flaws).toEqual([row.id]);
    expect(parseScenario(on)).toEqual(on);
    expect(withFlaws(on, [row.id])).toEqual(on);
    expect(withoutFlaw(on, row.id).cluster.flaws).toBeUndefined();
  });
});

test("a setting turns settings, and claims what it costs; a flaw of the core does neither", () => {
  const base = steady();
  const careless = withFlaws(base, ["m-1", "acks-1"]);
  expect(careless.topics[0]?.config["min.insync.replicas"]).toBe(1);
  expect(careless.cluster.config["min.insync.replicas"]).toBe(1);
  expect(careless.workload.producers[0]?.config.acks).toBe("1");
  expect(withoutFlaw(careless, "acks-1").workload.producers[0]?.config.acks).toBe("all");
  expect(claimsOf(["m-1", "acks-1"])).toEqual(["acknowledged-survives", "acknowledged-survives"]);

  const flawed = withFlaws(base, ["hw-truncate"]);
  expect(flawed).toEqual({ ...base, cluster: { ...base.cluster, flaws: ["hw-truncate"] } });
  expect(claimsOf(["hw-truncate"])).toEqual([]);
});

test("a file may switch a setting on, too: what it stands for is set when it is read", () => {
  const base = steady();
  const read = parseScenario({ ...base, cluster: { ...base.cluster, flaws: ["acks-1"] } });
  expect(read).toEqual(withFlaws(base, ["acks-1"]));
});

test("an unknown flaw is named by its path, with those that there are", () => {
  const base = steady();
  const wrong = { ...base, cluster: { ...base.cluster, flaws: ["hw-truncate", "haste"] } };
  expect(() => parseScenario(wrong)).toThrow(ScenarioError);
  expect(() => parseScenario(wrong)).toThrow(/^cluster\.flaws\.1: no flaw is named "haste"/);
  expect(() => parseScenario(wrong)).toThrow(/hw-truncate, offset-only-answer/);
});

test("without a flaw the run is the run of before", () => {
  const base = { ...steady(), durationMs: 1500 };
  const off = withoutFlaw(withFlaws(base, ["hw-truncate"]), "hw-truncate");
  expect(judge(off).result.hash).toBe(judge(base).result.hash);
});

test("several guarantees may be claimed at once", () => {
  const run = { ...withFlaws(steady(), ["acks-1"]), durationMs: 1500 };
  const { judgements } = judge(run, { claim: ["producer-order", "acknowledged-survives"] });
  const standing = new Map(judgements.map((one) => [one.id, one.standing]));
  expect(standing.get("producer-order")).toBe("held");
  expect(standing.get("acknowledged-survives")).toBe("held");
  expect(rowOf("nothing")).toBeUndefined();
});
