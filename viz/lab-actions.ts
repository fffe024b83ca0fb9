/* What the lab does when it is asked: every change of its state by a person. */
import { type Fault, type LinkMoment, type Scenario, parseScenario, withSeed, limits } from "#sim";
import { breakAfter } from "./broken.ts";
import { newPicture } from "./model/picture.ts";
import { type Recording, endOf, indexOf } from "./model/recording.ts";
import {
  type State,
  isMoving,
  momentOf,
  newPlayer,
  openedBy,
  opening,
  otherRun,
} from "./lab-state.ts";
import { faultWord } from "./model/fault-names.ts";
import { type Actions, type Drawn, type Jump, isAllowed } from "./panels/view.ts";
import * as player from "./player/player.ts";
import {
  type Run,
  type Simulation,
  breaksOf,
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
  /** What a family draws for a seed; fails with a sentence where it cannot be drawn. */
  draw(family: string, seed: string): Promise<Scenario>;
  /** Whether a scenario is what the library has under its name. */
  isNamed(scenario: Scenario): boolean;
  /** The address of a moment of a run. */
  link(scenario: Scenario, moment: LinkMoment): string;
}

/** A run that has been changed is not what a link was about. */
const unlinked = {
  expected: undefined,
  recordsFrom: undefined,
  drawing: undefined,
  notice: undefined,
  passing: undefined,
  followed: undefined,
} as const;

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
    // Whatever was chosen inside of another event is left with it.
    select: (selected, tab = "why") =>
      change({
        selected,
        inside: {},
        chain: undefined,
        hop: 0,
        tab: selected === undefined ? undefined : tab,
        ...(selected !== undefined && tab === "why" ? { sheet: { ...state.sheet, tab } } : {}),
      }),
    hop: (index) => {
      const event = state.chain?.hops[index]?.event;
      if (event === undefined) return;
      const { recording } = state.run;
      const there = player.seekCount(recording, state.player, indexOf(recording, event.seq) + 1);
      const left = { awaited: undefined, windows: new Map(), passing: undefined };
      change({ hop: index, player: there, ...left });
    },
    lens: (eyes) => change({ eyes }),
    cells: (cells) => change({ cells }),
    pin: (id) => {
      const others = state.pinned.filter((one) => one !== id);
      change({ pinned: others.length < state.pinned.length ? others : [...others, id] });
    },
    space: (choice) => change({ space: { ...state.space, ...choice } }),
    lookInside: (inside, tab) => change({ inside: { ...state.inside, ...inside }, tab }),
    inspect: (tab) => change({ tab }),
    sheet: (sheet) => change({ sheet }),
    partition: (partition) => change({ partition }),
    only: (only) => {
      const isPartition = only !== undefined && state.picture.partitions.has(only);
      change({ only, ...(isPartition ? { partition: only } : {}) });
    },
    look: (partition, first) => {
      const windows = new Map(state.windows);
      if (first === undefined) windows.delete(partition);
      else windows.set(partition, Math.max(0, first));
      change({ windows });
    },
    density: (density) => change({ density, ...plainlyOpen(state), ...openedBy(density, state) }),
    heartbeats: () => change({ heartbeats: !state.heartbeats }),
    theme: () => change({ theme: nextTheme[state.theme] }),
    linkHere: () => new URL(around.link(state.run.scenario, momentOf(state)), location.href).href,
    notify: (notice) => change({ notice, passing: undefined }),
    stops: (stops) => change({ stops }),
    // Dialogs belong to the panels.
    share: () => undefined,
    dialog: () => undefined,
    touch: () => undefined,
    help: () => undefined,
  };
}

/** What stays open whichever density comes: what somebody asked about. */
const plainlyOpen = ({ selected, tab, space }: State): Partial<State> => ({
  tab: selected === undefined ? undefined : tab,
  space: { ...space, open: false },
});

const nextTheme = { auto: "light", light: "dark", dark: "auto" } as const;

type Change = (edit: Partial<State>) => void;
type TimeActions = Pick<
  Actions,
  "toggle" | "pause" | "step" | "beat" | "jump" | "seek" | "visit" | "faster" | "speed" | "pace"
>;

function timeActions(state: State, change: Change): TimeActions {
  const recording = (): Recording => state.run.recording;
  const move = (to: player.Player): void => {
    change({ player: to, awaited: undefined, windows: new Map(), passing: undefined });
  };
  return {
    toggle: () =>
      move(isMoving(state) ? player.pause(state.player) : player.play(recording(), state.player)),
    pause: () => change({ player: player.pause(state.player) }),
    step: (events) => move(player.step(recording(), state.player, events)),
    beat: (direction) =>
      move(player.stepIn(recording(), state.player, recording().beats, direction)),
    jump: (kinds, direction) => {
      const to = player.stepIn(recording(), state.player, marked(state.run, kinds), direction);
      if (to.count === state.player.count)
        return change({ passing: noMore(state.run, kinds, direction) });
      move(player.sweepTo(recording(), state.player, to.count, sweepMs));
      const broken = kinds.includes("violation") ? breakAfter(state.run, to.count) : undefined;
      // What is asked about is the break, and not whatever was told last before it.
      if (broken?.event !== undefined)
        change({ selected: broken.event.seq, inside: {}, chain: undefined, hop: 0 });
    },
    seek: (at, overMs = 0) => {
      move(
        overMs === 0
          ? player.seek(recording(), state.player, at)
          : player.glideTo(recording(), state.player, at, overMs),
      );
      // Not made yet: it goes there once it is.
      if (state.run.hash === undefined && at > endOf(recording())) change({ awaited: at });
    },
    visit: (seq) =>
      move(player.seekCount(recording(), state.player, indexOf(recording(), seq) + 1)),
    faster: (factor) => move(player.withSpeed(state.player, state.player.speed * factor)),
    speed: (speed) => move(player.withSpeed(state.player, speed)),
    pace: (pace) => move({ ...state.player, pace }),
  };
}

const notHere = ({ allowed = [] }: State): string =>
  allowed.length === 0
    ? "Nothing can be broken here."
    : `That cannot be done here; what can: ${allowed.map((type) => faultWord(type)).join(", ")}.`;

const tooManyEdits = `A run holds at most ${limits.faults} faults and changes; undo one, or edit the scenario.`;

/** A press that leads nowhere is answered all the same. */
function noMore({ hash }: Run, kinds: readonly Jump[], direction: 1 | -1): string {
  const [first = "fault"] = kinds;
  const name = first === "violation" ? "broken promise" : first;
  if (direction === 1 && hash === undefined)
    return `No ${name} comes later so far; the run is still being made.`;
  return direction === 1 ? `No ${name} comes later.` : `No ${name} came before.`;
}

const nextCompared = "What you change next is shown beside the run as it is.";

/** As long as the line that announces it stands. */
const isToCompare = ({ comparing, passing }: State): boolean =>
  comparing || passing === nextCompared;

type RunActions = Pick<
  Actions,
  | "fork"
  | "heal"
  | "replace"
  | "branch"
  | "stay"
  | "compare"
  | "swap"
  | "undo"
  | "redo"
  | "open"
  | "draw"
  | "load"
>;

function runActions(state: State, around: Surroundings, change: Change): RunActions {
  const { simulation } = around;
  const begin = (scenario: Scenario, at: number): void => {
    const run = newRun((state.runs += 1), scenario);
    change({ run, picture: newPicture(), player: newPlayer(scenario), awaited: at, ...unlinked });
    simulation.send(runMessage(run));
  };
  /** A run that was left before it was whole begins anew. */
  const show = (run: Run): void => {
    const at = state.awaited ?? state.player.at;
    if (run.hash === undefined) return begin(run.scenario, at);
    change({ run, picture: newPicture(), player: player.seek(run.recording, state.player, at) });
  };
  const fork = (faults: readonly Fault[], isFree = false): void => {
    const { run } = state;
    const other = faults.find(({ type }) => !isAllowed(state, type));
    if (other !== undefined && !isFree) return change({ notice: notHere(state) });
    const at = Math.floor(state.player.at);
    const scenario = { ...run.scenario, faults: [...run.scenario.faults, ...faults] };
    // More of them no link and no file could hold.
    if (scenario.faults.length > limits.faults) return change({ notice: tooManyEdits });
    const forked = forkOf(run, (state.runs += 1), scenario, at);
    state.done.push(run);
    change({ comparing: isToCompare(state) });
    change(unlinked);
    const here = { ...player.seek(forked.recording, state.player, at), at };
    // The faults strike at this very microsecond: they are shown as soon as the worker has told them.
    change({ run: forked, undone: [], picture: newPicture(), player: here, awaited: at });
    const own = faults.findIndex(({ type }) => type === "produce");
    change({ followed: own < 0 ? undefined : run.scenario.faults.length + own });
    simulation.send(forkMessage(forked, run, at, faults));
  };
  const turn = (from: Run[], to: Run[]): void => {
    const run = from.pop();
    if (run === undefined) return;
    to.push(state.run);
    change({ drawing: undefined });
    show(run);
  };
  const undo = (): void => turn(state.done, state.undone);
  const redo = (): void => turn(state.undone, state.done);
  return {
    fork,
    undo,
    redo,
    heal: () => {
      const atMs = Math.floor(state.player.at) / 1000;
      if (atMs < state.run.scenario.durationMs) fork([{ type: "heal", atMs }]);
    },
    replace: (scenario) => {
      // Whoever may break only some things may not write the others into the scenario.
      if (state.allowed !== undefined) return change({ notice: notHere(state) });
      state.done.push(state.run);
      change({ undone: [], comparing: isToCompare(state) });
      begin(scenario, state.player.at);
    },
    branch: () => change({ passing: nextCompared }),
    stay: () => {
      if (state.passing === nextCompared) change({ passing: undefined });
    },
    compare: () => {
      if (otherRun(state) === undefined) return;
      change({ comparing: !state.comparing });
      if (state.run.hash !== undefined) completeOther(state, simulation);
    },
    swap: () => (state.done.length > 0 ? undo() : redo()),
    ...openActions(state, around, change, begin),
  };
}

/** Those that leave the run, and what it came from, behind. */
function openActions(
  state: State,
  around: Surroundings,
  change: Change,
  begin: (scenario: Scenario, at: number) => void,
): Pick<Actions, "open" | "draw" | "load"> {
  const { names, named } = around;
  const openAnew = (scenario: Scenario, drawn?: Drawn): void => {
    change({ ...anew(state), drawn });
    begin(scenario, opening(scenario));
  };
  return {
    open: (name, seed) => {
      // A scenario that came by link is in no library: it can only get another seed.
      const isKnown = names.includes(name);
      const scenario = isKnown ? named(name, seed) : withSeed(state.run.scenario, seed);
      openAnew(scenario);
    },
    draw: (family, seed) => {
      const drawing = { family, seed };
      change({ drawing });
      // Whatever is chosen in the meantime is meant instead.
      const isMeant = (): boolean => state.drawing === drawing;
      around.draw(family, seed).then(
        (scenario) => {
          if (!isMeant()) return;
          openAnew(scenario, { family, scenario });
        },
        (error: unknown) => {
          if (!isMeant()) return;
          const told = error instanceof Error ? error.message : String(error);
          change({ drawing: undefined, notice: `${family} is not drawn. ${told}` });
        },
      );
    },
    load: (loaded, { hash, records }) => {
      const scenario = parseScenario(loaded);
      openAnew(scenario);
      const expected = hash === undefined ? undefined : ({ source: "trace", hash } as const);
      change({ expected, recordsFrom: records });
    },
  };
}

/** What another run begins with. */
const anew = ({ space }: State): Partial<State> => ({
  done: [],
  undone: [],
  comparing: false,
  selected: undefined,
  inside: {},
  eyes: undefined,
  only: undefined,
  space: { ...space, record: undefined },
  windows: new Map(),
});

/** Indices of turning points of some kinds, ascending. */
function marked(run: Run, kinds: readonly Jump[]): readonly number[] {
  const turns = run.recording.marks.filter(({ turn }) => kinds.includes(turn));
  const broken = kinds.includes("violation") ? breaksOf(run) : [];
  return [...turns, ...broken].map(({ seq }) => indexOf(run.recording, seq)).sort((a, b) => a - b);
}

/** A run that was left before it was whole is made whole, to be compared. */
export function completeOther(state: State, simulation: Simulation): void {
  const other = otherRun(state);
  if (other === undefined || other.hash !== undefined || other.failure !== undefined) return;
  simulation.send(restMessage(other));
}
