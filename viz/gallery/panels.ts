/* Panels at moments of runs of the library: they show a lab's view, so there has to be a run behind them. */
import { type Scenario, library, parseScenario } from "#sim";
import type { Surroundings } from "../lab-actions.ts";
import { actionsOf } from "../lab-actions.ts";
import { type State, newState, refold, viewOf } from "../lab-state.ts";
import { newPicture } from "../model/picture.ts";
import { eventOf } from "../model/recording.ts";
import { guaranteesPanel } from "../panels/guarantees.ts";
import { inspectorPanel } from "../panels/inspector.ts";
import { logsPanel } from "../panels/logs.ts";
import { narrationPanel } from "../panels/narration.ts";
import { spaceTimePanel } from "../panels/space-time.ts";
import { shapeOf } from "../panels/shape.ts";
import { stagePanel } from "../panels/stage.ts";
import { timelinePanel } from "../panels/timeline.ts";
import type { Actions, LabView } from "../panels/view.ts";
import * as player from "../player/player.ts";
import { hear } from "../run.ts";
import { advanceRun, hashOf, startRun } from "../simulated-run.ts";
import { newLooks } from "../look/looks.ts";
import type { Moment, PanelExample, PanelName } from "./example.ts";

/** From nothing promised to a promise that was claimed and broken. */
export const panels: readonly PanelExample[] = [
  {
    id: "panel-narration",
    title: "Narration",
    says: "The last thing that happened, in a sentence.",
    run: "blackout",
    panel: "narration",
    moment: "fault",
    height: 40,
  },
  {
    id: "panel-stage",
    title: "The cluster without power",
    says: "Cards, links and messages on their way, at the moment of the fault.",
    run: "blackout",
    panel: "stage",
    moment: "fault",
    height: 456,
  },
  {
    id: "panel-logs",
    title: "The logs after a truncation",
    says: "What acks=1 had acknowledged is struck off.",
    run: "acks-1",
    panel: "logs",
    moment: "truncation",
    height: 200,
  },
  {
    id: "panel-timeline",
    title: "Time",
    says: "Buttons, and the whole run on one line.",
    run: "acks-1",
    panel: "timeline",
    moment: "election",
    height: 120,
  },
  {
    id: "panel-kept",
    title: "Promises kept",
    says: "A leader and a voter died at once, and everything that was checked held.",
    run: "combined",
    panel: "guarantees",
    moment: "end",
    height: 80,
  },
  {
    id: "panel-guarantees",
    title: "Promises, one of them not made",
    says: "The record is gone, and nobody had promised to keep it: the card says what was off.",
    run: "acks-1",
    panel: "guarantees",
    moment: "end",
    height: 80,
  },
  {
    id: "panel-why",
    title: "Why?",
    says: "From the election back to the cut, one hop at a time.",
    run: "acks-1",
    panel: "inspector",
    moment: "election",
    height: 190,
  },
  {
    id: "panel-space",
    title: "Space and time",
    says: "A row for each process, a line for each message, hatched where nothing lives.",
    run: "blackout",
    panel: "space",
    moment: "fault",
    height: 230,
  },
];

interface Panel {
  readonly element: HTMLElement;
  show(view: LabView): void;
  measure?(): void;
}

const makers: Readonly<Record<PanelName, (actions: Actions) => Panel>> = {
  stage: (actions) => stagePanel(actions, () => "full"),
  logs: (actions) => logsPanel(actions, () => "lab"),
  narration: narrationPanel,
  timeline: (actions) => timelinePanel(actions, () => shapeOf(1280, 720, "lab")),
  guarantees: guaranteesPanel,
  inspector: inspectorPanel,
  space: spaceTimePanel,
};

/** The library's run, made whole on this thread, as a lab holds it. */
export function wholeRun(name: string): State {
  const scenario = scenarioOf(name);
  const state = newState(scenario, {});
  const simulated = startRun(scenario);
  const { id: run } = state.run;
  advanceRun(simulated, Infinity, {
    event: (event) => hear(state.run, { type: "events", run, events: [event] }),
    verdict: (change) => hear(state.run, { type: "verdicts", run, changes: [change] }),
  });
  const { inputs } = simulated.world;
  hear(state.run, { type: "done", run, hash: hashOf(simulated), inputs });
  return { ...state, awaited: undefined };
}

function scenarioOf(name: string): Scenario {
  const make = library.get(name);
  if (make === undefined) throw new RangeError(`the library has no ${name}`);
  return parseScenario(make());
}

/** Puts a panel into `host` and shows it a moment of a whole run. */
export function showPanel(host: HTMLElement, example: PanelExample, whole: State): void {
  const state: State = { ...whole, picture: newPicture() };
  const { recording } = state.run;
  const at = eventAt(state, example.moment);
  // With all that happens at that very microsecond.
  state.player = player.seek(recording, state.player, eventOf(recording, at)?.at ?? 0);
  if (example.panel === "inspector") Object.assign(state, { selected: at, tab: "why" });
  if (example.panel === "space") state.space = { ...state.space, open: true };
  refold(state);
  const panel = makers[example.panel](actionsOf(state, nobody, () => undefined));
  host.append(panel.element);
  panel.measure?.();
  panel.show(viewOf(state, newLooks(nobody.simulation), false));
}

function eventAt({ run }: State, moment: Moment): number {
  const { marks, events } = run.recording;
  const found =
    moment === "violation"
      ? run.verdicts.find(({ state }) => state === "broken")
      : marks.find(({ turn }) => turn === moment);
  const seq = moment === "end" ? events.at(-1)?.seq : found?.seq;
  if (seq === undefined) throw new RangeError(`${run.scenario.name} has no ${moment}`);
  return seq;
}

/** Nothing is asked of a picture on a wall. */
const nobody: Surroundings = {
  simulation: { send: () => undefined, listen: () => undefined, close: () => undefined },
  names: [],
  named: scenarioOf,
  isNamed: () => true,
  link: () => "",
};
