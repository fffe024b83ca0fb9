/* The lab's one state, and what follows from it. */
import {
  type Fault,
  type LinkMoment,
  type NodeName,
  type Scenario,
  type TraceEvent,
  ownRecordsOf,
} from "#sim";
import type { Density } from "./density.ts";
import { faultsAfter, withoutLast } from "./beside.ts";
import { type Viewing, linkedView, opensAll, usualDensity, viewingOf } from "./link-view.ts";
import { type CellLabel, usualLabel } from "./model/cell-label.ts";
import { seenBy } from "./model/eyes.ts";
import { type Picture, newPicture } from "./model/picture.ts";
import {
  advanceTo,
  checkpointEvery,
  countAt,
  endOf,
  eventOf,
  indexOf,
  pictureAt,
} from "./model/recording.ts";
import {
  type Parting,
  type PartingSearch,
  findParting,
  newPartingSearch,
} from "./model/parting.ts";
import { topicOf } from "./model/sizes.ts";
import type { SpaceChoice } from "./model/space-choice.ts";
import { type Stop, stopsAt } from "./model/stops.ts";
import { type Hop, why } from "./model/why.ts";
import { type Known, lookedInto } from "./looked-into.ts";
import type { LabOptions } from "./options.ts";
import type { Looks } from "./look/looks.ts";
import type {
  Drawing,
  Drawn,
  InspectorTab,
  Inside,
  LabView,
  OtherRun,
  Sheet,
} from "./panels/view.ts";
import { type Expected, compared } from "./outcome.ts";
import { placesOf } from "./places.ts";
import * as player from "./player/player.ts";
import { type Run, breaksOf, newRun } from "./run.ts";
import { type Veil, newVeil, pastOf } from "./veil.ts";

/** Changed by actions and by frames; panels see it as a LabView. */
export interface State {
  run: Run;
  /** How many runs there have been: names them. */
  runs: number;
  player: player.Player;
  picture: Picture;
  selected: number | undefined;
  /** Why `selected` happened, as far as `known` events tell, and which hop is looked at. */
  chain: Chain | undefined;
  hop: number;
  space: SpaceChoice;
  /** With whose eyes stage and logs are seen; undefined: an observer's. */
  eyes: NodeName | undefined;
  density: Density;
  tab: InspectorTab | undefined;
  sheet: Sheet;
  inside: Inside;
  /** Which record is looked into, as it was found last. */
  record: Known | undefined;
  partition: string | undefined;
  only: string | undefined;
  windows: ReadonlyMap<string, number>;
  /** undefined: as the scenario has it. */
  cells: CellLabel | undefined;
  pinned: readonly string[];
  theme: "auto" | "light" | "dark";
  heartbeats: boolean;
  /** Where to go as soon as the run has come so far. */
  awaited: number | undefined;
  /** The fault by which somebody has just sent a record of their own: it is shown as soon as it is there. */
  followed: number | undefined;
  stops: readonly Stop[];
  /** What may be done by hand; undefined: everything. */
  readonly allowed: readonly Fault["type"][] | undefined;
  /** Nothing is shown of what comes later; undefined: all of it is. */
  readonly veil: Veil | undefined;
  comparing: boolean;
  /** How far this run and the other are known to be equal. */
  search: PartingSearch | undefined;
  /** What a link or a trace says that the run comes to, while the run is the one that it speaks of. */
  expected: Expected | undefined;
  /** The file from which the run's records are, until it was told what became of them. */
  recordsFrom: string | undefined;
  /** What was drawn from a family: the run, or what the run was before its edits. */
  drawn: Drawn | undefined;
  /** What is being drawn; whatever else is chosen puts an end to it. */
  drawing: Drawing | undefined;
  /** A line that the reader should see, until it is put away. */
  notice: string | undefined;
  /** A line about where the reader stands: gone with the next step. */
  passing: string | undefined;
  undone: Run[];
  done: Run[];
  /** The last event that was on the screen. */
  seen: number;
  /** Something other than the time has changed since the last frame. */
  changed: boolean;
}

/** What a density opens by itself. */
export const openedBy = (density: Density, { tab, space }: State): Partial<State> =>
  opensAll(density) ? { tab: tab ?? "why", space: { ...space, open: true } } : {};

export const newState = (scenario: Scenario, options: LabOptions): State => {
  const view = viewShown(scenario, options);
  const before = view.beside === undefined ? undefined : withoutLast(scenario, view.beside);
  const state = plainState(scenario, options, view);
  return before === undefined
    ? state
    : { ...state, comparing: true, runs: 2, done: [newRun(2, before)] };
};

/** What is shown at first: what a link says, as far as this scenario has it. */
function viewShown(scenario: Scenario, { shown, density, focus }: LabOptions): Viewing {
  const told = Object(shown) as object;
  const view = viewingOf(density === undefined ? shown : { ...told, density });
  const names = placesOf(scenario).map(({ name }) => name);
  const known = (name: NodeName | undefined): NodeName | undefined =>
    names.find((one) => one === name);
  return {
    ...view,
    partition: focus ?? view.partition,
    eyes: known(view.eyes),
    space: { ...view.space, node: known(view.space.node) },
  };
}

const plainState = (
  scenario: Scenario,
  options: LabOptions,
  { beside: _, ...viewing }: Viewing,
): State => ({
  run: newRun(1, scenario),
  runs: 1,
  player: { ...newPlayer(scenario), ...paceOf(options) },
  picture: newPicture(),
  selected: options.selected,
  ...viewing,
  density: viewing.density ?? usualDensity,
  chain: undefined,
  hop: 0,
  record: undefined,
  sheet: { tab: "log", isTall: false },
  theme: options.theme ?? "auto",
  heartbeats: false,
  awaited: options.at === undefined ? opening(scenario) : Math.round(options.at * 1000),
  followed: undefined,
  stops: [],
  allowed: options.faults,
  veil: options.spoilers === "hide" ? newVeil() : undefined,
  comparing: false,
  search: undefined,
  expected: options.outcome === undefined ? undefined : { source: "link", ...options.outcome },
  recordsFrom: undefined,
  drawn: options.family === undefined ? undefined : { family: options.family, scenario },
  drawing: undefined,
  notice: undefined,
  passing: undefined,
  undone: [],
  done: [],
  seen: -1,
  changed: true,
});

const paceOf = ({ pace }: LabOptions): Partial<player.Player> =>
  pace === undefined || reduced() ? {} : { pace };

const reduced = (): boolean => matchMedia("(prefers-reduced-motion: reduce)").matches;

/** Readers who asked their system for less motion get beats that stand still. */
export function newPlayer({ network: { latencyUs } }: Scenario): player.Player {
  const [low, high] = latencyUs;
  const pace = reduced() ? { pace: "still" as const } : {};
  return { ...player.newPlayer((low + high) / 2), ...pace };
}

export const isMoving = ({ player: { playing, sweep } }: State): boolean =>
  playing || sweep !== undefined;

/** A little before the first fault, or where the run is well under way. */
export function opening({ faults, durationMs }: Scenario): number {
  const first = Math.min(...faults.map(({ atMs: at }) => at));
  return Math.round((Number.isFinite(first) ? Math.max(0, first - 5) : durationMs / 4) * 1000);
}

/** Goes to the awaited time once the run is there, or over; until then along with it, so that there is something to see. */
export function arrive(state: State): void {
  const { awaited, run } = state;
  if (awaited === undefined) return;
  const end = endOf(run.recording);
  if (end <= awaited && run.hash === undefined) {
    if (end > state.player.at) state.player = player.seek(run.recording, state.player, end);
    return;
  }
  state.awaited = undefined;
  state.player = player.seek(run.recording, state.player, awaited);
}

/** Opens the life of a record that was sent by hand, once the run has it. */
export function follow(state: State): void {
  const { followed, run } = state;
  if (followed === undefined) return;
  const sent = sentByHand(run, followed);
  // Its producer knows its partition once it has put it into a batch.
  const partition = sent === undefined ? undefined : partitionOfSent(run, sent);
  if (partition === undefined && run.hash === undefined) return;
  state.followed = undefined;
  if (sent === undefined) return;
  state.inside = { ...state.inside, record: { called: sent.seq } };
  state.tab = "record";
  state.changed = true;
  if (partition === undefined) return;
  state.partition = partition;
  // Logs that are narrowed to others would not show it.
  if (state.only !== undefined && ![partition, topicOf(partition)].includes(state.only))
    state.only = partition;
}

type Called = Extract<TraceEvent, { readonly type: "called" }>;

/** The call that a fault by hand has made. */
function sentByHand({ recording: { events } }: Run, index: number): Called | undefined {
  const fault = events.findLast((event) => event.type === "fault" && event.index === index);
  if (fault === undefined) return undefined;
  return events.findLast(
    (event): event is Called => event.type === "called" && event.causes.includes(fault.seq),
  );
}

/** The partition to whose batch a call's record was put. */
function partitionOfSent({ recording }: Run, { seq, node, call }: Called): string | undefined {
  for (const event of recording.events.slice(indexOf(recording, seq))) {
    if (event.type !== "note" || event.node !== node || event.event.type !== "batched") continue;
    if (event.event.calls.some((one) => one === call)) return event.event.partition;
  }
  return undefined;
}

/** Brings the picture to where the player stands; says whether it changed. */
export function refold(state: State): boolean {
  const { picture, run } = state;
  const { count } = state.player;
  if (picture.events === count) return false;
  const ahead = count - picture.events;
  const near = ahead > 0 && ahead < checkpointEvery;
  state.picture = near ? advanceTo(run.recording, picture, count) : pictureAt(run.recording, count);
  return true;
}

/** Where the reader is, as a link says it. */
export const momentOf = (state: State): LinkMoment => ({
  atMs: Math.floor(state.awaited ?? state.player.at) / 1000,
  selected: state.selected,
  view: linkedView({ ...state, beside: besideOf(state) }),
  outcome: state.run.outcome,
});

/** How much the run has after the one beside it, if that is all that it has after it: a link can say no more. */
function besideOf({ comparing, done, run }: State): number | undefined {
  const before = comparing ? done.at(-1) : undefined;
  return before === undefined ? undefined : faultsAfter(run.scenario, before.scenario);
}

/** Once a run is whole: says what became of what was said of it before. */
export function conclude(state: State): void {
  const { expected, run, recordsFrom } = state;
  if (run.outcome === undefined) return;
  if (expected !== undefined) {
    const { same, line } = compared(expected, run.outcome);
    if (!same) state.notice = line;
  }
  const own = ownRecordsOf(run.scenario);
  if (recordsFrom === undefined || own === undefined) return;
  state.recordsFrom = undefined;
  const sent = run.recording.events.filter(
    (event) => event.type === "called" && event.request.type === "send",
  ).length;
  state.notice =
    sent < own
      ? `${recordsFrom}: ${sent} of ${own} records are sent, then the workload ends.`
      : `${recordsFrom}: all ${own} records are sent.`;
}

/** Says that the run is the very one that a link or a trace speaks of; undefined: it is not, or nothing does. */
function agreement({ expected, run }: State): string | undefined {
  if (expected === undefined || expected.hash !== run.hash) return undefined;
  return expected.source === "link" ? "as linked" : "as in its trace";
}

/** What the reader may see of the run. */
const shownRun = ({ veil, run, player: { count } }: State): Run =>
  veil === undefined ? run : pastOf(veil, run, count);

const isKnown = ({ run, selected }: State): boolean =>
  selected !== undefined && eventOf(run.recording, selected) !== undefined;

export const viewOf = (state: State, looks: Looks, edited: boolean): LabView => ({
  run: shownRun(state),
  player: state.player,
  picture: state.picture,
  seen: seenOf(state),
  eyes: state.eyes,
  places: placesOf(state.run.scenario),
  // A link may name an event that the run has not come to yet.
  selected: isKnown(state) ? state.selected : undefined,
  chain: chainOf(state),
  hop: state.hop,
  space: state.space,
  density: state.density,
  tab: state.tab,
  sheet: state.sheet,
  inside: state.inside,
  record: recordOf(state),
  look: (question) => looks.ask(state.run, question, isMoving(state)),
  partition: state.partition,
  only: state.only,
  windows: state.windows,
  cells: state.cells ?? usualLabel(state.run.scenario),
  pinned: state.pinned,
  edited,
  drawn: state.drawn,
  drawing: state.drawing,
  theme: state.theme,
  heartbeats: state.heartbeats,
  stops: state.stops,
  allowed: state.allowed,
  veiled: state.veil !== undefined,
  left: leftOf(state),
  other: state.comparing ? otherOf(state) : undefined,
  notice: state.notice ?? state.passing,
  agreement: agreement(state),
  canUndo: state.done.length > 0,
  canRedo: state.undone.length > 0,
});

function seenOf({ eyes, run, picture }: State): Picture {
  return eyes === undefined ? picture : seenBy(run.recording, picture, eyes);
}

function recordOf(state: State): LabView["record"] {
  state.record = lookedInto(state, state.player.count, state.record);
  return state.record?.record;
}

/** An explanation, kept while it is looked at. */
interface Chain {
  readonly seq: number;
  readonly run: Run;
  readonly hops: readonly Hop[];
}

function chainOf(state: State): readonly Hop[] {
  const { selected: seq, run, chain } = state;
  if (seq === undefined) return [];
  if (chain?.seq === seq && chain.run === run) return chain.hops;
  const hops = why(run.recording, seq);
  // A cause comes before what it causes: what is found once holds when more is known.
  if (hops.length > 0) state.chain = { seq, run, hops };
  return hops;
}

/** The run before the last change; after an undo the one with it. */
export const otherRun = ({ done, undone }: State): Run | undefined => done.at(-1) ?? undone.at(-1);

function leftOf(state: State): Run | undefined {
  const run = otherRun(state);
  if (run === undefined || state.veil === undefined) return run;
  return pastOf(state.veil, run, countAt(run.recording, state.player.at));
}

const isLater = (parting: Parting | undefined, at: number): boolean =>
  Math.min(parting?.here?.at ?? Infinity, parting?.there?.at ?? Infinity) > at;

function otherOf(state: State): OtherRun | undefined {
  const run = otherRun(state);
  if (run === undefined) return undefined;
  const count = countAt(run.recording, state.player.at);
  const shown = state.veil === undefined ? run : pastOf(state.veil, run, count);
  const [here, there] = [state.run.recording, run.recording];
  if (state.search?.here !== here || state.search.there !== there)
    state.search = newPartingSearch(here, there);
  const isWhole = state.run.hash !== undefined && run.hash !== undefined;
  const parting = findParting(state.search, isWhole);
  return {
    run: shown,
    picture: pictureAt(there, count),
    parting: state.veil !== undefined && isLater(parting, state.player.at) ? undefined : parting,
    isBefore: state.done.length > 0,
  };
}

/** The first event among those just passed at which playing is to stop: its index. */
export function stopAmong({ run, stops }: State, from: number, to: number): number | undefined {
  if (stops.length === 0) return undefined;
  const { events } = run.recording;
  const violated = breaksOf(run).filter(({ id }) =>
    stops.some(({ kind, guarantee }) => kind === "violation" && (guarantee ?? id) === id),
  );
  for (let index = from; index < to; index += 1) {
    const event = events[index];
    if (event === undefined) return undefined;
    if (stops.some((stop) => stopsAt(stop, event))) return index;
    if (violated.some(({ seq }) => seq === event.seq)) return index;
  }
  return undefined;
}
