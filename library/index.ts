/*
 * Highwater for other people's tests: run a scenario, search a family for a run that breaks a promise, make what was found
 * smaller. Everything is synchronous and runs in the caller's own thread; equal arguments give equal results.
 */
import {
  families as allFamilies,
  guarantees as allGuarantees,
  type AnyGuarantee,
  breaks,
  type Judgement,
  judge,
  library as allScenarios,
  linkOf,
  parseScenario,
  reduce as reduceScenario,
  type Scenario,
  type TraceEvent,
  withSeed,
} from "#sim";
import { LibraryError, numberFrom } from "./arguments.ts";

export { LibraryError } from "./arguments.ts";
export { never } from "./never.ts";
export { ScenarioError } from "#sim";
export type {
  Audit,
  Break,
  Fault,
  Guarantee,
  Judgement,
  Precondition,
  Scenario,
  TraceEvent,
  Verdict,
} from "#sim";
export type { AnyGuarantee } from "#sim";

/** What a seed makes a scenario of: one of `families`, or your own. It must give the same scenario each time. */
export type Family = (seed: string) => Scenario;

/** A scenario as JSON, defaults left out; docs/library.md and schema/scenario.schema.json say what may stand in it. */
export type ScenarioInput = object;

/** Options of every run. */
export interface JudgeOptions {
  /** Guarantees of your own, judged beside the built-in ones. */
  readonly guarantees?: readonly AnyGuarantee[];
  /** Ids of guarantees that are judged as if they were promised, whatever their preconditions. */
  readonly claim?: readonly string[];
}

/** What one run came to. */
export interface Simulated {
  readonly scenario: Scenario;
  /** The fingerprint of all that happened: 16 hexadecimal digits, the same on every machine. */
  readonly hash: string;
  /** Virtual milliseconds from the beginning to the end. */
  readonly virtualMs: number;
  /** Whether fresh readers read everything after the last heal. */
  readonly complete: boolean;
  readonly judgements: readonly Judgement[];
  /** Judgements of promises (or claims) that broke; empty: all held. */
  readonly broken: readonly Judgement[];
  /** The link that shows the run in the lab. */
  readonly link: string;
}

/** All named scenarios, by name. */
export const scenarios: Readonly<Record<string, Scenario>> = Object.fromEntries(
  [...allScenarios].map(([name, make]) => [name, make()]),
);

/** All families, by name. */
export const families: Readonly<
  Record<"failover" | "chains" | "storm" | "handovers" | "returns" | "quorum", Family>
> &
  Readonly<Record<string, Family>> = Object.fromEntries(allFamilies) as never;

/** All built-in guarantees, by id. */
export const guarantees: Readonly<Record<string, AnyGuarantee>> = Object.fromEntries(
  allGuarantees.map((one) => [one.id, one]),
);

const withOwn = ({ guarantees: own = [] }: JudgeOptions): readonly AnyGuarantee[] => {
  for (const { id } of own) {
    if (allGuarantees.some((known) => known.id === id))
      throw new LibraryError(`guarantees: there is a built-in one with the id ${id} already`);
  }
  return [...allGuarantees, ...own];
};

function checkedClaim(
  { claim = [] }: JudgeOptions,
  all: readonly AnyGuarantee[],
): readonly string[] {
  for (const id of claim) {
    if (!all.some((known) => known.id === id))
      throw new LibraryError(
        `claim: no guarantee has the id ${id}; there are ${all.map((one) => one.id).join(", ")}`,
      );
  }
  return claim;
}

/**
 * Runs a scenario and judges it. `listener` hears every event of the trace.
 * @throws ScenarioError if the scenario makes no sense, naming the place in it
 * @throws LibraryError if an option makes no sense
 */
export function simulate(
  scenario: Scenario | ScenarioInput,
  options: JudgeOptions & { readonly listener?: (event: TraceEvent) => void } = {},
): Simulated {
  const parsed = parseScenario(scenario);
  const all = withOwn(options);
  const claim = checkedClaim(options, all);
  const { listener } = options;
  const { result, judgements } = judge(parsed, {
    claim,
    guarantees: all,
    ...(listener === undefined ? {} : { listener }),
  });
  return {
    scenario: parsed,
    hash: result.hash,
    virtualMs: result.virtualMs,
    complete: result.complete,
    judgements,
    broken: judgements.filter(({ promised, holds }) => promised && !holds),
    link: linkOf(parsed),
  };
}

/** A seed that broke a promise. */
export interface Found {
  readonly seed: string;
  /** Id of the guarantee. */
  readonly guarantee: string;
  /** What happened, with names, offsets and times. */
  readonly evidence: string;
  /** Preconditions that were off, if it was only claimed. */
  readonly off: readonly string[];
  /** The smallest scenario found that breaks it for the same reason. */
  readonly scenario: Scenario;
  /** The link that shows it in the lab. */
  readonly link: string;
}

export interface Swept {
  /** How many seeds were looked at. */
  readonly seeds: number;
  /** The first seed for each guarantee that broke; empty: all that was promised held. */
  readonly broken: readonly Found[];
}

/**
 * Looks through seeds of a family, or of one scenario, for broken promises; each guarantee is told of once, with its
 * smallest scenario. @throws LibraryError if an option makes no sense
 */
export function sweep(
  family: Family | Scenario,
  options: JudgeOptions & {
    /** How many. */
    readonly seeds: number;
    /** The first; 1 if left out. */
    readonly from?: number;
  },
): Swept {
  const count = numberFrom("seeds", options.seeds);
  const from = numberFrom("from", options.from ?? 1);
  const all = withOwn(options);
  const claim = checkedClaim(options, all);
  const draw: Family =
    typeof family === "function" ? family : (seed) => withSeed(parseScenario(family), seed);
  const found = new Map<string, Found>();
  for (let i = from; i < from + count; i++) {
    const seed = String(i);
    const scenario = parseScenario(draw(seed));
    for (const { id, promised, holds, evidence, broke } of judge(scenario, {
      claim,
      guarantees: all,
    }).judgements) {
      if (!promised || holds || broke === undefined || found.has(id)) continue;
      const smaller = reduce(scenario, { ...options, guarantee: id, off: broke.off });
      found.set(id, {
        seed,
        guarantee: id,
        evidence,
        off: broke.off,
        scenario: smaller,
        link: linkOf(smaller),
      });
    }
  }
  return { seeds: count, broken: [...found.values()] };
}

/**
 * Makes a scenario smaller as long as it breaks the guarantee for the same reason (`off`: the preconditions that are off;
 * left out: it was promised). A scenario that does not break it comes back as it is.
 */
export function reduce(
  scenario: Scenario | ScenarioInput,
  options: JudgeOptions & { readonly guarantee: string; readonly off?: readonly string[] },
): Scenario {
  const all = withOwn(options);
  checkedClaim({ claim: [options.guarantee] }, all);
  const wanted = { guarantee: options.guarantee, off: options.off ?? [] };
  return reduceScenario(parseScenario(scenario), (candidate) => breaks(candidate, wanted, all))
    .scenario;
}
