/*
 * A run as a test: the scenario as data, and the expectation that what broke holds. So it fails where the lab shows the
 * break, and passes once that is mended. Where nothing broke it expects that nothing does.
 */
import type { Judgement } from "../guarantees/guarantee.ts";
import { guarantees } from "../guarantees/catalogue.ts";
import { type Recorded, brokenOf } from "./recorded.ts";

/** The text of a test file for Vitest. */
export function vitestFile({ scenario, hash, judgements }: Recorded): string {
  const broken = brokenOf(judgements);
  const tests = broken.length === 0 ? [allHold] : broken.map(holds);
  return `// ${oneLine(scenario.name)}, seed ${oneLine(scenario.seed)}. The run had the hash ${hash} when this file was written.
import { expect, test } from "vitest";
import { simulate } from "highwater";

const scenario = ${JSON.stringify(scenario, undefined, 2)};

${tests.join("\n")}`;
}

const oneLine = (text: string): string => text.replaceAll(/[\r\n\u2028\u2029]+/g, " ");

const allHold = `test("all that is promised holds", { timeout: 60_000 }, () => {
  expect(simulate(scenario).broken.map(({ id, evidence }) => \`\${id}: \${evidence}\`)).toEqual([]);
});
`;

/** One guarantee that broke; one that was not promised is judged as if it had been. */
function holds({ id, standing }: Judgement): string {
  const sentence = guarantees.find((one) => one.id === id)?.sentence ?? id;
  const claim = standing === "broken" ? "" : `, { claim: [${JSON.stringify(id)}] }`;
  return `test(${JSON.stringify(sentence)}, { timeout: 60_000 }, () => {
  const { judgements } = simulate(scenario${claim});
  const { holds, evidence } = judgements.find(({ id }) => id === ${JSON.stringify(id)});
  expect(holds, evidence).toBe(true);
});
`;
}
