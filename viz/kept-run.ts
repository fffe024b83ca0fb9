/*
 * What a simulator keeps of the last run that it made. A copy of a world is small, since worlds share their sealed bytes;
 * what the guarantees know by then is large, so there are few copies that a fork can go on from.
 */
import {
  type Fault,
  type Micros,
  type Scenario,
  type World,
  areJudgedAlike,
  copyWorld,
  editWorld,
} from "#sim";
import { type Kept, keptUntil, lastKept, withCopy } from "./kept-copies.ts";
import { type SimulatedRun, copyRun } from "./simulated-run.ts";

export interface KeptRun {
  readonly id: number;
  /** For looks into it. */
  readonly worlds: Kept<World>;
  /** For forks; nobody moves them. */
  readonly runs: Kept<SimulatedRun>;
}

export const mostWorlds = 48;
export const mostRuns = 12;

/** `every`: µs between two copies while they are few. */
export const newKeptRun = (id: number, every: Micros): KeptRun => ({
  id,
  worlds: { most: mostWorlds, every, copies: [] },
  runs: { most: mostRuns, every, copies: [] },
});

/** The same with what is due of a run that has come to `run.world.now`. */
export function keepMoment(kept: KeptRun, run: SimulatedRun): KeptRun {
  const { now } = run.world;
  return {
    ...kept,
    worlds: withCopy(kept.worlds, now, () => copyWorld(run.world)),
    runs: withCopy(kept.runs, now, () => copyRun(run)),
  };
}

export const worldsOf = ({ worlds }: KeptRun): readonly World[] =>
  worlds.copies.map(({ copy }) => copy);

/**
 * The last copy before `at` that a run of the edited scenario can go on from: none if the edit changes what was promised
 * of what has happened already (an election that may be unclean is no promise to begin with).
 */
export function baseOf({ runs }: KeptRun, edited: Scenario, at: Micros): SimulatedRun | undefined {
  const base = lastKept(runs, at);
  return base !== undefined && areJudgedAlike(base.world.scenario, edited) ? base : undefined;
}

/** What is kept of a run that an edit leaves at a moment, as what is kept of the one that goes its own way from there. */
export function editedUntil(
  { worlds, runs }: KeptRun,
  {
    run: id,
    at,
    faults,
  }: { readonly run: number; readonly at: Micros; readonly faults: readonly Fault[] },
): KeptRun {
  const edited = (world: World): World => {
    const copy = copyWorld(world);
    for (const fault of faults) editWorld(copy, fault);
    return copy;
  };
  return {
    id,
    worlds: keptUntil(worlds, at, edited),
    runs: keptUntil(runs, at, (run) => ({ ...run, world: edited(run.world) })),
  };
}
