// What a failing property says: the seed, a file with the reduced scenario, the command that shows it, and the link.
import { mkdirSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { breaks, type Judged, linkOf, reduce, type Scenario, type Wanted } from "#sim";

export interface Failure {
  readonly seed: string;
  readonly file: string;
  readonly command: string;
  readonly link: string;
  readonly message: string;
}

/** What broke that was promised in a judged run; undefined: nothing. */
export function brokenPromise({ judgements }: Judged): Wanted | undefined {
  for (const { id, kinds } of judgements) {
    if (kinds.some(({ off }) => off.length === 0)) return { guarantee: id, off: [] };
  }
  return undefined;
}

/** Reduces a scenario that breaks a promise and says all that somebody needs to see it again. */
export function failureOf(scenario: Scenario, wanted: Wanted): Failure {
  const smaller = reduce(scenario, (candidate) => breaks(candidate, wanted)).scenario;
  const folder = join(tmpdir(), "highwater-broken");
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `${[wanted.guarantee, ...wanted.off, scenario.seed].join("-")}.json`);
  writeFileSync(file, `${JSON.stringify(smaller, undefined, 2)}\n`);
  const claim = wanted.off.length === 0 ? "" : ` --claim ${wanted.guarantee}`;
  const command = `npm run -s highwater -- run ${file}${claim}`;
  const link = linkOf(smaller);
  const { seed } = scenario;
  const off = wanted.off.length === 0 ? "it was promised" : `off: ${wanted.off.join(", ")}`;
  const message = [
    `${wanted.guarantee} is broken (${off})`,
    `seed      ${seed}`,
    `scenario  ${file}`,
    `command   ${command}`,
    `link      ${link}`,
  ].join("\n");
  return { seed, file, command, link, message };
}
