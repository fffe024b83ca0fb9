/* Panels at moments of runs of the library: they show a lab's view, so there has to be a run behind them. */
import { type Scenario, type TraceEvent, library, linkOf, parseScenario } from "#sim";
import { withoutLast } from "../beside.ts";
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
import { answerTo } from "../look/answers.ts";
import { newLooks } from "../look/looks.ts";
import type { RecordPlace } from "../model/record-life.ts";
import { comparePanel } from "../panels/compare.ts";
import { labPanels } from "../panels/lab-panels.ts";
import { shareDialog } from "../panels/share-dialog.ts";
import type { ToWorker } from "../worker-messages.ts";
import type { Moment, PanelExample, PanelName } from "./example.ts";
import { messagesPanel } from "./messages.ts";

interface Panel {
  readonly element: HTMLElement;
  show(view: LabView): void;
  measure?(): void;
}

const makers: Readonly<Record<Exclude<PanelName, "phone">, (actions: Actions) => Panel>> = {
  stage: (actions) => stagePanel(actions, () => "full"),
  logs: (actions) => logsPanel(actions, () => "lab"),
  narration: (actions) => narrationPanel(actions, () => false),
  timeline: (actions) => timelinePanel(actions, () => shapeOf(1280, 720, "lab")),
  guarantees: guaranteesPanel,
  inspector: inspectorPanel,
  space: spaceTimePanel,
  compare: (actions) => comparePanel(actions, () => "lab"),
  messages: messagesPanel,
  share: sharePanel,
};

/** Open in its place, over nothing. */
function sharePanel(): Panel {
  const { element, open } = shareDialog(
    () => element,
    () => undefined,
  );
  const show = (view: LabView): void => {
    element.removeAttribute("open");
    open(view, fragmentLink(view));
    element.querySelector<HTMLElement>(":focus")?.blur();
    element.close();
    element.setAttribute("open", "");
  };
  return { element, show };
}

const fragmentLink = ({ run, player: { at } }: LabView): string =>
  linkOf(run.scenario, { atMs: at / 1000, outcome: run.outcome });

/** The library's run, made whole on this thread, as a lab holds it. */
export const wholeRun = (name: string): State => wholeState(scenarioOf(name));

function wholeState(scenario: Scenario): State {
  const state = newState(scenario, { theme: "light" });
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

/** A whole lab as large as a phone. */
function showPhone(host: HTMLElement, state: State): void {
  Object.assign(host.style, { width: "390px", height: "844px", margin: "0 auto" });
  const actions = actionsOf(state, nobody, () => undefined);
  const show = (): void => answered(state, (view) => panels.show(view, true));
  // Its parts find their sizes once they are laid out.
  const panels = labPanels(host, actions, [state.run.scenario.name], {}, show);
  show();
}

/** Puts a panel into `host` and shows it a moment of a whole run. */
export function showPanel(host: HTMLElement, example: PanelExample, whole: State): void {
  const state = stateAt(example, whole);
  if (example.panel === "phone") return showPhone(host, state);
  const panel = makers[example.panel](actionsOf(state, nobody, () => undefined));
  host.append(panel.element);
  // What is shown first may leave less room for the rest.
  for (let time = 0; time < 2; time += 1) {
    panel.measure?.();
    answered(state, (view) => panel.show(view));
  }
}

function stateAt({ panel, tab, moment }: PanelExample, whole: State): State {
  const state: State = { ...whole, picture: newPicture() };
  const { recording } = state.run;
  const event = moment === undefined ? undefined : eventOf(recording, eventAt(state, moment));
  // With all that happens at that very microsecond.
  state.player = player.seek(recording, state.player, event?.at ?? 0);
  const record = event === undefined || tab !== "record" ? undefined : recordAt(state, event);
  if (panel === "inspector") {
    Object.assign(state, { selected: event?.seq, tab: tab ?? "why" });
    if (record !== undefined) state.inside = { record };
  }
  if (panel === "space") state.space = { ...state.space, open: true, record };
  if (panel === "compare") compare(state);
  refold(state);
  return state;
}

/** Beside the same run without its last fault. */
function compare(state: State): void {
  const before = withoutLast(state.run.scenario, 1);
  if (before === undefined) throw new RangeError("nothing strikes this run");
  state.done = [wholeState(before).run];
  state.comparing = true;
}

/** Whatever is asked about the inside of the run is answered by replay, at once. */
function answered(state: State, show: (view: LabView) => void): void {
  const asked: Extract<ToWorker, { readonly type: "look" }>[] = [];
  const looks = newLooks({
    send: (wish) => {
      if (wish.type === "look") asked.push(wish);
    },
  });
  show(viewOf(state, looks, false));
  for (let wish = asked.shift(); wish !== undefined; wish = asked.shift()) {
    const { run, ask, scenario, question } = wish;
    const answer = answerTo({ scenario, copies: [] }, question);
    looks.hear({ type: "looked", run, ask, answer });
    show(viewOf(state, looks, false));
  }
}

function eventAt({ run }: State, moment: Moment): number {
  const { marks, events } = run.recording;
  const found = {
    fault: () => marks.find(({ turn }) => turn === "fault"),
    election: () => marks.find(({ turn }) => turn === "election"),
    truncation: () => marks.find(({ turn }) => turn === "truncation"),
    violation: () => run.verdicts.find(({ state }) => state === "broken"),
    produce: () => events.find((event) => event.type === "sent" && event.api === "Produce"),
    copy: () => events.find((event) => appendedIn(event)?.role === "follower"),
    end: () => events.at(-1),
  }[moment]();
  if (found === undefined) throw new RangeError(`${run.scenario.name} has no ${moment}`);
  return found.seq;
}

function appendedIn(event: TraceEvent) {
  const isIt = event.type === "note" && event.event.type === "appended";
  const note = isIt && event.event.type === "appended" ? event.event : undefined;
  return note?.partition.startsWith("__") === true ? undefined : note;
}

/** The first record of those that an event copies, or cuts off. */
function recordAt({ run }: State, event: TraceEvent): RecordPlace | undefined {
  const copied = appendedIn(event);
  const { seq, node } = event;
  if (copied !== undefined) return { partition: copied.partition, offset: copied.base, event: seq };
  if (event.type !== "note" || event.event.type !== "truncated") return undefined;
  const { partition, to } = event.event;
  const written = run.recording.events.findLast((before) => {
    const note = before.seq < seq && before.node === node ? appendedIn(before) : undefined;
    return note?.partition === partition && note.base <= to && to < note.next;
  });
  return { partition, offset: to, ...(written === undefined ? {} : { event: written.seq }) };
}

/** Nothing is asked of a picture on a wall. */
const nobody: Surroundings = {
  simulation: { send: () => undefined, listen: () => undefined, close: () => undefined },
  names: [],
  named: scenarioOf,
  draw: (family) => Promise.reject(new Error(`nobody draws from ${family} here`)),
  isNamed: () => true,
  link: () => "",
};
