import {
  breaks,
  judge,
  reduce,
  type Scenario,
  type TraceEvent,
  transcriptOf,
  type Wanted,
} from "#sim";
import { BadInput, exit } from "./exit.ts";
import { find } from "./find.ts";
import { allGuarantees } from "./modules.ts";
import { checkClaim, checkFlaws, claimsWith, watchLine } from "./run.ts";
import { writeOut } from "./write.ts";

export interface ReduceOptions {
  readonly claim?: string;
  readonly flaw?: readonly string[];
  readonly out?: string;
}

/** Makes a scenario that breaks a promise as small as it can. */
export function reduceCommand(asked: string, options: ReduceOptions): number {
  checkClaim(options.claim);
  const flaws = checkFlaws(options.flaw);
  const scenario = find(asked, "scenario", flaws).scenario(undefined);
  const claims = claimsWith(options.claim, flaws);
  const wanted = whatBroke(scenario, options.claim, claims);
  if (wanted === undefined) {
    throw new BadInput(
      `${asked} breaks nothing that was promised${options.claim === undefined ? "; --claim GUARANTEE judges one as if it were" : " or claimed"}.`,
    );
  }
  const smaller = reduce(scenario, (candidate) => breaks(candidate, wanted, allGuarantees()));
  const out = options.out ?? besideOf(asked);
  writeOut(out, `${JSON.stringify(smaller.scenario, undefined, 2)}\n`);
  for (const line of story(smaller.scenario, wanted)) console.log(line);
  const faults = [scenario.faults.length, smaller.scenario.faults.length];
  console.log(
    `\n${smaller.runs} runs; ${faults[0]} faults became ${faults[1]}. Written to ${out}.`,
  );
  console.log(watchLine(smaller.scenario));
  return exit.held;
}

const besideOf = (asked: string): string =>
  asked.endsWith(".json") ? `${asked.slice(0, -".json".length)}.reduced.json` : "reduced.json";

/** The first promise that broke, or the one that was asked for; `claims`: what is judged as if it were promised. */
function whatBroke(
  scenario: Scenario,
  asked: string | undefined,
  claims: readonly string[],
): Wanted | undefined {
  const { judgements } = judge(scenario, { claim: claims, guarantees: allGuarantees() });
  const broken = judgements.find(
    ({ id, promised, holds }) => promised && !holds && (asked === undefined || id === asked),
  );
  return broken?.broke === undefined ? undefined : { guarantee: broken.id, off: broken.broke.off };
}

/** The story of a run that breaks a promise; its last line is the verdict. */
export function story(scenario: Scenario, wanted: Wanted): string[] {
  const events: TraceEvent[] = [];
  const claim = wanted.off.length > 0 ? wanted.guarantee : undefined;
  const { judgements } = judge(scenario, {
    claim,
    guarantees: allGuarantees(),
    listener: (event) => void events.push(event),
  });
  const verdict = judgements.find(({ id }) => id === wanted.guarantee);
  return verdict === undefined ? [] : transcriptOf(scenario, events, verdict);
}
