/* What the lab does when it is asked: every change of its state by a person. */
import { type Fault, type Scenario, withSeed } from "#sim";
import { newPicture } from "./model/picture.ts";
import { type Recording, indexOf } from "./model/recording.ts";
import { type State, isMoving, newPlayer, opening, otherRun } from "./lab-state.ts";
import type { Actions, Jump } from "./panels/view.ts";
import * as player from "./player/player.ts";
import {
  type Run,
  type Simulation,
  forkMessage,
  forkOf,
  newRun,
  restMessage,
  runMessage,
} from "./run.ts";

/** What a lab needs from around it. */
export interface Surroundings {
  readonly simulation: Simulation;
  /** Names of scenarios that can be chosen, and one of them with a seed (absent: its own). */
  readonly names: readonly string[];
  named(name: string, seed: string | undefined): Scenario;
  /** Whether a scenario is what the library has under its name. */
  isNamed(scenario: Scenario): boolean;
  /** The address of a moment of a run. */
  link(scenario: Scenario, at: number): string;
}

/** Real milliseconds of a jump that is watched. */
const sweepMs = 700;

/** `later` asks for a frame. */
export function actionsOf(state: State, around: Surroundings, later: () => void): Actions {
  const change = (edit: Partial<State>): void => {
    Object.assign(state, edit, { changed: true });
    later();
  };
  return {
    ...timeActions(state, change),
    ...runActions(state, around, change),
    select: (selected) => change({ selected, tab: selected === undefined ? undefined : "why" }),
    inspect: (tab) => change({ tab }),
    partition: (partition) => change({ partition }),
    look: (partition, first) => {
      const windows = new Map(state.windows);
      if (first === undefined) windows.delete(partition);
      else windows.set(partition, Math.max(0, first));
      change({ windows });
    },
    theme: () => change({ theme: nextTheme[state.theme] }),
    share: () => void share(around.link(state.run.scenario, state.player.at)),
    stops: (stops) => change({ stops }),
    // Dialogs belong to the panels.
    dialog: () => undefined,
    touch: () => undefined,
    help: () => undefined,
  };
}

const nextTheme = { auto: "light", light: "dark", dark: "auto" } as const;

/** The address bar holds the link too, where a page may not write to the clipboard. */
const share = (link: string): Promise<void> =>
  navigator.clipboard.writeText(new URL(link, location.href).href).catch(() => undefined);

type Change = (edit: Partial<State>) => void;
type TimeActions = Pick<
  Actions,
  "toggle" | "step" | "beat" | "jump" | "seek" | "visit" | "faster" | "speed" | "pace"
>;

function timeActions(state: State, change: Change): TimeActions {
  const recording = (): Recording => state.run.recording;
  const move = (to: player.Player): void => {
    change({ player: to, awaited: undefined, windows: new Map() });
  };
  return {
    toggle: () =>
      move(isMoving(state) ? player.pause(state.player) : player.play(recording(), state.player)),
    step: (events) => move(player.step(recording(), state.player, events)),
    beat: (direction) =>
      move(player.stepIn(recording(), state.player, recording().beats, direction)),
    jump: (kinds, direction) => {
      const to = player.stepIn(recording(), state.player, marked(state.run, kinds), direction);
      if (to.count === state.player.count) return;
      move(player.sweepTo(recording(), state.player, to.count, sweepMs));
    },
    seek: (at) => move(player.seek(recording(), state.player, at)),
    visit: (seq) =>
      move(player.seekCount(recording(), state.player, indexOf(recording(), seq) + 1)),
    faster: (factor) => move(player.withSpeed(state.player, state.player.speed * factor)),
    speed: (speed) => move(player.withSpeed(state.player, speed)),
    pace: (pace) => move({ ...state.player, pace }),
  };
}

type RunActions = Pick<
  Actions,
  "fork" | "heal" | "replace" | "compare" | "swap" | "undo" | "redo" | "open"
>;

function runActions(state: State, around: Surroundings, change: Change): RunActions {
  const { simulation, names, named } = around;
  const begin = (scenario: Scenario, at: number): void => {
    const run = newRun((state.runs += 1), scenario);
    change({ run, picture: newPicture(), player: newPlayer(), awaited: at });
    simulation.send(runMessage(run));
  };
  /** A run that was left before it was whole begins anew. */
  const show = (run: Run): void => {
    const { at } = state.player;
    if (run.hash === undefined) return begin(run.scenario, at);
    change({ run, picture: newPicture(), player: player.seek(run.recording, state.player, at) });
  };
  const fork = (faults: readonly Fault[]): void => {
    const { run } = state;
    const at = Math.floor(state.player.at);
    const scenario = { ...run.scenario, faults: [...run.scenario.faults, ...faults] };
    const forked = forkOf(run, (state.runs += 1), scenario, at);
    state.done.push(run);
    const here = { ...player.seek(forked.recording, state.player, at), at };
    // The faults strike at this very microsecond: they are shown as soon as the worker has told them.
    change({ run: forked, undone: [], picture: newPicture(), player: here, awaited: at });
    simulation.send(forkMessage(forked, run, at, faults));
  };
  const undo = (): void => {
    const run = state.done.pop();
    if (run === undefined) return;
    state.undone.push(state.run);
    show(run);
  };
  const redo = (): void => {
    const run = state.undone.pop();
    if (run === undefined) return;
    state.done.push(state.run);
    show(run);
  };
  return {
    fork,
    undo,
    redo,
    heal: () => {
      const atMs = Math.floor(state.player.at) / 1000;
      if (atMs < state.run.scenario.durationMs) fork([{ type: "heal", atMs }]);
    },
    replace: (scenario) => {
      state.done.push(state.run);
      change({ undone: [] });
      begin(scenario, state.player.at);
    },
    compare: () => {
      if (otherRun(state) === undefined) return;
      change({ comparing: !state.comparing });
      if (state.run.hash !== undefined) completeOther(state, simulation);
    },
    swap: () => (state.done.length > 0 ? undo() : redo()),
    open: (name, seed) => {
      // A scenario that came by link is in no library: it can only get another seed.
      const isKnown = names.includes(name);
      const scenario = isKnown ? named(name, seed) : withSeed(state.run.scenario, seed);
      change({ done: [], undone: [], comparing: false, selected: undefined, windows: new Map() });
      begin(scenario, opening(scenario));
    },
  };
}

/** Indices of turning points of some kinds, ascending. */
function marked(run: Run, kinds: readonly Jump[]): readonly number[] {
  const turns = run.recording.marks.filter(({ turn }) => kinds.includes(turn));
  const broken = run.verdicts.filter(
    ({ state }) => state === "broken" && kinds.includes("violation"),
  );
  return [...turns, ...broken].map(({ seq }) => indexOf(run.recording, seq)).sort((a, b) => a - b);
}

/** A run that was left before it was whole is made whole, to be compared. */
export function completeOther(state: State, simulation: Simulation): void {
  const other = otherRun(state);
  if (other === undefined || other.hash !== undefined || other.failure !== undefined) return;
  simulation.send(restMessage(other));
}
