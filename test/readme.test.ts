import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { families, judge, library, parseScenarioText } from "#sim";

const readme = readFileSync(join(import.meta.dirname, "..", "README.md"), "utf8");

test("the README's scenario is one, and keeps its promises", () => {
  const [, text] = /```json\n([\s\S]*?)```/.exec(readme) ?? [];
  const { judgements, shown } = judge(parseScenarioText(text ?? ""));
  expect(judgements.filter(({ standing }) => standing !== "held")).toEqual([]);
  expect(shown).toMatchObject({ acknowledgedAndStruck: true, election: true });
});

test("the README names every scenario and family", () => {
  for (const name of library.keys()) expect(readme).toContain(`| \`${name}\``);
  for (const name of families.keys()) expect(readme).toContain(`run ${name}`);
});
