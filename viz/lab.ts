/*
 * The lab: one run, where the reader stands in it, and the panels that show both. Panels own no state; whatever they
 * are asked to do comes here, changes the state, and everything is shown anew with the next frame.
 */
import type { Scenario } from "#sim";
import { halo } from "./halo.ts";
import { type Keys, onKey } from "./keyboard.ts";
import { type Picture, newPicture } from "./model/picture.ts";
import { advanceTo, checkpointEvery, endOf, indexOf, pictureAt } from "./model/recording.ts";
import type { Lab, LabOptions } from "./options.ts";
import { type LabPanels, labPanels } from "./panels/lab-panels.ts";
import { atMs, deeds } from "./panels/node-menu.ts";
import type { Actions, InspectorTab, Jump, LabView } from "./panels/view.ts";
import { placesOf } from "./places.ts";
import * as player from "./player/player.ts";
import { type Run, type Simulation, forkMessage, forkOf, hear, newRun, runMessage } from "./run.ts";
import { serialise } from "./snapshot.ts";

/** What a lab needs from around it. */
export interface Surroundings {
  readonly simulation: Simulation;
  /** Names of scenarios that can be chosen, and one of them with a seed (absent: its own). */
  readonly names: readonly string[];
  named(name: string, seed: string | undefined): Scenario;
  /** The address of a moment of a run. */
  link(scenario: Scenario, at: number): string;
}

interface State {
  run: Run;
  player: player.Player;
  picture: Picture;
  selected: number | undefined;
  tab: InspectorTab | undefined;
  partition: string | undefined;
  theme: "auto" | "light" | "dark";
  /** Where to go as soon as the run has come so far. */
  awaited: number | undefined;
  undone: Run[];
  done: Run[];
  /** The last event that was on the screen. */
  seen: number;
  /** Something other than the time has changed since the last frame. */
  changed: boolean;
}

export function newLab(
  host: HTMLElement,
  scenario: Scenario,
  options: LabOptions,
  around: Surroundings,
): Lab {
  let runs = 0;
  const state: State = {
    run: newRun((runs += 1), scenario),
    player: newPlayer(),
    picture: newPicture(),
    selected: undefined,
    tab: undefined,
    partition: undefined,
    theme: options.theme ?? "auto",
    awaited: options.at === undefined ? opening(scenario) : Math.round(options.at * 1000),
    undone: [],
    done: [],
    seen: -1,
    changed: true,
  };
  const actions = actionsOf(state, around, () => (runs += 1), later);
  const panels = labPanels(host, actions, around.names, options.view ?? "full");
  const frames = frameLoop(draw);

  function later(): void {
    frames.ask();
  }

  function draw(realMs: number): void {
    const { recording } = state.run;
    arrive(state);
    state.player = player.tick(recording, state.player, realMs);
    const moved = refold(state);
    const view = viewOf(state);
    panels.show(view, moved || state.changed);
    state.changed = false;
    const last = recording.events[state.player.count - 1]?.seq ?? -1;
    if (moved && state.player.count > 0)
      halo(panels.element, Math.max(state.seen, last - 40), last);
    state.seen = last;
    if (options.address === true && !isMoving(state)) {
      history.replaceState(null, "", around.link(state.run.scenario, state.player.at));
    }
    if (isMoving(state)) frames.ask();
  }

  around.simulation.listen((message) => {
    hear(state.run, message);
    state.changed = true;
    later();
  });
  around.simulation.send(runMessage(state.run));
  listenForKeys(panels, state, actions);
  const again = (): void => {
    state.changed = true;
    later();
  };
  const resized = new ResizeObserver(again);
  resized.observe(panels.element);
  later();

  return {
    element: host,
    get hash() {
      return state.run.hash;
    },
    get at() {
      return state.player.at / 1000;
    },
    play: () => {
      if (!isMoving(state)) actions.toggle();
    },
    pause: () => {
      if (isMoving(state)) actions.toggle();
    },
    step: (events = 1) => actions.step(events),
    seek: (at) => actions.seek(at * 1000),
    fork: (faults) => actions.fork(faults),
    snapshot: () => {
      frames.now();
      return panels.pictured.map((element) => serialise(element)).join("\n");
    },
    unmount: () => {
      frames.stop();
      resized.disconnect();
      around.simulation.close();
      panels.close();
    },
  };
}

/** Readers who asked their system for less motion get beats that stand still. */
function newPlayer(): player.Player {
  const reduced = matchMedia("(prefers-reduced-motion: reduce)").matches;
  return { ...player.newPlayer(), ...(reduced ? { pace: "still" as const } : {}) };
}

const isMoving = ({ player: { playing, sweep } }: State): boolean => playing || sweep !== undefined;

/** A little before the first fault, or where the run is well under way. */
function opening({ faults, durationMs }: Scenario): number {
  const first = Math.min(...faults.map(({ atMs: at }) => at));
  return Math.round((Number.isFinite(first) ? Math.max(0, first - 5) : durationMs / 4) * 1000);
}

/** Goes to the awaited time once the run is there, or over. */
function arrive(state: State): void {
  const { awaited, run } = state;
  if (awaited === undefined) return;
  if (endOf(run.recording) <= awaited && run.hash === undefined) return;
  state.awaited = undefined;
  state.player = player.seek(run.recording, state.player, awaited);
}

/** Brings the picture to where the player stands; says whether it changed. */
function refold(state: State): boolean {
  const { picture, run } = state;
  const { count } = state.player;
  if (picture.events === count) return false;
  const ahead = count - picture.events;
  const near = ahead > 0 && ahead < checkpointEvery;
  state.picture = near ? advanceTo(run.recording, picture, count) : pictureAt(run.recording, count);
  return true;
}

const viewOf = (state: State): LabView => ({
  run: state.run,
  player: state.player,
  picture: state.picture,
  places: placesOf(state.run.scenario),
  selected: state.selected,
  tab: state.tab,
  partition: state.partition,
  theme: state.theme,
  canUndo: state.done.length > 0,
  canRedo: state.undone.length > 0,
});

/** Real milliseconds of a jump that is watched. */
const sweepMs = 700;

function actionsOf(
  state: State,
  { simulation, named, link }: Surroundings,
  nextId: () => number,
  later: () => void,
): Actions {
  const recording = () => state.run.recording;
  const change = (edit: Partial<State>): void => {
    Object.assign(state, edit, { changed: true });
    later();
  };
  const move = (to: player.Player): void => {
    change({ player: to, awaited: undefined });
  };
  const show = (run: Run): void => {
    const at = Math.min(state.player.at, endOf(run.recording));
    change({ run, picture: newPicture(), player: player.seek(run.recording, state.player, at) });
    if (run.hash === undefined) simulation.send(runMessage(run));
  };
  const begin = (scenario: Scenario): void => {
    const run = newRun(nextId(), scenario);
    change({ run, picture: newPicture(), player: newPlayer(), awaited: opening(scenario) });
    change({ done: [], undone: [], selected: undefined });
    simulation.send(runMessage(run));
  };
  return {
    toggle: () =>
      move(isMoving(state) ? player.pause(state.player) : player.play(recording(), state.player)),
    step: (events) => move(player.step(recording(), state.player, events)),
    beat: (direction) =>
      move(player.stepIn(recording(), state.player, recording().beats, direction)),
    jump: (kinds, direction) => {
      const to = player.stepIn(recording(), state.player, marked(state.run, kinds), direction);
      move(player.sweepTo(recording(), state.player, to.count, sweepMs));
    },
    seek: (at) => move(player.seek(recording(), state.player, at)),
    visit: (seq) =>
      move(player.seekCount(recording(), state.player, indexOf(recording(), seq) + 1)),
    faster: (factor) => move(player.withSpeed(state.player, state.player.speed * factor)),
    speed: (speed) => move(player.withSpeed(state.player, speed)),
    pace: (pace) => move({ ...state.player, pace }),
    select: (selected) => change({ selected, tab: selected === undefined ? undefined : "why" }),
    inspect: (tab) => change({ tab }),
    partition: (partition) => change({ partition }),
    touch: () => undefined,
    fork: (faults) => {
      const { run } = state;
      const at = Math.floor(state.player.at);
      const scenario = { ...run.scenario, faults: [...run.scenario.faults, ...faults] };
      const forked = forkOf(run, nextId(), scenario, at);
      change({ done: [...state.done, run], undone: [], run: forked, picture: newPicture() });
      state.player = player.seek(forked.recording, state.player, at);
      simulation.send(forkMessage(forked, run, at, faults));
    },
    undo: () => {
      const run = state.done.pop();
      if (run === undefined) return;
      state.undone.push(state.run);
      show(run);
    },
    redo: () => {
      const run = state.undone.pop();
      if (run === undefined) return;
      state.done.push(state.run);
      show(run);
    },
    open: (name, seed) => begin(named(name, seed)),
    theme: () => change({ theme: nextTheme[state.theme] }),
    share: () => void navigator.clipboard.writeText(link(state.run.scenario, state.player.at)),
    help: () => undefined,
  };
}

const nextTheme = { auto: "light", light: "dark", dark: "auto" } as const;

/** Indices of turning points of some kinds, ascending. */
function marked(run: Run, kinds: readonly Jump[]): readonly number[] {
  const turns = run.recording.marks.filter(({ turn }) => kinds.includes(turn));
  const broken = run.verdicts.filter(
    ({ state }) => state === "broken" && kinds.includes("violation"),
  );
  return [...turns, ...broken].map(({ seq }) => indexOf(run.recording, seq)).sort((a, b) => a - b);
}

function listenForKeys(panels: LabPanels, state: State, actions: Actions): void {
  const keys: Keys = {
    actions,
    focused: () => panels.focusedNode(),
    act: (name, key) => {
      const node = state.picture.nodes.get(name);
      const deed = deeds.find((one) => one.key === key);
      if (node === undefined || deed?.fits(node) !== true) return false;
      actions.fork([deed.fault({ node: name }, atMs(viewOf(state)))]);
      return true;
    },
    why: () => {
      const seq = state.selected ?? state.picture.beat;
      if (seq >= 0) actions.select(seq);
    },
    close: () => {
      actions.select(undefined);
    },
    leap: (share) => actions.seek(state.player.at + share * endOf(state.run.recording)),
    ends: (end) => actions.seek(end === "start" ? 0 : endOf(state.run.recording)),
  };
  panels.element.addEventListener("keydown", (event) => onKey(event, keys));
}

interface Frames {
  ask(): void;
  now(): void;
  stop(): void;
}

/** Draws at most once a frame, and only when asked; tells how much real time went by while moving. */
function frameLoop(draw: (realMs: number) => void): Frames {
  let asked: number | undefined;
  let last: number | undefined;
  const frame = (time: number): void => {
    asked = undefined;
    const gone = last === undefined ? 0 : Math.min(100, time - last);
    last = undefined;
    draw(gone);
    if (asked !== undefined) last = time;
  };
  return {
    ask: () => {
      asked ??= requestAnimationFrame(frame);
    },
    now: () => draw(0),
    stop: () => {
      if (asked !== undefined) cancelAnimationFrame(asked);
    },
  };
}
