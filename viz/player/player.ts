/*
 * Where the reader stands in a run: a virtual time and how many events are folded in. Plain data moved by pure
 * functions; the lab calls `tick` with real milliseconds from its frames. Events of one microsecond can be stepped
 * one by one; seeking to a time always includes all events of that microsecond.
 */
import type { Micros } from "#sim";
import { beatsAmong } from "../model/beats.ts";
import { type Recording, countAt, endOf } from "../model/recording.ts";
import { without } from "../without.ts";

/**
 * `beat`: quiet stretches are leapt over and said; `even`: constant speed; `still`: nothing travels, one beat after
 * the other stands for a while (for readers who asked for less motion).
 */
export type Pace = "beat" | "even" | "still";

export interface Sweep {
  readonly from: Micros;
  readonly to: Micros;
  /** How many events are folded in when it ends; absent: all up to `to`. */
  readonly count?: number;
  /** Real milliseconds: gone by, and in all. */
  readonly elapsed: number;
  readonly duration: number;
}

export interface Player {
  readonly at: Micros;
  readonly count: number;
  readonly playing: boolean;
  /** Virtual microseconds per real millisecond: 1000 is real time. */
  readonly speed: number;
  readonly pace: Pace;
  /** With `still`: real milliseconds for which this beat has stood. */
  readonly stood: number;
  /** A glide to another time: a leap over a quiet stretch, or to a chosen mark. */
  readonly sweep?: Sweep;
}

/** Real milliseconds of a leap over a quiet stretch. */
const leapMs = 400;
/** A stretch is quiet if nothing is told in it for so many real milliseconds. */
const quietMs = 1500;
/** How long a beat stands when nothing travels. */
const standMs = 2500;
/** A leap ends so many real milliseconds before what comes next, to let the eye arrive. */
const leadMs = 450;

export const slowest = 0.25;
export const fastest = 10_000;

/** Real milliseconds that a message of the middle latency takes from one end of its link to the other. */
const messageMs = 600;

/** So slow that the eye follows a message; `latency`: how long the middle one is under way. */
export const newPlayer = (latency: Micros): Player => ({
  at: 0,
  count: 0,
  playing: false,
  speed: Math.max(slowest, Math.min(fastest, latency / messageMs)),
  pace: "beat",
  stood: 0,
});

export function seek(recording: Recording, player: Player, at: Micros): Player {
  const inside = Math.max(0, Math.min(Math.round(at), endOf(recording)));
  return { ...still(player), at: inside, count: countAt(recording, inside) };
}

/** To just after an event (one step: `count` is its index plus one). */
export function seekCount(recording: Recording, player: Player, count: number): Player {
  const inside = Math.max(0, Math.min(count, recording.events.length));
  const at = recording.events[inside - 1]?.at ?? 0;
  return { ...still(player), at, count: inside, playing: false };
}

export const step = (recording: Recording, player: Player, events: number): Player =>
  seekCount(recording, player, player.count + events);

/** The next (or last) index in an ascending list, from where the player stands. */
export function stepIn(
  recording: Recording,
  player: Player,
  indices: readonly number[],
  direction: 1 | -1,
): Player {
  const now = player.count - 1;
  const target =
    direction === 1
      ? indices.find((index) => index > now)
      : indices.findLast((index) => index < now);
  if (target !== undefined) return seekCount(recording, player, target + 1);
  return direction === 1 ? player : seekCount(recording, player, 0);
}

/** Glides to a time instead of being there at once: what happens on the way is seen. */
export function glideTo(
  recording: Recording,
  player: Player,
  at: Micros,
  duration: number,
): Player {
  const to = seek(recording, player, at);
  if (player.pace === "still") return pause(to);
  return {
    ...pause(player),
    sweep: { from: player.at, to: to.at, elapsed: 0, duration },
  };
}

/** Glides to just after an event instead of being there at once. */
export function sweepTo(
  recording: Recording,
  player: Player,
  count: number,
  duration: number,
): Player {
  const to = seekCount(recording, player, count);
  if (player.pace === "still") return to;
  const sweep = { from: player.at, to: to.at, count: to.count, elapsed: 0, duration };
  return { ...player, playing: false, sweep };
}

const still = (player: Player): Player => without(player, "sweep");

export function play(recording: Recording, player: Player): Player {
  const from = player.count >= recording.events.length ? seek(recording, player, 0) : player;
  return { ...still(from), playing: true };
}

export const pause = (player: Player): Player => ({ ...still(player), playing: false });

export const withSpeed = (player: Player, speed: number): Player => ({
  ...player,
  speed: Math.max(slowest, Math.min(fastest, speed)),
});

/** Moves on by real time. Stops at the end of what is known. */
export function tick(recording: Recording, player: Player, realMs: number): Player {
  if (player.sweep !== undefined) return glide(recording, player, player.sweep, realMs);
  if (!player.playing) return player;
  if (player.pace === "still") return stand(recording, player, realMs);
  const end = endOf(recording);
  if (player.at >= end) return { ...player, count: recording.events.length, playing: false };
  if (player.pace === "beat") {
    const leap = leapFrom(recording, player);
    if (leap !== undefined) return { ...player, sweep: leap };
  }
  const at = Math.min(end, player.at + realMs * player.speed);
  return { ...player, at, count: countAt(recording, at) };
}

function stand(recording: Recording, player: Player, realMs: number): Player {
  const stood = player.stood + realMs;
  if (stood < standMs) return { ...player, stood };
  const next = stepIn(recording, player, recording.beats, 1);
  return { ...next, stood: 0, playing: next.count !== player.count };
}

function glide(recording: Recording, player: Player, sweep: Sweep, realMs: number): Player {
  const elapsed = sweep.elapsed + realMs;
  if (elapsed >= sweep.duration) {
    const count = sweep.count ?? countAt(recording, sweep.to);
    return { ...still(player), at: sweep.to, count };
  }
  const share = elapsed / sweep.duration;
  const at = sweep.from + (sweep.to - sweep.from) * share * share * (3 - 2 * share);
  return { ...player, at, count: countAt(recording, at), sweep: { ...sweep, elapsed } };
}

/** Over a stretch in which nothing is told and no message with news is under way. */
function leapFrom(recording: Recording, player: Player): Sweep | undefined {
  const next = nextBeat(recording, player.count);
  const to = (next ?? endOf(recording)) - leadMs * player.speed;
  if (to - player.at < quietMs * player.speed) return undefined;
  return { from: player.at, to, elapsed: 0, duration: leapMs };
}

/** Real milliseconds until the next beat: if time does not move, it never comes. */
export function untilBeat(recording: Recording, player: Player): number {
  const { beats, events } = recording;
  const next = events[beats[beatsAmong(beats, player.count)] ?? -1]?.at;
  if (!player.playing || next === undefined) return Infinity;
  const evenly = (next - player.at) / player.speed;
  const leaps = player.pace === "beat" && evenly >= quietMs + leadMs;
  return leaps ? leapMs + leadMs : evenly;
}

/** When the next beat happens that is more than a wish. */
function nextBeat({ beats, events }: Recording, count: number): Micros | undefined {
  let place = beatsAmong(beats, count);
  while (events[beats[place] ?? -1]?.type === "called") place += 1;
  return events[beats[place] ?? -1]?.at;
}
