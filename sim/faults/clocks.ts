/* Wall clocks that jump or run away. */
import { clockError } from "../world/ails.ts";
import type { Node, World } from "../world/state.ts";

/** From now on a wall clock runs away by so many millionths; what it is wrong by already stays. */
export function setDrift({ now }: World, { clock }: Node, ppm: number): void {
  clock.offsetMs = clockError(clock, now);
  clock.ppm = ppm;
  clock.since = now;
}
