/*
 * The lab: one run, where the reader stands in it, and the panels that show both. Panels own no state; whatever they
 * are asked to do changes the lab's state, and everything is shown anew with the next frame.
 */
import type { Scenario } from "#sim";
import { addressBar } from "./address.ts";
import { type Looks, newLooks } from "./look/looks.ts";
import { frameLoop } from "./frames.ts";
import { halo } from "./halo.ts";
import { type Surroundings, actionsOf, completeOther } from "./lab-actions.ts";
import { telling } from "./lab-events.ts";
import { listenForGround } from "./lab-ground.ts";
import { listenForKeys } from "./lab-keys.ts";
import {
  type State,
  arrive,
  otherRun,
  stopAmong,
  conclude,
  follow,
  isMoving,
  momentOf,
  newState,
  refold,
  viewOf,
} from "./lab-state.ts";
import type { Lab, LabOptions } from "./options.ts";
import { type StructureMotion, structureMotion } from "./motion/structure-motion.ts";
import { type LabPanels, labPanels } from "./panels/lab-panels.ts";
import type { Actions } from "./panels/view.ts";
import * as player from "./player/player.ts";
import { hear, runMessage } from "./run.ts";
import { serialise } from "./snapshot.ts";

export function newLab(
  host: HTMLElement,
  scenario: Scenario,
  options: LabOptions,
  around: Surroundings,
): Lab {
  const state = newState(scenario, options);
  const address = options.address === true ? addressBar() : undefined;
  const tell = telling(options.hear ?? (() => undefined));
  const motion = structureMotion();
  const frames = frameLoop((realMs) => {
    draw(state, panels, looks, around, motion, realMs);
    tell(state);
    if (isMoving(state)) frames.ask();
    // Until the run has come to where the link points, the link stays as it is.
    else if (state.awaited === undefined) {
      address?.keep(around.link(state.run.scenario, momentOf(state)));
    }
  });
  const again = (): void => {
    state.changed = true;
    frames.ask();
  };
  const actions = actionsOf(state, around, () => frames.ask());
  const panels = labPanels(host, actions, around.names, options, again);
  listenForKeys(panels, state);
  listenForGround(panels, state);
  // On a page of its own there is nobody else whom a key could be meant for.
  if (address !== undefined && document.activeElement === document.body)
    panels.element.focus({ preventScroll: true });
  const looks = newLooks(around.simulation);
  around.simulation.listen((message) => {
    if (message.type === "looked") {
      looks.hear(message);
      return again();
    }
    hear(state.run, message);
    const other = otherRun(state);
    if (other !== undefined) hear(other, message);
    // The worker makes one run at a time; the other is made whole when it has nothing better to do.
    if (message.type === "done" && state.comparing) completeOther(state, around.simulation);
    if (message.type === "done" && message.run === state.run.id) conclude(state);
    again();
  });
  around.simulation.send(runMessage(state.run));
  frames.ask();

  const unmount = (): void => {
    state.drawing = undefined;
    frames.stop();
    address?.stop();
    around.simulation.close();
    panels.close();
  };
  return labOf(host, state, actions, panels, () => frames.now(), unmount);
}

function draw(
  state: State,
  panels: LabPanels,
  looks: Looks,
  around: Surroundings,
  motion: StructureMotion,
  realMs: number,
): void {
  const { recording } = state.run;
  arrive(state);
  follow(state);
  const { count: before, playing: wasPlaying } = state.player;
  const wasMoving = isMoving(state);
  state.player = player.tick(recording, state.player, realMs);
  // What is told while time moves is a sum; once it stands, the last thing that happened.
  if (wasMoving && !isMoving(state)) state.changed = true;
  const stop = wasPlaying ? stopAmong(state, before, state.player.count) : undefined;
  if (stop !== undefined) {
    state.player = player.seekCount(recording, state.player, stop + 1);
    state.changed = true;
  }
  const moved = refold(state);
  const view = viewOf(state, looks, !around.isNamed(state.run.scenario));
  const { playing, sweep, speed } = state.player;
  const isArriving = state.awaited !== undefined;
  const isCalm = !isArriving && sweep === undefined && (!playing || speed < calmSpeed);
  if (moved) motion.begin(isCalm ? panels.drawn : []);
  panels.show(view, moved || state.changed);
  state.changed = false;
  const last = recording.events[state.player.count - 1]?.seq ?? -1;
  if (moved && isCalm) {
    halo(panels.drawn, Math.max(state.seen, last - mostFresh), last);
    // A jump leads nowhere that an eye could follow.
    if (last > state.seen && last - state.seen <= mostFresh)
      motion.play(panels.drawn, state.seen, last, player.untilBeat(recording, state.player));
  }
  state.seen = last;
}

/** Faster than this (virtual microseconds a real millisecond), everything shines and nothing stands out. */
const calmSpeed = 6;
/** After a jump only the last few events shine. */
const mostFresh = 40;

function labOf(
  element: HTMLElement,
  state: State,
  actions: Actions,
  panels: LabPanels,
  drawNow: () => void,
  unmount: () => void,
): Lab {
  return {
    element,
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
    seek: (at, overMs) => actions.seek(at * 1000, overMs),
    fork: (faults) => actions.fork(faults, true),
    snapshot: () => {
      drawNow();
      return panels.pictured.map((part) => serialise(part)).join("\n");
    },
    unmount,
  };
}
