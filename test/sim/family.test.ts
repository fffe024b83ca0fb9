// The guarantees, asserted over the family: what `sweep` searches in the large, in the small.
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import {
  defaultFamily,
  families,
  guarantees,
  judge,
  type Judged,
  parseLink,
  parseScenarioText,
  type Scenario,
} from "#sim";
import { failureOf, whatBroke } from "../support/failure.ts";

const draw = (seed: number): Scenario => {
  const family = families.get(defaultFamily);
  if (family === undefined) throw new Error("there is no default family");
  return family(String(seed));
};

const count = 200;
const seeds = Array.from({ length: count }, (_, i) => i + 1);

describe("over the family", () => {
  const runs: { readonly scenario: Scenario; readonly judged: Judged }[] = [];

  test("no guarantee breaks that was promised", { timeout: 120_000 }, () => {
    for (const seed of seeds) {
      const scenario = draw(seed);
      const judged = judge(scenario);
      runs.push({ scenario, judged });
      const wanted = whatBroke(judged);
      if (wanted !== undefined) expect.fail(failureOf(scenario, wanted).message);
      expect(judged.judgements.map(({ id }) => id)).toEqual(guarantees.map(({ id }) => id));
    }
  });

  test("runs are short, and every one recovers after the heal", () => {
    const inputs = runs.map(({ judged }) => judged.result.inputs).sort((a, b) => a - b);
    expect(inputs.length).toBe(count);
    expect(inputs[count >> 1]).toBeLessThanOrEqual(5000);
    expect(runs.filter(({ judged }) => !judged.result.complete)).toEqual([]);
  });

  test("the search looks where something could break", () => {
    const share = (of: (judged: Judged) => boolean): number =>
      runs.filter(({ judged }) => of(judged)).length / runs.length;
    const sum = (of: (judged: Judged) => number): number =>
      runs.reduce((total, { judged }) => total + of(judged), 0);
    expect(share(({ shown }) => shown.acknowledgedAndStruck)).toBeGreaterThan(0.9);
    expect(share(({ shown }) => shown.election)).toBeGreaterThan(0.5);
    expect(share(({ shown }) => shown.truncation)).toBeGreaterThan(0.2);
    const under = sum(({ shown }) => shown.promised.under);
    expect(under / sum(({ shown }) => shown.promised.acknowledged)).toBeGreaterThan(0.15);
  });

  test("every record is promised where an atlas spares a replica or the page caches", () => {
    const promisedBeforehand = runs.filter(({ scenario }) => !scenario.name.endsWith("/free"));
    expect(promisedBeforehand.length).toBeGreaterThan(count / 3);
    for (const { judged } of promisedBeforehand) {
      const survives = judged.judgements.find(({ id }) => id === "acknowledged-survives");
      expect(survives).toMatchObject({ exempt: 0 });
      expect(survives?.checked).toBeGreaterThan(0);
    }
  });
});

test("one seed is one scenario, and another seed another", () => {
  expect(draw(7)).toEqual(draw(7));
  expect(new Set(seeds.map((seed) => JSON.stringify(draw(seed)))).size).toBe(count);
});

test("what a failing property says shows the failure again", { timeout: 120_000 }, () => {
  const claim = "acknowledged-survives";
  const seed = seeds.find((one) => whatBroke(judge(draw(one), { claim })) !== undefined);
  if (seed === undefined) expect.fail("no seed breaks what was not promised");
  const wanted = whatBroke(judge(draw(seed), { claim }));
  if (wanted === undefined) expect.fail("a run that broke breaks again");
  const { file, command, link, message } = failureOf(draw(seed), wanted);
  for (const part of [String(seed), file, command, link]) expect(message).toContain(part);
  const root = join(import.meta.dirname, "..", "..");
  const ran = spawnSync(command, { shell: true, cwd: root, encoding: "utf8" });
  expect(ran.status).toBe(1);
  expect(ran.stdout).toContain(`✗ BROKEN`);
  expect(ran.stdout).toContain(link);
  const scenario = parseScenarioText(readFileSync(file, "utf8"));
  expect(parseLink(link).scenario).toEqual(scenario);
  expect(scenario.faults.length).toBeLessThanOrEqual(4);
});
