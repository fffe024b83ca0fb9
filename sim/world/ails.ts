/* What is wrong with a machine for a while, as far as its world has to reckon with it. */
import type { Micros } from "../trace/events.ts";
import type { Ail, Node, WallClock } from "./state.ts";

/** How much longer a step of a slow machine takes, in microseconds. */
export function stepDelay({ ails }: Node): Micros {
  let delay = 0;
  for (const ail of ails) if (ail.type === "slow") delay += ail.stepUs;
  return delay;
}

/** By how much its disk is slower than it should be. */
export function diskTimes({ ails }: Node): number {
  let times = 1;
  for (const ail of ails) if (ail.type === "diskLatency") times *= ail.times;
  return times;
}

export const ailsFrom = ({ ails }: Node, type: Ail["type"]): boolean =>
  ails.some((ail) => ail.type === type);

/** Whether a file, or one in a folder, lacks what its disk had said to be safe. */
export const hasForgotten = ({ disk }: Node, path: string): boolean =>
  [...disk.forgotten].some((one) => one === path || one.startsWith(`${path}/`));

/** By how many milliseconds a wall clock is wrong. */
export const clockError = ({ offsetMs, ppm, since }: WallClock, now: Micros): number =>
  offsetMs + Math.floor(((now - since) * ppm) / 1_000_000_000);

/** How much longer a step may take before its process counts as away, in microseconds. */
const longStep = 50_000;

/** Whether a process is in a step that its disk makes long: until it ends nothing is heard from it. */
export const isStuck = (now: Micros, { busyUntil }: Node): boolean => busyUntil > now + longStep;
