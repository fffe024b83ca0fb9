// What sweeps have found, each reduced and stored when it was mended: none of it comes back.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { judge, parseScenario } from "#sim";

interface Found {
  /** What happened. */
  readonly what: string;
  /** What was wrong about it. */
  readonly wrong: "core" | "checker" | "world";
  readonly scenario: unknown;
}

const folder = join(import.meta.dirname, "found");

describe.each(readdirSync(folder))("%s", (file) => {
  const found = JSON.parse(readFileSync(join(folder, file), "utf8")) as Found;

  test(found.what, () => {
    expect(["core", "checker", "world"]).toContain(found.wrong);
    const { judgements } = judge(parseScenario(found.scenario));
    const broken = judgements.filter(({ promised, holds }) => promised && !holds);
    expect(broken.map(({ id, evidence }) => `${id}: ${evidence}`)).toEqual([]);
  });
});
