import type { Judgement } from "#sim";
import { allGuarantees } from "./modules.ts";

const marks: Readonly<Record<Judgement["standing"], string>> = {
  held: "✓ held",
  broken: "✗ BROKEN",
  notPromised: "○ not promised",
  notPromisedBroken: "◌ not promised, and broken",
};

/** Each guarantee with a mark, its sentence and its evidence. */
export function judgementLines(judgements: readonly Judgement[]): string[] {
  return judgements.flatMap(({ id, standing, precondition, evidence }) => {
    const sentence = allGuarantees().find((one) => one.id === id)?.sentence ?? id;
    const off = precondition.length === 0 ? "" : ` [off: ${precondition.join(", ")}]`;
    return [`${marks[standing]}  ${sentence}`, `    ${id}: ${evidence}${off}`];
  });
}
