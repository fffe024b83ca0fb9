import type { Millis } from "../foundation/ids.ts";
import { setTimer, type Turn } from "../foundation/turn.ts";
import type { Client } from "./state.ts";

export const wakeTimer = "wake";

/** Asks to be woken at `at` (monotonic ms) at the latest. */
export function wakeBy(self: Client, at: number): void {
  if (self.wakeAt === undefined || at < self.wakeAt) self.wakeAt = at as Millis;
}

/** Sets the one timer to the earliest moment that this step asked for. */
export function armWake(self: Client, turn: Turn): void {
  const at = self.wakeAt;
  self.wakeAt = undefined;
  if (at === undefined || at === self.timer) return;
  self.timer = at;
  setTimer(turn, wakeTimer, Math.max(at, turn.now.monotonic + 1));
}
