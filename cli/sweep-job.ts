/*
 * One seed of a sweep: small enough an answer to cross from a worker.
 */
import { allGuarantees } from "./modules.ts";
import { judge, type Scenario, type Shown } from "#sim";

export interface SeedReport {
  readonly seed: string;
  readonly inputs: number;
  readonly hash: string;
  readonly shown: Shown;
  readonly broken: readonly {
    readonly guarantee: string;
    readonly off: readonly string[];
    readonly evidence: string;
  }[];
}

/** Judges the scenario of one seed. With a claim every reason for which it breaks is told once. */
export function judgeSeed(scenario: Scenario, seed: string, claim: readonly string[]): SeedReport {
  const { result, judgements, shown } = judge(scenario, { claim, guarantees: allGuarantees() });
  const broken = judgements.flatMap(({ id, promised, holds, kinds }) =>
    promised && !holds ? kinds.map(({ off, evidence }) => ({ guarantee: id, off, evidence })) : [],
  );
  return { seed, inputs: result.inputs, hash: result.hash, shown, broken };
}
