/*
 * Whether a run shows a flaw: with it on, a promise of its row breaks for the reason that the row gives; with it off,
 * under the same seed and the same faults, it does not.
 */
import type { Break } from "../guarantees/guarantee.ts";
import type { Scenario } from "../scenario/schema.ts";
import { judge, type Judged } from "../search/judge.ts";
import type { FlawRow } from "./catalogue.ts";
import { followPassedOver, isPassedOver, newPassedOver } from "./passed-over.ts";
import { claimsOf, withFlaws, withoutFlaw } from "./switching.ts";

/** What a flaw broke in one run. */
export interface FlawFound {
  readonly guarantee: string;
  readonly broke: Break;
}

/** What the flaw breaks in this run; undefined: nothing, or it breaks without the flaw as well. */
export function flawShown(scenario: Scenario, row: FlawRow): FlawFound | undefined {
  const found = brokenBy(withFlaws(scenario, [row.id]), row);
  if (found === undefined) return undefined;
  const without = judge(withoutFlaw(scenario, row.id), { claim: claimsOf([row.id]) });
  return firstBreak(without, row) === undefined ? found : undefined;
}

/** The first promise of the row that breaks, for the row's own reason. */
export function brokenBy(scenario: Scenario, row: FlawRow): FlawFound | undefined {
  const claim = claimsOf([row.id]);
  if (row.kind === "flaw" || row.passesOver !== true)
    return firstBreak(judge(scenario, { claim }), row);
  const passedOver = newPassedOver(scenario);
  const judged = judge(scenario, {
    claim,
    traffic: false,
    listener: (event) => followPassedOver(passedOver, event),
  });
  const found = firstBreak(judged, row);
  const record = found?.broke.record;
  return record !== undefined && isPassedOver(passedOver, record.partition, record.offset)
    ? found
    : undefined;
}

/** The first promise of the row that breaks while just what the row names is off. */
function firstBreak({ judgements }: Judged, row: FlawRow): FlawFound | undefined {
  const off = row.kind === "setting" ? row.off : [];
  for (const id of row.promises) {
    const judged = judgements.find((one) => one.id === id);
    if (judged?.promised !== true) continue;
    const broke = judged.kinds.find(
      (kind) => kind.off.length === off.length && off.every((one) => kind.off.includes(one)),
    );
    if (broke !== undefined) return { guarantee: id, broke };
  }
  return undefined;
}
