/*
 * A run as the page keeps it: its events in order, what they refer to, its turning points, and a copy of the
 * picture every so many events, so that any moment is a short fold away and going back shows exactly what was
 * there before.
 */
import type { Micros, TraceEvent } from "#sim";
import { type Turn, isBeat, turnOf } from "./beats.ts";
import { type Facts, learn, newFacts } from "./facts.ts";
import { type Flights, learnFlight, newFlights } from "./flights.ts";
import { fold } from "./fold.ts";
import { type Lives, learnLife } from "./lives.ts";
import { type Picture, copyPicture, newPicture } from "./picture.ts";

/** Events between two kept pictures, while the run is short. */
export const checkpointEvery = 1000;

/**
 * So many pictures are kept at most: a picture holds every batch and every acknowledgement so far, and a long run would
 * fill the page with them. Beyond it every other one goes, so that what is folded to get anywhere doubles.
 */
export const mostCheckpoints = 64;

/** A turning point on the time axis. */
export interface Mark {
  readonly seq: number;
  readonly at: Micros;
  readonly turn: Turn;
}

export interface Recording {
  /** `events[i].seq` is `i + firstSeq`. */
  readonly events: TraceEvent[];
  readonly facts: Facts;
  readonly flights: Flights;
  readonly lives: Lives;
  readonly marks: Mark[];
  /** `seq` of what the controllers decided about partitions, ascending. */
  readonly changes: number[];
  /** Indices of events that are beats, ascending. */
  readonly beats: number[];
  /** In ascending order of their `events`, the first of no events. */
  readonly checkpoints: Picture[];
  /** The picture after all events so far; the one that grows. */
  readonly latest: Picture;
}

export const newRecording = (): Recording => ({
  events: [],
  facts: newFacts(),
  flights: newFlights(),
  lives: new Map(),
  marks: [],
  changes: [],
  beats: [],
  checkpoints: [newPicture()],
  latest: newPicture(),
});

/** Takes in what the simulation did next. */
export function addEvents(recording: Recording, events: readonly TraceEvent[]): void {
  for (const event of events) {
    recording.events.push(event);
    learn(recording.facts, event);
    learnFlight(recording.flights, event, (seq) => eventOf(recording, seq));
    learnLife(recording.lives, event);
    const turn = turnOf(event);
    if (turn !== undefined) recording.marks.push({ seq: event.seq, at: event.at, turn });
    if (isDecision(event)) recording.changes.push(event.seq);
    if (isBeat(event)) recording.beats.push(recording.events.length - 1);
    fold(recording.latest, event);
    keepPicture(recording);
  }
}

function keepPicture({ checkpoints, latest }: Recording): void {
  const every = checkpoints[1]?.events ?? checkpointEvery;
  if (latest.events % every !== 0) return;
  checkpoints.push(copyPicture(latest));
  if (checkpoints.length <= mostCheckpoints) return;
  const kept = checkpoints.filter((_, index) => index % 2 === 0);
  checkpoints.splice(0, checkpoints.length, ...kept);
}

const isDecision = (event: TraceEvent): boolean =>
  event.type === "note" && event.event.type === "partitionChanged";

/** The run up to its first `count` events: where a fork begins. */
export function prefix(recording: Recording, count: number): Recording {
  const start = newRecording();
  addEvents(start, recording.events.slice(0, count));
  return start;
}

/** The picture after the first `count` events; the caller may fold into it. */
export function pictureAt(recording: Recording, count: number): Picture {
  const whole = Math.max(0, Math.min(count, recording.events.length));
  const every = recording.checkpoints[1]?.events ?? checkpointEvery;
  const nearest = recording.checkpoints[Math.floor(whole / every)];
  return advanceTo(recording, copyPicture(nearest ?? newPicture()), whole);
}

/** Folds on from a picture of this run that is not later than `count` events. */
export function advanceTo(recording: Recording, picture: Picture, count: number): Picture {
  const end = Math.min(count, recording.events.length);
  for (let index = picture.events; index < end; index += 1) {
    const event = recording.events[index];
    if (event !== undefined) fold(picture, event);
  }
  return picture;
}

/** How many events happened at or before `at`. */
export function countAt(recording: Recording, at: Micros): number {
  let low = 0;
  let high = recording.events.length;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if ((recording.events[middle]?.at ?? Infinity) <= at) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** An event by its sequence number. */
export function eventOf(recording: Recording, seq: number): TraceEvent | undefined {
  return recording.events[indexOf(recording, seq)];
}

/** Where an event stands; -1 if this recording does not hold it. */
export function indexOf(recording: Recording, seq: number): number {
  const first = recording.events[0]?.seq ?? 0;
  const index = seq - first;
  return recording.events[index]?.seq === seq ? index : -1;
}

/** Virtual time of the last event so far. */
export const endOf = (recording: Recording): Micros => recording.events.at(-1)?.at ?? 0;
