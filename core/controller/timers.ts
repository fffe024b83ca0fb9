import { setTimer, type Turn } from "../foundation/turn.ts";
import type { Controller, ControllerTimer } from "./state.ts";

/** Sees to it that a timer fires at `at` (monotonic ms) or before; whoever it wakes looks whether it is time. */
export function armTimer(
  self: Controller,
  timer: ControllerTimer,
  at: number | undefined,
  turn: Turn,
): void {
  if (at === undefined) return;
  const set = self.timers.get(timer);
  if (set !== undefined && set <= at) return;
  self.timers.set(timer, at as typeof turn.now.monotonic);
  setTimer(turn, timer, at);
}
