/*
 * Any moment of a run once more. The run itself goes on undisturbed: what is moved here are copies of its world, from the
 * nearest one that was kept, or a new world where none was.
 */
import {
  type Recorder,
  type Scenario,
  type World,
  advance,
  copyWorld,
  createWorld,
  kafkaMachines,
  newRuntime,
  stepWorld,
} from "#sim";
import type { Moment } from "./questions.ts";

/** A run that can be replayed, by what was kept of it. */
export interface Replayable {
  readonly scenario: Scenario;
  /** Worlds of the run at earlier and later moments, in ascending time; nobody moves them. */
  readonly copies: readonly World[];
}

/** The world at a moment; it belongs to the caller. After the end of the run it is the world at its end. */
export function worldAt(run: Replayable, moment: Moment): World {
  const world = nearest(run, moment);
  if ("at" in moment) advance(world, newRuntime(kafkaMachines), undefined, moment.at);
  else passEvent(world, moment.after, undefined);
  return world;
}

/** The bytes of a message, by its `sent` event; undefined if the run has no message of that number. */
export function frameOf(run: Replayable, message: number): Uint8Array | undefined {
  let found: Uint8Array | undefined;
  const frames = (seq: number, bytes: Uint8Array): void => {
    if (seq === message) found = bytes;
  };
  passEvent(nearest(run, { after: message - 1 }), message, { frames });
  return found;
}

/** Lets things happen one by one until the event has happened. */
function passEvent(world: World, seq: number, record: Recorder | undefined): void {
  const runtime = newRuntime(kafkaMachines);
  while (world.tape.seq <= seq && stepWorld(world, runtime, record, Infinity));
}

/** A copy of the last world that was kept before the moment. */
function nearest({ scenario, copies }: Replayable, moment: Moment): World {
  const isBefore = ({ now, tape }: World): boolean =>
    "at" in moment ? now <= moment.at : tape.seq <= moment.after + 1;
  const base = copies.findLast(isBefore);
  return base === undefined ? createWorld(scenario) : copyWorld(base);
}
