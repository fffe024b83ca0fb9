import { runScenario } from "#sim";
import { exit } from "./exit.ts";
import { find } from "./find.ts";
import { wholeNumber } from "./numbers.ts";
import { checkFlaws } from "./run.ts";

export interface FingerprintsOptions {
  readonly seeds: string;
  readonly from: string;
  readonly every: string;
  readonly flaw?: readonly string[];
}

/** Prints seed and hash of many runs, one a line, so that two processes, or two machines, can be compared. */
export function fingerprints(asked: string | undefined, options: FingerprintsOptions): number {
  const count = wholeNumber("--seeds", options.seeds);
  const from = wholeNumber("--from", options.from);
  const every = wholeNumber("--every", options.every);
  const found = find(asked, "family", checkFlaws(options.flaw));
  for (let seed = from; seed < from + count; seed += every) {
    const { hash } = runScenario(found.scenario(String(seed)));
    console.log(`${seed} ${hash}`);
  }
  return exit.held;
}
