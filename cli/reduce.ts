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
import { checkClaim, watchLine } from "./run.ts";
import { writeOut } from "./write.ts";

/** Makes a scenario that breaks a promise as small as it can. */
export function reduceCommand(
  asked: string,
  options: { readonly claim?: string; readonly out?: string },
): number {
  checkClaim(options.claim);
  const scenario = find(asked, "scenario").scenario(undefined);
  const wanted = whatBroke(scenario, options.claim);
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

/** The first promise that broke, or the claimed one. */
function whatBroke(scenario: Scenario, claim: string | undefined): Wanted | undefined {
  const { judgements } = judge(scenario, { claim, guarantees: allGuarantees() });
  const broken = judgements.find(
    ({ id, promised, holds }) => promised && !holds && (claim === undefined || id === claim),
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
